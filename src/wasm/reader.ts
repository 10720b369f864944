import { SandboxError } from "../errors.ts";

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Types, imports, functions, globals and exports a module may have, each: what engines agreed on.
 *
 * @see https://webassembly.github.io/spec/js-api/#limits
 */
const MAX_ENTRIES = 1_000_000;

/**
 * Steps through a WebAssembly binary; every step is checked against the end.
 *
 * @throws {SandboxError} `invalid-module`, from every step that the bytes do not allow, with the offset in the file.
 * @see https://webassembly.github.io/spec/core/binary/values.html
 */
export class WasmReader {
  offset: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  /** Reads `bytes` from `offset` up to but without `end`. */
  constructor(bytes: Uint8Array, offset: number, end: number) {
    this.#bytes = bytes;
    this.offset = offset;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.offset;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#end;
  }

  peek(): number {
    this.#need(1);
    return this.#bytes[this.offset]!;
  }

  byte(): number {
    const value = this.peek();
    this.offset++;
    return value;
  }

  skip(length: number): void {
    this.#need(length);
    this.offset += length;
  }

  /** The next `length` bytes, as a reader of their own; this one goes on behind them. */
  sub(length: number): WasmReader {
    const start = this.offset;
    this.skip(length);
    return new WasmReader(this.#bytes, start, this.offset);
  }

  /** A view of what lies between two offsets in the file, both passed before. */
  slice(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  /** Four bytes, the lowest first. */
  u32le(): number {
    const start = this.offset;
    this.skip(4);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 4).getUint32(0, true);
  }

  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let length = 0; length < 5; length++) {
      const byte = this.byte();
      // Arithmetic, not shifts: those end at 2^31.
      value += (byte & 0x7f) * 2 ** (7 * length);
      if ((byte & 0x80) === 0) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw malformed(start, "a number that is too long");
  }

  u64(): bigint {
    const start = this.offset;
    let value = 0n;
    for (let length = 0; length < 10; length++) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * length);
      if ((byte & 0x80) === 0) {
        if (value >> 64n !== 0n) break;
        return value;
      }
    }
    throw malformed(start, "a number that is too long");
  }

  /** Walks past a heap type. */
  s33(): void {
    this.signed(5);
  }

  /** Walks past a signed number of at most `maxBytes` bytes; its value is not needed. */
  signed(maxBytes: number): void {
    const start = this.offset;
    for (let length = 0; length < maxBytes; length++) if ((this.byte() & 0x80) === 0) return;
    throw malformed(start, "a number that is too long");
  }

  name(): string {
    const start = this.offset;
    const length = this.u32();
    const from = this.offset;
    this.skip(length);
    try {
      return DECODER.decode(this.slice(from, this.offset));
    } catch {
      throw malformed(start, "a name that is not UTF-8");
    }
  }

  /**
   * Calls `read` as often as the count that stands here says.
   *
   * @throws {SandboxError} `invalid-module` for more than engines take, before anything of it is read.
   */
  each(read: () => unknown): void {
    const start = this.offset;
    const count = this.u32();
    if (count > MAX_ENTRIES) throw malformed(start, `${count} entries; engines take at most ${MAX_ENTRIES}`);
    for (let index = 0; index < count; index++) {
      // Each takes a byte at least: a false count ends where the section ends.
      this.#need(1);
      read();
    }
  }

  #need(length: number): void {
    if (length > this.remaining) {
      const needed = length === 1 ? "1 byte more is" : `${length} bytes more are`;
      throw malformed(this.#end, `it ends too early: ${needed} needed at byte ${this.offset}`);
    }
  }
}

/** `invalid-module`, naming where. */
export function malformed(offset: number, what: string): SandboxError {
  return new SandboxError(`Invalid WebAssembly module at byte ${offset}: ${what}`, {
    code: "invalid-module",
  });
}

/** Walks past a table's initial value, up to and with its `end`. Only what the specification calls constant. */
export function skipConstantExpression(body: WasmReader): void {
  for (;;) {
    const offset = body.offset;
    const opcode = body.byte();
    if (opcode === 0x0b) return;
    if (opcode === 0x23 || opcode === 0xd2) body.u32();
    else if (opcode === 0xd0) body.s33();
    else if (opcode === 0x41 || opcode === 0x42) body.signed(10);
    else if (opcode === 0x43) body.skip(4);
    else if (opcode === 0x44) body.skip(8);
    else if (opcode === 0xfb && body.byte() === 0x1c) continue;
    else throw malformed(offset, `opcode ${opcode} in a table's initial value`);
  }
}
