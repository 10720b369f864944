/**
 * Every way the sandbox itself can fail. A guest that fails is an `Execution`; only these are thrown.
 * Callers branch on `code`; messages and classes may change.
 */
export const SANDBOX_ERROR_CODES = [
  "invalid-argument",
  "invalid-path",
  "not-found",
  "already-exists",
  "not-a-directory",
  "is-a-directory",
  "not-empty",
  "read-only",
  "not-permitted",
  "symlink-loop",
  "name-too-long",
  "bad-fd",
  "too-many-open-files",
  "file-limit",
  "file-too-large",
  "invalid-archive",
  "invalid-snapshot",
  "invalid-module",
  "unsupported-language",
  "asset-unavailable",
  "cage-unavailable",
  "cage-died",
  "protocol-violation",
  "storage-full",
  "storage-unavailable",
  "sandbox-killed",
  "busy",
  "not-found-context",
  "internal",
] as const;

export type SandboxErrorCode = (typeof SANDBOX_ERROR_CODES)[number];

export interface SandboxErrorOptions {
  code: SandboxErrorCode;
  /** What the caller can do about it; one sentence. */
  hint?: string | undefined;
  cause?: unknown;
}

/** The sandbox failed (not the guest). `message` says what happened with its numbers, `hint` what to do. */
export class SandboxError extends Error {
  override readonly name: string = "SandboxError";
  readonly code: SandboxErrorCode;
  readonly hint: string | undefined;

  constructor(message: string, options: SandboxErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
  }
}
