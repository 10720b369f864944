import { sortEntries, toEntry } from "./changes.ts";
import { attach } from "./directory-operations.ts";
import { VfsError } from "./errors.ts";
import { adoptContent } from "./file-operations.ts";
import type { Ino, TreeEntry } from "./filesystem.ts";
import type { DirectoryInode, Inode, NewInode } from "./inode.ts";
import { type InodeTable, nameCost } from "./inode-table.ts";
import { INODE_COST_BYTES, MAX_LINKS } from "./limits.ts";
import { checkName, checkPath, isPlainPath, joinPath, quote, splitPath, utf8Length } from "./names.ts";

/** Everything under the root, sorted by path. The root itself is not listed: it is always there. */
export function listTree(table: InodeTable): TreeEntry[] {
  table.freezeContents();
  const found: [path: string, inode: Inode][] = [];
  const first = new Map<Ino, string>();
  const pending: [path: string, ino: Ino][] = [["/", table.root]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [path, ino] = next;
    const inode = table.require(ino);
    if (ino !== table.root) found.push([path, inode]);
    if (inode.type === "directory") {
      for (const [name, child] of inode.entries) pending.push([joinPath(path, name), child]);
    } else if (inode.nlink > 1) {
      const known = first.get(ino);
      if (known === undefined || path < known) first.set(ino, path);
    }
  }
  return sortEntries(found.map(([path, inode]) => toEntry(path, inode, first.get(inode.ino))));
}

/** A list of entries, checked and put into an order in which each can be made. */
export interface TreePlan {
  /** Directories, files and symlinks; parents before children. Parents the list leaves out are filled in. */
  made: { path: string; what: NewInode; mtimeNs: bigint }[];
  /** Further names of what is made. */
  links: { path: string; linkTo: string }[];
  contentBytes: number;
  overheadBytes: number;
  inodes: number;
}

/**
 * Checks a whole list before anything is touched.
 *
 * @throws {VfsError} EINVAL naming the entry: a path that is not absolute and normalised, is there twice, lies below a
 *   file, or whose content, target or link does not fit its type.
 */
export function planTree(entries: readonly TreeEntry[], nowNs: bigint): TreePlan {
  const byPath = new Map<string, TreeEntry>();
  for (const entry of entries) {
    checkEntry(entry);
    if (entry.path === "/") continue;
    if (byPath.has(entry.path)) throw invalid(entry, "is there twice");
    byPath.set(entry.path, entry);
  }
  const linkCounts = new Map<string, number>();
  const plan: TreePlan = { made: [], links: [], contentBytes: 0, overheadBytes: 0, inodes: 0 };
  // In lists that are sorted, many have the same parent one after another.
  let known: string | undefined;
  // A Map is walked on into what is added meanwhile: parents that were left out get their own parents in turn.
  for (const entry of byPath.values()) {
    const { parent, name } = splitLast(entry.path);
    if (parent !== "/" && parent !== known) {
      const above = byPath.get(parent);
      if (above === undefined) {
        byPath.set(parent, { path: parent, type: "directory", mode: 0o755, mtimeNs: nowNs });
      } else if (above.type !== "directory") {
        throw invalid(entry, `lies below ${quote(parent)}, which is no directory`);
      }
      known = parent;
    }
    plan.overheadBytes += nameCost(name);
    if (entry.linkTo !== undefined) {
      const first = byPath.get(entry.linkTo);
      if (first === undefined || first.type !== entry.type || first.linkTo !== undefined || first === entry) {
        throw invalid(entry, `is a link to ${quote(entry.linkTo)}, which is no such ${entry.type}`);
      }
      const names = (linkCounts.get(entry.linkTo) ?? 1) + 1;
      if (names > MAX_LINKS) throw invalid(entry, `is one of more than ${MAX_LINKS} links to one file`);
      linkCounts.set(entry.linkTo, names);
      plan.links.push({ path: entry.path, linkTo: entry.linkTo });
      continue;
    }
    plan.made.push({ path: entry.path, what: newInodeOf(entry), mtimeNs: entry.mtimeNs });
    plan.overheadBytes += INODE_COST_BYTES;
    plan.inodes++;
    plan.contentBytes += entry.bytes?.length ?? utf8Length(entry.target ?? "");
  }
  plan.made.sort((a, b) => (a.path < b.path ? -1 : 1));
  return plan;
}

