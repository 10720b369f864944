import { statfs } from "node:fs/promises";
import { SandboxError } from "../../errors.ts";

const FULL = new Set(["ENOSPC", "EDQUOT"]);
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "it is on a read-only disk",
  ENOENT: "it is gone",
  ENOTDIR: "a part of its path is not a folder",
  EIO: "the disk failed",
  ESTALE: "it is gone",
  ELOOP: "its symlinks go in a circle",
  ENAMETOOLONG: "its path is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
};

/**
 * What a failed file operation means for a store, with its numbers.
 *
 * @param neededBytes - What was to be written.
 */
export async function storageError(
  error: unknown,
  folder: string,
  neededBytes?: number,
): Promise<SandboxError> {
  if (error instanceof SandboxError) return error;
  const code = codeOf(error);
  if (FULL.has(code)) {
    const freeBytes = await getFreeBytes(folder);
    const needed = neededBytes === undefined ? "" : ` for ${neededBytes} bytes`;
    const free = freeBytes === undefined ? "" : `; ${freeBytes} bytes are free`;
    const why = code === "EDQUOT" ? "the disk quota is used up" : "the disk is full";
    return new SandboxError(`The store "${folder}" has no room${needed}: ${why}${free}`, {
      code: "storage-full",
      hint: "Remove snapshots, or free space on its disk. What was stored before is as it was.",
      cause: error,
    });
  }
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new SandboxError(`The store "${folder}" cannot be used: ${reason}`, {
    code: "storage-unavailable",
    hint: "Check that the folder is there and that this process may read and write in it.",
    cause: error,
  });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

export async function getFreeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
