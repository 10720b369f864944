import { compareStates } from "./changes.ts";
import {
  createIn,
  link,
  lookup,
  readdir,
  removeTree,
  rename,
  rmdir,
  unlink,
} from "./directory-operations.ts";
import { VfsError } from "./errors.ts";
import { readAt, replaceContent, truncateTo, writeAt } from "./file-operations.ts";
import type {
  DirEntry,
  FileSystem,
  FileType,
  Ino,
  Mark,
  Stat,
  TreeDelta,
  TreeEntry,
  Usage,
  WalkOptions,
  WalkResult,
} from "./filesystem.ts";
import { type Inode, sizeOf, timesOf } from "./inode.ts";
import { InodeTable, nameCost } from "./inode-table.ts";
import { toNs } from "./instant.ts";
import type { Layer } from "./layers.ts";
import { DEFAULT_MAX_INODES, INODE_COST_BYTES, MAX_MARKS } from "./limits.ts";
import { quote } from "./names.ts";
import { Quota } from "./quota.ts";
import { checkTime, listTree, makeTree, planTree } from "./tree.ts";
import { walkPath } from "./walk.ts";
import type { ChangeListener } from "./watchers.ts";

export interface VfsOptions {
  /** Most bytes that may be stored: contents, symlink targets, and a fixed cost per inode and name. */
  fileBytes: number;
  /** Nanoseconds since 1970: the clock of every time stamp. */
  nowNs: () => bigint;
  /** The same clock in milliseconds with their fraction, read instead where given: a bigint costs as much as a small write. */
  nowMs?: () => number;
  /** Most files, directories and symlinks together. Default 100,000. */
  maxInodes?: number;
}

/** What belongs to a marked state beside the inodes. */
interface Remembered {
  layer: Layer<Inode>;
  counted: Quota;
  readOnlyCount: number;
}

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;
const SYMLINK_MODE = 0o777;

/**
 * The filesystem of a sandbox, in memory: an inode table in copy-on-write layers behind the `FileSystem` contract.
 * Reading changes nothing, access times included (as a mount with noatime).
 *
 * What it really holds is bounded by what is counted. Spare room of buffers is at most half of each size. Each mark (made
 * by the host only) keeps at most one older copy of each file, and a file that was listed whole may hold that list's
 * buffer beside chunks written since. So memory stays under 2.5 × fileBytes × (1 + marks), whatever a guest rewrites.
 */
export class Vfs implements FileSystem {
  readonly root: Ino;
  readonly #table: InodeTable;
  readonly #marks = new Map<number, Remembered>();
  readonly #readOnlyPaths: string[] = [];
  #nextMarkId = 1;

  constructor(options: VfsOptions | InodeTable) {
    this.#table =
      options instanceof InodeTable
        ? options
        : new InodeTable(
            new Quota(options.fileBytes, options.maxInodes ?? DEFAULT_MAX_INODES),
            options.nowMs ?? options.nowNs,
          );
    this.root = this.#table.root;
  }

  // -- inodes -------------------------------------------------------------------------------------------------------

  stat(ino: Ino): Stat {
    const inode = this.#table.require(ino);
    const { type, mode, nlink } = inode;
    const { atimeNs, mtimeNs, ctimeNs } = timesOf(inode);
    return { ino, type, mode, size: sizeOf(inode), nlink, atimeNs, mtimeNs, ctimeNs };
  }

