// @ts-check
/**
 * Pyodide's glue without what no Python here can reach: of its 1.25 MB most serves OpenGL, SDL, browser events and the
 * names of 8,560 exports. An engine reads and runs all of it at every start.
 *
 * What remains is the same code, character for character: whole declarations are kept or left out, by whether anything
 * that runs mentions them. Nothing is renamed.
 */
import { parse } from "acorn";
import { SYMBOLS_SECTION } from "./trim-wasm.mjs";

/** @typedef {import("acorn").AnyNode} Node */
/** A piece of the glue: kept as soon as one of the names it defines is mentioned by a kept one.
 * @typedef {{ names: string[], text: string, node: Node, owner: "body" | "exports" | "imports" }} Unit */

/** Members of the module that `src/runtimes/python` uses (`emscripten.ts`). */
const OUR_MEMBERS = [
  ...["FS", "ENV", "SYSCALLS", "PIPEFS", "MEMFS", "mmapAlloc", "growMemory", "_malloc", "_free"],
  ...["_PyGC_Collect", "_PyThreadState_Get", "_PyUnstable_ThreadState_SetStackProtection"],
  ...[
    "_PyImport_ImportModule",
    "_PyObject_GetAttrString",
    "_PyObject_CallOneArg",
    "_Py_DecRef",
    "_PyErr_Clear",
  ],
  ...["_PyUnicode_FromStringAndSize", "_PyUnicode_AsUTF8AndSize"],
  ...[
    "_emscripten_stack_get_base",
    "_emscripten_get_sbrk_ptr",
    "wasmTable",
    "_Py_EMSCRIPTEN_SIGNAL_HANDLING",
    "_Py_Version",
  ],
];

/** Exports that are found by name at run time, in no place a parser would see. */
const EXPORTS_BY_NAME = ["main", "__main_argc_argv", "__cpp_exception", "__c_longjmp"];

/** Statements that start what nobody here uses: the loop of a game, SDL's sound, images put into files, Node's files. */
const NOT_RUN = new RegExp(
  [
    String.raw`^(MainLoop|registerPostMainLoop)\b`,
    String.raw`^Module\["\w+"\]=MainLoop\b`,
    String.raw`^if\((globalThis\.setImmediate|ENVIRONMENT_IS_NODE)\)`,
    String.raw`^FS\.(createPreloadedFile|preloadFile)=`,
  ].join("|"),
);

/** What was exported and is not any more gets its name back, from the table in the module (see trim-wasm.mjs). */
const NAME_OWN_EXPORTS = `nameOwnExports=()=>{
nameOwnExports=undefined;
const [section]=WebAssembly.Module.customSections(module,"${SYMBOLS_SECTION}");
if(section){
const {functions,data}=JSON.parse(new TextDecoder().decode(section));
for(const name in functions){
if(isSymbolDefined(name))continue;
const value=()=>wasmTable.get(functions[name]);
Object.defineProperty(wasmImports,name,{get:value,set(value){Object.defineProperty(wasmImports,name,{value,writable:true})},configurable:true,enumerable:true});
}
for(const name in data)if(!isSymbolDefined(name))wasmImports[name]=new WebAssembly.Global({value:"i32"},data[name]);
}
updateGOT(origExports)
};`;

/**
 * Small changes; each must find its place exactly once. They keep the interpreter from looking at all of its table and
 * naming all of its functions at every start. Only dynamic libraries and `dlsym` need that, and then it is made up for.
 *
 * @type {[found: string, put: string][]}
 */
const CHANGES = [
  ["async function createWasm(){", "var nameOwnExports;async function createWasm(){"],
  ["updateGOT(origExports);", NAME_OWN_EXPORTS],
  ["libName=PATH.normalize(libName);", "nameOwnExports?.();libName=PATH.normalize(libName);"],
  [
    "function __dlsym_js(handle,symbol,symbolIndex){",
    "function __dlsym_js(handle,symbol,symbolIndex){nameOwnExports?.();",
  ],
  // Files of other hosts.
  ["FS.filesystems={MEMFS,IDBFS,NODEFS,WORKERFS,PROXYFS}", "FS.filesystems={MEMFS}"],
  ["TTY.shutdown();IDBFS.quit();", "TTY.shutdown();"],
  // A Python that was restored has done the rest of its start before it was saved.
  [
    "API.finalizeBootstrap=function(t,e){t&&Wr();",
    "API.finalizeBootstrap=function(t,e){if(API.isStarted){Module._jslib_init();Module.runtimeKeepalivePush();Mo();Hr(API.config.jsglobals,t,e);return}t&&Wr();",
  ],
  [
    "return addFunction(trampolineInstance.exports.trampoline_call)",
    "const slot=getEmptyTableSlot();setWasmTableEntry(slot,trampolineInstance.exports.trampoline_call);return slot",
  ],
];

