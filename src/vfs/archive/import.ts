import { SandboxError } from "../../errors.ts";
import { VfsError } from "../errors.ts";
import type { FileSystem, Ino } from "../filesystem.ts";
import { checkName, checkPath, quote, splitPath } from "../names.ts";

/** One thing to be made by an import, its path relative to where the archive is unpacked. */
export interface ImportEntry {
  path: string;
  type: "file" | "directory" | "symlink" | "link";
  /** Permission bits; setuid, setgid and sticky bits of strangers are not taken over. */
  mode: number;
  mtimeNs: bigint;
  /** Bytes the archive says the file has. */
  bytes: number;
  /** A symlink's target, or a hard link's first name in the archive. */
  target: string;
  /** Writes the content into a file that already has its length, full of zeros. */
  fill?: (fs: FileSystem, ino: Ino) => void;
}

/** Refuses an archive, or the one entry of it that is to blame. */
export function invalidArchive(message: string, name?: string, cause?: unknown): SandboxError {
  const where = name === undefined ? "The archive" : `The archive's entry ${quote(name)}`;
  return new SandboxError(`${where} ${message}`, {
    code: "invalid-archive",
    hint: cause instanceof VfsError ? cause.hint : undefined,
    cause,
  });
}

/**
 * The path of an entry without "./" and trailing slash, or `undefined` when it names the archive's own top.
 *
 * @throws {SandboxError} `invalid-archive` for whatever could lead elsewhere on some system: absolute paths, "..",
 *   backslashes, drive letters, NUL, and names no filesystem here could hold.
 */
export function parseEntryPath(name: string): string | undefined {
  const parts = splitPath(name).filter((part) => part !== ".");
  if (name === "") throw invalidArchive("has no name", name);
  if (name.includes("\0")) throw invalidArchive("has NUL in its name", name);
  if (name.includes("\ufffd")) throw invalidArchive("has a name that is not UTF-8", name);
  if (name.startsWith("/")) throw invalidArchive("has an absolute path", name);
  if (name.includes("\\")) throw invalidArchive("has a backslash in its path", name);
  if (/^[A-Za-z]:/.test(name)) throw invalidArchive("has a drive letter in its path", name);
  if (parts.includes("..")) throw invalidArchive('has ".." in its path', name);
  try {
    checkPath(name);
    for (const part of parts) checkName(part);
  } catch (error) {
    throw invalidArchive("has a path that cannot be stored", name, error);
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

/**
 * Makes all entries below `path`, or changes nothing. Files that are there are replaced, directories are kept and
 * filled; symlinks that are there are never followed.
 *
 * @returns Absolute paths of what was made or replaced, sorted.
 * @throws {SandboxError} `invalid-archive` naming the entry; `read-only` where the place may not be changed.
 */
export function importEntries(fs: FileSystem, path: string, entries: readonly ImportEntry[]): string[] {
  const byPath = new Map<string, ImportEntry>();
  for (const entry of entries) {
    if (byPath.has(entry.path)) throw invalidArchive("is there twice", entry.path);
    byPath.set(entry.path, entry);
  }
  for (const entry of entries) checkAgainstOthers(entry, byPath);
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));

  return fs.atomically(() => {
    fs.makeDir(path);
    const base = fs.resolve(path);
    const made = new Map<string, Ino>();
    for (const entry of sorted) {
      if (entry.type !== "link")
        made.set(
          entry.path,
          naming(entry, () => makeEntry(fs, base, entry)),
        );
    }
    for (const entry of sorted) {
      if (entry.type === "link") naming(entry, () => makeLink(fs, base, entry, made.get(entry.target)!));
    }
    for (const entry of sorted) naming(entry, () => finishEntry(fs, base, entry, made));
    const top = fs.pathOf(base);
    return sorted.map((entry) => (top === "/" ? `/${entry.path}` : `${top}/${entry.path}`));
  });
}

/** An entry may stand below directories only, and link to a file only. */
function checkAgainstOthers(entry: ImportEntry, byPath: ReadonlyMap<string, ImportEntry>): void {
  for (let slash = entry.path.indexOf("/"); slash > 0; slash = entry.path.indexOf("/", slash + 1)) {
    const above = byPath.get(entry.path.slice(0, slash));
    if (above && above.type !== "directory") {
      throw invalidArchive(`lies below ${quote(above.path)}, which is no directory`, entry.path);
    }
  }
  if (entry.type === "link") {
    const first = byPath.get(entry.target);
    if (first === undefined || first.type === "directory" || first.type === "link") {
      throw invalidArchive(
        `is a link to ${quote(entry.target)}, which is no file of the archive`,
        entry.path,
      );
    }
  }
  if (entry.type === "symlink") checkTarget(entry);
}