  sizeOf(ino: Ino): number {
    return sizeOf(this.#table.require(ino));
  }

  typeOf(ino: Ino): FileType {
    return this.#table.require(ino).type;
  }

  setMode(ino: Ino, mode: number): void {
    const inode = this.#table.require(ino);
    this.#table.requireWritable(inode);
    const own = this.#table.writable(inode);
    own.mode = mode & 0o7777;
    own.ctime = this.#table.now();
  }

  setTimes(ino: Ino, times: { atimeNs?: bigint | undefined; mtimeNs?: bigint | undefined }): void {
    const inode = this.#table.require(ino);
    this.#table.requireWritable(inode);
    for (const timeNs of [times.atimeNs, times.mtimeNs]) if (timeNs !== undefined) checkTime(timeNs);
    const own = this.#table.writable(inode);
    own.atime = times.atimeNs ?? own.atime;
    own.mtime = times.mtimeNs ?? own.mtime;
    own.ctime = this.#table.now();
  }

  lookup(dir: Ino, name: string): Ino {
    return lookup(this.#table, dir, name);
  }

  create(dir: Ino, name: string, mode: number): Ino {
    return createIn(this.#table, dir, name, { type: "file", mode });
  }

  mkdirAt(dir: Ino, name: string, mode: number): Ino {
    return createIn(this.#table, dir, name, { type: "directory", mode });
  }

  symlinkAt(dir: Ino, name: string, target: string): Ino {
    return createIn(this.#table, dir, name, { type: "symlink", mode: SYMLINK_MODE, target });
  }

  link(ino: Ino, dir: Ino, name: string): void {
    link(this.#table, ino, dir, name);
  }

  unlinkAt(dir: Ino, name: string): void {
    unlink(this.#table, dir, name);
  }

  rmdirAt(dir: Ino, name: string): void {
    rmdir(this.#table, dir, name);
  }

  renameAt(dir: Ino, name: string, toDir: Ino, toName: string): void {
    rename(this.#table, dir, name, toDir, toName);
  }

  readdir(dir: Ino): DirEntry[] {
    return readdir(this.#table, dir);
  }

  readlink(ino: Ino): string {
    const inode = this.#table.require(ino);
    if (inode.type !== "symlink") throw new VfsError("EINVAL", `Not a symlink: ${this.#table.describe(ino)}`);
    return inode.target;
  }

  read(ino: Ino, offset: number, target: Uint8Array, start = 0, length = target.length - start): number {
    return readAt(this.#table, ino, offset, target, start, length);
  }

  write(ino: Ino, offset: number, source: Uint8Array, start = 0, length = source.length - start): number {
    return writeAt(this.#table, ino, offset, source, start, length);
  }

  truncate(ino: Ino, size: number): void {
    truncateTo(this.#table, ino, size);
  }

  retain(ino: Ino): void {
    this.#table.retain(ino);
  }

  release(ino: Ino): void {
    this.#table.release(ino);
  }

  // -- paths --------------------------------------------------------------------------------------------------------

  walk(path: string, options?: WalkOptions): WalkResult {
    return walkPath(this.#table, path, options);
  }

  resolve(path: string, options?: WalkOptions): Ino {
    const found = walkPath(this.#table, path, options);
    // A trailing slash asks for the directory behind a symlink, even where the symlink itself was wanted (POSIX 4.13).
    const isLinkToFollow = found.wantsDirectory && options?.follow === false;
    const ino = isLinkToFollow ? walkPath(this.#table, path, { ...options, follow: true }).ino : found.ino;
    if (ino === undefined) throw new VfsError("ENOENT", `No such file or directory: ${quote(path)}`);
    if (found.wantsDirectory) this.#table.requireDirectory(ino);
    return ino;
  }

  pathOf(ino: Ino): string {
    return this.#table.pathOf(ino);
  }

  exists(path: string): boolean {
    try {
      this.resolve(path);
      return true;
    } catch (error) {
      if (error instanceof VfsError) return false;
      throw error;
    }
  }

  readFile(path: string): Uint8Array {
    return this.#table.requireFile(this.resolve(path)).content.toCopy();
  }

  writeFile(path: string, bytes: Uint8Array, mode?: number): void {
    const missing: string[] = [];
    const { parent, name, ino, wantsDirectory } = walkPath(this.#table, path, {}, missing);
    if (wantsDirectory) throw new VfsError("EISDIR", `A file cannot be written to ${quote(path)}`);
    if (ino !== undefined) {
      replaceContent(this.#table, ino, bytes);
      if (mode !== undefined) this.setMode(ino, mode);
      return;
    }
    // Checked whole, so that a refusal leaves no half-made parents behind.
    this.#checkMissing(parent, missing, bytes.length);
    const dir = this.#makeDirs(parent, missing.slice(0, -1), DIRECTORY_MODE);
    const content = this.#table.newContent(bytes.slice());
    createIn(this.#table, dir, missing.at(-1) ?? name, { type: "file", mode: mode ?? FILE_MODE, content });
  }

  makeDir(path: string, mode: number = DIRECTORY_MODE): boolean {
    const missing: string[] = [];
    const { parent, ino } = walkPath(this.#table, path, {}, missing);
    if (ino !== undefined) {
      if (this.#table.require(ino).type === "directory") return false;
      throw new VfsError("EEXIST", `There is a file already: ${quote(path)}`);
    }
    this.#checkMissing(parent, missing, 0);
    this.#makeDirs(parent, missing, mode);
    return true;
  }

  rename(from: string, to: string): void {
    const source = walkPath(this.#table, from, { follow: false });
    if (source.ino === undefined) throw new VfsError("ENOENT", `No such file or directory: ${quote(from)}`);
    const target = walkPath(this.#table, to, { follow: false });
    const isDirectory = this.#table.require(source.ino).type === "directory";
    if (!isDirectory && (source.wantsDirectory || target.wantsDirectory)) {
      throw new VfsError("ENOTDIR", `Not a directory: ${quote(source.wantsDirectory ? from : to)}`);
    }
    rename(this.#table, source.parent, source.name, target.parent, target.name);
  }

  remove(path: string): void {
    const { parent, name, ino, wantsDirectory } = walkPath(this.#table, path, { follow: false });
    if (ino === undefined) throw new VfsError("ENOENT", `No such file or directory: ${quote(path)}`);
    if (wantsDirectory) this.#table.requireDirectory(ino);
    removeTree(this.#table, parent, name);
  }

  // -- protection and quota -----------------------------------------------------------------------------------------

  setReadOnly(path: string): void {
    const top = this.resolve(path);
    this.#protect(top);
    this.#readOnlyPaths.push(this.#table.pathOf(top));
  }

  isReadOnly(ino: Ino): boolean {
    return this.#table.require(ino).readOnly;
  }

  usage(): Usage {
    return this.#table.quota.usage();
  }

  get quotaRefusals(): number {
    return this.#table.quota.refusals;
  }

  /** Bytes of all file buffers this filesystem keeps alive, spare room and remembered states included. For tests. */
  heldBytes(): number {
    const buffers = new Set<ArrayBufferLike>();
    for (const inode of this.#table.layers.allRecords()) {
      if (inode.type === "file") for (const buffer of inode.content.buffers) buffers.add(buffer);
    }
    return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
  }

  /** Layers in the stack: 1 + what marks and forks keep apart. For tests. */
  get layerDepth(): number {
    return this.#table.layers.depth;
  }

  // -- states -------------------------------------------------------------------------------------------------------

  /** @throws {VfsError} EMFILE past 256 marks: somebody forgot to drop theirs. */
  mark(): Mark {
    if (this.#marks.size >= MAX_MARKS) {
      throw new VfsError("EMFILE", `There are ${MAX_MARKS} marks already`, { hint: "Drop marks after use." });
    }
    this.#table.freezeContents();
    const mark = { id: this.#nextMarkId++ };
    this.#marks.set(mark.id, {
      layer: this.#table.layers.pin(),
      counted: this.#table.quota.fork(),
      readOnlyCount: this.#readOnlyPaths.length,
    });
    return mark;
  }

  /** Dropping twice is no error: a `finally` may do it again. */
  dropMark(mark: Mark): void {
    const marked = this.#marks.get(mark.id);
    if (marked === undefined || !this.#marks.delete(mark.id)) return;
    this.#table.layers.unpin(marked.layer);
  }

  rollBack(mark: Mark): void {
    const { layer, counted, readOnlyCount } = this.#requireMark(mark);
    this.#table.requireNoneOpen();
    const { removed, entries } = this.changesSince(mark);
    // Ids grow with time, and so do layers: what a later mark remembers is about to go.
    for (const id of [...this.#marks.keys()]) if (id > mark.id) this.dropMark({ id });
    this.#table.rollBack(layer, counted);
    this.#readOnlyPaths.length = readOnlyCount;
    for (const path of removed) this.#table.notePath("created", path);
    for (const { path } of entries) this.#table.notePath(this.exists(path) ? "modified" : "removed", path);
  }

  changesSince(mark: Mark): TreeDelta {
    const { layer } = this.#requireMark(mark);
    this.#table.freezeContents();
    const { layers } = this.#table;
    return compareStates(
      layers.viewAt(layer),
      (ino) => layers.get(ino),
      layers.changedSince(layer),
      this.root,
    );
  }

  atomically<T>(change: () => T): T {
    return this.#table.atomically(change);
  }

  snapshot(): TreeEntry[] {
    return listTree(this.#table);
  }

  restore(entries: readonly TreeEntry[]): void {
    const plan = planTree(entries, toNs(this.#table.now()));
    // The present tree goes only when the new one is known to fit.
    const { quota } = this.#table;
    const present = this.#table.treeCharge();
    quota.check({
      contentBytes: plan.contentBytes - present.contentBytes,
      overheadBytes: plan.overheadBytes - present.overheadBytes,
      inodes: plan.inodes - present.inodes,
    });
    this.#table.watchers.hold(() => {
      this.#table.removeAll();
      makeTree(this.#table, plan);
      for (const path of this.#readOnlyPaths) {
        if (this.exists(path)) this.#protect(this.resolve(path));
      }
    });
  }

  /** Limits, clock and read-only paths go with it; marks, watchers, open files and refusals do not. */
  fork(): Vfs {
    const fork = new Vfs(this.#table.fork());
    fork.#readOnlyPaths.push(...this.#readOnlyPaths);
    return fork;
  }

  watch(listener: ChangeListener): () => void {
    return this.#table.watchers.add(listener);
  }

  #requireMark(mark: Mark): Remembered {
    const marked = this.#marks.get(mark.id);
    if (marked === undefined) throw new VfsError("EINVAL", `There is no mark ${mark.id}`);
    return marked;
  }

  // -- helpers ------------------------------------------------------------------------------------------------------

  /** Refuses, before anything is made, a chain of new names of which the last may be a file of `contentBytes`. */
  #checkMissing(parent: Ino, names: readonly string[], contentBytes: number): void {
    this.#table.requireWritable(this.#table.require(parent));
    this.#table.checkPathLength(parent, names.join("/"));
    let overheadBytes = 0;
    for (const name of names) overheadBytes += INODE_COST_BYTES + nameCost(name);
    this.#table.quota.check({ contentBytes, overheadBytes, inodes: names.length });
  }

  #makeDirs(parent: Ino, names: readonly string[], mode: number): Ino {
    let dir = parent;
    for (const name of names) dir = createIn(this.#table, dir, name, { type: "directory", mode });
    return dir;
  }

  #protect(top: Ino): void {
    const pending = [top];
    for (let ino = pending.pop(); ino !== undefined; ino = pending.pop()) {
      const inode = this.#table.writable(this.#table.require(ino));
      inode.readOnly = true;
      if (inode.type === "directory") for (const [, child] of inode.entries) pending.push(child);
    }
    for (let ino = top; ino !== this.root; ) {
      const above = this.#table.writable(this.#table.requireDirectory(this.#table.require(ino).parent));
      above.holdsReadOnly = true;
      ino = above.ino;
    }
  }
}
