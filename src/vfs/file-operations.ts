import { FileContent } from "./content.ts";
import { VfsError } from "./errors.ts";
import type { Ino } from "./filesystem.ts";
import type { FileInode } from "./inode.ts";
import type { InodeTable } from "./inode-table.ts";
import { MAX_FILE_BYTES } from "./limits.ts";

/** @throws {VfsError} EISDIR, EINVAL for an offset that is no offset. */
export function readAt(
  table: InodeTable,
  ino: Ino,
  offset: number,
  target: Uint8Array,
  start: number,
  length: number,
): number {
  const file = table.requireFile(ino);
  checkOffset(offset);
  return file.content.read(offset, target, start, length);
}

/** @throws {VfsError} EISDIR, EINVAL, EROFS, EFBIG, ENOSPC; then nothing was written. */
export function writeAt(
  table: InodeTable,
  ino: Ino,
  offset: number,
  source: Uint8Array,
  start: number,
  length: number,
): number {
  const file = table.requireFile(ino);
  checkOffset(offset);
  table.requireWritable(file);
  if (length === 0) return 0;
  const size = Math.max(file.content.size, offset + length);
  const grownBytes = checkSize(table, file, size);
  const own = table.writable(file);
  try {
    table.writableContent(own).write(offset, source, start, length);
  } catch (error) {
    throw outOfMemory(table, size, error);
  }
  noteChange(table, own, grownBytes);
  return length;
}

/** @throws {VfsError} EISDIR, EINVAL, EROFS, EFBIG, ENOSPC; then the file is as it was. */
export function truncateTo(table: InodeTable, ino: Ino, size: number): void {
  const file = table.requireFile(ino);
  checkOffset(size);
  table.requireWritable(file);
  const grownBytes = checkSize(table, file, size);
  const own = table.writable(file);
  try {
    table.writableContent(own).resize(size);
  } catch (error) {
    throw outOfMemory(table, size, error);
  }
  noteChange(table, own, grownBytes);
}

/** Replaces a file's whole content by a copy of `bytes`; on refusal the old content is still there. */
export function replaceContent(table: InodeTable, ino: Ino, bytes: Uint8Array): void {
  const file = table.requireFile(ino);
  table.requireWritable(file);
  const grownBytes = checkSize(table, file, bytes.length);
  const own = table.writable(file);
  try {
    own.content = table.newContent(bytes.slice());
  } catch (error) {
    throw outOfMemory(table, bytes.length, error);
  }
  noteChange(table, own, grownBytes);
}

/** Bytes the file would grow by. @throws {VfsError} ENOSPC, EFBIG. */
function checkSize(table: InodeTable, file: FileInode, size: number): number {
  const grownBytes = size - file.content.size;
  if (grownBytes > 0) table.quota.checkContent(grownBytes);
  if (size > MAX_FILE_BYTES) {
    throw new VfsError("EFBIG", `A file of ${size} bytes is too large; the most is ${MAX_FILE_BYTES}`);
  }
  return grownBytes;
}

/** The engine has no memory for the buffer, though the quota would allow it. Nothing was changed. */
function outOfMemory(table: InodeTable, size: number, error: unknown): unknown {
  if (error instanceof RangeError) table.quota.refuse(`No memory for a file of ${size} bytes`, error);
  return error;
}

/** The last step of a change of content. */
function noteChange(table: InodeTable, own: FileInode, grownBytes: number): void {
  table.quota.countContent(grownBytes);
  const now = table.now();
  own.mtime = now;
  own.ctime = now;
  table.noteContent(own.ino, now);
}

/** Content for a new file that is made of bytes nobody else will write. */
export function adoptContent(bytes: Uint8Array): FileContent {
  // A short view would keep the long buffer it looks into alive.
  const isTight = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return new FileContent(isTight ? bytes : bytes.slice());
}

function checkOffset(offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new VfsError("EINVAL", `Not an offset in a file: ${offset}`);
  }
}
