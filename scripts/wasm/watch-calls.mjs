// @ts-check
import {
  concat,
  I32,
  joinSections,
  KIND,
  leb,
  list,
  name,
  Reader,
  readBodies,
  readImports,
  readSections,
  SECTION,
  sized,
} from "./binary.mjs";

/**
 * The module with a note of which of its functions are called: an exported global for each, 0 until then. Indexes, memory
 * and tables are as they were.
 *
 * @param {Uint8Array} wasm
 */
export function watchCalls(wasm) {
  const sections = readSections(wasm);
  const bodyOf = (/** @type {number} */ id) => sections.find((one) => one.id === id)?.body;
  const globals = readItems(bodyOf(SECTION.globals));
  const exports = readItems(bodyOf(SECTION.exports));
  const bodies = readBodies(bodyOf(SECTION.code) ?? Uint8Array.of(0));
  const first = readImports(bodyOf(SECTION.imports)).counts.global + globals.count;
  const made = {
    [SECTION.globals]: concat([
      leb(globals.count + bodies.length),
      globals.bytes,
      ...bodies.map(() => Uint8Array.of(I32, 1, 0x41, 0, 0x0b)),
    ]),
    [SECTION.exports]: concat([
      leb(exports.count + bodies.length),
      exports.bytes,
      ...bodies.map((_, index) =>
        concat([name(`${WATCHED}${index}`), Uint8Array.of(KIND.global), leb(first + index)]),
      ),
    ]),
    [SECTION.code]: list(
      bodies.map((body, index) => {
        const reader = new Reader(body);
        reader.skipLocals();
        const note = concat([Uint8Array.of(0x41, 1, 0x24), leb(first + index)]);
        return sized(concat([body.subarray(0, reader.offset), note, body.subarray(reader.offset)]));
      }),
    ),
  };
  return joinSections(sections.map(({ id, body }) => ({ id, body: made[id] ?? body })));
}

const WATCHED = "called.";

/** Whether an export is such a note. @param {string} key */
export function isWatch(key) {
  return key.startsWith(WATCHED);
}

/**
 * Which functions of a watched module were called, by their place in its code section.
 *
 * @param {WebAssembly.Exports} exports
 */
export function calledIn(exports) {
  return Object.entries(exports).flatMap(([key, value]) =>
    isWatch(key) && value instanceof WebAssembly.Global && value.value === 1
      ? [Number(key.slice(WATCHED.length))]
      : [],
  );
}

/** @param {Uint8Array | undefined} body */
function readItems(body) {
  if (body === undefined) throw new Error("a module with globals and exports was expected");
  const reader = new Reader(body);
  const count = reader.u32();
  return { count, bytes: body.subarray(reader.offset) };
}
