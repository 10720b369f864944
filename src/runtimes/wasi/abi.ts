import { wasi } from "@bjorn3/browser_wasi_shim";
import { type Errno, VfsError } from "../../vfs/errors.ts";

export { type CallName, PREVIEW1, SIGNATURES, SNAPSHOT0 } from "../../wasm/preview1.ts";

/**
 * Preview 1's numbers, by the shim's binding of the witx. Its structs are not used: its `Filestat` writes three of its
 * times to wrong offsets, and its classes cost an object per call on paths where bytes are copied a million times.
 */
export const abi = wasi;

/** The one lookup flag, which the shim does not name. */
export const LOOKUP_SYMLINK_FOLLOW = 1;

const R = wasi;

/** What an open file may be asked to do. */
export const FILE_RIGHTS =
  R.RIGHTS_FD_DATASYNC |
  R.RIGHTS_FD_READ |
  R.RIGHTS_FD_SEEK |
  R.RIGHTS_FD_FDSTAT_SET_FLAGS |
  R.RIGHTS_FD_SYNC |
  R.RIGHTS_FD_TELL |
  R.RIGHTS_FD_WRITE |
  R.RIGHTS_FD_ADVISE |
  R.RIGHTS_FD_ALLOCATE |
  R.RIGHTS_FD_FILESTAT_GET |
  R.RIGHTS_FD_FILESTAT_SET_SIZE |
  R.RIGHTS_FD_FILESTAT_SET_TIMES |
  R.RIGHTS_POLL_FD_READWRITE;

/** What an open directory may be asked to do. Without FD_SEEK and FD_FILESTAT_SET_SIZE, which are a file's. */
export const DIRECTORY_RIGHTS =
  R.RIGHTS_FD_DATASYNC |
  R.RIGHTS_FD_FDSTAT_SET_FLAGS |
  R.RIGHTS_FD_SYNC |
  R.RIGHTS_FD_ADVISE |
  R.RIGHTS_PATH_CREATE_DIRECTORY |
  R.RIGHTS_PATH_CREATE_FILE |
  R.RIGHTS_PATH_LINK_SOURCE |
  R.RIGHTS_PATH_LINK_TARGET |
  R.RIGHTS_PATH_OPEN |
  R.RIGHTS_FD_READDIR |
  R.RIGHTS_PATH_READLINK |
  R.RIGHTS_PATH_RENAME_SOURCE |
  R.RIGHTS_PATH_RENAME_TARGET |
  R.RIGHTS_PATH_FILESTAT_GET |
  R.RIGHTS_PATH_FILESTAT_SET_SIZE |
  R.RIGHTS_PATH_FILESTAT_SET_TIMES |
  R.RIGHTS_FD_FILESTAT_GET |
  R.RIGHTS_FD_FILESTAT_SET_TIMES |
  R.RIGHTS_PATH_SYMLINK |
  R.RIGHTS_PATH_REMOVE_DIRECTORY |
  R.RIGHTS_PATH_UNLINK_FILE |
  R.RIGHTS_POLL_FD_READWRITE;

/** What stdin, stdout and stderr may be asked: no FD_SEEK and no FD_TELL, by which wasi-libc knows a terminal. */
export const STREAM_RIGHTS =
  R.RIGHTS_FD_FDSTAT_SET_FLAGS | R.RIGHTS_FD_FILESTAT_GET | R.RIGHTS_POLL_FD_READWRITE;

/** Every right preview 1 names: what a preopen hands on. */
export const ALL_RIGHTS = FILE_RIGHTS | DIRECTORY_RIGHTS;

/** A call is answered with this errno; thrown from deep inside a call, never out of it. Carries no stack: it is cheap. */
export class Refusal {
  readonly errno: number;

  constructor(errno: number) {
    this.errno = errno;
  }
}

export const FAULT = new Refusal(wasi.ERRNO_FAULT);
export const INVALID = new Refusal(wasi.ERRNO_INVAL);
export const BAD_FD = new Refusal(wasi.ERRNO_BADF);

const NUMBER_BY_ERRNO: Readonly<Record<Errno, number>> = {
  EACCES: wasi.ERRNO_ACCES,
  EBADF: wasi.ERRNO_BADF,
  EDQUOT: wasi.ERRNO_DQUOT,
  EEXIST: wasi.ERRNO_EXIST,
  EFBIG: wasi.ERRNO_FBIG,
  EILSEQ: wasi.ERRNO_ILSEQ,
  EINVAL: wasi.ERRNO_INVAL,
  EISDIR: wasi.ERRNO_ISDIR,
  ELOOP: wasi.ERRNO_LOOP,
  EMFILE: wasi.ERRNO_MFILE,
  EMLINK: wasi.ERRNO_MLINK,
  ENAMETOOLONG: wasi.ERRNO_NAMETOOLONG,
  ENOENT: wasi.ERRNO_NOENT,
  ENOSPC: wasi.ERRNO_NOSPC,
  ENOTDIR: wasi.ERRNO_NOTDIR,
  ENOTEMPTY: wasi.ERRNO_NOTEMPTY,
  EPERM: wasi.ERRNO_PERM,
  EROFS: wasi.ERRNO_ROFS,
  EXDEV: wasi.ERRNO_XDEV,
};

/** The errno a guest gets for an error of ours, or `undefined` when it must not be answered (the stack ran out). */
export function errnoOf(error: unknown): number | undefined {
  if (error instanceof Refusal) return error.errno;
  if (error instanceof VfsError) return NUMBER_BY_ERRNO[error.errno];
  if (isStackOverflow(error)) return undefined;
  // An array that cannot be allocated: the host is short of memory, not the guest's fault.
  if (error instanceof RangeError) return wasi.ERRNO_NOMEM;
  return wasi.ERRNO_IO;
}

/** V8 and JavaScriptCore say "Maximum call stack size exceeded"; SpiderMonkey throws an InternalError. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack|too much recursion/i.test(error.message);
}
