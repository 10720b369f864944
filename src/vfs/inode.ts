import { FileContent } from "./content.ts";
import { Entries } from "./entries.ts";
import type { FileType, Ino } from "./filesystem.ts";
import { type Instant, toNs } from "./instant.ts";
import { utf8Length } from "./names.ts";

/** Owned by nobody, so it is copied before it is written: all empty files may share it. */
const EMPTY_CONTENT = new FileContent();

/** Where an inode is named: a directory and the name in it. */
export interface NameRef {
  parent: Ino;
  name: string;
}

interface InodeBase {
  readonly ino: Ino;
  readonly type: FileType;
  mode: number;
  /** A file's or symlink's names; a directory's 2 + its subdirectories. 0: no name is left, only open descriptors. */
  nlink: number;
  atime: Instant;
  mtime: Instant;
  ctime: Instant;
  /** First name. Meaningless when `nlink` is 0; the root is its own parent. */
  parent: Ino;
  name: string;
  /** Further names of a hard-linked file, by `nameKey`. */
  moreNames: Map<string, NameRef> | undefined;
  /** Nothing about it may change. */
  readOnly: boolean;
}

export interface FileInode extends InodeBase {
  readonly type: "file";
  content: FileContent;
}

export interface SymlinkInode extends InodeBase {
  readonly type: "symlink";
  readonly target: string;
}

export interface DirectoryInode extends InodeBase {
  readonly type: "directory";
  /** By maps, so that names such as "__proto__" are names like any other. */
  entries: Entries;
  /** Something below is read-only, so it must keep its path: it can neither move nor go. */
  holdsReadOnly: boolean;
}

/** One inode as a state knows it. Never changed once its layer is frozen. */
export type Inode = FileInode | SymlinkInode | DirectoryInode;

/** What a new inode starts with; its names come later. */
export type NewInode =
  | { type: "file"; mode: number; content?: FileContent }
  | { type: "directory"; mode: number }
  | { type: "symlink"; mode: number; target: string };

/** An inode without a name. Written out field by field: engines keep such objects small and quick, spread ones not. */
export function makeInode(ino: Ino, what: NewInode, now: Instant): Inode {
  const mode = what.mode & 0o7777;
  if (what.type === "file") {
    return {
      ino,
      type: "file",
      mode,
      nlink: 0,
      atime: now,
      mtime: now,
      ctime: now,
      parent: ino,
      name: "",
      moreNames: undefined,
      readOnly: false,
      content: what.content ?? EMPTY_CONTENT,
    };
  }
  const base = {
    ino,
    mode,
    nlink: 0,
    atime: now,
    mtime: now,
    ctime: now,
    parent: ino,
    name: "",
    moreNames: undefined,
    readOnly: false,
  };
  if (what.type === "symlink") return { ...base, type: "symlink", target: what.target };
  return { ...base, type: "directory", entries: new Entries(), holdsReadOnly: false };
}

/** A copy that may be changed while the original stays as it is. Contents are shared: they guard themselves. */
export function cloneInode(inode: Inode): Inode {
  const moreNames = inode.moreNames && new Map(inode.moreNames);
  if (inode.type === "directory") return { ...inode, moreNames, entries: inode.entries.copy() };
  return { ...inode, moreNames };
}

/** All names, the first one first. */
export function namesOf(inode: Inode): NameRef[] {
  if (inode.nlink === 0) return [];
  const first = { parent: inode.parent, name: inode.name };
  return inode.moreNames ? [first, ...inode.moreNames.values()] : [first];
}

export function addName(inode: Inode, parent: Ino, name: string): void {
  if (inode.nlink === 0) {
    inode.parent = parent;
    inode.name = name;
  } else {
    inode.moreNames ??= new Map();
    inode.moreNames.set(nameKey(parent, name), { parent, name });
  }
  inode.nlink++;
}

export function removeName(inode: Inode, parent: Ino, name: string): void {
  inode.nlink--;
  if (inode.moreNames?.delete(nameKey(parent, name)) !== true && inode.moreNames) {
    // The first name went: the oldest of the others takes its place.
    for (const [key, next] of inode.moreNames) {
      inode.parent = next.parent;
      inode.name = next.name;
      inode.moreNames.delete(key);
      break;
    }
  }
  if (inode.moreNames?.size === 0) inode.moreNames = undefined;
}

/** Bytes of content as `stat` tells them: a symlink's are those of its target. */
export function sizeOf(inode: Inode): number {
  if (inode.type === "file") return inode.content.size;
  return inode.type === "symlink" ? utf8Length(inode.target) : 0;
}

/** In nanoseconds, kept so from now on: what is asked for once is asked for again. */
export function mtimeOf(inode: Inode): bigint {
  const ns = toNs(inode.mtime);
  inode.mtime = ns;
  return ns;
}

/** As `mtimeOf`, of all three. */
export function timesOf(inode: Inode): { atimeNs: bigint; mtimeNs: bigint; ctimeNs: bigint } {
  const mtimeNs = mtimeOf(inode);
  const atimeNs = toNs(inode.atime);
  const ctimeNs = toNs(inode.ctime);
  inode.atime = atimeNs;
  inode.ctime = ctimeNs;
  return { atimeNs, mtimeNs, ctimeNs };
}

function nameKey(parent: Ino, name: string): string {
  return `${parent}/${name}`;
}
