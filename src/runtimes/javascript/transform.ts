import { type Node, type Options, type Program, parse } from "acorn";
import { SourceError } from "./source-error.ts";

/** Text put into a line: [line from 1, column from 0 in the new line, characters]. Frames are moved back by it. */
export type Edit = readonly [line: number, column: number, length: number];

export interface Prepared {
  /** `script`: the text is one function expression to call; `module`: an ES module. */
  kind: "script" | "module";
  text: string;
  edits: Edit[];
  /** Static imports and where each stands, from 1. */
  imports: { specifier: string; line: number; column: number }[];
}

/**
 * Given for TypeScript: whether a module is known to export a value by this name. Other imported names that the program
 * never uses were types, and are dropped, as the TypeScript compiler does.
 */
export type IsKnownValue = (specifier: string, name: string) => boolean;

/** Stands in for `import.meta`, which this engine leaves empty; as long as what it replaces. */
const META_NAME = "__meta__$sg";

/**
 * Makes one run of a context out of a program. Its top-level variables become visible to later runs through accessors
 * on the global object, so that each run has its own scope (a name may be declared again) and closures stay live; the
 * value of a last expression statement is kept. Lines stay where they are; columns move as `edits` says.
 *
 * @throws {SourceError}
 */
export function prepareMain(code: string, file: string, isKnownValue?: IsKnownValue): Prepared {
  const { kind, program, text } = parseProgram(code, file);
  const patches = commonPatches(program, text, isKnownValue);
  const last = program.body.at(-1);
  if (last?.type === "ExpressionStatement" && last.directive !== "use strict") {
    const end = text[last.end - 1] === ";" ? last.end - 1 : last.end;
    patches.push(
      { at: last.start, end: last.start, text: "__sandglass__.result((" },
      { at: end, end, text: "))" },
    );
  }
  let prefix = bindingsOf(program);
  if (patches.some((patch) => patch.text.startsWith(META_NAME))) prefix += metaOf(file);
  if (kind === "script") {
    const strict = program.body.some(
      (node) => node.type === "ExpressionStatement" && node.directive === "use strict",
    );
    prefix = `(async function $main(){${strict ? '"use strict";' : ""}${prefix}`;
  }
  return {
    ...finish(kind, text, patches, prefix, kind === "script" ? "\n})" : ""),
    imports: importsOf(program, text).filter(({ start }) => !patches.some((patch) => patch.at === start)),
  };
}

export interface PreparedFile extends Prepared {
  /** Names a CommonJS file seems to export, for `import { name }` of it. */
  commonNames: string[];
}

/**
 * Makes a file that is imported or required ready: an ES module as it is, anything else as the CommonJS function.
 *
 * @throws {SourceError}
 */
export function prepareFile(
  code: string,
  file: string,
  isModule?: boolean,
  isKnownValue?: IsKnownValue,
): PreparedFile {
  const { kind, program, text } = parseProgram(code, file, isModule);
  const patches = commonPatches(program, text, isKnownValue);
  if (kind === "module") {
    const prefix = patches.some((patch) => patch.text.startsWith(META_NAME)) ? metaOf(file) : "";
    return { ...finish(kind, text, patches, prefix, ""), commonNames: [] };
  }
  const prepared = finish(
    kind,
    text,
    patches,
    "(function (exports, require, module, __filename, __dirname) {",
    "\n})",
  );
  return { ...prepared, commonNames: commonNamesOf(program) };
}

const PARSE_OPTIONS = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
} as const satisfies Partial<Options>;

function parseProgram(
  code: string,
  file: string,
  isModule?: boolean,
): { kind: "script" | "module"; program: Program; text: string } {
  // A first line for the shell must not end up within a function.
  const text = code.startsWith("#!") ? `//${code.slice(2)}` : code;
  let scriptError: unknown;
  if (isModule !== true) {
    try {
      const program = parse(text, { ...PARSE_OPTIONS, sourceType: "script" });
      return { kind: "script", program, text };
    } catch (error) {
      scriptError = error;
    }
  }
  try {
    return { kind: "module", program: parse(text, { ...PARSE_OPTIONS, sourceType: "module" }), text };
  } catch (moduleError) {
    throw toSourceError(
      positionOf(scriptError) > positionOf(moduleError) ? scriptError : moduleError,
      text,
      file,
    );
  }
}

