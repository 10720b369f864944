import { MAX_FILE_BYTES } from "./limits.ts";

/** Says who may write into a buffer in place: the filesystem state that made it, until that state is frozen. */
export type Owner = object;

/**
 * Longer files are kept in pieces of this size: growing copies no more than the last one, and a write after a mark copies
 * only those it touches.
 */
export const CHUNK_BYTES = 2 ** 20;
const CHUNK_SHIFT = 20;

const EMPTY = new Uint8Array(0);
const SMALLEST_CAPACITY = 64;
/** Spare room is at most half the size, so what is counted bounds what is held. */
const GROWTH = 1.5;
/** A buffer so many times as long as what is left of the file is not kept for the sake of a view. */
const PINNED = 1.5;
/** Up to here a loop over bytes beats making a view to copy from. */
const SHORT_BYTES = 48;

/**
 * Bytes of one file: a list of buffers, all but the last exactly one chunk long, the last with spare room that is always
 * zero. Shared between states and forks until it is written: then the writer copies the chunks it writes and owns those.
 */
export class FileContent {
  #chunks: Uint8Array[];
  #size: number;
  readonly #owner: Owner | undefined;
  /** Chunks that only this content holds, so that they may be written in place; `true` stands for all of them. */
  #own: boolean[] | true;
  /** All of it in one piece, where it was asked for since the last change. */
  #whole: Uint8Array | undefined;

  /** Takes `buffer` over: it is never written in place unless `owner` made it. */
  constructor(buffer: Uint8Array = EMPTY, owner?: Owner) {
    this.#chunks = split(buffer, buffer.length);
    this.#size = buffer.length;
    this.#owner = owner;
    this.#own = owner === undefined && buffer.length > 0 ? [] : true;
  }

  get size(): number {
    return this.#size;
  }

  /** The buffers it keeps alive, for measuring. Others may keep the same ones. */
  get buffers(): readonly ArrayBufferLike[] {
    return this.#chunks.map((chunk) => chunk.buffer);
  }

  isOwnedBy(owner: Owner): boolean {
    return this.#owner === owner;
  }

