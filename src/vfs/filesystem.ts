export type FileType = "file" | "directory" | "symlink";

/** Identity of a file inside one sandbox. Stable across renames; never reused while anything refers to it. */
export type Ino = number;

export interface Stat {
  ino: Ino;
  type: FileType;
  /** Permission bits with setuid, setgid and sticky (0o7777 mask); the type is in `type`. */
  mode: number;
  /** Bytes: a file's content, a symlink's target in UTF-8, 0 for a directory. */
  size: number;
  /** A directory's: 2 + its subdirectories. 0: no name is left, only open descriptors. */
  nlink: number;
  /** As on a mount with noatime: set at creation and by `setTimes` only. */
  atimeNs: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

export interface DirEntry {
  name: string;
  ino: Ino;
  type: FileType;
}

/**
 * One file, directory or symlink as it is stored, moved and compared: the one format of snapshots, checkpoints and
 * initial files. Sorted by `path` (UTF-16 code unit order); every directory but the root stands in a list of its own right.
 */
export interface TreeEntry {
  /** Absolute, normalised POSIX path. */
  path: string;
  type: FileType;
  mode: number;
  mtimeNs: bigint;
  /** A file's content. The receiver owns it. Absent when `linkTo` is there. */
  bytes?: Uint8Array | undefined;
  /** A symlink's target, as written. */
  target?: string | undefined;
  /** A further hard link: the path of the first entry (in list order) of the same inode. */
  linkTo?: string | undefined;
}

/** What changed between two states: paths that are gone, and the present state of paths that are new or different. */
export interface TreeDelta {
  removed: string[];
  entries: TreeEntry[];
}

export interface Usage {
  /**
   * Bytes counted against `fileBytes`: contents and symlink targets, and for each inode and name a fixed cost, of which
   * the first 64 KiB are free.
   */
  bytes: number;
  /** Files, directories and symlinks, the root and open ones without a name included. */
  inodes: number;
}

/** How a path is walked. */
export interface WalkOptions {
  /** Directory a relative path starts from, and where an absolute one starts when `confine` is set. Default: the root. */
  base?: Ino;
  /**
   * Follow a symlink in the last component. Default true. Earlier components are always followed; so is the last one by
   * `resolve` (not by `walk`) when a "/" stands behind it.
   */
  follow?: boolean;
  /** Never leave `base`: an absolute path, an absolute symlink or a `..` above it is refused with EPERM (WASI preopens). */
  confine?: boolean;
}

/** Where a path leads: its parent directory, its last name, and what is there (`undefined` when nothing is). */
export interface WalkResult {
  parent: Ino;
  /** Last component as stored; "." when the path is the base itself. */
  name: string;
  ino: Ino | undefined;
  /** The path ended in "/" (or "/."), so what it names must be a directory. */
  wantsDirectory: boolean;
}

/**
 * The one filesystem of a sandbox. Everything is synchronous and in memory; every refusal is a `VfsError` with a POSIX
 * name. Two levels: inodes (what Pyodide's mount and WASI's descriptors call) and paths (what the engine and `fs` call).
 */
export interface FileSystem {
  readonly root: Ino;

