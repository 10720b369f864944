import { VfsError } from "./errors.ts";
import type { Ino, WalkOptions, WalkResult } from "./filesystem.ts";
import type { DirectoryInode, Inode } from "./inode.ts";
import { MAX_SYMLINKS } from "./limits.ts";
import { checkName, checkPath, quote, splitPath } from "./names.ts";

/** What a walk needs of a filesystem. */
export interface WalkTree {
  readonly root: Ino;
  get(ino: Ino): Inode | undefined;
}

/**
 * Walks a path component by component, following symlinks by splicing their targets into what is left to walk.
 *
 * @param missing - When given, a middle that is not there is no error: it and all that follows are put into this list,
 *   and the answer names the last directory that exists. ".." after a missing name stays ENOENT.
 */
export function walkPath(
  tree: WalkTree,
  path: string,
  options: WalkOptions = {},
  missing?: string[],
): WalkResult {
  const { base = tree.root, follow = true, confine = false } = options;
  const near = nearby(tree, path, base, follow);
  if (near !== undefined) return near;
  checkPath(path);
  /** What is left to walk: `rest` from `at` on. */
  let rest = path;
  let at = 0;
  let wantsDirectory = endsAsDirectory(path);
  let current = base;
  let links = 0;
  if (path.startsWith("/")) {
    if (confine) throw outside(path);
    current = tree.root;
  }

  for (;;) {
    const directory = directoryAt(tree, current, path);
    const start = skipSlashes(rest, at);
    if (start === rest.length) return found(tree, directory, base);
    const slash = rest.indexOf("/", start);
    const end = slash < 0 ? rest.length : slash;
    const name = rest.slice(start, end);
    at = skipSlashes(rest, end);
    if (name === ".") continue;
    if (name === "..") {
      if (confine && current === base) throw outside(path);
      if (directory.nlink === 0) throw notFound(path);
      current = directory.parent;
      continue;
    }
    const isLast = at === rest.length;
    const ino = directory.entries.get(name);
    if (ino === undefined) {
      checkName(name);
      if (missing && !isLast) {
        missing.push(...missingNames(name, rest.slice(at), path));
        return { parent: current, name, ino: undefined, wantsDirectory };
      }
      if (!isLast) throw notFound(path);
      missing?.push(name);
      return { parent: current, name, ino: undefined, wantsDirectory };
    }
    const inode = tree.get(ino)!;
    if (inode.type === "symlink" && (!isLast || follow)) {
      if (++links > MAX_SYMLINKS) {
        throw new VfsError("ELOOP", `More than ${MAX_SYMLINKS} symlinks in ${quote(path)}`);
      }
      if (inode.target.startsWith("/")) {
        if (confine) throw outside(path);
        current = tree.root;
      }
      if (isLast && endsAsDirectory(inode.target)) wantsDirectory = true;
      rest = `${inode.target}/${rest.slice(at)}`;
      at = 0;
      continue;
    }
    if (isLast) return { parent: current, name, ino, wantsDirectory };
    current = ino;
  }
}

function skipSlashes(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) === SLASH) at++;
  return at;
}

const SLASH = 0x2f;

/** A path that is one name, and what it names stands in the directory and is the answer: most paths of most programs. */
function nearby(tree: WalkTree, path: string, base: Ino, follow: boolean): WalkResult | undefined {
  // No entry is called "", "." or "..", and none has a slash in its name: what is found was checked when it was made.
  const directory = tree.get(base);
  if (directory?.type !== "directory") return undefined;
  const ino = directory.entries.get(path);
  if (ino === undefined || (follow && tree.get(ino)!.type === "symlink")) return undefined;
  return { parent: base, name: path, ino, wantsDirectory: false };
}

/** A path that ends in "/", "/." or "/.." (or is "." or "..") can only name a directory. */
function endsAsDirectory(path: string): boolean {
  const last = path.slice(path.lastIndexOf("/") + 1);
  return last === "" || last === "." || last === "..";
}

function directoryAt(tree: WalkTree, ino: Ino, path: string): DirectoryInode {
  const inode = tree.get(ino);
  if (inode === undefined) throw notFound(path);
  if (inode.type !== "directory") throw new VfsError("ENOTDIR", `Not a directory in ${quote(path)}`);
  return inode;
}

/** The walk ended at a directory it stands in. */
function found(tree: WalkTree, directory: DirectoryInode, base: Ino): WalkResult {
  const { ino } = directory;
  if (ino === base || ino === tree.root) return { parent: ino, name: ".", ino, wantsDirectory: true };
  return { parent: directory.parent, name: directory.name, ino, wantsDirectory: true };
}

function missingNames(first: string, rest: string, path: string): string[] {
  const names = [first, ...splitPath(rest).filter((name) => name !== ".")];
  if (names.includes("..")) throw notFound(path);
  for (const name of names) checkName(name);
  return names;
}

function notFound(path: string): VfsError {
  return new VfsError("ENOENT", `No such file or directory: ${quote(path)}`);
}

function outside(path: string): VfsError {
  return new VfsError("EPERM", `The path leaves its directory: ${quote(path)}`, {
    hint: "Only paths below the opened directory can be named through it.",
  });
}
