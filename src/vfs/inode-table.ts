import { FileContent, type Owner } from "./content.ts";
import { Entries } from "./entries.ts";
import { VfsError } from "./errors.ts";
import type { Ino } from "./filesystem.ts";
import {
  cloneInode,
  type DirectoryInode,
  type FileInode,
  type Inode,
  makeInode,
  type NewInode,
  namesOf,
  sizeOf,
} from "./inode.ts";
import type { Clock, Instant } from "./instant.ts";
import { type Layer, LayerStack } from "./layers.ts";
import { INODE_COST_BYTES, MAX_PATH_BYTES, NAME_COST_BYTES } from "./limits.ts";
import { joinPath, utf8Length } from "./names.ts";
import type { Quota } from "./quota.ts";
import { type ChangeType, Watchers } from "./watchers.ts";

const ROOT_INO: Ino = 1;

/**
 * The inodes of one filesystem with what belongs to them: layers, quota, open counts, watchers. Knows how an inode is
 * found, copied before a change, counted and let go; what a change means is said by the operations beside it.
 */
export class InodeTable {
  readonly root: Ino = ROOT_INO;
  readonly now: Clock;
  readonly quota: Quota;
  readonly watchers: Watchers;
  readonly layers: LayerStack<Inode>;
  /** Open descriptors by inode: a fact about now, so in no layer. */
  readonly #openCounts = new Map<Ino, number>();
  /** Open inodes without a name. */
  readonly #orphans = new Set<Ino>();
  #owner: Owner = {};
  #nextIno: Ino = ROOT_INO + 1;

  constructor(quota: Quota, now: Clock, layers?: LayerStack<Inode>) {
    this.quota = quota;
    this.now = now;
    this.watchers = new Watchers((ino) => this.pathsOf(ino));
    this.layers = layers ?? new LayerStack<Inode>();
    if (layers === undefined) this.#makeRoot();
  }

  get(ino: Ino): Inode | undefined {
    return this.layers.get(ino);
  }

  /** @throws {VfsError} ENOENT for a number that never was or is gone. */
  require(ino: Ino): Inode {
    const inode = this.layers.get(ino);
    if (inode === undefined) throw new VfsError("ENOENT", `There is no inode ${ino}`);
    return inode;
  }

  /** @throws {VfsError} ENOENT, ENOTDIR. */
  requireDirectory(ino: Ino): DirectoryInode {
    const inode = this.require(ino);
    if (inode.type !== "directory") throw new VfsError("ENOTDIR", `Not a directory: ${this.describe(ino)}`);
    return inode;
  }

  /** @throws {VfsError} ENOENT, EISDIR, EINVAL for a symlink. */
  requireFile(ino: Ino): FileInode {
    const inode = this.require(ino);
    if (inode.type === "directory") throw new VfsError("EISDIR", `Is a directory: ${this.describe(ino)}`);
    if (inode.type !== "file") throw new VfsError("EINVAL", `Not a regular file: ${this.describe(ino)}`);
    return inode;
  }

  /** @throws {VfsError} EROFS. */
  requireWritable(inode: Inode): void {
    if (inode.readOnly) throw new VfsError("EROFS", `Read-only: ${this.describe(inode.ino)}`);
  }

  /** The record to change: the present one, or its copy in the top layer when the present one is remembered elsewhere. */
  writable<T extends Inode>(inode: T): T {
    const own = this.layers.getWritable(inode.ino);
    // The type of an inode never changes, so its copies are of the same kind.
    if (own !== undefined) return own as T;
    const copy = cloneInode(inode) as T;
    this.layers.set(inode.ino, copy);
    return copy;
  }

