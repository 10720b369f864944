import { type EmscriptenModule, ERRNO, type NodeOps, type StreamOps } from "./emscripten.ts";

/** What one pipe holds, as on Linux. Emscripten's grow without end, outside every limit. */
const PIPE_BYTES = 65_536;

/**
 * Makes everything Emscripten keeps in JavaScript memory (`/`, `/lib`, `/dev`, …) read-only: it is outside the memory
 * and file limits, so nothing may grow there, and it is shared by all later runs. Devices keep working; our mounts lie
 * on top and have their own rules.
 *
 * @returns A function that runs `change` while the base is writable: for our own mount points.
 */
export function sealBaseFiles(module: EmscriptenModule): (change: () => void) => void {
  const { FS } = module;
  let isSealed = true;
  const refuse = <T extends object>(ops: T, name: keyof T): void => {
    const original = ops[name] as ((...args: unknown[]) => unknown) | undefined;
    const guarded = (...args: unknown[]): unknown => {
      if (isSealed || original === undefined) throw new FS.ErrnoError(ERRNO.EROFS);
      return original(...args);
    };
    ops[name] = guarded as T[keyof T];
  };
  const table = module.MEMFS.ops_table;
  const directoryChanges = [
    "mknod",
    "rename",
    "unlink",
    "rmdir",
    "symlink",
  ] as const satisfies (keyof NodeOps)[];
  for (const name of directoryChanges) refuse(table.dir.node, name);
  for (const kind of ["dir", "file", "link", "chrdev"] as const) refuse(table[kind].node, "setattr");
  const fileChanges = ["write", "msync"] as const satisfies (keyof StreamOps)[];
  for (const name of fileChanges) refuse(table.file.stream, name);
  limitPipes(module);
  return (change) => {
    isSealed = false;
    try {
      change();
    } finally {
      isSealed = true;
    }
  };
}

function limitPipes(module: EmscriptenModule): void {
  const ops = module.PIPEFS.stream_ops;
  const write = ops.write;
  ops.write = (stream, heap, offset, length, position) => {
    let held = 0;
    for (const bucket of stream.node.pipe?.buckets ?? []) held += bucket.offset - bucket.roffset;
    const room = Math.min(length, PIPE_BYTES - held);
    // A single thread could wait for a reader for ever; so a full pipe is an error, as it is when non-blocking.
    if (room <= 0 && length > 0) throw new module.FS.ErrnoError(ERRNO.EAGAIN);
    return write(stream, heap, offset, room, position);
  };
}
