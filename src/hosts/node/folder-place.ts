import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { LockMode, Space, StoredItem, StorePlace, StoreWrite } from "../../client/store/place.ts";
import { SandboxError } from "../../errors.ts";
import { mapSome } from "../map-some.ts";
import { STORE_KEYS } from "../store-keys.ts";
import { FolderLock } from "./folder-lock.ts";
import { codeOf, getFreeBytes, storageError } from "./storage-error.ts";

/** Says that a folder is a store, and of which version. */
const LABEL_FILE = "sandglass-store";
const LABEL = "Snapshots of Sandglass, version 1\n";
/** Half-written files are here until they are whole and moved to their place; it is on the same disk. */
const TEMPORARY = "tmp";
const LOCKS = "locks";
const FOLDERS = ["blobs", "names", "meta", LOCKS, TEMPORARY] as const;
/** File operations at a time: a disk that is told of many writes together makes them safe together. */
const CONCURRENCY = 16;
/** The largest sandbox there can be has files of this size; a larger file is none of ours. */
const MAX_FILE_BYTES = 4 * 2 ** 30;

/**
 * Keeps a store in a folder. A file is written beside its place, made safe (`fsync`) and moved there, so that a reader,
 * a kill or a power cut finds the old one or the new one.
 *
 * @param location - The folder; made, for its owner alone, when it is not there.
 * @throws {SandboxError} `invalid-argument` when it holds something else, `storage-unavailable` when it cannot be used.
 */
export async function openFolderPlace(location: string | undefined): Promise<StorePlace> {
  if (typeof location !== "string" || location === "" || location.includes("\0")) {
    throw new SandboxError("A store on a server needs a folder", {
      code: "invalid-argument",
      hint: 'Name it: SnapshotStore.open({ location: "./snapshots" }).',
    });
  }
  const root = resolve(location);
  try {
    await openRoot(root);
  } catch (error) {
    throw await storageError(error, root, LABEL.length);
  }
  return new FolderPlace(root);
}

async function openRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const label = await readFile(join(root, LABEL_FILE), "utf8").catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
  if (label === undefined) {
    const others = (await readdir(root)).filter((name) => !(FOLDERS as readonly string[]).includes(name));
    if (others.length > 0 && !others.includes(LABEL_FILE)) {
      throw new SandboxError(`The folder "${root}" is no store: it holds "${others[0]}"`, {
        code: "invalid-argument",
        hint: "Name a folder that is empty, or that is not there yet.",
      });
    }
  } else if (label !== LABEL) {
    throw new SandboxError(`The store "${root}" is of a version that is not known here`, {
      code: "storage-unavailable",
      hint: `Its label reads ${JSON.stringify(label.slice(0, 100))}; use the version of Sandglass that made it, or another folder.`,
    });
  }
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
  // Last: a folder with a label is a whole store.
  if (label === undefined) await putFile(root, root, LABEL_FILE, new TextEncoder().encode(LABEL), true);
}

class FolderPlace implements StorePlace {
  readonly kind = "folder";
  readonly location: string;
  readonly #lock: FolderLock;

  constructor(root: string) {
    this.location = root;
    this.#lock = new FolderLock(join(root, LOCKS));
  }

  async list(space: Space): Promise<StoredItem[]> {
    return this.#telling(async () => {
      const names = (await readdir(this.#pathOf(space))).filter((name) => STORE_KEYS[space].test(name));
      const items = await mapSome(names, CONCURRENCY, async (key) => ({
        key,
        bytes: await this.#sizeOf(space, key),
      }));
      return items.filter((item): item is StoredItem => item.bytes !== undefined);
    });
  }

  async read(space: Space, key: string): Promise<Uint8Array | undefined> {
    return this.#telling(async () => {
      try {
        return await readWhole(this.#pathOf(space, key));
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error;
        // Not there; unless nothing is.
        await stat(join(this.location, LABEL_FILE));
        return undefined;
      }
    });
  }

  async findMissing(blobs: readonly StoredItem[]): Promise<string[]> {
    return this.#telling(async () => {
      const sizes = await mapSome(blobs, CONCURRENCY, ({ key }) => this.#sizeOf("blobs", key));
      return blobs.filter(({ bytes }, index) => sizes[index] !== bytes).map(({ key }) => key);
    });
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    const neededBytes = writes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return this.#telling(async () => {
      const put = ({ space, key, bytes }: StoreWrite) =>
        // Figures about the store may be lost; what is kept may not.
        putFile(this.location, this.#pathOf(space), key, bytes, space !== "meta");
      const blobs = writes.filter(({ space }) => space === "blobs");
      if (blobs.length > 0) {
        await mapSome(blobs, CONCURRENCY, put);
        await syncFolder(this.#pathOf("blobs"));
      }
      for (const write of writes) {
        if (write.space === "blobs") continue;
        await put(write);
        if (write.space === "names") await syncFolder(this.#pathOf("names"));
      }
    }, neededBytes);
  }

  async remove(space: Space, keys: readonly string[]): Promise<void> {
    return this.#telling(async () => {
      await mapSome(keys, CONCURRENCY, async (key) => {
        await unlink(this.#pathOf(space, key)).catch((error: unknown) => {
          if (codeOf(error) !== "ENOENT") throw error;
        });
      });
      await syncFolder(this.#pathOf(space));
    });
  }

  async sweep(): Promise<{ removedCount: number; removedBytes: number }> {
    return this.#telling(async () => {
      const folder = join(this.location, TEMPORARY);
      let removedCount = 0;
      let removedBytes = 0;
      for (const name of await readdir(folder)) {
        if (!/^[0-9a-f]{32}$/.test(name)) continue;
        const { size } = await stat(join(folder, name));
        await unlink(join(folder, name));
        removedCount += 1;
        removedBytes += size;
      }
      return { removedCount, removedBytes };
    });
  }

  async lock<T>(mode: LockMode, work: () => Promise<T>): Promise<T> {
    return this.#telling(() => this.#lock.hold(mode, work));
  }

  async getAvailableBytes(): Promise<number | undefined> {
    return getFreeBytes(this.location);
  }

  async close(): Promise<void> {}

  #pathOf(space: Space, key?: string): string {
    return key === undefined ? join(this.location, space) : join(this.location, space, key);
  }

  async #sizeOf(space: Space, key: string): Promise<number | undefined> {
    try {
      return (await stat(this.#pathOf(space, key))).size;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Failures of the disk as what they mean for a store. Anything else is a fault of ours and stays what it is. */
  async #telling<T>(work: () => Promise<T>, neededBytes?: number): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) === "" || error instanceof SandboxError) throw error;
      throw await storageError(error, this.location, neededBytes);
    }
  }
}

/** Writes a file that is there whole or not at all. */
async function putFile(
  root: string,
  folder: string,
  name: string,
  bytes: Uint8Array,
  mustLast: boolean,
): Promise<void> {
  const temporary = join(root, TEMPORARY, randomBytes(16).toString("hex"));
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      if (mustLast) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(folder, name));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  // Without NONBLOCK, a pipe that somebody put there would never open.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size > MAX_FILE_BYTES) {
      throw new SandboxError(`"${path}" is no file of a store: it has ${info.size} bytes`, {
        code: "invalid-snapshot",
        hint: "Remove it by hand.",
      });
    }
    const bytes = new Uint8Array(info.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length === bytes.length ? bytes : bytes.slice(0, length);
  } finally {
    await file.close();
  }
}

/** A move is safe once its folder is. Windows has no such thing, and refuses. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