  /** The content to write into: the file's own, or one made once per remembered state, which copies what it writes. */
  writableContent(file: FileInode): FileContent {
    if (!file.content.isOwnedBy(this.#owner)) file.content = file.content.copyFor(this.#owner);
    return file.content;
  }

  newContent(bytes: Uint8Array): FileContent {
    return new FileContent(bytes, this.#owner);
  }

  /** From now on nobody writes into the contents there are: something remembers them. */
  freezeContents(): void {
    this.#owner = {};
  }

  /** Makes an inode without a name. The quota must have been charged (`inodeCharge`, and `nameCharge` for its name). */
  add(what: NewInode, now: Instant): Inode {
    const inode = makeInode(this.#nextIno++, what, now);
    this.layers.set(inode.ino, inode);
    return inode;
  }

  /** Forgets an inode whose last name went, unless it is open: then it goes with the last `release`. */
  dropNameless(inode: Inode): void {
    if (this.#openCounts.has(inode.ino)) this.#orphans.add(inode.ino);
    else this.#forget(inode);
  }

  retain(ino: Ino): void {
    this.require(ino);
    this.#openCounts.set(ino, (this.#openCounts.get(ino) ?? 0) + 1);
  }

  /** @throws {VfsError} EBADF when it was not retained. */
  release(ino: Ino): void {
    const count = this.#openCounts.get(ino);
    if (count === undefined) throw new VfsError("EBADF", `Inode ${ino} is not open`);
    if (count > 1) {
      this.#openCounts.set(ino, count - 1);
      return;
    }
    this.#openCounts.delete(ino);
    if (this.#orphans.delete(ino)) this.#forget(this.require(ino));
  }

  /** @throws {VfsError} ENOENT when it has no name left. */
  pathOf(ino: Ino): string {
    const inode = this.require(ino);
    if (inode.nlink === 0) throw new VfsError("ENOENT", `Inode ${ino} has no name any more`);
    return pathIn((some) => this.get(some), inode.parent, inode.name, ino === this.root);
  }

  pathsOf(ino: Ino): string[] {
    const inode = this.get(ino);
    if (inode === undefined || inode.nlink === 0) return [];
    return namesOf(inode).map(({ parent, name }) => pathIn((some) => this.get(some), parent, name));
  }

  /** A path for a message. */
  describe(ino: Ino): string {
    const inode = this.get(ino);
    return inode === undefined || inode.nlink === 0 ? `inode ${ino}` : this.pathOf(ino);
  }

  /**
   * Every stored path stays within PATH_MAX, though a program could nest deeper by relative names: lists of paths
   * (snapshots, deltas) would otherwise grow with the square of what the quota counts.
   *
   * @param extraBytes - What a move is about to add above the name.
   * @throws {VfsError} ENAMETOOLONG.
   */
  checkPathLength(directory: Ino, name: string, extraBytes = 0): void {
    // No text has more than three bytes a unit: nothing has to be counted where that many would do.
    let units = extraBytes + 1 + name.length;
    for (let at = this.require(directory); at.ino !== this.root; at = this.require(at.parent)) {
      units += 1 + at.name.length;
    }
    if (units * 3 <= MAX_PATH_BYTES) return;
    let bytes = extraBytes + 1 + utf8Length(name);
    for (let at = this.require(directory); at.ino !== this.root; at = this.require(at.parent)) {
      bytes += 1 + utf8Length(at.name);
    }
    if (bytes > MAX_PATH_BYTES) {
      throw new VfsError("ENAMETOOLONG", `A path would have ${bytes} bytes; the most is ${MAX_PATH_BYTES}`);
    }
  }

  /** `onlyNameOf`: the inode that got this name, when it has no other. */
  noteName(type: "created" | "removed", directory: Ino, name: string, onlyNameOf?: Ino): void {
    if (!this.watchers.isActive) return;
    this.watchers.nameChanged(joinPath(this.pathOf(directory), name), type, this.now(), onlyNameOf);
  }

  notePath(type: ChangeType, path: string): void {
    if (this.watchers.isActive) this.watchers.pathChanged(path, type, this.now());
  }

  noteContent(ino: Ino, now: Instant): void {
    if (this.watchers.isActive) this.watchers.contentChanged(ino, now);
  }

  /** Runs `change`, and undoes all of it when it throws. It must not open or close files. */
  atomically<T>(change: () => T): T {
    this.freezeContents();
    const orphans = [...this.#orphans];
    const counted = this.quota.fork();
    const before = this.layers.pin();
    try {
      return this.watchers.hold(change);
    } catch (error) {
      this.layers.rollBack(before);
      this.quota.resetTo(counted);
      this.#orphans.clear();
      for (const ino of orphans) this.#orphans.add(ino);
      throw error;
    } finally {
      this.layers.unpin(before);
    }
  }

  /** @throws {VfsError} EINVAL. */
  requireNoneOpen(): void {
    if (this.#openCounts.size > 0) throw new VfsError("EINVAL", `${this.#openCounts.size} files are open`);
  }

  /** Goes back to a pinned state in which nothing was open, and to what was counted then. */
  rollBack(layer: Layer<Inode>, counted: Quota): void {
    this.freezeContents();
    this.layers.rollBack(layer);
    this.quota.resetTo(counted);
  }

  /** What `removeAll` would give back. */
  treeCharge(): { contentBytes: number; overheadBytes: number; inodes: number } {
    const total = { contentBytes: 0, overheadBytes: 0, inodes: 0 };
    for (const inode of this.#tree()) {
      if (inode.type === "directory") {
        for (const [name] of inode.entries) total.overheadBytes += nameCost(name);
      }
      if (inode.ino === this.root || this.#openCounts.has(inode.ino)) continue;
      const { contentBytes, overheadBytes, inodes } = inodeCharge(inode);
      total.contentBytes += contentBytes;
      total.overheadBytes += overheadBytes;
      total.inodes += inodes;
    }
    return total;
  }

  /** Empties the root, read-only trees included. What is open lives on without a name. */
  removeAll(): void {
    for (const inode of [...this.#tree()]) {
      const own = this.writable(inode);
      if (own.type === "directory") {
        for (const [name] of own.entries) {
          this.noteName("removed", own.ino, name);
          this.quota.count({ overheadBytes: -nameCost(name) });
        }
      }
    }
    for (const inode of [...this.#tree()]) {
      const own = this.writable(inode);
      own.readOnly = false;
      if (own.type === "directory") {
        own.entries = new Entries();
        own.holdsReadOnly = false;
      }
      own.nlink = own.ino === this.root ? 2 : 0;
      own.moreNames = undefined;
      if (own.ino !== this.root) this.dropNameless(own);
    }
  }

  /** Every inode that has a path, once, parents first. */
  *#tree(): Generator<Inode> {
    const seen = new Set<Ino>([this.root]);
    for (const ino of seen) {
      const inode = this.require(ino);
      if (inode.type === "directory") for (const [, child] of inode.entries) seen.add(child);
      yield inode;
    }
  }

  /** A second table over the same inodes. What is only open here, without a name, is not in it. */
  fork(): InodeTable {
    this.freezeContents();
    const fork = new InodeTable(this.quota.fork(), this.now, this.layers.fork());
    fork.#nextIno = this.#nextIno;
    for (const ino of this.#orphans) fork.#forget(fork.require(ino));
    return fork;
  }

  #forget(inode: Inode): void {
    this.layers.delete(inode.ino);
    const { contentBytes = 0, overheadBytes = 0, inodes = 0 } = inodeCharge(inode);
    this.quota.count({ contentBytes: -contentBytes, overheadBytes: -overheadBytes, inodes: -inodes });
  }

  #makeRoot(): void {
    const root = makeInode(ROOT_INO, { type: "directory", mode: 0o755 }, this.now());
    root.nlink = 2;
    this.layers.set(ROOT_INO, root);
    this.quota.count({ overheadBytes: INODE_COST_BYTES, inodes: 1 });
  }
}

/** What an inode costs beside its names. */
function inodeCharge(inode: Inode): { contentBytes: number; overheadBytes: number; inodes: number } {
  return { contentBytes: sizeOf(inode), overheadBytes: INODE_COST_BYTES, inodes: 1 };
}

/** What one directory entry costs, in overhead bytes. */
export function nameCost(name: string): number {
  return NAME_COST_BYTES + utf8Length(name);
}

/** Path of a name in some state; `isRoot` for the root itself, which has none. */
export function pathIn(
  view: (ino: Ino) => Inode | undefined,
  directory: Ino,
  name: string,
  isRoot = false,
): string {
  if (isRoot) return "/";
  const parts = [name];
  for (let at = view(directory)!; at.ino !== ROOT_INO; at = view(at.parent)!) parts.push(at.name);
  return `/${parts.reverse().join("/")}`;
}
