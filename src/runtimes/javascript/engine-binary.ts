/**
 * The engine's binary keeps its function table to itself; the promise rejection tracker has to be put there. This adds
 * one entry to the export section and changes nothing else.
 */

/** Name the function table is exported under. */
export const TABLE_EXPORT = "sandglass_table";

const EXPORT_SECTION = 7;
const TABLE_KIND = 1;

/** Custom section that says which build's the binary is. */
export const BUILD_SECTION = "sandglass.build";

/**
 * Adds a section with a stamp, which every module compiled of these bytes then carries.
 *
 * @see https://webassembly.github.io/spec/core/appendix/custom.html
 */
export function stampBinary(bytes: Uint8Array, stamp: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(BUILD_SECTION);
  const body = [...writeLeb(name.length), ...name, ...stamp];
  return Uint8Array.from([...bytes, 0, ...writeLeb(body.length), ...body]);
}

/** Adds an export of table 0 to a WebAssembly module's bytes. */
export function exportTable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at]!;
    const size = readLeb(bytes, at + 1);
    const end = size.next + size.value;
    if (id === EXPORT_SECTION) {
      const count = readLeb(bytes, size.next);
      const name = new TextEncoder().encode(TABLE_EXPORT);
      const body = [
        ...writeLeb(count.value + 1),
        ...bytes.subarray(count.next, end),
        ...writeLeb(name.length),
        ...name,
        TABLE_KIND,
        0,
      ];
      const head = [EXPORT_SECTION, ...writeLeb(body.length)];
      const result = new Uint8Array(at + head.length + body.length + bytes.length - end);
      result.set(bytes.subarray(0, at));
      result.set(head, at);
      result.set(body, at + head.length);
      result.set(bytes.subarray(end), at + head.length + body.length);
      return result;
    }
    at = end;
  }
  throw new Error("the engine's binary has no export section");
}

function readLeb(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 127) << shift;
    if (byte < 128) return { value, next: at };
  }
}

function writeLeb(value: number): number[] {
  const out: number[] = [];
  for (; value > 127; value >>>= 7) out.push((value & 127) | 128);
  return [...out, value];
}

/**
 * A module that imports one function of the tracker's type and exports it again: the only way for a JavaScript function
 * to become something a table takes. (type (func (param i32 i64 i64 i32 i32)))
 */
export const TRACKER_MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 9, 1, 0x60, 5, 0x7f, 0x7e, 0x7e, 0x7f, 0x7f, 0],
  ...[2, 7, 1, 1, 0x68, 1, 0x66, 0, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
);