  /** A content of the same bytes that `owner` may write: each chunk is copied when it is written first. */
  copyFor(owner: Owner): FileContent {
    const copy = new FileContent(EMPTY, owner);
    if (this.#size === 0) return copy;
    copy.#size = this.#size;
    copy.#chunks = this.#chunks.slice();
    copy.#own = [];
    return copy;
  }

  read(offset: number, target: Uint8Array, start = 0, length = target.length): number {
    const count = Math.min(length, this.#size - offset);
    if (count <= 0) return 0;
    for (let done = 0; done < count; ) {
      const at = offset + done;
      const within = at & (CHUNK_BYTES - 1);
      const part = Math.min(count - done, CHUNK_BYTES - within);
      copyBytes(this.#chunks[at >>> CHUNK_SHIFT]!, within, target, start + done, part);
      done += part;
    }
    return count;
  }

  write(offset: number, source: Uint8Array, start = 0, length = source.length): void {
    const end = offset + length;
    this.#whole = undefined;
    if (end > this.#size) this.#reserve(end);
    for (let done = 0; done < length; ) {
      const at = offset + done;
      const within = at & (CHUNK_BYTES - 1);
      const part = Math.min(length - done, CHUNK_BYTES - within);
      copyBytes(source, start + done, this.#writable(at >>> CHUNK_SHIFT), within, part);
      done += part;
    }
    if (end > this.#size) this.#size = end;
  }

  /** Cuts, or grows with zeros. Gives memory back when more than half of it would be spare. */
  resize(size: number): void {
    this.#whole = undefined;
    if (size > this.#size) this.#reserve(size);
    else if (size < this.#size) this.#cut(size);
    this.#size = size;
  }

  /** The content without spare room, not to be written by anybody: for snapshots and messages. */
  toShared(): Uint8Array {
    const only = this.#chunks.length === 1 ? this.#chunks[0]! : undefined;
    if (only?.length === this.#size) return only;
    if (this.#size === 0) return EMPTY;
    if (this.#whole !== undefined) return this.#whole;
    const whole = wholeOf(this.#chunks, this.#size) ?? this.toCopy();
    this.#whole = whole;
    // Its own chunks become views of it, so that the bytes are not held twice.
    this.#chunks = split(whole, this.#size);
    this.#own = [];
    return whole;
  }

  toCopy(): Uint8Array {
    const copy = new Uint8Array(this.#size);
    this.read(0, copy);
    return copy;
  }

  equals(other: FileContent): boolean {
    if (this === other) return true;
    if (this.#size !== other.#size) return false;
    for (let index = 0; index * CHUNK_BYTES < this.#size; index++) {
      const length = Math.min(CHUNK_BYTES, this.#size - index * CHUNK_BYTES);
      if (!areEqual(this.#chunks[index]!, other.#chunks[index]!, length)) return false;
    }
    return true;
  }

  /** The chunk, copied before if somebody else holds it. */
  #writable(index: number): Uint8Array {
    const chunk = this.#chunks[index]!;
    if (this.#own === true || this.#own[index] === true) return chunk;
    return this.#replace(index, chunk.length);
  }

  /** Puts a chunk of our own, of that capacity and with what fits of the old bytes, in place of the one there is. */
  #replace(index: number, capacity: number): Uint8Array {
    const old = this.#chunks[index];
    const chunk = new Uint8Array(capacity);
    if (old !== undefined) {
      const used = Math.min(old.length, this.#size - index * CHUNK_BYTES, capacity);
      if (used > 0) chunk.set(old.length === used ? old : old.subarray(0, used));
    }
    if (index === 0 && this.#chunks.length <= 1) {
      // A fresh list of one is as long as it is; one that grows has room for seventeen, in each of ten thousand small files.
      this.#chunks = [chunk];
      this.#own = true;
      return chunk;
    }
    this.#chunks[index] = chunk;
    if (this.#own !== true) this.#own[index] = true;
    return chunk;
  }

  /** Makes room for `size` bytes, the new ones zero. The size stays, so that a failure on the way leaves it as it was. */
  #reserve(size: number): void {
    const count = Math.ceil(size / CHUNK_BYTES);
    // What was the last chunk becomes a full one, unless it stays the last.
    for (let index = Math.max(0, this.#chunks.length - 1); index < count; index++) {
      const needed = Math.min(CHUNK_BYTES, size - index * CHUNK_BYTES);
      const capacity = this.#chunks[index]?.length ?? 0;
      if (needed > capacity) this.#replace(index, roomFor(size, needed, capacity));
      // A chunk that somebody else holds may have their bytes behind our end.
      else if (index * CHUNK_BYTES + capacity > this.#size) this.#writable(index);
    }
  }

  #cut(size: number): void {
    this.#chunks.length = Math.ceil(size / CHUNK_BYTES);
    if (this.#own !== true) this.#own.length = Math.min(this.#own.length, this.#chunks.length);
    const before = this.#size;
    this.#size = size;
    const last = this.#chunks.length - 1;
    if (last < 0) return;
    const used = size - last * CHUNK_BYTES;
    const capacity = this.#chunks[last]!.length;
    const isOwn = this.#own === true || this.#own[last] === true;
    // Spare room is always zero, so that growing again needs no clearing.
    if (isOwn) this.#chunks[last]!.fill(0, used, Math.min(capacity, before - last * CHUNK_BYTES));
    const isMostlySpare = capacity > SMALLEST_CAPACITY && capacity - used > size;
    if (isMostlySpare || (!isOwn && used < capacity)) this.#replace(last, used);
    // A chunk that is a view keeps the whole buffer alive that it looks into.
    for (let index = 0; index <= last; index++) {
      const chunk = this.#chunks[index]!;
      if (chunk.buffer.byteLength > Math.max(size * PINNED, chunk.length)) this.#replace(index, chunk.length);
    }
  }
}

/** A buffer of `size` bytes as chunks that are views of it, or the buffer itself. */
function split(buffer: Uint8Array, size: number): Uint8Array[] {
  if (size === 0) return [];
  if (size <= CHUNK_BYTES) return [buffer];
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < size; start += CHUNK_BYTES) {
    chunks.push(buffer.subarray(start, Math.min(start + CHUNK_BYTES, size)));
  }
  return chunks;
}

/** The buffer that the chunks are views of, one behind the other and nothing else. */
function wholeOf(chunks: readonly Uint8Array[], size: number): Uint8Array | undefined {
  const buffer = chunks[0]!.buffer;
  if (buffer.byteLength !== size) return undefined;
  const isWhole = chunks.every(
    (chunk, index) => chunk.buffer === buffer && chunk.byteOffset === index * CHUNK_BYTES,
  );
  return isWhole ? new Uint8Array(buffer) : undefined;
}

/** Capacity of the last chunk, which must hold `needed` bytes of a file of `size`. */
function roomFor(size: number, needed: number, capacity: number): number {
  // A whole chunk is at most half of the file then.
  if (size >= 2 * CHUNK_BYTES) return Math.min(CHUNK_BYTES, MAX_FILE_BYTES - (size - needed));
  return Math.min(CHUNK_BYTES, Math.max(needed, SMALLEST_CAPACITY, Math.floor(capacity * GROWTH)));
}

function copyBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number): void {
  if (count <= SHORT_BYTES) {
    for (let index = 0; index < count; index++) target[to + index] = source[from + index]!;
  } else if (count === source.length) target.set(source, to);
  else target.set(source.subarray(from, from + count), to);
}

function areEqual(a: Uint8Array, b: Uint8Array, length: number): boolean {
  if (a === b) return true;
  for (let index = 0; index < length; index++) if (a[index] !== b[index]) return false;
  return true;
}
