import type { FileSystem } from "../../vfs/filesystem.ts";
import { abi, INVALID, Refusal } from "./abi.ts";
import type { FileDescriptor, InputDescriptor, OutputDescriptor } from "./descriptors.ts";
import type { GuestMemory } from "./memory.ts";
import { type Call, descriptor, throwIfStopped, type WasiProcess } from "./process.ts";
import { suspendUntil } from "./wait.ts";

/** Output handed over at once: what an output limit can be overrun by inside one call. */
const OUTPUT_CHUNK_BYTES = 65_536;

/** Reading and writing: the hot paths. No bigint, and each byte is copied once. */
export function ioCalls(process: WasiProcess) {
  const { memory, host } = process;
  const { vfs } = host;
  return {
    fd_read(fd: number, list: number, count: number, donePointer: number): number | Promise<number> {
      const file = descriptor(process, fd, abi.RIGHTS_FD_READ);
      if ((file.rights & abi.RIGHTS_FD_READ) === 0) return refuseDirection(file.kind);
      memory.check(donePointer, 4);
      const wanted = memory.iovecs(list, count);
      if (file.kind === "input") return readInput(process, file, wanted, count, donePointer);
      if (file.kind !== "file") return abi.ERRNO_BADF;
      const done = readVector(vfs, memory, file, count, file.offset);
      file.offset += done;
      memory.setU32(donePointer, done);
      return abi.ERRNO_SUCCESS;
    },
    fd_write(fd: number, list: number, count: number, donePointer: number): number {
      const file = descriptor(process, fd, abi.RIGHTS_FD_WRITE);
      if ((file.rights & abi.RIGHTS_FD_WRITE) === 0) return refuseDirection(file.kind);
      memory.check(donePointer, 4);
      const total = memory.iovecs(list, count);
      if (file.kind === "output") return writeOutput(process, file, total, count, donePointer);
      if (file.kind !== "file") return abi.ERRNO_BADF;
      const start = (file.flags & abi.FDFLAGS_APPEND) === 0 ? file.offset : vfs.sizeOf(file.ino);
      const done = writeVector(vfs, memory, file, count, start);
      if (total > 0) file.offset = start + done;
      memory.setU32(donePointer, done);
      return abi.ERRNO_SUCCESS;
    },
    fd_pread(fd: number, list: number, count: number, offset: bigint, donePointer: number): number {
      const file = descriptor(process, fd, abi.RIGHTS_FD_READ);
      if (file.kind === "input" || file.kind === "output") return abi.ERRNO_SPIPE;
      if ((file.rights & abi.RIGHTS_FD_READ) === 0) return refuseDirection(file.kind);
      if (file.kind !== "file") return abi.ERRNO_ISDIR;
      const start = fileOffset(offset);
      memory.check(donePointer, 4);
      memory.iovecs(list, count);
      memory.setU32(donePointer, readVector(vfs, memory, file, count, start));
      return abi.ERRNO_SUCCESS;
    },
    fd_pwrite(fd: number, list: number, count: number, offset: bigint, donePointer: number): number {
      const file = descriptor(process, fd, abi.RIGHTS_FD_WRITE);
      if (file.kind === "input" || file.kind === "output") return abi.ERRNO_SPIPE;
      if ((file.rights & abi.RIGHTS_FD_WRITE) === 0) return refuseDirection(file.kind);
      if (file.kind !== "file") return abi.ERRNO_ISDIR;
      const given = fileOffset(offset);
      memory.check(donePointer, 4);
      memory.iovecs(list, count);
      // As on Linux: a file open for appending is appended to, whatever offset is given.
      const start = (file.flags & abi.FDFLAGS_APPEND) === 0 ? given : vfs.sizeOf(file.ino);
      memory.setU32(donePointer, writeVector(vfs, memory, file, count, start));
      return abi.ERRNO_SUCCESS;
    },
  } satisfies Record<string, Call>;
}

/** An offset or a size as a number. EINVAL when it is negative, EFBIG when no file could be so long. */
export function fileOffset(offset: bigint): number {
  const signed = BigInt.asIntN(64, offset);
  if (signed < 0n) throw INVALID;
  if (signed > BigInt(Number.MAX_SAFE_INTEGER)) throw TOO_LARGE;
  return Number(signed);
}

const TOO_LARGE = new Refusal(abi.ERRNO_FBIG);

function refuseDirection(kind: string): number {
  return kind === "directory" ? abi.ERRNO_ISDIR : abi.ERRNO_BADF;
}

function readVector(
  vfs: FileSystem,
  memory: GuestMemory,
  file: FileDescriptor,
  count: number,
  start: number,
): number {
  let done = 0;
  for (let index = 0; index < count; index++) {
    const length = memory.lengths[index]!;
    if (length === 0) continue;
    const got = vfs.read(file.ino, start + done, memory.bytes, memory.starts[index], length);
    done += got;
    if (got < length) break;
  }
  return done;
}

function writeVector(
  vfs: FileSystem,
  memory: GuestMemory,
  file: FileDescriptor,
  count: number,
  start: number,
): number {
  let done = 0;
  for (let index = 0; index < count; index++) {
    const length = memory.lengths[index]!;
    if (length === 0) continue;
    try {
      done += vfs.write(file.ino, start + done, memory.bytes, memory.starts[index], length);
    } catch (error) {
      // What was written stays written; the guest meets the error at its next call.
      if (done > 0) break;
      throw error;
    }
  }
  return done;
}

function writeOutput(
  process: WasiProcess,
  file: OutputDescriptor,
  total: number,
  count: number,
  donePointer: number,
): number {
  const { memory, io } = process;
  for (let index = 0; index < count; index++) {
    const length = memory.lengths[index]!;
    for (let done = 0; done < length; done += OUTPUT_CHUNK_BYTES) {
      // A view: `write` copies what it keeps.
      io.write(
        file.stream,
        memory.range(memory.starts[index]! + done, Math.min(length - done, OUTPUT_CHUNK_BYTES)),
      );
      throwIfStopped(process);
    }
  }
  memory.setU32(donePointer, total);
  return abi.ERRNO_SUCCESS;
}

function readInput(
  process: WasiProcess,
  file: InputDescriptor,
  wanted: number,
  count: number,
  donePointer: number,
): number | Promise<number> {
  const { memory, stdin } = process;
  if (wanted === 0) {
    memory.setU32(donePointer, 0);
    return abi.ERRNO_SUCCESS;
  }
  const finish = (): number => {
    let done = 0;
    for (let index = 0; index < count; index++) {
      const length = memory.lengths[index]!;
      if (length === 0) continue;
      const got = stdin.take(memory.range(memory.starts[index]!, length));
      done += got;
      // Never asks again once something is there: a person's line is a whole answer.
      if (got < length || stdin.available === 0) break;
    }
    memory.setU32(donePointer, done);
    return abi.ERRNO_SUCCESS;
  };
  const waiting = stdin.ready(wanted);
  if (waiting === undefined) return finish();
  if ((file.flags & abi.FDFLAGS_NONBLOCK) !== 0) {
    waiting.catch(() => {});
    return abi.ERRNO_AGAIN;
  }
  if (!process.canSuspend) {
    waiting.catch(() => {});
    process.io.write("stderr", CANNOT_WAIT);
    return abi.ERRNO_NOTSUP;
  }
  return suspendUntil(process, waiting).then(finish);
}

const CANNOT_WAIT = new TextEncoder().encode(
  "sandglass: this program asked for input, but this host cannot suspend a module while a person types (no WebAssembly.Suspending)\n",
);
