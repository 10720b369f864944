// @ts-check
/**
 * The interpreter without the names nobody at hand asks for. Making 8,560 exports into JavaScript objects takes a fifth of
 * a restore, and the glue uses 150. The others are not lost: each function gets a place in the function table, and a
 * custom section says which, for `dlsym` and dynamic libraries, which resolve names there when the first of them asks.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */

import {
  concat,
  joinSections,
  KIND,
  leb,
  list,
  name,
  Reader,
  readImports,
  readSections,
  SECTION,
  signedLeb,
} from "../wasm/binary.mjs";

/** Custom section: JSON of `{ functions: { name: table index }, data: { name: address } }`. */
export const SYMBOLS_SECTION = "sandglass.symbols";
/** Elements a table may reach; as `src/runtimes/wasm-limits.ts` has it, so that nothing is left to rewrite at a start. */
const MAX_TABLE_ELEMENTS = 1_000_000;

/**
 * @param {Uint8Array} wasm `pyodide.asm.wasm`.
 * @param {ReadonlySet<string>} keep Names that stay exports.
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function trimWasm(wasm, keep) {
  const sections = readSections(wasm);
  const read = (/** @type {number} */ id) => {
    const section = sections.find((one) => one.id === id);
    if (section === undefined) throw new Error(`the module has no section ${id}`);
    return { section, reader: new Reader(section.body) };
  };
  const importedGlobals = readImports(read(SECTION.imports).section.body).counts.global;
  const globals = readGlobals(read(SECTION.globals).reader);

  const tables = read(SECTION.tables);
  const elements = read(SECTION.elements);
  const segment = readSegment(elements.reader);
  /** Table index of each function that has one. */
  const places = new Map(segment.functions.map((index, at) => [index, segment.offset + at]));

  const exports = read(SECTION.exports);
  const kept = [];
  /** @type {{ functions: Record<string, number>, data: Record<string, number> }} */
  const symbols = { functions: {}, data: {} };
  for (let rest = exports.reader.u32(); rest > 0; rest--) {
    const start = exports.reader.offset;
    const exported = exports.reader.name();
    const kind = exports.reader.byte();
    const index = exports.reader.u32();
    if (keep.has(exported) || (kind !== KIND.function && kind !== KIND.global)) {
      kept.push(exports.reader.bytes.subarray(start, exports.reader.offset));
    } else if (kind === KIND.function) {
      if (!places.has(index)) {
        places.set(index, segment.offset + segment.functions.length);
        segment.functions.push(index);
      }
      symbols.functions[exported] = places.get(index) ?? 0;
    } else symbols.data[exported] = globals[index - importedGlobals] ?? 0;
  }

  exports.section.body = list(kept);
  elements.section.body = concat([
    ...[leb(1), leb(0), Uint8Array.of(0x41), signedLeb(segment.offset), Uint8Array.of(0x0b)],
    list(segment.functions.map(leb)),
  ]);
  tables.section.body = withLimits(tables.reader, segment.offset + segment.functions.length);
  const json = new TextEncoder().encode(JSON.stringify(symbols));
  sections.push({ id: SECTION.custom, body: concat([name(SYMBOLS_SECTION), json]) });
  return joinSections(sections);
}

/** The value of every global that is a plain 32-bit number.
 * @param {Reader} reader */
function readGlobals(reader) {
  /** @type {(number | undefined)[]} */
  const values = [];
  for (let rest = reader.u32(); rest > 0; rest--) {
    reader.offset += 2;
    const opcode = reader.byte();
    if (opcode !== 0x41) throw new Error(`a global that begins with opcode ${opcode} was not expected`);
    values.push(reader.s32() >>> 0);
    if (reader.byte() !== 0x0b) throw new Error("a global of one instruction was expected");
  }
  return values;
}

/** The one active segment of the first table.
 * @param {Reader} reader */
function readSegment(reader) {
  if (reader.u32() !== 1 || reader.u32() !== 0 || reader.byte() !== 0x41) {
    throw new Error("one plain element segment was expected");
  }
  const offset = reader.s32();
  if (reader.byte() !== 0x0b) throw new Error("a constant offset was expected");
  const functions = Array.from({ length: reader.u32() }, () => reader.u32());
  return { offset, functions };
}

/** The tables again: the first with room for `least`, all with a maximum.
 * @param {Reader} reader @param {number} least */
function withLimits(reader, least) {
  const count = reader.u32();
  const parts = [leb(count)];
  for (let index = 0; index < count; index++) {
    const start = reader.offset;
    const first = reader.byte();
    if (first === 0x63 || first === 0x64) reader.s32();
    else if (first === 0x40) throw new Error("a table with an initial value was not expected");
    parts.push(reader.bytes.slice(start, reader.offset));
    const flags = reader.byte();
    const min = reader.u32();
    const max = flags & 1 ? reader.u32() : MAX_TABLE_ELEMENTS;
    parts.push(
      leb(flags | 1),
      leb(index === 0 ? Math.max(min, least) : min),
      leb(Math.min(max, MAX_TABLE_ELEMENTS)),
    );
  }
  return concat(parts);
}
