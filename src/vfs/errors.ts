import { SandboxError, type SandboxErrorCode } from "../errors.ts";

/** POSIX error names the filesystem answers with, and the code a caller of the SDK sees for each. */
const CODE_BY_ERRNO = {
  EACCES: "not-permitted",
  EBADF: "bad-fd",
  EDQUOT: "file-limit",
  EEXIST: "already-exists",
  EFBIG: "file-too-large",
  EILSEQ: "invalid-path",
  EINVAL: "invalid-argument",
  EISDIR: "is-a-directory",
  ELOOP: "symlink-loop",
  EMFILE: "too-many-open-files",
  EMLINK: "file-limit",
  ENAMETOOLONG: "name-too-long",
  ENOENT: "not-found",
  ENOSPC: "file-limit",
  ENOTDIR: "not-a-directory",
  ENOTEMPTY: "not-empty",
  EPERM: "not-permitted",
  EROFS: "read-only",
  EXDEV: "not-permitted",
} as const satisfies Record<string, SandboxErrorCode>;

export type Errno = keyof typeof CODE_BY_ERRNO;

/** A filesystem call was refused. `errno` is the POSIX name every runtime maps to its own number. */
export class VfsError extends SandboxError {
  override readonly name = "VfsError";
  readonly errno: Errno;

  constructor(errno: Errno, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { code: CODE_BY_ERRNO[errno], ...options });
    this.errno = errno;
  }
}
