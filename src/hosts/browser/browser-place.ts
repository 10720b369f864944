import type { StorePlace } from "../../client/store/place.ts";
import { SandboxError } from "../../errors.ts";
import { databaseName, openIndexedDbPlace } from "./indexed-db-place.ts";
import { hasOpfsStore, openOpfsPlace } from "./opfs-place.ts";
import { storageError } from "./storage-error.ts";

const DEFAULT_LOCATION = "sandglass";

/** The parts of a page that a store needs; a page may lack each of them. */
export interface BrowserStorage {
  storage: StorageManager | undefined;
  locks: LockManager | undefined;
  indexedDB: IDBFactory | undefined;
}

/**
 * Opens a store in the origin's private file system (OPFS), or in IndexedDB where there is none, or where a store of this
 * name is already.
 *
 * @throws {SandboxError} `invalid-argument` for a location that is no name, `storage-unavailable` saying why each is refused.
 */
export async function openBrowserPlace(
  location: string = DEFAULT_LOCATION,
  host: BrowserStorage = readGlobals(),
): Promise<StorePlace> {
  if (typeof location !== "string" || !/^[a-z0-9_-][a-z0-9._-]{0,99}$/.test(location)) {
    throw new SandboxError(`${JSON.stringify(location)} is no location for a store in a page`, {
      code: "invalid-argument",
      hint: "1 to 100 lower-case letters, digits, dots, hyphens and underscores make one; it is not a path.",
    });
  }
  const { storage, locks, indexedDB } = host;
  const refusals: string[] = [];
  if (hasPrivateFiles(storage) && locks) {
    try {
      const isElsewhere =
        !(await hasOpfsStore(storage, location)) && (await hasDatabase(indexedDB, location));
      if (!isElsewhere) return await openOpfsPlace(storage, locks, location);
    } catch (error) {
      refusals.push(`OPFS: ${(await storageError(error, location)).message}`);
    }
  } else refusals.push("OPFS: this page has none");
  try {
    if (indexedDB) return await openIndexedDbPlace(indexedDB, locks, location);
    refusals.push("IndexedDB: this page has none");
  } catch (error) {
    const told = await storageError(error, location);
    if (told.code === "storage-full") throw told;
    refusals.push(`IndexedDB: ${told.message}`);
  }
  throw new SandboxError(`This page can store nothing. ${refusals.join(". ")}`, {
    code: "storage-unavailable",
    hint: "The page needs an origin of its own and leave to store site data; sandboxed frames and private windows may have none.",
  });
}

/** Getting one of these throws in pages that may store nothing. */
function readGlobals(): BrowserStorage {
  return {
    storage: attempt(() => navigator.storage),
    locks: attempt(() => navigator.locks),
    indexedDB: attempt(() => indexedDB),
  };
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

/** Safari before 26 has private files that only a worker can write. */
function hasPrivateFiles(storage: StorageManager | undefined): storage is StorageManager {
  return (
    typeof storage?.getDirectory === "function" &&
    typeof FileSystemFileHandle === "function" &&
    "createWritable" in FileSystemFileHandle.prototype
  );
}

async function hasDatabase(indexedDB: IDBFactory | undefined, location: string): Promise<boolean> {
  const databases = (await indexedDB?.databases?.()) ?? [];
  return databases.some(({ name }) => name === databaseName(location));
}
