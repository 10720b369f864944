import { VfsError } from "../errors.ts";
import type { FileSystem, Ino, Stat } from "../filesystem.ts";

/** One thing to be archived, under a path relative to what is exported. */
export interface ExportEntry {
  path: string;
  ino: Ino;
  stat: Stat;
  /** An earlier entry that is the same file. */
  linkTo: string | undefined;
}

/**
 * What an archive of a directory (or of one file, under its own name) holds: each directory followed by what is in it,
 * names in UTF-16 code unit order. The same tree gives the same list however it came to be. Symlinks are listed, never
 * followed below the top.
 */
export function listForExport(fs: FileSystem, path: string): ExportEntry[] {
  const top = fs.resolve(path);
  const topStat = fs.stat(top);
  if (topStat.type !== "directory") {
    const name = fs.pathOf(top).split("/").at(-1)!;
    return [{ path: name, ino: top, stat: topStat, linkTo: undefined }];
  }
  const entries: ExportEntry[] = [];
  const pending: ExportEntry[] = childrenOf(fs, top, "");
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    entries.push(entry);
    if (entry.stat.type === "directory") pending.push(...childrenOf(fs, entry.ino, `${entry.path}/`));
  }
  const first = new Map<Ino, string>();
  for (const entry of entries) {
    if (entry.stat.type === "directory" || entry.stat.nlink < 2) continue;
    entry.linkTo = first.get(entry.ino);
    if (entry.linkTo === undefined) first.set(entry.ino, entry.path);
  }
  return entries;
}

/** Last name first, as they are taken from the end of a stack. */
function childrenOf(fs: FileSystem, dir: Ino, prefix: string): ExportEntry[] {
  const children = fs.readdir(dir).map(({ name, ino }) => {
    return { path: prefix + name, ino, stat: fs.stat(ino), linkTo: undefined };
  });
  return children.reverse();
}

/** A copy of a file's whole content. */
export function contentOf(fs: FileSystem, entry: ExportEntry): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(entry.stat.size);
  const count = fs.read(entry.ino, 0, bytes);
  if (count !== bytes.length) throw new VfsError("EINVAL", `Read ${count} of ${bytes.length} bytes`);
  return bytes;
}
