import { VfsError } from "./errors.ts";
import type { DirEntry, Ino } from "./filesystem.ts";
import { addName, type DirectoryInode, type Inode, type NewInode, removeName } from "./inode.ts";
import { type InodeTable, nameCost } from "./inode-table.ts";
import type { Instant } from "./instant.ts";
import { INODE_COST_BYTES, MAX_LINKS } from "./limits.ts";
import { checkName, checkPath, quote, utf8Length } from "./names.ts";

/** @throws {VfsError} ENOENT, ENOTDIR, and what `checkName` throws. */
export function lookup(table: InodeTable, dir: Ino, name: string): Ino {
  const directory = table.requireDirectory(dir);
  if (name === ".") return dir;
  if (name === "..") {
    if (directory.nlink === 0) throw notFound(name);
    return directory.parent;
  }
  checkName(name);
  const ino = directory.entries.get(name);
  if (ino === undefined) throw notFound(name);
  return ino;
}

/** Sorted by name in UTF-16 code unit order, so that a listing does not tell how the directory came to be. */
export function readdir(table: InodeTable, dir: Ino): DirEntry[] {
  const entries: DirEntry[] = [];
  for (const [name, ino] of table.requireDirectory(dir).entries) {
    entries.push({ name, ino, type: table.require(ino).type });
  }
  return entries.sort(byName);
}

/** Makes a file, directory or symlink under a new name. @throws {VfsError} EEXIST, ENOENT (directory gone), EROFS, ENOSPC. */
export function createIn(table: InodeTable, dir: Ino, name: string, what: NewInode): Ino {
  const directory = requireNewName(table, dir, name);
  if (what.type === "symlink") checkPath(what.target);
  table.requireWritable(directory);
  table.checkPathLength(dir, name);
  const contentBytes =
    what.type === "symlink"
      ? utf8Length(what.target)
      : what.type === "file" && what.content
        ? what.content.size
        : 0;
  table.quota.charge({ contentBytes, overheadBytes: INODE_COST_BYTES + nameCost(name), inodes: 1 });
  const now = table.now();
  const inode = table.add(what, now);
  attach(table, directory, name, inode, now);
  return inode.ino;
}

/** @throws {VfsError} EPERM for a directory, ENOENT for a file without a name, EEXIST, EMLINK, EROFS, ENOSPC. */
export function link(table: InodeTable, ino: Ino, dir: Ino, name: string): void {
  const inode = table.require(ino);
  const directory = requireNewName(table, dir, name);
  if (inode.type === "directory") {
    throw new VfsError("EPERM", `A directory cannot have a second name: ${table.describe(ino)}`);
  }
  if (inode.nlink === 0) throw notFound(name);
  if (inode.nlink >= MAX_LINKS)
    throw new VfsError("EMLINK", `A file has ${inode.nlink} names, the most there may be`);
  table.requireWritable(directory);
  table.requireWritable(inode);
  table.checkPathLength(dir, name);
  table.quota.charge({ overheadBytes: nameCost(name) });
  attach(table, directory, name, table.writable(inode), table.now());
}

/** @throws {VfsError} EISDIR (as Linux), ENOENT, EROFS. */
export function unlink(table: InodeTable, dir: Ino, name: string): void {
  const inode = requireEntry(table, dir, name);
  if (inode.type === "directory") throw new VfsError("EISDIR", `Is a directory: ${quote(name)}`);
  requireRemovable(table, dir, inode);
  remove(table, dir, name, inode);
}

/** @throws {VfsError} ENOTDIR, ENOTEMPTY, EINVAL for ".", EROFS, ENOENT. */
export function rmdir(table: InodeTable, dir: Ino, name: string): void {
  if (name === ".") throw new VfsError("EINVAL", 'A directory cannot be removed as "."');
  const inode = requireEntry(table, dir, name);
  if (inode.type !== "directory") throw new VfsError("ENOTDIR", `Not a directory: ${quote(name)}`);
  if (name === ".." || inode.entries.size > 0) {
    throw new VfsError("ENOTEMPTY", `Directory is not empty: ${quote(name)}`);
  }
  requireRemovable(table, dir, inode);
  remove(table, dir, name, inode);
}

