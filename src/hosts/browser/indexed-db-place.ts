import type { LockMode, Space, StoredItem, StorePlace, StoreWrite } from "../../client/store/place.ts";
import { estimate, telling } from "./storage-error.ts";
import { holdWebLock } from "./web-lock.ts";

const VERSION = 1;
/** Sizes by space and key: to list what is there, its bytes need not be read. */
const SIZES = "sizes";
const STORES = ["blobs", "names", "meta", SIZES] as const;
/** The one store of the database whose transactions are the lock. It holds nothing. */
const LOCK = "lock";

export const databaseName = (location: string) => `sandglass-store-1:${location}`;

/**
 * Keeps a store in a database, for pages without a private file system. What one save writes is one transaction.
 *
 * @param locks - Absent in pages without a secure context.
 * @throws {DOMException} when the browser refuses.
 */
export async function openIndexedDbPlace(
  factory: IDBFactory,
  locks: LockManager | undefined,
  location: string,
): Promise<StorePlace> {
  const name = databaseName(location);
  const database = await openDatabase(factory, name, STORES);
  // Apart from what is kept: while a transaction that may write is open, Chromium begins no other in its database.
  const lock = locks ?? (await openDatabase(factory, `${name}:lock`, [LOCK]));
  return new IndexedDbPlace(location, database, lock);
}

async function openDatabase(
  factory: IDBFactory,
  name: string,
  stores: readonly string[],
): Promise<IDBDatabase> {
  const request = factory.open(name, VERSION);
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store);
  };
  const database = await answerTo(request);
  // Whoever clears the site's data is not to wait for this tab.
  database.onversionchange = () => database.close();
  return database;
}

class IndexedDbPlace implements StorePlace {
  readonly kind = "indexed-db";
  readonly location: string;
  readonly #database: IDBDatabase;
  readonly #lock: LockManager | IDBDatabase;

  constructor(location: string, database: IDBDatabase, lock: LockManager | IDBDatabase) {
    this.location = location;
    this.#database = database;
    this.#lock = lock;
  }

  async list(space: Space): Promise<StoredItem[]> {
    return telling(this.location, async () => {
      const sizes = this.#begin([SIZES], "readonly").objectStore(SIZES);
      // Every key of the space: an array sorts behind all strings.
      const range = IDBKeyRange.bound([space], [space, []]);
      const [keys, values] = await Promise.all([
        answerTo(sizes.getAllKeys(range)),
        answerTo(sizes.getAll(range)),
      ]);
      return keys.map((key, index) => ({
        key: String((key as IDBValidKey[])[1]),
        bytes: Number(values[index]),
      }));
    });
  }

  async read(space: Space, key: string): Promise<Uint8Array | undefined> {
    return telling(this.location, async () => {
      const value: unknown = await answerTo(this.#begin([space], "readonly").objectStore(space).get(key));
      return value instanceof Uint8Array ? value : undefined;
    });
  }

  async findMissing(blobs: readonly StoredItem[]): Promise<string[]> {
    return telling(this.location, async () => {
      const sizes = this.#begin([SIZES], "readonly").objectStore(SIZES);
      const found = await Promise.all(blobs.map(({ key }) => answerTo(sizes.get(["blobs", key]))));
      return blobs.filter(({ bytes }, index) => found[index] !== bytes).map(({ key }) => key);
    });
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    const neededBytes = writes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return telling(
      this.location,
      async () => {
        const transaction = this.#begin(["blobs", "names", "meta", SIZES], "readwrite");
        const ended = endOf(transaction);
        try {
          for (const { space, key, bytes } of writes) {
            // A view would take its whole buffer along.
            const isWhole = bytes.length === bytes.buffer.byteLength;
            transaction.objectStore(space).put(isWhole ? bytes : bytes.slice(), key);
            transaction.objectStore(SIZES).put(bytes.length, [space, key]);
          }
        } catch (error) {
          ended.catch(() => {});
          transaction.abort();
          throw error;
        }
        await ended;
      },
      neededBytes,
    );
  }

  async remove(space: Space, keys: readonly string[]): Promise<void> {
    return telling(this.location, async () => {
      const transaction = this.#begin([space, SIZES], "readwrite");
      for (const key of keys) {
        transaction.objectStore(space).delete(key);
        transaction.objectStore(SIZES).delete([space, key]);
      }
      await endOf(transaction);
    });
  }

  /** A transaction that was cut short leaves nothing. */
  async sweep(): Promise<{ removedCount: number; removedBytes: number }> {
    return { removedCount: 0, removedBytes: 0 };
  }

  async lock<T>(mode: LockMode, work: () => Promise<T>): Promise<T> {
    const lock = this.#lock;
    return telling(this.location, () =>
      "request" in lock
        ? holdWebLock(lock, databaseName(this.location), mode, work)
        : holdTransaction(lock, mode, work),
    );
  }

  async getAvailableBytes(): Promise<number | undefined> {
    const { quota, usage } = await estimate();
    return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
  }

  async close(): Promise<void> {
    this.#database.close();
    if ("close" in this.#lock) this.#lock.close();
  }

  #begin(stores: readonly string[], mode: "readonly" | "readwrite"): IDBTransaction {
    return this.#database.transaction([...stores], mode, { durability: "strict" });
  }
}

/**
 * The lock of a page without Web Locks: a transaction is open for as long as it is asked for something, any number of
 * readers at a time or one writer, in all tabs; a tab that dies gives it back.
 */
async function holdTransaction<T>(database: IDBDatabase, mode: LockMode, work: () => Promise<T>): Promise<T> {
  const store = database.transaction([LOCK], mode === "alone" ? "readwrite" : "readonly").objectStore(LOCK);
  await answerTo(store.get(0));
  let isOver = false;
  const stayOpen = () => {
    if (!isOver) store.get(0).onsuccess = stayOpen;
  };
  stayOpen();
  try {
    return await work();
  } finally {
    isOver = true;
  }
}

function answerTo<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("Aborted", "AbortError"));
  });
}