function positionOf(error: unknown): number {
  return typeof error === "object" && error !== null && "pos" in error && typeof error.pos === "number"
    ? error.pos
    : -1;
}

function toSourceError(error: unknown, text: string, file: string): SourceError {
  // Deep nesting exhausts the parser's own stack.
  if (!(error instanceof SyntaxError)) return new SourceError("the code is nested too deeply", file, 1, 1);
  const position = Math.max(0, positionOf(error));
  const before = text.slice(0, position).split("\n");
  let message = error.message.replace(/ \(\d+:\d+\)$/, "");
  if (message === "Unexpected token") {
    const token = /^(?:[\w$]+|=>|[^\s])/u.exec(text.slice(position))?.[0];
    message = token === undefined ? "Unexpected end of input" : `Unexpected token '${token}'`;
  }
  return new SourceError(message, file, before.length, before.at(-1)!.length + 1);
}

function importsOf(program: Program, text: string): (Prepared["imports"][number] & { start: number })[] {
  return program.body.flatMap((node) => {
    const source = "source" in node ? node.source : undefined;
    if (!source) return [];
    const column = source.start - text.lastIndexOf("\n", source.start - 1);
    return [
      {
        start: node.start,
        specifier: String(source.value),
        line: countLines(text.slice(0, source.start)),
        column,
      },
    ];
  });
}

interface Patch {
  at: number;
  end: number;
  text: string;
}

/**
 * `import.meta` gets a stand-in, import attributes are blanked, and a caught error gets its stack put in order: what the
 * engine throws itself has one without a header.
 */
function commonPatches(program: Program, text: string, isKnownValue?: IsKnownValue): Patch[] {
  const patches: Patch[] = isKnownValue ? typeImportPatches(program, text, isKnownValue) : [];
  walk(program, (node) => {
    if (node.type === "CatchClause") {
      const param = child(node, "param");
      const body = child(node, "body");
      if (param?.type === "Identifier" && body) {
        const at = body.start + 1;
        patches.push({ at, end: at, text: `__sandglass__.tidy(${String(param["name"])});` });
      }
    }
    if (node.type === "MetaProperty") {
      const meta = text.slice(node.start, node.end);
      if (meta.startsWith("import")) {
        patches.push({ at: node.start, end: node.end, text: META_NAME.padEnd(meta.length) });
      }
    }
  });
  for (const node of program.body) {
    if (patches.some((patch) => patch.at === node.start)) continue;
    if (!("source" in node) || !node.source || !("attributes" in node) || node.attributes.length === 0)
      continue;
    const at = node.source.end;
    const end = text[node.end - 1] === ";" ? node.end - 1 : node.end;
    patches.push({ at, end, text: text.slice(at, end).replace(/[^\n]/g, " ") });
  }
  return patches;
}

/** Blanks imported names that nothing uses; a whole import when none of its names is left. */
function typeImportPatches(program: Program, text: string, isKnownValue: IsKnownValue): Patch[] {
  const used = new Set<unknown>();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration") {
      walk(statement, (node) => node.type === "Identifier" && used.add(node["name"]));
    }
  }
  const patches: Patch[] = [];
  const blank = (at: number, end: number): void => {
    patches.push({ at, end, text: text.slice(at, end).replace(/[^\n]/g, " ") });
  };
  for (const node of program.body) {
    if (node.type !== "ImportDeclaration") continue;
    const unused = node.specifiers.filter((each) => {
      const name =
        each.type === "ImportSpecifier" && each.imported.type === "Identifier"
          ? each.imported.name
          : "default";
      return !used.has(each.local.name) && !isKnownValue(String(node.source.value), name);
    });
    if (unused.length === 0) continue;
    if (unused.length === node.specifiers.length) blank(node.start, node.end);
    else
      for (const each of unused) blank(each.start, each.end + /^\s*,|/.exec(text.slice(each.end))![0].length);
  }
  return patches;
}

function metaOf(file: string): string {
  return `const ${META_NAME}=__sandglass__.meta(${JSON.stringify(file)});`;
}

