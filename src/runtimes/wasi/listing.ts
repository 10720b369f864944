import type { DirEntry, FileSystem } from "../../vfs/filesystem.ts";
import { abi } from "./abi.ts";
import { type DirectoryDescriptor, FILE_TYPES, type ListedEntry } from "./descriptors.ts";
import { encode, type GuestMemory } from "./memory.ts";

const DIRENT_BYTES = 24;
/**
 * Entries held for all open directories together: twice what the filesystem may store, so that any honest program keeps
 * its place, and 1,024 descriptors on one huge directory do not hold it 1,024 times.
 */
const HELD_ENTRIES_MAX = 200_000;

/** The listings that open directories are read from. */
export class Listings {
  readonly #vfs: FileSystem;
  /** Oldest first. */
  readonly #held = new Set<DirectoryDescriptor>();
  readonly #maxEntries: number;
  #entries = 0;

  constructor(vfs: FileSystem, maxEntries = HELD_ENTRIES_MAX) {
    this.#vfs = vfs;
    this.#maxEntries = maxEntries;
  }

  /** The directory's entries as they were when its reading began, or now when it begins (again). */
  of(dir: DirectoryDescriptor, isStart: boolean): readonly ListedEntry[] {
    if (!isStart && dir.listing !== undefined) return dir.listing;
    this.#drop(dir);
    const listing = list(this.#vfs, dir);
    dir.listing = listing;
    this.#held.add(dir);
    this.#entries += listing.length;
    for (const oldest of this.#held) {
      if (this.#entries <= this.#maxEntries || oldest === dir) break;
      this.#drop(oldest);
    }
    return listing;
  }

  #drop(dir: DirectoryDescriptor): void {
    if (!this.#held.delete(dir)) return;
    this.#entries -= dir.listing?.length ?? 0;
    dir.listing = undefined;
  }
}

/** A directory's entries now, in the order of their names: the same tree lists the same on every host. */
function list(vfs: FileSystem, dir: DirectoryDescriptor): ListedEntry[] {
  const entries = vfs.readdir(dir.ino).map(
    (entry: DirEntry): ListedEntry => ({
      name: entry.name,
      ino: entry.ino,
      fileType: FILE_TYPES[entry.type],
    }),
  );
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const isDots = (entry: ListedEntry): boolean => entry.name === "." || entry.name === "..";
  const parent = dir.preopenName === undefined ? parentOf(vfs, dir) : dir.ino;
  return [
    { name: ".", ino: dir.ino, fileType: abi.FILETYPE_DIRECTORY },
    { name: "..", ino: parent, fileType: abi.FILETYPE_DIRECTORY },
    ...entries.filter((entry) => !isDots(entry)),
  ];
}

/** The directory above; itself for one that was removed. */
function parentOf(vfs: FileSystem, dir: DirectoryDescriptor): number {
  try {
    return vfs.lookup(dir.ino, "..");
  } catch {
    return dir.ino;
  }
}

/** Writes entries from `cookie` on until the buffer is full; the last may be cut, by which a guest knows there is more. */
export function writeEntries(
  memory: GuestMemory,
  listing: readonly ListedEntry[],
  cookie: bigint,
  pointer: number,
  length: number,
): number {
  if (cookie >= BigInt(listing.length)) return 0;
  const head = new Uint8Array(DIRENT_BYTES);
  const view = new DataView(head.buffer);
  let used = 0;
  for (let index = Number(cookie); index < listing.length && used < length; index++) {
    const entry = listing[index]!;
    const name = encode(entry.name);
    view.setUint32(0, index + 1, true);
    view.setUint32(8, entry.ino >>> 0, true);
    view.setUint32(12, Math.floor(entry.ino / 2 ** 32), true);
    view.setUint32(16, name.length, true);
    view.setUint8(20, entry.fileType);
    used += put(memory, pointer + used, length - used, head);
    used += put(memory, pointer + used, length - used, name);
  }
  return used;
}

function put(memory: GuestMemory, pointer: number, room: number, bytes: Uint8Array): number {
  const length = Math.min(room, bytes.length);
  memory.range(pointer, length).set(length === bytes.length ? bytes : bytes.subarray(0, length));
  return length;
}
