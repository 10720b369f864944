import { MAX_FILE_BYTES } from "./limits.ts";

/** Says who may write into a buffer in place: the filesystem state that made it, until that state is frozen. */
export type Owner = object;

const EMPTY = new Uint8Array(0);
const SMALLEST_CAPACITY = 64;
/** Spare room is at most half the size, so what is counted bounds what is held. */
const GROWTH = 1.5;

/**
 * Bytes of one file in one geometric buffer: appends are amortised O(1). Shared between states and forks until it is
 * written: then the writer copies it once and owns the copy.
 */
export class FileContent {
  #buffer: Uint8Array;
  #size: number;
  readonly #owner: Owner | undefined;

  /** Takes `buffer` over: it is never written in place unless `owner` made it. */
  constructor(buffer: Uint8Array = EMPTY, size = buffer.length, owner?: Owner) {
    this.#buffer = buffer;
    this.#size = size;
    this.#owner = owner;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes really held, with the spare room. */
  get capacity(): number {
    return this.#buffer.length;
  }

  isOwnedBy(owner: Owner): boolean {
    return this.#owner === owner;
  }

  /** A copy that `owner` may write, cut to `size` bytes or with room for as many. */
  copyFor(owner: Owner, size: number): FileContent {
    const buffer = new Uint8Array(size);
    const kept = Math.min(size, this.#size);
    buffer.set(this.#buffer.subarray(0, kept));
    return new FileContent(buffer, kept, owner);
  }

  read(offset: number, target: Uint8Array): number {
    const count = Math.min(target.length, this.#size - offset);
    if (count <= 0) return 0;
    target.set(this.#buffer.subarray(offset, offset + count));
    return count;
  }

  write(offset: number, source: Uint8Array): void {
    const end = offset + source.length;
    if (end > this.#size) this.resize(end);
    this.#buffer.set(source, offset);
  }

  /** Cuts, or grows with zeros. Gives memory back when more than half of it would be spare. */
  resize(size: number): void {
    if (size > this.#buffer.length) {
      this.#reallocate(roomFor(size, this.#buffer.length), this.#size);
    } else if (size * 2 < this.#buffer.length && this.#buffer.length > SMALLEST_CAPACITY) {
      this.#reallocate(size, Math.min(size, this.#size));
    } else if (size < this.#size) {
      // Spare room is always zero, so that growing again needs no clearing.
      this.#buffer.fill(0, size, this.#size);
    }
    this.#size = size;
  }

  /** The content without spare room, not to be written by anybody: for snapshots and messages. */
  toShared(): Uint8Array {
    if (this.#size !== this.#buffer.length) this.#reallocate(this.#size, this.#size);
    return this.#buffer;
  }

  toCopy(): Uint8Array {
    return this.#buffer.slice(0, this.#size);
  }

  equals(other: FileContent): boolean {
    if (this === other) return true;
    if (this.#size !== other.#size) return false;
    for (let index = 0; index < this.#size; index++) {
      if (this.#buffer[index] !== other.#buffer[index]) return false;
    }
    return true;
  }

  #reallocate(capacity: number, kept: number): void {
    const buffer = new Uint8Array(capacity);
    buffer.set(this.#buffer.subarray(0, kept));
    this.#buffer = buffer;
  }
}

function roomFor(size: number, capacity: number): number {
  return Math.max(size, SMALLEST_CAPACITY, Math.min(Math.floor(capacity * GROWTH), MAX_FILE_BYTES));
}
