/**
 * What a place keeps: `blobs` by the SHA-256 of their bytes, never changed; `names`, each of which is replaced in one
 * step; and two small figures about the place itself.
 */
export type Space = "blobs" | "names" | "meta";

export type LockMode = "reading" | "writing" | "alone";

/** Something to be kept. Keys are made of `a-z 0-9 . _ + -` and have at most 220 characters. */
export interface StoreWrite {
  space: Space;
  key: string;
  bytes: Uint8Array;
}

/** Something that is kept, or should be, and its size. */
export interface StoredItem {
  key: string;
  bytes: number;
}

/**
 * A place for named bytes: a folder, a browser's private file system, a database. Whatever happens to the process in the
 * middle of a call, what was there before is there as it was, or replaced as a whole.
 *
 * Every method may throw `SandboxError` `storage-full` (and then nothing under a name has changed) or `storage-unavailable`.
 */
export interface StorePlace {
  readonly kind: "folder" | "opfs" | "indexed-db";
  /** A folder's path or a store's name, for messages. */
  readonly location: string;
  list(space: Space): Promise<StoredItem[]>;
  read(space: Space, key: string): Promise<Uint8Array | undefined>;
  /** The keys of those blobs that are not there in their full size. */
  findMissing(blobs: readonly StoredItem[]): Promise<string[]>;
  /** Keeps everything. All blobs are safe before the first name is replaced. */
  write(writes: readonly StoreWrite[]): Promise<void>;
  /** What is not there is no fault. */
  remove(space: Space, keys: readonly string[]): Promise<void>;
  /** Removes what interrupted writes have left behind. Only while the lock is held alone. */
  sweep(): Promise<{ removedCount: number; removedBytes: number }>;
  /**
   * Runs the work while nobody, in any process or tab, collects garbage here (`reading`, `writing`), or while nobody does
   * anything (`alone`). A holder that dies gives its lock back. Who may only read is let in where locks cannot be made.
   *
   * @throws {SandboxError} `busy` when the place did not become free.
   */
  lock<T>(mode: LockMode, work: () => Promise<T>): Promise<T>;
  /** Bytes that can still be kept, where that is known. */
  getAvailableBytes(): Promise<number | undefined>;
  close(): Promise<void>;
}
