import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "vite";

/** One exported name of a module, followed to where it is declared. */
export interface ExportedName {
  name: string;
  isType: boolean;
  /** True when a docstring stands right before the declaration. */
  isDocumented: boolean;
  /** The file that declares it. */
  file: string;
}

/**
 * Every name a module exports, through its `export … from` and `export *`, sorted.
 *
 * @param file - A source or declaration file.
 */
export function readExports(file: string): ExportedName[] {
  const found = new Map<string, ExportedName>();
  const { statements, isDocumentedAt } = parse(file);
  for (const statement of statements) {
    if (statement.type === "ExportAllDeclaration") {
      for (const each of readExports(resolve(file, statement.source.value))) {
        if (!found.has(each.name)) found.set(each.name, each);
      }
    }
    if (statement.type !== "ExportNamedDeclaration") continue;
    if (statement.declaration) {
      for (const name of declaredNames(statement.declaration)) {
        const isType = statement.exportKind === "type";
        const before = found.get(name);
        const isDocumented = isDocumentedAt(statement.start) || before?.isDocumented === true;
        // A value and a type of one name are one export: `const Sandbox` and `type Sandbox`.
        found.set(name, { name, isType: isType && before?.isType !== false, isDocumented, file });
      }
    }
    for (const specifier of statement.specifiers ?? []) {
      const name = specifier.exported.name;
      const isType = statement.exportKind === "type" || specifier.exportKind === "type";
      const origin = statement.source
        ? readExports(resolve(file, statement.source.value)).find(
            (each) => each.name === specifier.local.name,
          )
        : localDeclaration(file, specifier.local.name);
      found.set(name, {
        name,
        isType: isType || origin?.isType === true,
        isDocumented: origin?.isDocumented === true,
        file: origin?.file ?? file,
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The little of the parser's tree that is read here. */
interface Statement {
  type: string;
  start: number;
  exportKind?: string;
  source: { value: string };
  declaration?: Declaration | null;
  specifiers?: { local: { name: string }; exported: { name: string }; exportKind?: string }[];
}
interface Declaration {
  start: number;
  id?: { name: string } | null;
  declarations?: { id: { name: string } }[];
}

function parse(file: string) {
  const source = readFileSync(file, "utf8");
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const isDocumentedAt = (start: number) =>
    comments.some(
      (comment) =>
        comment.type === "Block" &&
        comment.value.startsWith("*") &&
        /^\s*$/.test(source.slice(comment.end, start)),
    );
  // The parser's own types name every node of the language; these statements are all that is looked at.
  return { statements: program.body as unknown as Statement[], isDocumentedAt };
}

function declaredNames(declaration: Declaration): string[] {
  if (declaration.id) return [declaration.id.name];
  return (declaration.declarations ?? []).map(({ id }) => id.name);
}

function localDeclaration(file: string, name: string): ExportedName | undefined {
  const { statements, isDocumentedAt } = parse(file);
  for (const statement of statements) {
    const declaration = statement.type.endsWith("Declaration")
      ? (statement as unknown as Declaration)
      : undefined;
    if (declaration && declaredNames(declaration).includes(name)) {
      const isType = /^TS(Interface|TypeAlias)/.test(statement.type);
      return { name, isType, isDocumented: isDocumentedAt(statement.start), file };
    }
  }
  return undefined;
}

function resolve(file: string, specifier: string): string {
  const path = join(dirname(file), specifier);
  // tsc leaves ".ts" in declarations, and resolves it to the ".d.ts" beside them.
  const declarations = path.replace(/\.[jt]s$/, ".d.ts");
  return existsSync(declarations) ? declarations : path;
}
