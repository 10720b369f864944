// @ts-check
import { parseSync } from "vite";

/**
 * One reference from a source file to something else, as the parser saw it.
 *
 * @typedef {object} Reference
 * @property {string} specifier
 * @property {number} line
 * @property {"import" | "type" | "url"} kind "type" leaves nothing behind when types are stripped.
 */

/**
 * @typedef {object} AstNode
 * @property {string} type
 * @property {number} start
 */
/** @typedef {AstNode & Record<string, unknown>} AnyNode */

/**
 * Every reference in a file: imports of all forms, `require`, re-exports, imports in types, and
 * `new URL("…", import.meta.url)`.
 *
 * @param {string} file Its ending says how it is parsed.
 * @param {string} source
 * @returns {Reference[]}
 * @throws {Error} When the file cannot be parsed.
 */
export function readReferences(file, source) {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  /** @type {Reference[]} */
  const references = [];
  /** @type {(specifier: unknown, kind: Reference["kind"], start: number) => void} */
  const add = (specifier, kind, start) => {
    if (typeof specifier !== "string") return;
    references.push({ specifier, kind, line: source.slice(0, start).split("\n").length });
  };
  visit(program, (node) => {
    switch (node.type) {
      case "ImportDeclaration":
        add(literal(node.source), isTypeOnly(node, "importKind") ? "type" : "import", node.start);
        break;
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration":
        add(literal(node.source), isTypeOnly(node, "exportKind") ? "type" : "import", node.start);
        break;
      case "ImportExpression":
        add(literal(node.source), "import", node.start);
        break;
      case "TSImportType":
        add(literal(node.source ?? node.argument), "type", node.start);
        break;
      case "TSImportEqualsDeclaration":
        add(literal(asNode(node.moduleReference)?.expression), "import", node.start);
        break;
      case "CallExpression":
        if (asNode(node.callee)?.name === "require") {
          add(literal(listOf(node.arguments)[0]), "import", node.start);
        }
        break;
      case "NewExpression":
        if (isModuleUrl(node)) add(literal(listOf(node.arguments)[0]), "url", node.start);
        break;
    }
  });
  return references;
}

/**
 * @param {unknown} value
 * @param {(node: AnyNode) => void} see
 * @returns {void}
 */
function visit(value, see) {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
    return;
  }
  const node = asNode(value);
  if (!node) return;
  see(node);
  for (const field of Object.values(node)) if (typeof field === "object") visit(field, see);
}

/**
 * @param {unknown} value
 * @returns {AnyNode | undefined}
 */
function asNode(value) {
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  return typeof value.type === "string" ? /** @type {AnyNode} */ (value) : undefined;
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * The text of a string literal, or of a template without holes.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function literal(value) {
  const node = asNode(value);
  if (node?.type === "TSLiteralType") return literal(node.literal);
  if (node?.type === "TemplateLiteral") {
    const quasis = /** @type {{ value: { cooked: string } }[]} */ (node.quasis);
    return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
  }
  return node?.type === "Literal" ? node.value : undefined;
}

/**
 * `import type …`, or an import whose every name is marked `type`.
 *
 * @param {AnyNode} node
 * @param {"importKind" | "exportKind"} field
 */
function isTypeOnly(node, field) {
  if (node[field] === "type") return true;
  const specifiers = listOf(node.specifiers).map(asNode);
  return specifiers.length > 0 && specifiers.every((each) => each?.[field] === "type");
}

/** @param {AnyNode} node */
function isModuleUrl(node) {
  const callee = asNode(node.callee);
  const base = asNode(listOf(node.arguments)[1]);
  return (
    callee?.type === "Identifier" &&
    callee.name === "URL" &&
    base?.type === "MemberExpression" &&
    asNode(base.object)?.type === "MetaProperty"
  );
}
