import type { Ino, WalkResult } from "../../vfs/filesystem.ts";
import { abi, LOOKUP_SYMLINK_FOLLOW, Refusal } from "./abi.ts";
import { newTimes, writeFilestat } from "./calls-fd.ts";
import { type DirectoryDescriptor, openDirectory, openFile } from "./descriptors.ts";
import { encode } from "./memory.ts";
import { type Call, directory, type WasiProcess } from "./process.ts";

const NO_ENTRY = new Refusal(abi.ERRNO_NOENT);
const NOT_DIRECTORY = new Refusal(abi.ERRNO_NOTDIR);

/** What a file created by a guest is allowed: preview 1 has no modes. */
const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

const ALL_OFLAGS = abi.OFLAGS_CREAT | abi.OFLAGS_DIRECTORY | abi.OFLAGS_EXCL | abi.OFLAGS_TRUNC;

/** Everything that names a file by a directory and a path under it, never leaving the directory. */
export function pathCalls(process: WasiProcess) {
  const { memory, host, fds } = process;
  const { vfs } = host;

  /** Where a path leads; ENOENT for the empty one. */
  const walk = (dir: DirectoryDescriptor, path: string, follow: boolean): WalkResult => {
    if (path === "") throw NO_ENTRY;
    const found = vfs.walk(path, { base: dir.ino, follow, confine: true });
    // As POSIX: a trailing slash asks for what a symlink leads to.
    if (!follow && found.wantsDirectory && isType(found.ino, "symlink")) {
      return vfs.walk(path, { base: dir.ino, follow: true, confine: true });
    }
    return found;
  };
  const walkAt = (fd: number, right: number, pointer: number, length: number, follow: boolean): WalkResult =>
    walk(directory(process, fd, right), memory.path(pointer, length), follow);

  /** What a path names: ENOENT when nothing is there, ENOTDIR when it ends in "/" and is none. */
  const existing = (found: WalkResult): Ino => {
    if (found.ino === undefined) throw NO_ENTRY;
    if (found.wantsDirectory && !isType(found.ino, "directory")) throw NOT_DIRECTORY;
    return found.ino;
  };
  const isType = (ino: Ino | undefined, type: "directory" | "symlink"): boolean =>
    ino !== undefined && vfs.typeOf(ino) === type;

  /** The name itself, a symlink not followed even before a trailing slash: for calls that change the directory. */
  const entryAt = (fd: number, right: number, pointer: number, length: number): WalkResult => {
    const dir = directory(process, fd, right);
    const path = memory.path(pointer, length);
    if (path === "") throw NO_ENTRY;
    const found = vfs.walk(path, { base: dir.ino, follow: false, confine: true });
    // "a/." leads to "a", but is no name under which it could be removed or moved.
    return endsInDots(path) ? { ...found, name: "." } : found;
  };

  return {
    path_open(
      fd: number,
      lookup: number,
      pointer: number,
      length: number,
      oflags: number,
      base: bigint,
      inheriting: bigint,
      flags: number,
      fdPointer: number,
    ) {
      const dir = directory(process, fd, abi.RIGHTS_PATH_OPEN);
      const path = memory.path(pointer, length);
      memory.check(fdPointer, 4);
      if ((oflags & ~ALL_OFLAGS) !== 0) return abi.ERRNO_INVAL;
      const isCreate = (oflags & abi.OFLAGS_CREAT) !== 0;
      const isExclusive = isCreate && (oflags & abi.OFLAGS_EXCL) !== 0;
      const isTruncate = (oflags & abi.OFLAGS_TRUNC) !== 0;
      const mustBeDirectory = (oflags & abi.OFLAGS_DIRECTORY) !== 0;
      if (isCreate && mustBeDirectory) return abi.ERRNO_INVAL;
      if (isCreate && (dir.dropped & abi.RIGHTS_PATH_CREATE_FILE) !== 0) return abi.ERRNO_NOTCAPABLE;
      if (isTruncate && (dir.dropped & abi.RIGHTS_PATH_FILESTAT_SET_SIZE) !== 0) return abi.ERRNO_NOTCAPABLE;

      // Before anything is created or truncated.
      if (!fds.hasRoom) return abi.ERRNO_MFILE;

      const asked = Number(BigInt.asUintN(30, base));
      const passedOn = Number(BigInt.asUintN(30, inheriting));
      const wantsWrite = (asked & dir.inheriting & abi.RIGHTS_FD_WRITE) !== 0;
      const found = walk(dir, path, !isExclusive && (lookup & LOOKUP_SYMLINK_FOLLOW) !== 0);
      let ino = found.ino;
      if (ino === undefined) {
        if (!isCreate) return abi.ERRNO_NOENT;
        if (found.wantsDirectory) return abi.ERRNO_ISDIR;
        ino = vfs.create(found.parent, found.name, FILE_MODE);
      } else {
        if (isExclusive) return abi.ERRNO_EXIST;
        const type = vfs.typeOf(ino);
        if (type === "symlink") return abi.ERRNO_LOOP;
        if (type === "directory") {
          if (wantsWrite || isTruncate || isCreate) return abi.ERRNO_ISDIR;
          memory.setU32(fdPointer, fds.add(openDirectory(ino, asked, dir, passedOn, flags)));
          return abi.ERRNO_SUCCESS;
        }
        if (mustBeDirectory || found.wantsDirectory) return abi.ERRNO_NOTDIR;
        if ((wantsWrite || isTruncate) && vfs.isReadOnly(ino)) return abi.ERRNO_ROFS;
        if (isTruncate) vfs.truncate(ino, 0);
      }
      memory.setU32(fdPointer, fds.add(openFile(ino, asked, dir, passedOn, flags)));
      return abi.ERRNO_SUCCESS;
    },

    path_create_directory(fd: number, pointer: number, length: number) {
      const found = entryAt(fd, abi.RIGHTS_PATH_CREATE_DIRECTORY, pointer, length);
      if (found.ino !== undefined) return abi.ERRNO_EXIST;
      vfs.mkdirAt(found.parent, found.name, DIRECTORY_MODE);
      return abi.ERRNO_SUCCESS;
    },
    path_filestat_get(fd: number, lookup: number, pointer: number, length: number, target: number) {
      memory.check(target, 64);
      const follow = (lookup & LOOKUP_SYMLINK_FOLLOW) !== 0;
      const ino = existing(walkAt(fd, abi.RIGHTS_PATH_FILESTAT_GET, pointer, length, follow));
      writeFilestat(memory, target, vfs.stat(ino));
      return abi.ERRNO_SUCCESS;
    },
    path_filestat_set_times(
      fd: number,
      lookup: number,
      pointer: number,
      length: number,
      atimeNs: bigint,
      mtimeNs: bigint,
      flags: number,
    ) {
      const times = newTimes(process, atimeNs, mtimeNs, flags);
      const follow = (lookup & LOOKUP_SYMLINK_FOLLOW) !== 0;
      vfs.setTimes(existing(walkAt(fd, abi.RIGHTS_PATH_FILESTAT_SET_TIMES, pointer, length, follow)), times);
      return abi.ERRNO_SUCCESS;
    },
    path_link(
      fd: number,
      lookup: number,
      pointer: number,
      length: number,
      toFd: number,
      toPointer: number,
      toLength: number,
    ) {
      const follow = (lookup & LOOKUP_SYMLINK_FOLLOW) !== 0;
      const ino = existing(walkAt(fd, abi.RIGHTS_PATH_LINK_SOURCE, pointer, length, follow));
      const to = entryAt(toFd, abi.RIGHTS_PATH_LINK_TARGET, toPointer, toLength);
      if (to.ino !== undefined) return abi.ERRNO_EXIST;
      if (to.wantsDirectory) return abi.ERRNO_NOENT;
      if (isType(ino, "directory")) return abi.ERRNO_PERM;
      vfs.link(ino, to.parent, to.name);
      return abi.ERRNO_SUCCESS;
    },
    path_readlink(
      fd: number,
      pointer: number,
      length: number,
      target: number,
      targetLength: number,
      usedPointer: number,
    ) {
      memory.check(usedPointer, 4);
      memory.check(target, targetLength);
      const ino = existing(walkAt(fd, abi.RIGHTS_PATH_READLINK, pointer, length, false));
      if (!isType(ino, "symlink")) return abi.ERRNO_INVAL;
      const bytes = encode(vfs.readlink(ino));
      const used = Math.min(bytes.length, targetLength >>> 0);
      memory.range(target, used).set(bytes.subarray(0, used));
      memory.setU32(usedPointer, used);
      return abi.ERRNO_SUCCESS;
    },
    path_remove_directory(fd: number, pointer: number, length: number) {
      const found = entryAt(fd, abi.RIGHTS_PATH_REMOVE_DIRECTORY, pointer, length);
      if (found.ino === undefined) return abi.ERRNO_NOENT;
      if (!isType(found.ino, "directory")) return abi.ERRNO_NOTDIR;
      if (isDots(found)) return abi.ERRNO_INVAL;
      vfs.rmdirAt(found.parent, found.name);
      return abi.ERRNO_SUCCESS;
    },
    path_rename(
      fd: number,
      pointer: number,
      length: number,
      toFd: number,
      toPointer: number,
      toLength: number,
    ) {
      const from = entryAt(fd, abi.RIGHTS_PATH_RENAME_SOURCE, pointer, length);
      const to = entryAt(toFd, abi.RIGHTS_PATH_RENAME_TARGET, toPointer, toLength);
      if (from.ino === undefined) return abi.ERRNO_NOENT;
      if (isDots(from) || isDots(to)) return abi.ERRNO_BUSY;
      const isDirectory = isType(from.ino, "directory");
      if ((from.wantsDirectory || to.wantsDirectory) && !isDirectory) return abi.ERRNO_NOTDIR;
      vfs.renameAt(from.parent, from.name, to.parent, to.name);
      return abi.ERRNO_SUCCESS;
    },
    path_symlink(targetPointer: number, targetLength: number, fd: number, pointer: number, length: number) {
      const target = memory.path(targetPointer, targetLength);
      const found = entryAt(fd, abi.RIGHTS_PATH_SYMLINK, pointer, length);
      if (target === "") return abi.ERRNO_NOENT;
      if (target.includes("\0")) return abi.ERRNO_INVAL;
      // It could never be followed from here, and whoever finds it would be led out of the preopen.
      if (target.startsWith("/")) return abi.ERRNO_PERM;
      if (found.ino !== undefined) {
        const isWrong = found.wantsDirectory && !isType(found.ino, "directory");
        return isWrong ? abi.ERRNO_NOTDIR : abi.ERRNO_EXIST;
      }
      if (found.wantsDirectory) return abi.ERRNO_NOENT;
      vfs.symlinkAt(found.parent, found.name, target);
      return abi.ERRNO_SUCCESS;
    },
    path_unlink_file(fd: number, pointer: number, length: number) {
      const found = entryAt(fd, abi.RIGHTS_PATH_UNLINK_FILE, pointer, length);
      if (found.ino === undefined) return abi.ERRNO_NOENT;
      if (isType(found.ino, "directory")) return abi.ERRNO_ISDIR;
      if (found.wantsDirectory) return abi.ERRNO_NOTDIR;
      vfs.unlinkAt(found.parent, found.name);
      return abi.ERRNO_SUCCESS;
    },
  } satisfies Record<string, Call>;
}

/** The last component is "." or "..", whatever slashes stand behind it. */
function endsInDots(path: string): boolean {
  const isPossible = path.endsWith(".") || path.endsWith("/");
  return isPossible && /(^|\/)\.{1,2}\/*$/.test(path);
}

/** The path ends in no name that could be changed. */
function isDots(found: WalkResult): boolean {
  return found.name === "." || found.name === "..";
}
