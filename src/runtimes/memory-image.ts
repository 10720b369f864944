/**
 * The form of a snapshot file: the memory of an interpreter that has booted, without its empty pages (half of Python's), and
 * what JavaScript has to know of it. It only fits the very interpreter it came out of, so that one's identity stands in
 * front.
 *
 *   0  magic, identity (16 bytes), memory bytes, number of runs, bytes of `values`     all numbers 32 bits, little-endian
 *  32  the runs of pages that are not empty: first page, pages
 *      `values`, as JSON
 *      the pages, from the next multiple of 16 on
 */
const MAGIC = 0x3247_5053;
const HEADER_BYTES = 32;
const IDENTITY_BYTES = 16;
const RUN_BYTES = 8;
const PAGE_BYTES = 4096;
/** What 32-bit WebAssembly can address, in pages. */
const MAX_PAGES = 2 ** 32 / PAGE_BYTES;

/** A stretch of memory, in pages. */
export interface PageRun {
  first: number;
  count: number;
}

export interface MemoryImage {
  memoryBytes: number;
  /** Ascending, apart from each other; everything between them is zero. */
  runs: readonly PageRun[];
  /** Their pages, one run after another. */
  pages: Uint8Array;
  /** Plain data of whoever made the image. */
  values: unknown;
}

/** The runs of pages in which `memory` or `fresh`, a memory before its image is written to it, holds anything. */
function findRuns(memory: Uint8Array, fresh: Uint8Array): PageRun[] {
  const isEmpty = (bytes: Uint8Array, page: number): boolean =>
    bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES).every((byte) => byte === 0);
  const runs: PageRun[] = [];
  for (let page = 0; page * PAGE_BYTES < memory.length; page++) {
    if (isEmpty(memory, page) && isEmpty(fresh, page)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === page) last.count++;
    else runs.push({ first: page, count: 1 });
  }
  return runs;
}

export function encodeImage(
  identity: string,
  memory: Uint8Array,
  fresh: Uint8Array,
  values: unknown,
): Uint8Array<ArrayBuffer> {
  const runs = findRuns(memory, fresh);
  const json = new TextEncoder().encode(JSON.stringify(values));
  const start = pagesStart(runs.length, json.length);
  const pageCount = runs.reduce((sum, run) => sum + run.count, 0);
  const file = new Uint8Array(start + pageCount * PAGE_BYTES);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  for (let index = 0; index < IDENTITY_BYTES; index++) {
    file[4 + index] = Number.parseInt(identity.slice(2 * index, 2 * index + 2), 16);
  }
  for (const [index, value] of [memory.length, runs.length, json.length].entries()) {
    view.setUint32(20 + 4 * index, value, true);
  }
  let offset = start;
  for (const [index, { first, count }] of runs.entries()) {
    view.setUint32(HEADER_BYTES + RUN_BYTES * index, first, true);
    view.setUint32(HEADER_BYTES + RUN_BYTES * index + 4, count, true);
    file.set(memory.subarray(first * PAGE_BYTES, (first + count) * PAGE_BYTES), offset);
    offset += count * PAGE_BYTES;
  }
  file.set(json, HEADER_BYTES + RUN_BYTES * runs.length);
  return file;
}

/** The image in a snapshot file when it is whole and fits this build, else why not. `pages` is a view of the file. */
export function decodeImage(
  file: Uint8Array,
  identity: string,
): { image: MemoryImage } | { image?: undefined; note: string } {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    return { note: "the snapshot is not a snapshot file" };
  }
  let found = "";
  for (const byte of file.subarray(4, 4 + IDENTITY_BYTES)) found += byte.toString(16).padStart(2, "0");
  if (found !== identity)
    return { note: `the snapshot is of another build: ${found}, this one is ${identity}` };
  const [memoryBytes, runCount, jsonBytes] = [20, 24, 28].map((offset) => view.getUint32(offset, true)) as [
    number,
    number,
    number,
  ];
  const damaged = { note: "the snapshot is damaged" };
  const start = pagesStart(runCount, jsonBytes);
  if (memoryBytes % PAGE_BYTES !== 0 || start > file.length) return damaged;
  const runs: PageRun[] = [];
  let end = 0;
  let pageCount = 0;
  for (let offset = HEADER_BYTES; offset < HEADER_BYTES + RUN_BYTES * runCount; offset += RUN_BYTES) {
    const run = { first: view.getUint32(offset, true), count: view.getUint32(offset + 4, true) };
    if (run.count === 0 || run.first < end || run.first + run.count > MAX_PAGES) return damaged;
    end = run.first + run.count;
    pageCount += run.count;
    runs.push(run);
  }
  if (end * PAGE_BYTES > memoryBytes || start + pageCount * PAGE_BYTES !== file.length) return damaged;
  try {
    // Copied: TextDecoder refuses shared memory.
    const json = file.slice(
      HEADER_BYTES + RUN_BYTES * runCount,
      HEADER_BYTES + RUN_BYTES * runCount + jsonBytes,
    );
    const values: unknown = JSON.parse(new TextDecoder().decode(json));
    return { image: { memoryBytes, runs, pages: file.subarray(start), values } };
  } catch {
    return damaged;
  }
}

/**
 * Puts a memory that is as large as the image's, or larger, to what the image says.
 *
 * @param emptyTo - Up to here memory may hold something where the image has nothing. Memory that is not written to costs
 *   nothing: the system has not given it out yet.
 */
export function writeImage(memory: Uint8Array, { runs, pages }: MemoryImage, emptyTo: number): void {
  let offset = 0;
  let end = 0;
  for (const { first, count } of runs) {
    const [start, bytes] = [first * PAGE_BYTES, count * PAGE_BYTES];
    if (end < emptyTo) memory.fill(0, end, Math.min(start, emptyTo));
    memory.set(pages.subarray(offset, offset + bytes), start);
    offset += bytes;
    end = start + bytes;
  }
  if (end < emptyTo) memory.fill(0, end, emptyTo);
}

/**
 * 32 hex digits of 128 bits that all of these pieces have a part in. Says "not the same build", not "not tampered with":
 * assets come from the host, which vouches for them.
 */
export function identityOf(pieces: readonly Uint8Array[]): string {
  const lanes = new Uint32Array([1, 2, 3, 4]);
  for (const piece of pieces) {
    // Words are read where they begin at a multiple of four.
    mix(lanes, piece.byteOffset % 4 === 0 ? piece : piece.slice());
  }
  return Array.from(lanes, (lane) => lane.toString(16).padStart(8, "0")).join("");
}

/** Mixes bytes into 128 bits, a word into each 32 in turn. */
function mix(lanes: Uint32Array, bytes: Uint8Array): void {
  const count = bytes.length >>> 2;
  let carry = bytes.length;
  const take = (word: number, lane: number): void => {
    carry = Math.imul(carry ^ word ^ lanes[lane]!, 0x9e3779b1);
    carry ^= carry >>> 15;
    lanes[lane] = Math.imul(lanes[lane]! ^ carry, 0x85ebca77);
  };
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  for (let index = 0; index < count; index++) take(words[index]!, index & 3);
  for (const byte of bytes.subarray(count * 4)) take(byte, byte & 3);
  for (let lane = 0; lane < 4; lane++) take(lane, lane);
}

function pagesStart(runCount: number, jsonBytes: number): number {
  return Math.ceil((HEADER_BYTES + RUN_BYTES * runCount + jsonBytes) / 16) * 16;
}
