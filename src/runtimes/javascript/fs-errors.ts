import type { Errno } from "../../vfs/errors.ts";
import { GuestFault } from "./host-calls.ts";

/** Linux numbers and words of the errors the filesystem gives: what node shows for them. */
const ERRNO: Readonly<Record<Errno | "EAGAIN", readonly [number: number, words: string]>> = {
  EACCES: [13, "permission denied"],
  EAGAIN: [11, "resource temporarily unavailable"],
  EBADF: [9, "bad file descriptor"],
  EDQUOT: [122, "disk quota exceeded"],
  EEXIST: [17, "file already exists"],
  EFBIG: [27, "file too large"],
  EILSEQ: [84, "illegal byte sequence"],
  EINVAL: [22, "invalid argument"],
  EISDIR: [21, "illegal operation on a directory"],
  ELOOP: [40, "too many symbolic links encountered"],
  EMFILE: [24, "too many open files"],
  EMLINK: [31, "too many links"],
  ENAMETOOLONG: [36, "name too long"],
  ENOENT: [2, "no such file or directory"],
  ENOSPC: [28, "no space left on device"],
  ENOTDIR: [20, "not a directory"],
  ENOTEMPTY: [39, "directory not empty"],
  EPERM: [1, "operation not permitted"],
  EROFS: [30, "read-only file system"],
  EXDEV: [18, "cross-device link not permitted"],
};

/** An error as node words it: "ENOENT: no such file or directory, open '/workspace/x'". */
export function fsFault(errno: Errno | "EAGAIN", syscall: string, path?: string, dest?: string): GuestFault {
  const [number, words] = ERRNO[errno];
  const where = path === undefined ? "" : ` '${path}'${dest === undefined ? "" : ` -> '${dest}'`}`;
  return new GuestFault("Error", `${errno}: ${words}, ${syscall}${where}`, {
    errno: -number,
    code: errno,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(dest === undefined ? {} : { dest }),
  });
}
