import { abi, FAULT, INVALID, Refusal } from "./abi.ts";

/** Buffers one vectored call may name, as Linux's and wasi-libc's IOV_MAX. */
const IOV_MAX = 1024;
/** Linux's PATH_MAX without the NUL. The filesystem has its own limit; this one keeps a hostile length from being decoded. */
const PATH_BYTES_MAX = 4095;

/** Up to here a loop over bytes beats a call that decodes them. */
const SHORT_BYTES = 64;

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);

/**
 * The guest's linear memory. Every access is checked here: out of range is EFAULT. Views are remade only when the
 * buffer they were made on was detached by growth.
 */
export class GuestMemory {
  /** The buffers of the vectored call at work: where each starts and how long it is. Overwritten by the next `iovecs`. */
  readonly starts: number[] = [];
  readonly lengths: number[] = [];

  #memory: WebAssembly.Memory | undefined;
  #bytes = NO_BYTES;
  #view = NO_VIEW;

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.#remake();
  }

  /** Bytes the guest has now; `undefined` before `attach`. */
  get byteLength(): number | undefined {
    return this.#memory?.buffer.byteLength;
  }

  /** All of memory, after `check` or `iovecs` and until the guest runs again: making a `range` costs as much as a small read. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** A view of guest memory, valid until the guest runs again. */
  range(pointer: number, length: number): Uint8Array {
    const start = this.check(pointer, length);
    return this.#bytes.subarray(start, start + (length >>> 0));
  }

  /**
   * The pointer as an unsigned number, after making sure that all of the range is memory. Comes before any use of a view:
   * it is what remakes them.
   */
  check(pointer: number, length: number): number {
    if (this.#bytes.length === 0) this.#remake();
    const start = pointer >>> 0;
    if (start + (length >>> 0) > this.#bytes.length) throw FAULT;
    return start;
  }

  u8(pointer: number): number {
    const start = this.check(pointer, 1);
    return this.#bytes[start]!;
  }

  u16(pointer: number): number {
    const start = this.check(pointer, 2);
    return this.#view.getUint16(start, true);
  }

  u32(pointer: number): number {
    const start = this.check(pointer, 4);
    return this.#view.getUint32(start, true);
  }

  u64(pointer: number): bigint {
    const start = this.check(pointer, 8);
    return this.#view.getBigUint64(start, true);
  }

  setU8(pointer: number, value: number): void {
    const start = this.check(pointer, 1);
    this.#bytes[start] = value;
  }

  setU16(pointer: number, value: number): void {
    const start = this.check(pointer, 2);
    this.#view.setUint16(start, value, true);
  }

  setU32(pointer: number, value: number): void {
    const start = this.check(pointer, 4);
    this.#view.setUint32(start, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    const start = this.check(pointer, 8);
    this.#view.setBigUint64(start, value, true);
  }

  /** As `setU64`, for a whole number below 2^53: no bigint is made. */
  setU64Number(pointer: number, value: number): void {
    const start = this.check(pointer, 8);
    this.#view.setUint32(start, value >>> 0, true);
    this.#view.setUint32(start + 4, Math.floor(value / 2 ** 32), true);
  }

  /**
   * Reads the buffers of a vectored call into `starts` and `lengths`, all checked before any is touched: reading into
   * one may overwrite the list itself.
   *
   * @returns Bytes in all; EINVAL when they are more than a u32 counts or the list is longer than IOV_MAX.
   */
  iovecs(pointer: number, count: number): number {
    const length = count >>> 0;
    if (length > IOV_MAX) throw INVALID;
    const list = this.check(pointer, length * 8);
    let total = 0;
    for (let index = 0; index < length; index++) {
      const entry = list + index * 8;
      const bytes = this.#view.getUint32(entry + 4, true);
      this.starts[index] = this.check(this.#view.getUint32(entry, true), bytes);
      this.lengths[index] = bytes;
      total += bytes;
    }
    if (total > 0xffff_ffff) throw INVALID;
    return total;
  }

  /** Text from memory. EILSEQ when it is not UTF-8. */
  text(pointer: number, length: number): string {
    const bytes = this.range(pointer, length);
    // Short ASCII by hand: a TextDecoder call costs more than the whole path walk.
    if (bytes.length <= SHORT_BYTES) {
      let text = "";
      for (const byte of bytes) {
        if (byte >= 0x80) return decode(bytes);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return decode(bytes);
  }

  /** A path from memory. EFAULT, ENAMETOOLONG, EILSEQ. */
  path(pointer: number, length: number): string {
    this.check(pointer, length);
    if (length >>> 0 > PATH_BYTES_MAX) throw NAME_TOO_LONG;
    return this.text(pointer, length);
  }

  #remake(): void {
    if (this.#memory === undefined) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }
}

const NAME_TOO_LONG = new Refusal(abi.ERRNO_NAMETOOLONG);
const NOT_TEXT = new Refusal(abi.ERRNO_ILSEQ);

function decode(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw NOT_TEXT;
  }
}

/** UTF-8 of a text; a lone surrogate becomes U+FFFD. */
export function encode(text: string): Uint8Array {
  return ENCODER.encode(text);
}