/** @throws {VfsError} ENOENT, EINVAL (into itself, or "." and ".."), EISDIR, ENOTDIR, ENOTEMPTY, EROFS, ENOSPC. */
export function rename(table: InodeTable, dir: Ino, name: string, toDir: Ino, toName: string): void {
  if (isDots(name) || isDots(toName)) throw new VfsError("EINVAL", '"." and ".." cannot be renamed');
  const moved = requireEntry(table, dir, name);
  const target = table.requireDirectory(toDir);
  checkName(toName);
  if (target.nlink === 0) throw notFound(toName);
  if (moved.type === "directory" && isAtOrBelow(table, toDir, moved.ino)) {
    throw new VfsError("EINVAL", `A directory cannot move into itself: ${quote(name)}`);
  }
  const replacedIno = target.entries.get(toName);
  if (replacedIno === moved.ino) return;
  const replaced = replacedIno === undefined ? undefined : table.require(replacedIno);
  if (replaced) requireReplaceable(moved, replaced, toName);
  requireRemovable(table, dir, moved);
  table.requireWritable(target);
  if (replaced) requireRemovable(table, toDir, replaced);
  if (moved.type === "directory") {
    checkDeepestPath(table, moved, toDir, toName);
    table.watchers.directoryMoved();
  } else table.checkPathLength(toDir, toName);
  table.quota.check({ overheadBytes: nameCost(toName) - nameCost(name) - (replaced ? nameCost(toName) : 0) });

  if (replaced) remove(table, toDir, toName, replaced);
  detach(table, dir, name, moved);
  table.quota.count({ overheadBytes: nameCost(toName) });
  attach(table, table.requireDirectory(toDir), toName, table.writable(moved), table.now());
}

/** Removes an entry with everything below it. Refused whole when something in it is read-only. */
export function removeTree(table: InodeTable, dir: Ino, name: string): void {
  const top = requireEntry(table, dir, name);
  if (isDots(name)) throw new VfsError("EINVAL", '"." and ".." cannot be removed');
  const steps = [{ dir, name, inode: top }];
  for (let index = 0; index < steps.length; index++) {
    const { dir: parent, inode } = steps[index]!;
    requireRemovable(table, parent, inode);
    if (inode.type !== "directory") continue;
    for (const [child, ino] of inode.entries) {
      steps.push({ dir: inode.ino, name: child, inode: table.require(ino) });
    }
  }
  // Children stand behind their parents: from the end, every directory is empty when its turn comes.
  for (const step of steps.reverse()) remove(table, step.dir, step.name, table.require(step.inode.ino));
}

/** Whether `ino` is `ancestor` or stands somewhere below it. */
function isAtOrBelow(table: InodeTable, ino: Ino, ancestor: Ino): boolean {
  for (let at = ino; ; at = table.require(at).parent) {
    if (at === ancestor) return true;
    if (at === table.root) return false;
  }
}

function requireEntry(table: InodeTable, dir: Ino, name: string): Inode {
  return table.require(lookup(table, dir, name));
}

function requireNewName(table: InodeTable, dir: Ino, name: string): DirectoryInode {
  const directory = table.requireDirectory(dir);
  if (isDots(name) || directory.entries.has(name)) {
    throw new VfsError("EEXIST", `There is something named ${quote(name)} already`);
  }
  checkName(name);
  if (directory.nlink === 0) throw notFound(name);
  return directory;
}

/** What is there may go from its directory: neither is read-only, and no read-only tree hangs below it. */
function requireRemovable(table: InodeTable, dir: Ino, inode: Inode): void {
  table.requireWritable(table.require(dir));
  table.requireWritable(inode);
  if (inode.type === "directory" && inode.holdsReadOnly) {
    throw new VfsError("EROFS", `Holds a read-only directory: ${table.describe(inode.ino)}`);
  }
}

