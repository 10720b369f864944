import { type EmscriptenModule, ERRNO, type FsNode, type NodeOps } from "./emscripten.ts";
import { translateErrors } from "./mount.ts";

/** `tv_nsec` values with a meaning of their own (musl's <sys/stat.h>). */
const UTIME_NOW = 0x3fffffff;
const UTIME_OMIT = 0x3ffffffe;
const AT_SYMLINK_NOFOLLOW = 0x100;
/** Where `struct stat` of Emscripten has its three `struct timespec`. */
const STAT_TIMES = [
  ["atimeNs", 40],
  ["mtimeNs", 56],
  ["ctimeNs", 72],
] as const;
const NS_PER_S = 1_000_000_000n;

/** Emscripten passes times as milliseconds; here `stat` gives the guest the nanoseconds our filesystem keeps. */
export function installNanosecondStat(module: EmscriptenModule): void {
  const writeStat = module.SYSCALLS.writeStat.bind(module.SYSCALLS);
  module.SYSCALLS.writeStat = (buffer, attributes) => {
    const result = writeStat(buffer, attributes);
    for (const [name, offset] of STAT_TIMES) {
      const time = attributes[name];
      if (time === undefined) continue;
      const nanoseconds = ((time % NS_PER_S) + NS_PER_S) % NS_PER_S;
      module.HEAP64[(buffer + offset) >>> 3] = (time - nanoseconds) / NS_PER_S;
      module.HEAPU32[(buffer + offset + 8) >>> 2] = Number(nanoseconds);
    }
    return result;
  };
}

/** `utimensat` (and `futimens`, which has no path) with all the nanoseconds the guest gave. */
export function createUtimensat(
  module: EmscriptenModule,
  nowNs: () => bigint,
): (directory: number, path: number, times: number, flags: number) => number {
  return (directory, path, times, flags) => {
    const { FS, SYSCALLS } = module;
    try {
      const name = SYSCALLS.getStr(path >>> 0);
      let node: FsNode | undefined;
      if (name === "") node = FS.getStream(directory)?.node;
      else {
        const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
        node = FS.lookupPath(SYSCALLS.calculateAt(directory, name), { follow }).node;
      }
      if (node === undefined) return -ERRNO.EBADF;
      const setattr: NodeOps["setattr"] | undefined = node.node_ops.setattr;
      if (setattr === undefined) return -ERRNO.EPERM;
      const now = nowNs();
      const read = (address: number): bigint | undefined => {
        if (times === 0) return now;
        const nanoseconds = module.HEAP32[(address + 8) >>> 2]!;
        if (nanoseconds === UTIME_NOW) return now;
        if (nanoseconds === UTIME_OMIT) return undefined;
        return module.HEAP64[address >>> 3]! * NS_PER_S + BigInt(nanoseconds);
      };
      const start = times >>> 0;
      const target = node;
      const change = { atimeNs: read(start), mtimeNs: read(start + 16) };
      translateErrors(FS, () => setattr(target, change));
      return 0;
    } catch (error) {
      if (error instanceof FS.ErrnoError) return -error.errno;
      throw error;
    }
  };
}
