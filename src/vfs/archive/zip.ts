import { Inflate, inflateSync, Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { SandboxError } from "../../errors.ts";
import type { FileSystem, Ino } from "../filesystem.ts";
import { MAX_PATH_BYTES } from "../limits.ts";
import { crc32 } from "./crc32.ts";
import { type ImportEntry, importEntries, invalidArchive, parseEntryPath } from "./import.ts";
import { contentOf, type ExportEntry, listForExport } from "./listing.ts";
import { readZipDirectory, type ZipRecord } from "./zip-directory.ts";

/** Entries an end record without ZIP64 can count. */
const MAX_ENTRIES = 0xfffe;
const HOST_UNIX = 3;
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
/** Deflate makes at most 1,032 bytes of one: a piece becomes 16 MiB before its length is looked at. */
const INFLATE_PIECE_BYTES = 16 * 2 ** 10;
const SMALL_BYTES = 64 * 2 ** 10;

/**
 * A ZIP of everything below a directory, or of one file. The same names, modes and contents give the same bytes at any
 * time on any host: entries are sorted, and all are dated 1980-01-01, as ZIP's local times would differ by time zone.
 * Directories (empty ones too), symlinks and modes are kept; hard links become files of their own.
 *
 * @throws {VfsError} ENOENT. @throws {SandboxError} `file-too-large` past 65,534 entries.
 */
export function exportZip(fs: FileSystem, path: string): Uint8Array {
  const entries = listForExport(fs, path);
  if (entries.length > MAX_ENTRIES) {
    throw new SandboxError(`A ZIP holds ${MAX_ENTRIES} entries; there are ${entries.length}`, {
      code: "file-too-large",
      hint: "Export a tar archive instead.",
    });
  }
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const entry of entries) addEntry(zip, fs, entry);
  zip.end();
  return concat(chunks);
}

/**
 * Unpacks a ZIP below `path` (made if missing), whole or not at all.
 *
 * @returns Absolute paths of what was made or replaced, sorted.
 * @throws {SandboxError} `invalid-archive` naming the entry to blame: a path or symlink that leads out, a duplicate, a
 *   device, an encrypted or corrupt entry, more content than it declares or than the quota has room for.
 */
export function importZip(fs: FileSystem, path: string, bytes: Uint8Array): string[] {
  const entries: ImportEntry[] = [];
  for (const record of readZipDirectory(bytes)) {
    const entry = parseRecord(record);
    if (entry) entries.push(entry);
  }
  return importEntries(fs, path, entries);
}

function addEntry(zip: Zip, fs: FileSystem, entry: ExportEntry): void {
  const { type, mode } = entry.stat;
  const name = type === "directory" ? `${entry.path}/` : entry.path;
  const file = type === "file" ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
  const typeBits = type === "directory" ? S_IFDIR : type === "symlink" ? S_IFLNK : S_IFREG;
  file.os = HOST_UNIX;
  // The low byte repeats "directory" for readers that know DOS only.
  file.attrs = (((typeBits | mode) << 16) | (type === "directory" ? 0x10 : 0)) >>> 0;
  // fflate writes the local fields of the date, which for this one are the same in every time zone.
  file.mtime = new Date(1980, 0, 1);
  zip.add(file);
  if (type === "file") file.push(contentOf(fs, entry), true);
  else if (type === "symlink") file.push(new TextEncoder().encode(fs.readlink(entry.ino)), true);
  else file.push(new Uint8Array(0), true);
}

function parseRecord(record: ZipRecord): ImportEntry | undefined {
  const path = parseEntryPath(record.name);
  const typeBits = record.unixMode & S_IFMT;
  const isDirectory = record.name.endsWith("/") || typeBits === S_IFDIR;
  if (isDirectory && record.size > 0) throw invalidArchive("is a directory with content", record.name);
  if (isDirectory && typeBits !== 0 && typeBits !== S_IFDIR) {
    throw invalidArchive("is a file with the name of a directory", record.name);
  }
  if (path === undefined) return undefined;
  const base = { path, mtimeNs: record.mtimeNs, bytes: 0, target: "" };
  if (isDirectory) return { ...base, type: "directory", mode: record.unixMode || 0o755 };
  if (typeBits === S_IFLNK) return { ...base, type: "symlink", mode: 0o777, target: inflateTarget(record) };
  if (typeBits !== S_IFREG && typeBits !== 0) {
    throw invalidArchive("is a device, a pipe or a socket", record.name);
  }
  return {
    ...base,
    type: "file",
    mode: record.unixMode || 0o644,
    bytes: record.size,
    fill: (fs, ino) => fillFile(fs, ino, record),
  };
}

function fillFile(fs: FileSystem, ino: Ino, record: ZipRecord): void {
  let written = 0;
  inflate(record, (chunk) => {
    fs.write(ino, written, chunk);
    written += chunk.length;
  });
}

function inflateTarget(record: ZipRecord): string {
  if (record.size > MAX_PATH_BYTES) throw invalidArchive("is a symlink with a too long target", record.name);
  const bytes = new Uint8Array(record.size);
  let written = 0;
  inflate(record, (chunk) => {
    bytes.set(chunk, written);
    written += chunk.length;
  });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw invalidArchive("is a symlink whose target is not UTF-8", record.name, error);
  }
}

/** Hands the content on in pieces, never more than was declared, and checks its length and sum at the end. */
function inflate(record: ZipRecord, take: (chunk: Uint8Array) => void): void {
  let bytes = 0;
  let crc = 0;
  const onChunk = (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > record.size) {
      throw invalidArchive(`holds more than the ${record.size} bytes it declares`, record.name);
    }
    crc = crc32(chunk, crc);
    take(chunk);
  };
  if (record.method === 0) onChunk(record.data);
  else if (record.data.length <= INFLATE_PIECE_BYTES && record.size <= SMALL_BYTES)
    onChunk(inflateSmall(record));
  else pushAll(new Inflate(onChunk), record);
  if (bytes !== record.size) {
    throw invalidArchive(`holds ${bytes} bytes instead of the ${record.size} it declares`, record.name);
  }
  if (crc !== record.crc) throw invalidArchive("is corrupt: its checksum is wrong", record.name);
}

/** One more byte than declared shows that there is more; a stream's tables would cost 20 times as much per entry. */
function inflateSmall(record: ZipRecord): Uint8Array {
  // fflate hands `out` back untouched when there is nothing to inflate.
  if (record.data.length === 0) return record.data;
  try {
    return inflateSync(record.data, { out: new Uint8Array(record.size + 1) });
  } catch (error) {
    throw invalidArchive("is corrupt: it cannot be inflated", record.name, error);
  }
}

function pushAll(stream: Inflate, record: ZipRecord): void {
  const { data } = record;
  try {
    for (let start = 0; start === 0 || start < data.length; start += INFLATE_PIECE_BYTES) {
      const end = Math.min(start + INFLATE_PIECE_BYTES, data.length);
      stream.push(data.subarray(start, end), end === data.length);
    }
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    throw invalidArchive("is corrupt: it cannot be inflated", record.name, error);
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