function requireReplaceable(moved: Inode, replaced: Inode, toName: string): void {
  if (moved.type !== "directory" && replaced.type === "directory") {
    throw new VfsError("EISDIR", `A file cannot replace the directory ${quote(toName)}`);
  }
  if (moved.type === "directory" && replaced.type !== "directory") {
    throw new VfsError("ENOTDIR", `A directory cannot replace the file ${quote(toName)}`);
  }
  // A directory above the one that moves is among these.
  if (replaced.type === "directory" && replaced.entries.size > 0) {
    throw new VfsError("ENOTEMPTY", `Directory is not empty: ${quote(toName)}`);
  }
}

/** Gives an inode a name in a directory. All has been checked and charged. */
export function attach(
  table: InodeTable,
  directory: DirectoryInode,
  name: string,
  inode: Inode,
  now: Instant,
): void {
  const parent = table.writable(directory);
  parent.entries.set(name, inode.ino);
  parent.mtime = now;
  parent.ctime = now;
  inode.ctime = now;
  if (inode.type === "directory") {
    inode.parent = parent.ino;
    inode.name = name;
    inode.nlink = Math.max(inode.nlink, 2);
    parent.nlink++;
  } else {
    addName(inode, parent.ino, name);
  }
  table.noteName("created", parent.ino, name, inode.nlink === 1 ? inode.ino : undefined);
}

/** Takes a name away and counts it back; the inode stays. */
function detach(table: InodeTable, dir: Ino, name: string, inode: Inode): Inode {
  table.noteName("removed", dir, name);
  const now = table.now();
  const parent = table.writable(table.requireDirectory(dir));
  parent.entries.delete(name);
  parent.mtime = now;
  parent.ctime = now;
  const own = table.writable(inode);
  own.ctime = now;
  if (own.type === "directory") parent.nlink--;
  else removeName(own, dir, name);
  table.quota.count({ overheadBytes: -nameCost(name) });
  return own;
}

function remove(table: InodeTable, dir: Ino, name: string, inode: Inode): void {
  const own = detach(table, dir, name, inode);
  if (own.type === "directory") own.nlink = 0;
  if (own.nlink === 0) table.dropNameless(own);
}

/** A whole directory moves: its longest path must still be one. Only a longer new place can break that. */
function checkDeepestPath(table: InodeTable, moved: DirectoryInode, toDir: Ino, toName: string): void {
  const grownBytes =
    utf8Length(table.pathOf(toDir)) +
    utf8Length(toName) -
    utf8Length(table.pathOf(moved.parent)) -
    utf8Length(moved.name);
  table.checkPathLength(toDir, toName);
  if (grownBytes <= 0) return;
  const pending: DirectoryInode[] = [moved];
  let deepest = { parent: toDir, name: toName, bytes: 0 };
  const below = new Map<Ino, number>([[moved.ino, 0]]);
  for (let directory = pending.pop(); directory; directory = pending.pop()) {
    const bytesAbove = below.get(directory.ino)!;
    for (const [name, ino] of directory.entries) {
      const bytes = bytesAbove + 1 + utf8Length(name);
      if (bytes > deepest.bytes) deepest = { parent: directory.ino, name, bytes };
      const child = table.require(ino);
      if (child.type === "directory") {
        below.set(ino, bytes);
        pending.push(child);
      }
    }
  }
  if (deepest.bytes > 0) table.checkPathLength(deepest.parent, deepest.name, grownBytes);
}

function isDots(name: string): boolean {
  return name === "." || name === "..";
}

function byName(a: DirEntry, b: DirEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function notFound(name: string): VfsError {
  return new VfsError("ENOENT", `No such file or directory: ${quote(name)}`);
}