/** A target may climb to the top of the archive and no higher, counted by its words. */
function checkTarget(entry: ImportEntry): void {
  const { path, target } = entry;
  try {
    checkPath(target);
  } catch (error) {
    throw invalidArchive("is a symlink whose target cannot be stored", path, error);
  }
  let depth = splitPath(path).length - 1;
  for (const part of splitPath(target)) {
    if (part === "..") depth--;
    else if (part !== ".") depth++;
    if (depth < 0) throw leavesArchive(entry);
  }
  if (target.startsWith("/") || target.includes("\\") || /^[A-Za-z]:/.test(target))
    throw leavesArchive(entry);
}

function leavesArchive(entry: ImportEntry, cause?: unknown): SandboxError {
  return invalidArchive(`is a symlink that leads out of it: ${quote(entry.target)}`, entry.path, cause);
}

function makeEntry(fs: FileSystem, base: Ino, entry: ImportEntry): Ino {
  const { dir, name } = openParent(fs, base, entry);
  const present = lookupOrNone(fs, dir, name);
  if (entry.type === "directory") {
    if (present === undefined) return fs.mkdirAt(dir, name, 0o755);
    if (fs.stat(present).type === "directory") return present;
    throw invalidArchive("is a directory where there is a file", entry.path);
  }
  if (present !== undefined) clear(fs, dir, name, present, entry);
  if (entry.type === "symlink") return fs.symlinkAt(dir, name, entry.target);
  const ino = fs.create(dir, name, 0o644);
  // The length the archive declares is held against the quota before anything is inflated.
  fs.truncate(ino, entry.bytes);
  entry.fill?.(fs, ino);
  return ino;
}

function makeLink(fs: FileSystem, base: Ino, entry: ImportEntry, first: Ino): void {
  const { dir, name } = openParent(fs, base, entry);
  const present = lookupOrNone(fs, dir, name);
  if (present !== undefined) clear(fs, dir, name, present, entry);
  fs.link(first, dir, name);
}

/** Modes and times last, as making what is inside a directory changes its own; then symlinks where they really lead. */
function finishEntry(fs: FileSystem, base: Ino, entry: ImportEntry, made: ReadonlyMap<string, Ino>): void {
  const ino = made.get(entry.path);
  if (ino === undefined) return;
  if (entry.type === "symlink") {
    const above = entry.path.slice(0, entry.path.lastIndexOf("/") + 1);
    try {
      fs.walk(`${above}${entry.target}`, { base, confine: true });
    } catch (error) {
      // Dangling and circular ones lead nowhere, which is not out.
      if (error instanceof VfsError && error.errno === "EPERM") throw leavesArchive(entry, error);
      if (!(error instanceof VfsError)) throw error;
    }
  } else {
    fs.setMode(ino, entry.mode & 0o777);
  }
  fs.setTimes(ino, { atimeNs: entry.mtimeNs, mtimeNs: entry.mtimeNs });
}

function openParent(fs: FileSystem, base: Ino, entry: ImportEntry): { dir: Ino; name: string } {
  const names = splitPath(entry.path);
  const name = names.pop()!;
  let dir = base;
  for (const part of names) {
    const present = lookupOrNone(fs, dir, part);
    if (present !== undefined && fs.stat(present).type !== "directory") {
      throw invalidArchive(`would be written through ${quote(part)}, which is no directory`, entry.path);
    }
    dir = present ?? fs.mkdirAt(dir, part, 0o755);
  }
  return { dir, name };
}

function clear(fs: FileSystem, dir: Ino, name: string, present: Ino, entry: ImportEntry): void {
  if (fs.stat(present).type === "directory") {
    throw invalidArchive("is a file where there is a directory", entry.path);
  }
  fs.unlinkAt(dir, name);
}

function lookupOrNone(fs: FileSystem, dir: Ino, name: string): Ino | undefined {
  try {
    return fs.lookup(dir, name);
  } catch (error) {
    if (error instanceof VfsError && error.errno === "ENOENT") return undefined;
    throw error;
  }
}

/** Refusals of the filesystem blame the entry, but for EROFS: there the place is to blame, not the archive. */
function naming<T>(entry: ImportEntry, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof VfsError) || error.errno === "EROFS") throw error;
    throw invalidArchive(`cannot be stored: ${error.message}`, entry.path, error);
  }
}
