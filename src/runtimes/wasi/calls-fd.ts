import type { Stat } from "../../vfs/filesystem.ts";
import { abi, INVALID } from "./abi.ts";
import { fileOffset } from "./calls-io.ts";
import { type Descriptor, FILE_TYPES, fileTypeOf } from "./descriptors.ts";
import { Listings, writeEntries } from "./listing.ts";
import type { GuestMemory } from "./memory.ts";
import { type Call, descriptor, directory, type WasiProcess } from "./process.ts";

/** Device numbers of `filestat`: one for the filesystem, one for the streams, so that (dev, ino) names a file. */
const FILES_DEVICE = 1;
const STREAMS_DEVICE = 2;

const ALL_FDFLAGS =
  abi.FDFLAGS_APPEND | abi.FDFLAGS_DSYNC | abi.FDFLAGS_NONBLOCK | abi.FDFLAGS_RSYNC | abi.FDFLAGS_SYNC;
const ALL_FSTFLAGS = abi.FSTFLAGS_ATIM | abi.FSTFLAGS_ATIM_NOW | abi.FSTFLAGS_MTIM | abi.FSTFLAGS_MTIM_NOW;

/** Everything on an open descriptor but reading and writing. */
export function fdCalls(process: WasiProcess) {
  const { memory, host, fds } = process;
  const { vfs } = host;
  const listings = new Listings(vfs);

  const sync = (right: number) => (fd: number) => {
    const file = descriptor(process, fd, right);
    return "ino" in file ? abi.ERRNO_SUCCESS : abi.ERRNO_INVAL;
  };

  return {
    fd_advise(fd: number, offset: bigint, length: bigint, advice: number) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_ADVISE);
      if (file.kind === "directory") return abi.ERRNO_BADF;
      if (file.kind !== "file") return abi.ERRNO_SPIPE;
      if (advice >>> 0 > abi.ADVICE_NOREUSE) return abi.ERRNO_INVAL;
      fileOffset(offset);
      fileOffset(length);
      return abi.ERRNO_SUCCESS;
    },
    fd_allocate(fd: number, offset: bigint, length: bigint) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_ALLOCATE);
      if (file.kind !== "file") return file.kind === "directory" ? abi.ERRNO_BADF : abi.ERRNO_SPIPE;
      if (!isWritable(file)) return abi.ERRNO_BADF;
      const end = fileOffset(offset) + fileOffset(length);
      if (length === 0n) return abi.ERRNO_INVAL;
      if (end > Number.MAX_SAFE_INTEGER) return abi.ERRNO_FBIG;
      if (end > vfs.sizeOf(file.ino)) vfs.truncate(file.ino, end);
      return abi.ERRNO_SUCCESS;
    },
    fd_close(fd: number) {
      fds.close(fd);
      return abi.ERRNO_SUCCESS;
    },
    // The filesystem is in memory: what is written is there.
    fd_datasync: sync(abi.RIGHTS_FD_DATASYNC),
    fd_sync: sync(abi.RIGHTS_FD_SYNC),

    fd_fdstat_get(fd: number, pointer: number) {
      const file = descriptor(process, fd);
      const start = memory.check(pointer, 24);
      memory.setU64Number(start, 0);
      memory.setU8(start, fileTypeOf(file));
      memory.setU16(start + 2, file.flags);
      memory.setU64Number(start + 8, file.rights);
      memory.setU64Number(start + 16, file.inheriting);
      return abi.ERRNO_SUCCESS;
    },
    fd_fdstat_set_flags(fd: number, flags: number) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_FDSTAT_SET_FLAGS);
      if ((flags & ~ALL_FDFLAGS) !== 0) return abi.ERRNO_INVAL;
      file.flags = flags;
      return abi.ERRNO_SUCCESS;
    },
    fd_fdstat_set_rights(fd: number, base: bigint, inheriting: bigint) {
      const file = descriptor(process, fd);
      const rights = rightsOf(base);
      const passedOn = rightsOf(inheriting);
      if (rights === undefined || passedOn === undefined) return abi.ERRNO_NOTCAPABLE;
      if ((rights & ~file.rights) !== 0 || (passedOn & ~file.inheriting) !== 0) return abi.ERRNO_NOTCAPABLE;
      file.dropped |= file.rights & ~rights;
      file.droppedInheriting |= file.inheriting & ~passedOn;
      file.rights = rights;
      file.inheriting = passedOn;
      return abi.ERRNO_SUCCESS;
    },

    fd_filestat_get(fd: number, pointer: number) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_FILESTAT_GET);
      memory.check(pointer, 64);
      if ("ino" in file) writeFilestat(memory, pointer, vfs.stat(file.ino));
      else writeStreamStat(memory, pointer, fd, fileTypeOf(file));
      return abi.ERRNO_SUCCESS;
    },
    fd_filestat_set_size(fd: number, size: bigint) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_FILESTAT_SET_SIZE);
      if (file.kind === "directory") return abi.ERRNO_ISDIR;
      if (file.kind !== "file" || !isWritable(file)) return abi.ERRNO_INVAL;
      vfs.truncate(file.ino, fileOffset(size));
      return abi.ERRNO_SUCCESS;
    },
    fd_filestat_set_times(fd: number, atimeNs: bigint, mtimeNs: bigint, flags: number) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_FILESTAT_SET_TIMES);
      const times = newTimes(process, atimeNs, mtimeNs, flags);
      if (!("ino" in file)) return abi.ERRNO_INVAL;
      vfs.setTimes(file.ino, times);
      return abi.ERRNO_SUCCESS;
    },

    fd_prestat_get(fd: number, pointer: number) {
      const name = preopenName(process, fd);
      if (name === undefined) return abi.ERRNO_BADF;
      memory.check(pointer, 8);
      memory.setU32(pointer, abi.PREOPENTYPE_DIR);
      memory.setU32(pointer + 4, name.length);
      return abi.ERRNO_SUCCESS;
    },
    fd_prestat_dir_name(fd: number, pointer: number, length: number) {
      const name = preopenName(process, fd);
      if (name === undefined) return abi.ERRNO_BADF;
      if (length >>> 0 < name.length) return abi.ERRNO_NAMETOOLONG;
      memory.range(pointer, name.length).set(name);
      return abi.ERRNO_SUCCESS;
    },

    fd_readdir(fd: number, pointer: number, length: number, cookie: bigint, usedPointer: number) {
      const dir = directory(process, fd, abi.RIGHTS_FD_READDIR);
      memory.check(usedPointer, 4);
      memory.check(pointer, length);
      const listing = listings.of(dir, cookie === 0n);
      const used = writeEntries(memory, listing, BigInt.asUintN(64, cookie), pointer >>> 0, length >>> 0);
      memory.setU32(usedPointer, used);
      return abi.ERRNO_SUCCESS;
    },
    fd_renumber(fd: number, to: number) {
      fds.renumber(fd, to);
      return abi.ERRNO_SUCCESS;
    },

    fd_seek(fd: number, offset: bigint, whence: number, pointer: number) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_SEEK);
      if (file.kind === "directory") return abi.ERRNO_ISDIR;
      if (file.kind !== "file") return abi.ERRNO_SPIPE;
      memory.check(pointer, 8);
      let base = 0;
      if (whence === abi.WHENCE_CUR) base = file.offset;
      else if (whence === abi.WHENCE_END) base = vfs.sizeOf(file.ino);
      else if (whence !== abi.WHENCE_SET) return abi.ERRNO_INVAL;
      const target = base + Number(offset);
      if (target < 0) return abi.ERRNO_INVAL;
      if (target > Number.MAX_SAFE_INTEGER) return abi.ERRNO_OVERFLOW;
      file.offset = target;
      memory.setU64Number(pointer, target);
      return abi.ERRNO_SUCCESS;
    },
    fd_tell(fd: number, pointer: number) {
      const file = descriptor(process, fd, abi.RIGHTS_FD_TELL);
      if (file.kind === "directory") return abi.ERRNO_ISDIR;
      if (file.kind !== "file") return abi.ERRNO_SPIPE;
      memory.setU64Number(pointer, file.offset);
      return abi.ERRNO_SUCCESS;
    },
  } satisfies Record<string, Call>;
}

