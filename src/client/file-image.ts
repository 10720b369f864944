import { SandboxError } from "../errors.ts";
import type { WireTreeDelta, WireTreeEntry } from "../protocol/api.ts";
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
 * cage is filled with when the old one had to be killed. Contents are never written into, so copies of an image share them.
 */
export class FileImage {
  readonly #entries: Map<string, WireTreeEntry>;
  readonly #maxBytes: number;
  #bytes: number;
  #textChars: number;

  constructor(maxBytes: number, entries: readonly WireTreeEntry[] = []) {
    this.#maxBytes = maxBytes;
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.#bytes = entries.reduce((sum, entry) => sum + contentBytes(entry), 0);
    this.#textChars = entries.reduce((sum, entry) => sum + textChars(entry), 0);
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
    let bytes = this.#bytes;
    let text = this.#textChars;
    let count = this.#entries.size;
    for (const [path, entry] of changed) {
      const old = this.#entries.get(path);
      bytes += contentBytes(entry) - contentBytes(old);
      text += textChars(entry) - textChars(old);
      count += Number(entry !== undefined) - Number(old !== undefined);
    }
    if (bytes > this.#maxBytes || count > MAX_ENTRIES || text > MAX_TEXT_CHARS) {
      throw new SandboxError(
        `The cage reported ${bytes} bytes in ${count} files, with ${text} characters of names; ` +
          `at most ${this.#maxBytes} bytes in ${MAX_ENTRIES} files with ${MAX_TEXT_CHARS} are allowed`,
        { code: "protocol-violation" },
      );
    }
    for (const [path, entry] of changed) {
      this.#entries.delete(path);
      if (entry) this.#entries.set(path, ownBytes(entry));
    }
    this.#bytes = bytes;
    this.#textChars = text;
  }

  /** Whether a path is there that fits. */
  has(fits: (path: string) => boolean): boolean {
    for (const path of this.#entries.keys()) if (fits(path)) return true;
    return false;
  }

  /** Sorted by path, so that directories stand before what is in them. */
  entries(): WireTreeEntry[] {
    return [...this.#entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

const contentBytes = (entry: WireTreeEntry | undefined) => entry?.bytes?.length ?? 0;

const textChars = (entry: WireTreeEntry | undefined) =>
  entry ? entry.path.length + (entry.target?.length ?? 0) + (entry.linkTo?.length ?? 0) : 0;

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
        });
      }
      entries.set(dir, { path: dir, type: "directory", mode: 0o755, mtimeNs });
    }
    const bytes = typeof content === "string" ? encoder.encode(content) : content.slice();
    entries.set(path, { path, type: "file", mode: 0o644, mtimeNs, bytes });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is different in `after`: by type, content and target; a changed time alone is no difference. */
export function diffEntries(before: readonly WireTreeEntry[], after: readonly WireTreeEntry[]): DiffEntry[] {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const oldContent = contentLookup(before);
  const newContent = contentLookup(after);
  const found: DiffEntry[] = [];
  for (const entry of after) {
    const was = old.get(entry.path);
    old.delete(entry.path);
    const now = describe(entry, newContent(entry));
    if (!was) found.push({ path: entry.path, type: "added", after: now });
    else if (
      was.type !== entry.type ||
      was.target !== entry.target ||
      !isEqual(oldContent(was), newContent(entry))
    ) {
      found.push({ path: entry.path, type: "modified", before: describe(was, oldContent(was)), after: now });
    }
  }
  for (const entry of old.values())
    found.push({ path: entry.path, type: "removed", before: describe(entry, oldContent(entry)) });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A hard link's content stands with the first entry of its inode. */
function contentLookup(entries: readonly WireTreeEntry[]) {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return (entry: WireTreeEntry) =>
    entry.bytes ?? (entry.linkTo ? byPath.get(entry.linkTo)?.bytes : undefined);
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
