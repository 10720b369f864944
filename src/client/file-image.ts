import { SandboxError } from "../errors.ts";
import type { WireTreeDelta, WireTreeEntry } from "../protocol/api.ts";
import { type EntrySource, EntryTree } from "./entry-tree.ts";
import type { DiffEntry, FileContent } from "./options.ts";

/** Fewer files than the filesystem itself allows would be wrong, more would be a cage that does not play along. */
const MAX_ENTRIES = 200_000;
/**
 * Paths and link targets together: a file system counts names, but what is told here are whole paths, 4096 characters at
 * most, so that few bytes of quota can stand for many characters. As much as the server's pipe takes in one message.
 */
const MAX_TEXT_CHARS = 64 * 2 ** 20;

/**
 * The host's copy of a sandbox's files: what the cage reported after each completed piece of work. It is what a new
 * cage is filled with when the old one had to be killed. `tree` is the present state, immutable: whoever keeps it has a
 * copy for nothing.
 */
export class FileImage {
  readonly #maxBytes: number;
  #tree: EntryTree;

  constructor(maxBytes: number, entries: EntrySource = EntryTree.EMPTY) {
    this.#maxBytes = maxBytes;
    this.#tree = EntryTree.from(entries);
  }

  get tree(): EntryTree {
    return this.#tree;
  }

  /**
   * Takes over what changed, all of it or nothing: what is refused must not be what the next cage starts with.
   *
   * @throws {SandboxError} `protocol-violation` when that is more than the limits allow.
   */
  apply(changes: WireTreeDelta): void {
    const changed = new Map<string, WireTreeEntry | undefined>();
    for (const path of changes.removed) changed.set(path, undefined);
    for (const entry of changes.entries) changed.set(entry.path, entry);
    for (const [path, entry] of changed) {
      const old = this.#tree.get(path);
      const kept = entry && keepKnown(old, entry);
      // A cage tells its whole tree at first, most of it what it was given: what is no news is not stored anew.
      if (kept === old) changed.delete(path);
      else changed.set(path, kept);
    }
    // Before the tree is made: to sort long names that are nearly alike takes seconds.
    const { contentBytes, count, textChars } = this.#tree.totalsWith(changed);
    if (contentBytes > this.#maxBytes || count > MAX_ENTRIES || textChars > MAX_TEXT_CHARS) {
      throw new SandboxError(
        `The cage reported ${contentBytes} bytes in ${count} files, with ${textChars} characters of names; ` +
          `at most ${this.#maxBytes} bytes in ${MAX_ENTRIES} files with ${MAX_TEXT_CHARS} are allowed`,
        { code: "protocol-violation" },
      );
    }
    this.#tree = this.#tree.with(changed);
  }

  /** Whether a path is there that fits. */
  has(fits: (path: string) => boolean): boolean {
    return this.#tree.has(fits);
  }

  /** Sorted by path, so that directories stand before what is in them. */
  entries(): readonly WireTreeEntry[] {
    return this.#tree.entries;
  }
}

/** The old entry when the new one says the same; its content when only the rest is new. */
function keepKnown(old: WireTreeEntry | undefined, entry: WireTreeEntry): WireTreeEntry {
  if (!old || !isEqual(old.bytes, entry.bytes)) return ownBytes(entry);
  const isKnown =
    old.type === entry.type &&
    old.mode === entry.mode &&
    old.mtimeNs === entry.mtimeNs &&
    old.target === entry.target &&
    old.linkTo === entry.linkTo;
  if (isKnown) return old;
  return old.bytes ? { ...entry, bytes: old.bytes } : entry;
}

/** A small view would keep the whole buffer it came in; copied out, the image holds at most twice what it counts. */
function ownBytes(entry: WireTreeEntry): WireTreeEntry {
  const { bytes } = entry;
  return bytes && bytes.length < bytes.buffer.byteLength / 2 ? { ...entry, bytes: bytes.slice() } : entry;
}

/** Entries for files given by path, with the directories above them. */
export function entriesFromFiles(files: ReadonlyMap<string, FileContent>, mtimeNs: bigint): WireTreeEntry[] {
  const entries = new Map<string, WireTreeEntry>();
  const encoder = new TextEncoder();
  for (const [path, content] of files) {
    for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
      const dir = path.slice(0, slash);
      if (files.has(dir)) {
        throw new SandboxError(`"${dir}" is given as a file, and "${path}" needs it to be a directory`, {
          code: "invalid-argument",
          hint: "Give one of the two another name.",
        });
      }
      entries.set(dir, { path: dir, type: "directory", mode: 0o755, mtimeNs });
    }
    const bytes = typeof content === "string" ? encoder.encode(content) : content.slice();
    entries.set(path, { path, type: "file", mode: 0o644, mtimeNs, bytes });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * What is different in `after`: by type, content and target; a changed time alone is no difference. Costs in proportion
 * to what two trees do not share, unless one of them has hard links.
 */
export function diffEntries(before: EntrySource, after: EntrySource): DiffEntry[] {
  const oldTree = EntryTree.from(before);
  const newTree = EntryTree.from(after);
  // A hard link's content stands elsewhere, so that it may differ although its own chunk does not.
  const mayShare = oldTree.totals.linkCount + newTree.totals.linkCount === 0;
  const old = new Map(unshared(oldTree, mayShare ? newTree : undefined).map((entry) => [entry.path, entry]));
  const found: DiffEntry[] = [];
  for (const entry of unshared(newTree, mayShare ? oldTree : undefined)) {
    const was = old.get(entry.path);
    old.delete(entry.path);
    const content = contentOf(entry, newTree);
    const now = describe(entry, content);
    if (!was) {
      found.push({ path: entry.path, type: "added", after: now });
      continue;
    }
    const oldContent = contentOf(was, oldTree);
    if (was.type !== entry.type || was.target !== entry.target || !isEqual(oldContent, content)) {
      found.push({ path: entry.path, type: "modified", before: describe(was, oldContent), after: now });
    }
  }
  for (const entry of old.values())
    found.push({ path: entry.path, type: "removed", before: describe(entry, contentOf(entry, oldTree)) });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function unshared(tree: EntryTree, other: EntryTree | undefined): WireTreeEntry[] {
  const shared = new Set(other?.chunks);
  return tree.chunks.filter((chunk) => !shared.has(chunk)).flat();
}

/** A hard link's content stands with the first entry of its inode. */
function contentOf(entry: WireTreeEntry, tree: EntryTree): Uint8Array | undefined {
  return entry.bytes ?? (entry.linkTo === undefined ? undefined : tree.get(entry.linkTo)?.bytes);
}

function describe(entry: WireTreeEntry, content: Uint8Array | undefined) {
  return { type: entry.type, bytes: content?.length ?? entry.target?.length ?? 0 };
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