/** Writes a `filestat` (64 bytes). */
export function writeFilestat(memory: GuestMemory, pointer: number, stat: Stat): void {
  const start = memory.check(pointer, 64);
  memory.setU64Number(start, FILES_DEVICE);
  memory.setU64Number(start + 8, stat.ino);
  memory.setU64Number(start + 16, FILE_TYPES[stat.type]);
  memory.setU64Number(start + 24, stat.nlink);
  memory.setU64Number(start + 32, stat.size);
  memory.setU64(start + 40, stat.atimeNs);
  memory.setU64(start + 48, stat.mtimeNs);
  memory.setU64(start + 56, stat.ctimeNs);
}

/** The times that a call's arguments and FSTFLAGS ask for. EINVAL when they contradict each other. */
export function newTimes(
  process: WasiProcess,
  atimeNs: bigint,
  mtimeNs: bigint,
  flags: number,
): { atimeNs: bigint | undefined; mtimeNs: bigint | undefined } {
  const isAtime = (flags & abi.FSTFLAGS_ATIM) !== 0;
  const isAtimeNow = (flags & abi.FSTFLAGS_ATIM_NOW) !== 0;
  const isMtime = (flags & abi.FSTFLAGS_MTIM) !== 0;
  const isMtimeNow = (flags & abi.FSTFLAGS_MTIM_NOW) !== 0;
  if ((flags & ~ALL_FSTFLAGS) !== 0 || (isAtime && isAtimeNow) || (isMtime && isMtimeNow)) throw INVALID;
  const nowNs = isAtimeNow || isMtimeNow ? process.host.nowNs() : 0n;
  const pick = (isSet: boolean, isNow: boolean, value: bigint): bigint | undefined => {
    if (isNow) return nowNs;
    return isSet ? BigInt.asUintN(64, value) : undefined;
  };
  return { atimeNs: pick(isAtime, isAtimeNow, atimeNs), mtimeNs: pick(isMtime, isMtimeNow, mtimeNs) };
}

/** Rights as a number; `undefined` when bits are set that preview 1 does not know. */
function rightsOf(rights: bigint): number | undefined {
  const value = BigInt.asUintN(64, rights);
  return value < 1n << 30n ? Number(value) : undefined;
}

/** Open in a way that lets its size be changed. */
function isWritable(file: Descriptor): boolean {
  return (file.rights & (abi.RIGHTS_FD_WRITE | abi.RIGHTS_FD_FILESTAT_SET_SIZE)) !== 0;
}

function preopenName(process: WasiProcess, fd: number): Uint8Array | undefined {
  const found = process.fds.get(fd);
  return found?.kind === "directory" ? found.preopenName : undefined;
}

function writeStreamStat(memory: GuestMemory, pointer: number, fd: number, fileType: number): void {
  const start = memory.check(pointer, 64);
  memory.range(start, 64).fill(0);
  memory.setU64Number(start, STREAMS_DEVICE);
  memory.setU64Number(start + 8, fd);
  memory.setU64Number(start + 16, fileType);
  memory.setU64Number(start + 24, 1);
}
