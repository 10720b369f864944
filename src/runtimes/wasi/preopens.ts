import type { FileSystem, Ino } from "../../vfs/filesystem.ts";
import type { Preopen } from "../runtime.ts";
import { type FdTable, preopenDirectory } from "./descriptors.ts";
import { encode } from "./memory.ts";

/**
 * The directories a module gets when nobody named any. wasi-libc takes the longest preopen that a path begins with, and
 * among equal ones the last; "." begins every path. So "/workspace/a" and "a" both reach the working directory's files.
 */
function defaultPreopens(cwd: string): Preopen[] {
  return [
    { name: "/workspace", path: "/workspace" },
    { name: "/tmp", path: "/tmp" },
    { name: ".", path: cwd },
  ];
}

/**
 * Opens the preopens, from the next free descriptor on.
 *
 * @returns The first one that is no directory, or `undefined` when all are open. Defaults that are not there are left out.
 */
export function openPreopens(
  vfs: FileSystem,
  fds: FdTable,
  preopens: readonly Preopen[] | undefined,
  cwd: string,
): Preopen | undefined {
  for (const preopen of preopens ?? defaultPreopens(cwd)) {
    const ino = directoryAt(vfs, preopen.path);
    if (ino === undefined) {
      if (preopens === undefined) continue;
      return preopen;
    }
    fds.add(preopenDirectory(ino, encode(preopen.name)));
  }
  return undefined;
}

function directoryAt(vfs: FileSystem, path: string): Ino | undefined {
  try {
    const ino = vfs.resolve(path);
    return vfs.stat(ino).type === "directory" ? ino : undefined;
  } catch {
    return undefined;
  }
}