/**
 * @param {string} original `pyodide.asm.mjs`.
 * @param {WebAssembly.Module} wasm `pyodide.asm.wasm`, compiled.
 * @returns {{ glue: string, exports: Set<string> }} The glue, and the exports it uses: the interpreter needs no others.
 */
export function slimGlue(original, wasm) {
  // Nothing is loaded by the place of the script; without asking for it, it need not be a module.
  const source = CHANGES.reduce(change, original).replaceAll("import.meta.url", '""');
  // GOT.func holds OpenGL's functions alone, which nothing calls: the loader answers those with null.
  const functions = WebAssembly.Module.imports(wasm).filter(({ kind }) => kind === "function");
  const imported = new Set(functions.map(({ name }) => name));
  const exported = new Set(WebAssembly.Module.exports(wasm).map(({ name }) => name));
  const program = parse(source, { ecmaVersion: "latest", sourceType: "module" });
  const factory = program.body[0];
  if (factory?.type !== "FunctionDeclaration") throw new Error("the glue is not one function");
  const units = factory.body.body.flatMap((statement) => split(statement, source, imported));

  /** @type {Map<string, Unit[]>} */
  const definers = new Map();
  for (const unit of units) {
    for (const name of unit.names) definers.set(name, [...(definers.get(name) ?? []), unit]);
  }
  /** @type {Set<Unit>} */
  const kept = new Set();
  const queue = units.filter((unit) => unit.names.length === 0);
  for (const member of OUR_MEMBERS) queue.push(...(definers.get(`Module.${member}`) ?? []));
  for (let unit = queue.pop(); unit !== undefined; unit = queue.pop()) {
    if (kept.has(unit)) continue;
    kept.add(unit);
    for (const name of mentions(unit.node)) queue.push(...(definers.get(name) ?? []));
    // What an export is assigned to must be declared: a module is strict.
    if (unit.owner === "exports") for (const name of unit.names) queue.push(...(definers.get(name) ?? []));
  }
  return assemble(source, factory, units, kept, exported);
}

/** @param {string} source @param {[string, string]} change */
function change(source, [found, put]) {
  if (source.split(found).length !== 2) throw new Error(`the glue has not exactly one "${found}"`);
  return source.replace(found, () => put);
}

/**
 * A statement of the factory as pieces that can be left out one by one.
 *
 * @param {Node} statement @param {string} source @param {Set<string>} imported
 * @returns {Unit[]}
 */
function split(statement, source, imported) {
  const text = (/** @type {Node} */ node) => source.slice(node.start, node.end);
  /** @type {(node: Node, names: string[], code?: string, owner?: Unit["owner"]) => Unit} */
  const unit = (node, names, code = text(node), owner = "body") => ({ names, text: code, node, owner });
  if (statement.type === "FunctionDeclaration" && statement.id?.name === "assignWasmExports") {
    return statement.body.body.map((inner) => unit(inner, assigned(inner), text(inner), "exports"));
  }
  if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
    return [unit(statement, [statement.id?.name ?? ""])];
  }
  if (statement.type === "VariableDeclaration") {
    return statement.declarations.flatMap((one) => {
      if (one.id.type !== "Identifier") return [unit(one, [], `${statement.kind} ${text(one)};`)];
      if (one.id.name === "wasmImports" && one.init?.type === "ObjectExpression") {
        return one.init.properties.map((property) => {
          if (property.type !== "Property" || property.key.type !== "Identifier")
            throw new Error("an import without a name");
          // What the interpreter does not import is given a name that nothing mentions.
          return unit(
            property,
            imported.has(property.key.name) ? [] : ["import:none"],
            text(property),
            "imports",
          );
        });
      }
      return [unit(one, [one.id.name], `${statement.kind} ${text(one)};`)];
    });
  }
  const code = text(statement);
  if (NOT_RUN.test(code)) return [];
  if (statement.type === "ExpressionStatement" && statement.expression.type === "AssignmentExpression") {
    const names = assigned(statement);
    const { left } = statement.expression;
    // `Module.x = x`, and `x.y = …`, which belongs to x.
    if (names.length > 0 && names.every((name) => name.startsWith("Module.")))
      return [unit(statement, names)];
    if (left.type === "MemberExpression" && left.object.type === "Identifier" && left.object.name !== "API") {
      return [unit(statement, left.object.name === "Module" ? names : [left.object.name])];
    }
  }
  return [unit(statement, [])];
}

