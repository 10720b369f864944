// @ts-check
/**
 * The pieces of WebAssembly's binary format that the build takes apart and puts together again.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */

export const SECTION = {
  custom: 0,
  types: 1,
  imports: 2,
  functions: 3,
  tables: 4,
  memories: 5,
  globals: 6,
  exports: 7,
  start: 8,
  elements: 9,
  code: 10,
  tags: 13,
};
export const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };
export const FUNCREF = 0x70;
export const I32 = 0x7f;

/** @typedef {{ id: number, body: Uint8Array }} Section */

export class Reader {
  offset = 0;
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }
  get isAtEnd() {
    return this.offset === this.bytes.length;
  }
  byte() {
    const value = this.bytes[this.offset++];
    if (value === undefined) throw new Error("the module ends too early");
    return value;
  }
  u32() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  s32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return shift < 25 && byte & 64 ? value | (-1 << (shift + 7)) : value;
    }
  }
  /** A number of any size, for its length only. */
  skipLeb() {
    while (this.byte() >= 128);
  }
  /** @param {number} length */
  take(length) {
    this.offset += length;
    if (this.offset > this.bytes.length) throw new Error("the module ends too early");
    return this.bytes.subarray(this.offset - length, this.offset);
  }
  name() {
    return new TextDecoder().decode(this.take(this.u32()));
  }
  /** A value type: one byte, or `(ref null? heap-type)` with an index behind it. */
  skipValueType() {
    const first = this.byte();
    if (first === 0x63 || first === 0x64) this.skipLeb();
  }
  /** What a function's body begins with. */
  skipLocals() {
    for (let rest = this.u32(); rest > 0; rest--) {
      this.u32();
      this.skipValueType();
    }
  }
  /** Of a table or memory. */
  limits() {
    const flags = this.byte();
    return { flags, min: this.u32(), max: flags & 1 ? this.u32() : undefined };
  }
}

/** @param {Uint8Array} wasm */
export function readSections(wasm) {
  const reader = new Reader(wasm);
  reader.offset = 8;
  /** @type {Section[]} */
  const sections = [];
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), body: reader.take(reader.u32()) });
  return sections;
}

/** @param {readonly Section[]} sections */
export function joinSections(sections) {
  return concat([
    Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    ...sections.flatMap(({ id, body }) => [Uint8Array.of(id), leb(body.length), body]),
  ]);
}

/** Each function's body: its locals, then its instructions.
 * @param {Uint8Array} code The body of a code section. */
export function readBodies(code) {
  const reader = new Reader(code);
  return Array.from({ length: reader.u32() }, () => reader.take(reader.u32()));
}

/** A section of so many items, or a list within one.
 * @param {readonly Uint8Array[]} items */
export function list(items) {
  return concat([leb(items.length), ...items]);
}

/** With its length in front.
 * @param {Uint8Array} bytes */
export function sized(bytes) {
  return concat([leb(bytes.length), bytes]);
}

/** @param {string} text */
export function name(text) {
  return sized(new TextEncoder().encode(text));
}

/** @param {number} value Not negative. */
export function leb(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

/** @param {number} value Not negative. */
export function signedLeb(value) {
  const bytes = leb(value);
  // Bit 6 of the last byte is the sign.
  if ((bytes.at(-1) ?? 0) < 64) return bytes;
  const longer = Uint8Array.from([...bytes, 0]);
  longer[bytes.length - 1] = (longer[bytes.length - 1] ?? 0) | 128;
  return longer;
}

/** @param {readonly Uint8Array[]} parts */
export function concat(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * What a module takes from outside, by kind: how many of each, and the imports as they stand in the section.
 *
 * @param {Uint8Array | undefined} imports The body of an import section, where there is one.
 */
export function readImports(imports) {
  const counts = { function: 0, table: 0, memory: 0, global: 0, tag: 0 };
  /** Type indexes of the imported functions. @type {number[]} */
  const functionTypes = [];
  /** @type {Uint8Array[]} */
  const items = [];
  if (imports === undefined) return { counts, functionTypes, items };
  const reader = new Reader(imports);
  for (let rest = reader.u32(); rest > 0; rest--) {
    const start = reader.offset;
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === KIND.function) {
      counts.function++;
      functionTypes.push(reader.u32());
    } else if (kind === KIND.table) {
      counts.table++;
      reader.skipValueType();
      reader.limits();
    } else if (kind === KIND.memory) {
      counts.memory++;
      reader.limits();
    } else if (kind === KIND.global) {
      counts.global++;
      reader.skipValueType();
      reader.byte();
    } else if (kind === KIND.tag) {
      counts.tag++;
      reader.byte();
      reader.u32();
    } else throw new Error(`an import of kind ${kind} was not expected`);
    items.push(imports.subarray(start, reader.offset));
  }
  return { counts, functionTypes, items };
}