/** Makes what was planned in an empty tree. The quota must have room for it. */
export function makeTree(table: InodeTable, plan: TreePlan): void {
  const { contentBytes, overheadBytes, inodes } = plan;
  // Counted at once, and without the checks of a single creation: the plan has made them.
  table.quota.count({ contentBytes, overheadBytes, inodes });
  const now = table.now();
  const made = new Map<string, Inode>([["/", table.require(table.root)]]);
  const directories: { inode: Inode; mtimeNs: bigint }[] = [];
  let parentPath = "/";
  let parent = made.get("/") as DirectoryInode;
  const enter = (path: string) => {
    if (path === parentPath) return;
    parentPath = path;
    parent = made.get(path) as DirectoryInode;
  };
  for (const { path, what, mtimeNs } of plan.made) {
    const place = splitLast(path);
    enter(place.parent);
    const inode = table.add(what, now);
    attach(table, parent, place.name, inode, now);
    inode.mtime = mtimeNs;
    inode.atime = mtimeNs;
    if (what.type === "directory") directories.push({ inode, mtimeNs });
    if (what.type === "directory" || plan.links.length > 0) made.set(path, inode);
  }
  for (const { path, linkTo } of plan.links) {
    const place = splitLast(path);
    enter(place.parent);
    attach(table, parent, place.name, made.get(linkTo)!, now);
  }
  // Last: making a child sets the times of its directory.
  for (const { inode, mtimeNs } of directories) {
    inode.mtime = mtimeNs;
    inode.atime = mtimeNs;
  }
}

const MAX_TIME_NS = 2n ** 63n - 1n;
const MIN_TIME_NS = -(2n ** 63n);

/**
 * Times fit 64 bits wherever they go: to guests, into messages and archives.
 *
 * @throws {VfsError} EINVAL.
 */
export function checkTime(timeNs: bigint): void {
  if (timeNs < MIN_TIME_NS || timeNs > MAX_TIME_NS) {
    throw new VfsError("EINVAL", `Not a time of 64 bits in nanoseconds: ${timeNs}`);
  }
}

function newInodeOf(entry: TreeEntry): NewInode {
  const { type, mode } = entry;
  if (type === "file") return { type, mode, content: adoptContent(entry.bytes!) };
  if (type === "symlink") return { type, mode, target: entry.target! };
  return { type, mode };
}

function checkEntry(entry: TreeEntry): void {
  const { path, type, mode, mtimeNs, bytes, target, linkTo } = entry;
  if (typeof path !== "string") throw new VfsError("EINVAL", "A tree entry has no path");
  if (path === "/") {
    if (type !== "directory") throw invalid(entry, "must be a directory");
    return;
  }
  const isPlain = isPlainPath(path);
  if (!isPlain) {
    const names = splitPath(path);
    if (`/${names.join("/")}` !== path || names.includes(".") || names.includes("..")) {
      throw invalid(entry, "is not an absolute, normalised path");
    }
  }
  if (!Number.isInteger(mode) || typeof mtimeNs !== "bigint") throw invalid(entry, "has no mode or no time");
  try {
    if (!isPlain) {
      checkPath(path);
      for (const name of splitPath(path)) checkName(name);
    }
    if (target !== undefined) checkPath(target);
    checkTime(mtimeNs);
  } catch (error) {
    throw invalid(entry, "cannot be stored", error);
  }
  const isFile =
    type === "file" && bytes instanceof Uint8Array && target === undefined && linkTo === undefined;
  const isSymlink =
    type === "symlink" && typeof target === "string" && bytes === undefined && linkTo === undefined;
  const isDirectory =
    type === "directory" && bytes === undefined && target === undefined && linkTo === undefined;
  const isLink =
    type !== "directory" && typeof linkTo === "string" && bytes === undefined && target === undefined;
  if (!isFile && !isSymlink && !isDirectory && !isLink) {
    throw invalid(entry, `is no complete ${String(type)}`);
  }
}

function splitLast(path: string): { parent: string; name: string } {
  const slash = path.lastIndexOf("/");
  return { parent: slash === 0 ? "/" : path.slice(0, slash), name: path.slice(slash + 1) };
}

function invalid(entry: TreeEntry, what: string, cause?: unknown): VfsError {
  return new VfsError("EINVAL", `The tree entry ${quote(entry.path)} ${what}`, { cause });
}
