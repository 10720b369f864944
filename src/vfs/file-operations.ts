import { FileContent } from "./content.ts";
import { VfsError } from "./errors.ts";
import type { Ino } from "./filesystem.ts";
import type { FileInode } from "./inode.ts";
import type { InodeTable } from "./inode-table.ts";
import { MAX_FILE_BYTES } from "./limits.ts";

/** @throws {VfsError} EISDIR, EINVAL for an offset that is no offset. */
export function readAt(table: InodeTable, ino: Ino, offset: number, target: Uint8Array): number {
  const file = table.requireFile(ino);
  checkOffset(offset);
  return file.content.read(offset, target);
}

/** @throws {VfsError} EISDIR, EINVAL, EROFS, EFBIG, ENOSPC; then nothing was written. */
export function writeAt(table: InodeTable, ino: Ino, offset: number, source: Uint8Array): number {
  const file = table.requireFile(ino);
  checkOffset(offset);
  table.requireWritable(file);
  if (source.length === 0) return 0;
  const size = Math.max(file.content.size, offset + source.length);
  changeContent(table, file, size, (own) => {
    table.writableContent(own, size).write(offset, source);
  });
  return source.length;
}

/** @throws {VfsError} EISDIR, EINVAL, EROFS, EFBIG, ENOSPC; then the file is as it was. */
export function truncateTo(table: InodeTable, ino: Ino, size: number): void {
  const file = table.requireFile(ino);
  checkOffset(size);
  table.requireWritable(file);
  changeContent(table, file, size, (own) => {
    table.writableContent(own, Math.min(size, own.content.size)).resize(size);
  });
}

/** Replaces a file's whole content by a copy of `bytes`; on refusal the old content is still there. */
export function replaceContent(table: InodeTable, ino: Ino, bytes: Uint8Array): void {
  const file = table.requireFile(ino);
  table.requireWritable(file);
  changeContent(table, file, bytes.length, (own) => {
    own.content = table.newContent(bytes.slice());
  });
}

function changeContent(
  table: InodeTable,
  file: FileInode,
  size: number,
  change: (own: FileInode) => void,
): void {
  const grownBytes = size - file.content.size;
  table.quota.check({ contentBytes: grownBytes });
  if (size > MAX_FILE_BYTES) {
    throw new VfsError("EFBIG", `A file of ${size} bytes is too large; the most is ${MAX_FILE_BYTES}`);
  }
  const own = table.writable(file);
  try {
    change(own);
  } catch (error) {
    // The engine has no memory for the buffer, though the quota would allow it. Nothing was changed.
    if (error instanceof RangeError) table.quota.refuse(`No memory for a file of ${size} bytes`, error);
    throw error;
  }
  table.quota.count({ contentBytes: grownBytes });
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
