import type { WireTreeEntry } from "../protocol/api.ts";

/** Entries that stand next to each other in the order of paths. Never written into: it may be part of many trees. */
export type EntryChunk = readonly WireTreeEntry[];
/** A tree, or a list of entries to make one of; of two entries with one path the later counts. */
export type EntrySource = EntryTree | readonly WireTreeEntry[];

/** One path in this many ends a chunk: as many entries are copied for each change, and stored anew. */
const ENTRIES_PER_CHUNK = 64;

interface Totals {
  /** All entries. */
  count: number;
  /** All but directories. */
  fileCount: number;
  contentBytes: number;
  /** Characters of paths and link targets. */
  textChars: number;
  /** Entries that are another name of a file. */
  linkCount: number;
}

/**
 * The entries of a file tree, sorted by path and immutable: a changed tree shares what did not change with the one
 * before. A snapshot or a copy is this object itself; a change costs a few chunks, not the tree.
 *
 * Where a chunk ends depends on the paths alone, not on the order of changes. Equal trees have equal chunks, so what two
 * of them have in common is stored once.
 */
export class EntryTree {
  static readonly EMPTY = new EntryTree([], {
    count: 0,
    fileCount: 0,
    contentBytes: 0,
    textChars: 0,
    linkCount: 0,
  });

  readonly chunks: readonly EntryChunk[];
  readonly totals: Readonly<Totals>;
  #entries: readonly WireTreeEntry[] | undefined;

  private constructor(chunks: readonly EntryChunk[], totals: Readonly<Totals>) {
    this.chunks = chunks;
    this.totals = totals;
  }

  static from(source: EntrySource): EntryTree {
    if (source instanceof EntryTree) return source;
    const sorted = isSorted(source)
      ? source
      : [...new Map(source.map((entry) => [entry.path, entry])).values()].sort(byPath);
    const totals = { ...EntryTree.EMPTY.totals };
    for (const entry of sorted) addTo(totals, entry, 1);
    const { whole, rest } = cut(sorted);
    return new EntryTree(rest.length > 0 ? [...whole, rest] : whole, totals);
  }

  /** Sorted by path, so that directories stand before what is in them. Made when first asked for. */
  get entries(): readonly WireTreeEntry[] {
    if (!this.#entries) {
      // A loop: `flat` takes ten times as long for ten thousand entries.
      const entries: WireTreeEntry[] = [];
      for (const chunk of this.chunks) for (const entry of chunk) entries.push(entry);
      this.#entries = entries;
    }
    return this.#entries;
  }

  get(path: string): WireTreeEntry | undefined {
    const chunk = this.chunks[this.#chunkIndex(path)];
    if (!chunk) return undefined;
    const entry = chunk[lowerBound(chunk.length, (at) => chunk[at]!.path < path)];
    return entry?.path === path ? entry : undefined;
  }

  /** Whether a path is there that fits. */
  has(fits: (path: string) => boolean): boolean {
    return this.chunks.some((chunk) => chunk.some(({ path }) => fits(path)));
  }

  /** What the totals would be after a change: for a look at it before anything is sorted. */
  totalsWith(changes: ReadonlyMap<string, WireTreeEntry | undefined>): Readonly<Totals> {
    const totals = { ...this.totals };
    for (const [path, entry] of changes) {
      const old = this.get(path);
      if (old) addTo(totals, old, -1);
      if (entry) addTo(totals, entry, 1);
    }
    return totals;
  }

  /** The tree after some paths got another entry, or none. Costs in proportion to them, and one step per chunk. */
  with(changes: ReadonlyMap<string, WireTreeEntry | undefined>): EntryTree {
    const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
    const totals = this.totalsWith(changes);
    const chunks: EntryChunk[] = [];
    let rest: WireTreeEntry[] = [];
    let at = 0;
    let next = 0;
    while (next < sorted.length || rest.length > 0) {
      // Nothing is left over from the chunk before: go to the one that the next change falls into.
      if (rest.length === 0) {
        const found = Math.max(this.#chunkIndex(sorted[next]![0]), at);
        for (; at < found; at += 1) chunks.push(this.chunks[at]!);
      }
      const following = this.chunks[at + 1]?.[0]?.path;
      const first = next;
      while (next < sorted.length && (following === undefined || sorted[next]![0] < following)) next += 1;
      const merged = merge(this.chunks[at] ?? [], sorted.slice(first, next));
      const pieces = cut(rest.length > 0 ? [...rest, ...merged] : merged);
      chunks.push(...pieces.whole);
      rest = pieces.rest;
      at += 1;
      if (at >= this.chunks.length && next >= sorted.length) {
        if (rest.length > 0) chunks.push(rest);
        break;
      }
    }
    for (; at < this.chunks.length; at += 1) chunks.push(this.chunks[at]!);
    return new EntryTree(chunks, totals);
  }

  /** The chunk a path is in or would come into: the last that does not start behind it. */
  #chunkIndex(path: string): number {
    return Math.max(0, lowerBound(this.chunks.length, (at) => this.chunks[at]![0]!.path <= path) - 1);
  }
}

/** An entry with its keys in the one order in which it is stored: they are part of the bytes, and entries have several makers. */
export function inKeyOrder(entry: WireTreeEntry): WireTreeEntry {
  const { path, type, mode, mtimeNs, bytes, target, linkTo } = entry;
  return { path, type, mode, mtimeNs, bytes, target, linkTo };
}

const byPath = (a: WireTreeEntry, b: WireTreeEntry) => (a.path < b.path ? -1 : 1);

function isSorted(entries: readonly WireTreeEntry[]): boolean {
  for (let i = 1; i < entries.length; i += 1) if (entries[i - 1]!.path >= entries[i]!.path) return false;
  return true;
}

function addTo(totals: Totals, entry: WireTreeEntry, sign: 1 | -1): void {
  totals.count += sign;
  if (entry.type !== "directory") totals.fileCount += sign;
  if (entry.linkTo !== undefined) totals.linkCount += sign;
  totals.contentBytes += sign * (entry.bytes?.length ?? 0);
  totals.textChars += sign * (entry.path.length + (entry.target?.length ?? 0) + (entry.linkTo?.length ?? 0));
}

/** A chunk with its changes, both sorted. */
function merge(
  chunk: EntryChunk,
  changes: readonly (readonly [string, WireTreeEntry | undefined])[],
): WireTreeEntry[] {
  const merged: WireTreeEntry[] = [];
  let at = 0;
  for (const [path, entry] of changes) {
    for (; at < chunk.length && chunk[at]!.path < path; at += 1) merged.push(chunk[at]!);
    if (chunk[at]?.path === path) at += 1;
    if (entry) merged.push(entry);
  }
  for (; at < chunk.length; at += 1) merged.push(chunk[at]!);
  return merged;
}

/** Sorted entries as chunks, and what stands behind the last end of one. */
function cut(entries: readonly WireTreeEntry[]): { whole: EntryChunk[]; rest: WireTreeEntry[] } {
  const whole: EntryChunk[] = [];
  let start = 0;
  for (let at = 0; at < entries.length; at += 1) {
    if (!endsChunk(entries[at]!.path)) continue;
    whole.push(entries.slice(start, at + 1));
    start = at + 1;
  }
  return { whole, rest: entries.slice(start) };
}

/** FNV-1a over the path's UTF-16 units, with its high half folded in: the low bits alone spread badly. */
function endsChunk(path: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i += 1) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 16)) & (ENTRIES_PER_CHUNK - 1)) === 0;
}

/** The first index from 0 to `length` at which `isBefore` no longer holds. */
function lowerBound(length: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
