import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { lookup } from "mrmime";
import type { FileInfo } from "../protocol/api.ts";
import type { FileSystem, TreeDelta } from "../vfs/filesystem.ts";

/** What a caller is told of one file; a symlink is described itself, not followed. */
export function getFileInfo(fs: FileSystem, path: string): FileInfo {
  const ino = fs.resolve(path, { follow: false });
  const stat = fs.stat(ino);
  return {
    path,
    name: path.slice(path.lastIndexOf("/") + 1),
    type: stat.type,
    bytes: stat.size,
    mode: stat.mode,
    modifiedMs: Number(stat.mtimeNs / 1000n) / 1000,
    ...(stat.type === "symlink" ? { target: fs.readlink(ino) } : {}),
  };
}

/** Files under a directory, sorted by path, directories before what is in them. Symlinks are not entered. */
export function listFiles(fs: FileSystem, path: string, depth: number): FileInfo[] {
  const found: FileInfo[] = [];
  const visit = (dir: string, left: number): void => {
    for (const entry of fs.readdir(fs.resolve(dir)).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const child = dir === "/" ? `/${entry.name}` : `${dir}/${entry.name}`;
      found.push(getFileInfo(fs, child));
      if (entry.type === "directory" && left > 1) visit(child, left - 1);
    }
  };
  visit(path, depth);
  return found;
}

/** Files that a run created or changed, hashed. /tmp is scratch and never an artifact. */
export async function listArtifacts(fs: FileSystem, changes: TreeDelta): Promise<FileInfo[]> {
  const artifacts: FileInfo[] = [];
  for (const entry of changes.entries) {
    if (entry.type !== "file" || entry.path.startsWith("/tmp/")) continue;
    const bytes = entry.bytes ?? fs.readFile(entry.path);
    artifacts.push({
      ...getFileInfo(fs, entry.path),
      sha256: await hash(bytes),
      mimeType: lookup(entry.path) ?? "application/octet-stream",
    });
  }
  return artifacts;
}

/** The browser's own SHA-256 where the page is a secure context; the same in JavaScript elsewhere. */
async function hash(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return bytesToHex(sha256(bytes));
  return bytesToHex(new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}