function finish(
  kind: Prepared["kind"],
  text: string,
  patches: Patch[],
  prefix: string,
  suffix: string,
): Prepared {
  patches.sort((a, b) => a.at - b.at);
  const edits: Edit[] = prefix === "" ? [] : [[1, 0, prefix.length]];
  let out = prefix;
  let from = 0;
  for (const patch of patches) {
    out += text.slice(from, patch.at);
    if (patch.end === patch.at) {
      const line = countLines(out);
      edits.push([line, out.length - (out.lastIndexOf("\n") + 1), patch.text.length]);
    }
    out += patch.text;
    from = patch.end;
  }
  return { kind, text: out + text.slice(from) + suffix, edits, imports: [] };
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** One call that gives every top-level name to the global object, as a reader and a writer. */
function bindingsOf(program: Program): string {
  const names = new Map<string, boolean>();
  const add = (pattern: AnyNode | null | undefined, canAssign = true): void => {
    for (const name of patternNames(pattern)) names.set(name, canAssign);
  };
  for (const statement of program.body) {
    const node =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? (statement.declaration as AnyNode | null)
        : (statement as AnyNode);
    if (!node) continue;
    if (node.type === "VariableDeclaration")
      for (const each of list(node["declarations"])) add(child(each, "id"));
    else if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") add(child(node, "id"));
    else if (node.type === "ImportDeclaration") {
      for (const each of list(node["specifiers"])) add(child(each, "local"), false);
    } else {
      for (const name of nestedVars(node)) if (!names.has(name)) names.set(name, true);
    }
  }
  if (names.size === 0) return "";
  const bindings = [...names].map(
    ([name, canAssign]) =>
      `${JSON.stringify(name)},()=>${name},${canAssign ? `$sg=>{${name}=$sg}` : "undefined"}`,
  );
  return `__sandglass__.bind(${bindings.join(",")});`;
}

/** A node as plain data: what the walks below need of any of acorn's types. */
interface AnyNode extends Node {
  [key: string]: unknown;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
function child(node: AnyNode, key: string): AnyNode | null {
  const value = node[key];
  return isNode(value) ? value : null;
}
function list(value: unknown): AnyNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}

/** Visits every node, in order, without recursion: guest code may nest deeply. */
function walk(root: Node, visit: (node: AnyNode) => void): void {
  const stack: AnyNode[] = [root as AnyNode];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    visit(node);
    stack.push(...children(node).reverse());
  }
}

function patternNames(pattern: AnyNode | null | undefined): string[] {
  if (!pattern) return [];
  switch (pattern.type) {
    case "Identifier":
      return [String(pattern["name"])];
    case "ObjectPattern":
      return list(pattern["properties"]).flatMap((each) =>
        patternNames(each.type === "RestElement" ? each : child(each, "value")),
      );
    case "ArrayPattern":
      return list(pattern["elements"]).flatMap((each) => patternNames(each));
    case "AssignmentPattern":
      return patternNames(child(pattern, "left"));
    case "RestElement":
      return patternNames(child(pattern, "argument"));
    default:
      return [];
  }
}

/** Names declared by `var` within a statement: they belong to the whole program. */
function nestedVars(node: AnyNode): string[] {
  if (/Function|Class/.test(node.type)) return [];
  if (node.type === "VariableDeclaration" && node["kind"] === "var") {
    return list(node["declarations"]).flatMap((each) => patternNames(child(each, "id")));
  }
  return /Statement|Declaration|SwitchCase|CatchClause/.test(node.type)
    ? children(node).flatMap(nestedVars)
    : [];
}

/** Names assigned to `exports` or `module.exports`, as far as they stand there literally. */
function commonNamesOf(program: Program): string[] {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type !== "AssignmentExpression") return;
    const left = child(node, "left");
    const right = child(node, "right");
    if (left?.type !== "MemberExpression" || left["computed"]) return;
    const object = child(left, "object");
    const property = child(left, "property");
    if (!object || property?.type !== "Identifier") return;
    const name = String(property["name"]);
    if (isExports(object)) names.add(name);
    else if (isModule(object) && name === "exports" && right?.type === "ObjectExpression") {
      for (const each of list(right["properties"])) {
        const key = child(each, "key");
        if (each.type === "Property" && !each["computed"] && key?.type === "Identifier")
          names.add(String(key["name"]));
      }
    }
  });
  names.delete("default");
  return [...names];
}
function isModule(node: AnyNode): boolean {
  return node.type === "Identifier" && node["name"] === "module";
}
function isExports(node: AnyNode): boolean {
  if (node.type === "Identifier") return node["name"] === "exports";
  if (node.type !== "MemberExpression" || node["computed"]) return false;
  const object = child(node, "object");
  return object !== null && isModule(object) && child(node, "property")?.["name"] === "exports";
}
