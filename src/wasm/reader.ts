import { SandboxError } from "../errors.ts";

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
    return Number(this.#unsigned(5, 32n));
  }

  u64(): bigint {
    return this.#unsigned(10, 64n);
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

  /** Calls `read` as often as the count that stands here says. */
  each(read: () => unknown): void {
    const count = this.u32();
    for (let index = 0; index < count; index++) {
      // Each takes a byte at least: a false count ends at the section's end, not after four thousand million turns.
      this.#need(1);
      read();
    }
  }

  #unsigned(maxBytes: number, bits: bigint): bigint {
    const start = this.offset;
    let value = 0n;
    for (let length = 0; length < maxBytes; length++) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * length);
      if ((byte & 0x80) === 0) {
        if (value >> bits !== 0n) break;
        return value;
      }
    }
    throw malformed(start, "a number that is too long");
  }

  #need(length: number): void {
    if (length > this.remaining) {
      throw malformed(this.#end, `it ends too early: ${length} bytes more are needed at byte ${this.offset}`);
    }
  }
}

/** `invalid-module`, naming where. */
export function malformed(offset: number, what: string): SandboxError {
  return new SandboxError(`Invalid WebAssembly module at byte ${offset}: ${what}`, {
    code: "invalid-module",
  });
}