  // -- inodes -------------------------------------------------------------------------------------------------------
  stat(ino: Ino): Stat;
  /** As `stat(ino).size` and `stat(ino).type`, without the rest. */
  sizeOf(ino: Ino): number;
  typeOf(ino: Ino): FileType;
  setMode(ino: Ino, mode: number): void;
  /** `undefined` leaves a time as it is. EINVAL for what 64 bits do not hold. */
  setTimes(ino: Ino, times: { atimeNs?: bigint | undefined; mtimeNs?: bigint | undefined }): void;
  /** ENOENT, ENOTDIR. "." and ".." are understood. */
  lookup(dir: Ino, name: string): Ino;
  create(dir: Ino, name: string, mode: number): Ino;
  mkdirAt(dir: Ino, name: string, mode: number): Ino;
  symlinkAt(dir: Ino, name: string, target: string): Ino;
  link(ino: Ino, dir: Ino, name: string): void;
  unlinkAt(dir: Ino, name: string): void;
  rmdirAt(dir: Ino, name: string): void;
  /** As POSIX rename: replaces a file by a file, an empty directory by a directory; refuses a move into itself (EINVAL). */
  renameAt(dir: Ino, name: string, toDir: Ino, toName: string): void;
  /** Without "." and "..", sorted by name (UTF-16 code unit order). */
  readdir(dir: Ino): DirEntry[];
  readlink(ino: Ino): string;
  /**
   * Copies into `target` from `offset`; returns bytes copied, 0 at the end. With `start` and `length`, into that part of
   * `target`, which must lie in it: making a view of it costs more than a small read.
   */
  read(ino: Ino, offset: number, target: Uint8Array, start?: number, length?: number): number;
  /**
   * Copies all of `source`, or that part of it, in, growing with zeros as needed; ENOSPC (nothing written) when the quota
   * would be passed.
   */
  write(ino: Ino, offset: number, source: Uint8Array, start?: number, length?: number): number;
  truncate(ino: Ino, size: number): void;
  /** An open file outlives its last name: `retain` on open, `release` on close. */
  retain(ino: Ino): void;
  release(ino: Ino): void;

  // -- paths --------------------------------------------------------------------------------------------------------
  /** EINVAL for NUL, ENAMETOOLONG, ELOOP after 40 symlinks, ENOENT / ENOTDIR for a missing or wrong middle. */
  walk(path: string, options?: WalkOptions): WalkResult;
  /** As `walk`, but what is named must be there: ENOENT; ENOTDIR when it has a trailing slash and is no directory. */
  resolve(path: string, options?: WalkOptions): Ino;
  /** Absolute path of a directory, or of a file by one of its names. */
  pathOf(ino: Ino): string;
  exists(path: string): boolean;
  /** A copy the caller owns. */
  readFile(path: string): Uint8Array;
  /** Creates or replaces (parents are created); atomic: on ENOSPC the old content is still there. */
  writeFile(path: string, bytes: Uint8Array, mode?: number): void;
  /** Creates a directory and its parents. True when it was not there before. */
  makeDir(path: string, mode?: number): boolean;
  rename(from: string, to: string): void;
  /** Removes a file, a symlink, or a directory with everything in it. */
  remove(path: string): void;

  // -- protection and quota -----------------------------------------------------------------------------------------
  /** Everything at or under the path answers EROFS to a change from now on. */
  setReadOnly(path: string): void;
  isReadOnly(ino: Ino): boolean;
  usage(): Usage;
  /** Times a change was refused by the quota since the start; so that a run can tell it was hit. */
  readonly quotaRefusals: number;

  // -- states -------------------------------------------------------------------------------------------------------
  /** Marks the present state; O(1). Marks are cheap but pin what they saw: release them by `dropMark`. */
  mark(): Mark;
  dropMark(mark: Mark): void;
  /**
   * Goes back to a marked state, protection included; cost in proportion to what changed. The mark stays, those made after
   * it are dropped. EINVAL while a file is open.
   */
  rollBack(mark: Mark): void;
  /** What differs now from then; cost in proportion to what changed. */
  changesSince(mark: Mark): TreeDelta;
  /**
   * Runs `change` whole or not at all: when it throws, everything it changed here is undone, and the error is thrown
   * on. Inodes keep their identity. `change` must neither open nor close files, nor make or drop marks.
   */
  atomically<T>(change: () => T): T;
  /** The whole tree. Contents are shared copies: the receiver must neither write into them nor transfer them. */
  snapshot(): TreeEntry[];
  /** Replaces everything. All or nothing: EINVAL / ENOSPC leave the old tree. */
  restore(entries: readonly TreeEntry[]): void;
  /** A second filesystem that shares every unchanged inode and content with this one, copy-on-write on both sides. */
  fork(): FileSystem;
  /** Calls back after each change to a name or content (at most one call per changed path and microtask is fine). */
  watch(listener: (change: { path: string; type: "created" | "modified" | "removed" }) => void): () => void;
}

/** Opaque: a remembered state. */
export interface Mark {
  readonly id: number;
}
