/**
 * The form of a snapshot file: the memory of a Python that has booted, without its empty pages (half of them), and the
 * list of JavaScript values Pyodide keeps for it. It only fits the very interpreter, glue and library it came out of, so
 * their identity stands in front.
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
export const PAGE_BYTES = 4096;
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
  /** Pyodide's list of JavaScript values; it restores them itself. */
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

function pagesStart(runCount: number, jsonBytes: number): number {
  return Math.ceil((HEADER_BYTES + RUN_BYTES * runCount + jsonBytes) / 16) * 16;
}