/** What a chain of assignments assigns to: `x`, `Module.x`.
 * @param {Node} statement @returns {string[]} */
function assigned(statement) {
  const names = [];
  let node = statement.type === "ExpressionStatement" ? statement.expression : undefined;
  while (node?.type === "AssignmentExpression") {
    const { left } = node;
    if (left.type === "Identifier") names.push(left.name);
    else if (left.type === "MemberExpression" && left.object.type === "Identifier") {
      const { property } = left;
      const name =
        property.type === "Literal" ? property.value : property.type === "Identifier" && property.name;
      if (left.object.name === "Module") names.push(`Module.${name}`);
    }
    node = node.right;
  }
  return names;
}

/**
 * Every name a piece may use: its identifiers, and its properties as members of Module. More rather than fewer.
 *
 * @param {Node} root @returns {Set<string>}
 */
function mentions(root) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {unknown} value */
  const visit = (value) => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === "object" && value !== null && "type" in value) {
      const node = /** @type {Node} */ (value);
      if (node.type === "Identifier") found.add(node.name);
      else if (node.type === "Literal" && typeof node.value === "string") found.add(`Module.${node.value}`);
      const children = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (node));
      for (const key of Object.keys(node)) {
        const child = children[key];
        // A property's name is no variable, but may be a member of Module.
        const isName =
          (key === "property" || key === "key") && children.computed === false && !children.shorthand;
        if (isName) found.add(`Module.${/** @type {{ name?: string }} */ (child).name}`);
        else if (key !== "type") visit(child);
      }
    }
  };
  // What stands on the left is given, not used.
  visit(root.type === "ExpressionStatement" ? rightmost(root.expression) : root);
  return found;
}

/** @param {Node} node @returns {Node} */
function rightmost(node) {
  return node.type === "AssignmentExpression" ? rightmost(node.right) : node;
}

/**
 * @param {string} source @param {import("acorn").FunctionDeclaration} factory @param {Unit[]} units
 * @param {Set<Unit>} kept @param {Set<string>} exported
 */
function assemble(source, factory, units, kept, exported) {
  const of = (/** @type {Unit["owner"]} */ owner) =>
    units.filter((unit) => unit.owner === owner && kept.has(unit));
  const imports = of("imports").map(({ text }) => text);
  const exports = of("exports").map(({ text }) => text);
  // In parentheses: engines take that as a sign to compile it at once, and do not read it twice.
  const head = `export default (${source.slice(0, factory.body.start + 1)}`;
  const parts = [head];
  for (const unit of units) {
    if (unit.owner === "body" && kept.has(unit)) parts.push(unit.text);
    // Both tables stand where they stood: after all they name, before the start.
    if (unit.owner === "body" && unit.names[0] === "applySignatureConversions") {
      parts.push(`var wasmImports={${imports.join(",")}};`);
      parts.push(`function assignWasmExports(wasmExports){${exports.join("")}}`);
    }
  }
  const glue = `${parts.join("\n")}\n});\n`;
  /** @type {Set<string>} */
  const used = new Set(EXPORTS_BY_NAME.filter((name) => exported.has(name)));
  for (const [, name = ""] of glue.matchAll(/wasmExports(?:\.|\[")(\w+)/g))
    if (exported.has(name)) used.add(name);
  return { glue, exports: used };
}
