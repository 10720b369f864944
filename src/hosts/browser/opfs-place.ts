import type { LockMode, Space, StoredItem, StorePlace, StoreWrite } from "../../client/store/place.ts";
import { mapSome } from "../map-some.ts";
import { STORE_KEYS } from "../store-keys.ts";
import { estimate, nameOf, telling } from "./storage-error.ts";
import { holdWebLock } from "./web-lock.ts";

/** All stores of an origin; the digit is the format's version. */
const ROOT = "sandglass-stores-1";
const SPACES = ["blobs", "names", "meta"] as const;
/** A file that is replaced by others this often while it is read is not read. */
const MAX_READS = 50;
/** File operations at a time. */
const CONCURRENCY = 8;

/** Whether there is a store of this name. */
export async function hasOpfsStore(storage: StorageManager, location: string): Promise<boolean> {
  try {
    const root = await (await storage.getDirectory()).getDirectoryHandle(ROOT);
    await root.getDirectoryHandle(location);
    return true;
  } catch (error) {
    if (nameOf(error) === "NotFoundError") return false;
    throw error;
  }
}

/**
 * Keeps a store in the origin's private file system. `createWritable` writes beside the file and puts the whole in its
 * place when it is closed. A file that is new is there before that, empty: nothing of ours is, so an empty file counts as
 * none.
 *
 * @throws {DOMException} when the browser refuses.
 */
export async function openOpfsPlace(
  storage: StorageManager,
  locks: LockManager,
  location: string,
): Promise<StorePlace> {
  const root = await (await storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
  const folder = await root.getDirectoryHandle(location, { create: true });
  const open = async (space: Space) =>
    [space, await folder.getDirectoryHandle(space, { create: true })] as const;
  const folders = new Map(await Promise.all(SPACES.map(open)));
  return new OpfsPlace(location, folders, locks);
}

class OpfsPlace implements StorePlace {
  readonly kind = "opfs";
  readonly location: string;
  readonly #folders: ReadonlyMap<Space, FileSystemDirectoryHandle>;
  readonly #locks: LockManager;

  constructor(location: string, folders: ReadonlyMap<Space, FileSystemDirectoryHandle>, locks: LockManager) {
    this.location = location;
    this.#folders = folders;
    this.#locks = locks;
  }

  async list(space: Space): Promise<StoredItem[]> {
    return telling(this.location, async () => {
      const items: StoredItem[] = [];
      for await (const [key, handle] of this.#folder(space).entries()) {
        if (!STORE_KEYS[space].test(key) || handle.kind !== "file") continue;
        const bytes = await sizeOf(handle as FileSystemFileHandle);
        if (bytes > 0) items.push({ key, bytes });
      }
      return items;
    });
  }

  async read(space: Space, key: string): Promise<Uint8Array | undefined> {
    return telling(this.location, async () => {
      for (let attempt = 1; ; attempt += 1) {
        const file = await this.#find(space, key);
        if (!file || file.size === 0) return undefined;
        try {
          return new Uint8Array(await file.arrayBuffer());
        } catch (error) {
          // Another tab has put a new one in its place, or removed it, since it was found.
          const isReplaced = ["NotReadableError", "NotFoundError"].includes(nameOf(error));
          if (!isReplaced || attempt === MAX_READS) throw error;
        }
      }
    });
  }

  async findMissing(blobs: readonly StoredItem[]): Promise<string[]> {
    return telling(this.location, async () => {
      const sizes = await mapSome(
        blobs,
        CONCURRENCY,
        async ({ key }) => (await this.#find("blobs", key))?.size,
      );
      return blobs.filter(({ bytes }, index) => sizes[index] !== bytes).map(({ key }) => key);
    });
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    const neededBytes = writes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const put = async ({ space, key, bytes }: StoreWrite) => {
      const handle = await this.#folder(space).getFileHandle(key, { create: true });
      const stream = await handle.createWritable();
      try {
        await stream.write(bytes as Uint8Array<ArrayBuffer>);
        await stream.close();
      } catch (error) {
        // It has failed already when the disk is full; else its copy would stay open.
        await stream.abort().catch(() => {});
        throw error;
      }
    };
    return telling(
      this.location,
      async () => {
        await mapSome(
          writes.filter(({ space }) => space === "blobs"),
          CONCURRENCY,
          put,
        );
        for (const write of writes) if (write.space !== "blobs") await put(write);
      },
      neededBytes,
    );
  }

  async remove(space: Space, keys: readonly string[]): Promise<void> {
    return telling(this.location, async () => {
      await mapSome(keys, CONCURRENCY, (key) => this.#removeEntry(space, key));
    });
  }

  /** Files that were made and never filled, and the copies beside them that were never put in their place. */
  async sweep(): Promise<{ removedCount: number; removedBytes: number }> {
    return telling(this.location, async () => {
      let removedCount = 0;
      let removedBytes = 0;
      for (const space of SPACES) {
        const left: [string, number][] = [];
        for await (const [key, handle] of this.#folder(space).entries()) {
          if (handle.kind !== "file") continue;
          const bytes = await sizeOf(handle as FileSystemFileHandle);
          if (bytes === 0 || key.endsWith(".crswap")) left.push([key, bytes]);
        }
        for (const [key, bytes] of left) {
          await this.#removeEntry(space, key);
          removedCount += 1;
          removedBytes += bytes;
        }
      }
      return { removedCount, removedBytes };
    });
  }

  async lock<T>(mode: LockMode, work: () => Promise<T>): Promise<T> {
    return telling(this.location, () => holdWebLock(this.#locks, `${ROOT}/${this.location}`, mode, work));
  }

  async getAvailableBytes(): Promise<number | undefined> {
    const { quota, usage } = await estimate();
    return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
  }

  async close(): Promise<void> {}

  #folder(space: Space): FileSystemDirectoryHandle {
    return this.#folders.get(space)!;
  }

  async #find(space: Space, key: string): Promise<File | undefined> {
    const folder = this.#folder(space);
    try {
      return await (await folder.getFileHandle(key)).getFile();
    } catch (error) {
      if (nameOf(error) !== "NotFoundError") throw error;
      // Not there; unless nothing is: a folder that is gone cannot be read.
      await folder.keys().next();
      return undefined;
    }
  }

  async #removeEntry(space: Space, key: string): Promise<void> {
    try {
      await this.#folder(space).removeEntry(key);
    } catch (error) {
      if (nameOf(error) !== "NotFoundError") throw error;
      await this.#folder(space).keys().next();
    }
  }
}

/** A file that goes away while it is looked at has no size. */
async function sizeOf(handle: FileSystemFileHandle): Promise<number> {
  try {
    return (await handle.getFile()).size;
  } catch (error) {
    if (nameOf(error) === "NotFoundError") return 0;
    throw error;
  }
}
