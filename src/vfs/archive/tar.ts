import { type ParsedTarEntryWithData, packTar, type TarEntry, unpackTar } from "modern-tar";
import type { FileSystem } from "../filesystem.ts";
import { type ImportEntry, importEntries, invalidArchive, parseEntryPath } from "./import.ts";
import { contentOf, type ExportEntry, listForExport } from "./listing.ts";
import { checkTarTypes } from "./tar-types.ts";

/** 11 octal digits: what a USTAR header can date, to the year 2242. */
const MAX_SECONDS = 8 ** 11 - 1;
const NS_PER_SECOND = 1_000_000_000n;

/**
 * A tar of everything below a directory, or of one file. The same tree gives the same bytes on any host: entries are
 * sorted and belong to user 0; times are the real ones in whole seconds (UTC), so a fixed clock gives fixed bytes.
 * Directories (empty ones too), symlinks, hard links and modes are kept; names and targets of any length.
 *
 * @throws {VfsError} ENOENT.
 */
export async function exportTar(fs: FileSystem, path: string): Promise<Uint8Array> {
  return await packTar(listForExport(fs, path).map((entry) => toTarEntry(fs, entry)));
}

/**
 * Unpacks a tar below `path` (made if missing), whole or not at all.
 *
 * @returns Absolute paths of what was made or replaced, sorted.
 * @throws {SandboxError} `invalid-archive` naming the entry to blame: a path or link that leads out, a duplicate, a
 *   device, a sparse file, a truncated or corrupt entry, more than the quota has room for.
 */
export async function importTar(fs: FileSystem, path: string, bytes: Uint8Array): Promise<string[]> {
  checkTarTypes(bytes);
  const entries: ImportEntry[] = [];
  for (const parsed of await unpack(bytes)) {
    const entry = parseEntry(parsed);
    if (entry) entries.push(entry);
  }
  return importEntries(fs, path, entries);
}

function toTarEntry(fs: FileSystem, entry: ExportEntry): TarEntry {
  const { type, mode, size, mtimeNs } = entry.stat;
  const seconds = Math.min(Math.max(Number(mtimeNs / NS_PER_SECOND), 0), MAX_SECONDS);
  const header = { mode, mtime: new Date(seconds * 1000), uid: 0, gid: 0, size: 0 };
  if (entry.linkTo !== undefined) {
    return { header: { ...header, name: entry.path, type: "link", linkname: entry.linkTo } };
  }
  if (type === "directory") return { header: { ...header, name: `${entry.path}/`, type } };
  if (type === "symlink") {
    return { header: { ...header, name: entry.path, type, linkname: fs.readlink(entry.ino) } };
  }
  return { header: { ...header, name: entry.path, type, size }, body: contentOf(fs, entry) };
}

async function unpack(bytes: Uint8Array): Promise<ParsedTarEntryWithData[]> {
  try {
    return await unpackTar(bytes, { strict: true });
  } catch (error) {
    throw invalidArchive(
      `is corrupt: ${error instanceof Error ? error.message : String(error)}`,
      undefined,
      error,
    );
  }
}

function parseEntry({ header, data }: ParsedTarEntryWithData): ImportEntry | undefined {
  const { name, type = "file", linkname = "", mode = 0o644, pax = {}, mtime } = header;
  const path = parseEntryPath(name);
  for (const key of Object.keys(pax)) {
    // A length of its own could make this reader and `checkTarTypes` disagree about where the next header is.
    if (key === "size" || key.startsWith("GNU.sparse.")) {
      throw invalidArchive(`has the attribute ${key}, which cannot be read`, name);
    }
  }
  const mtimeNs = BigInt(Math.round((mtime?.getTime() || 0) / 1000)) * NS_PER_SECOND;
  if (path === undefined) {
    if (type !== "directory") throw invalidArchive("names the archive's own top", name);
    return undefined;
  }
  const base = { path, mode, mtimeNs, bytes: 0, target: "" };
  if (type === "directory") return { ...base, type };
  if (type === "symlink") return { ...base, type, target: checkText(linkname, name) };
  if (type === "link") return { ...base, type, target: parseEntryPath(linkname) ?? "" };
  if (type !== "file" || data === undefined) throw invalidArchive("is a device or a pipe", name);
  return { ...base, type, bytes: data.length, fill: (fs, ino) => fs.write(ino, 0, data) };
}

function checkText(target: string, name: string): string {
  if (target.includes("\ufffd")) throw invalidArchive("is a symlink whose target is not UTF-8", name);
  return target;
}
