import { SandboxError } from "../../errors.ts";
import type { WireTreeEntry } from "../../protocol/api.ts";
import { EntryTree } from "../entry-tree.ts";
import { Snapshot } from "../snapshot.ts";
import { GarbageCollector } from "./garbage.ts";
import { encodeManifest, invalid, type Manifest, parseManifest } from "./manifest.ts";
import { keyOfName, nameOfKey, parseSnapshotName } from "./names.ts";
import { encodePart, type Part, partOfChunk, rememberPart } from "./part.ts";
import type { StorePlace, StoreWrite } from "./place.ts";
import { readContents, readPart } from "./read-blobs.ts";

/** Fewer than this are no tree that a sandbox can hold. */
const MAX_ENTRIES = 200_000;
/** Parts that are read at once. */
const READ_AHEAD = 8;

/** Where snapshots are kept. */
export interface StoreOptions {
  /** On a server a folder, made when it is not there; it has no default. In a page a name (default "sandglass"). */
  location?: string | undefined;
}

/** One snapshot of a store. */
export interface StoredSnapshot {
  name: string;
  /** Milliseconds since 1970. */
  savedAtMs: number;
  /** Content of all files. What is stored may be less: equal contents are stored once. */
  bytes: number;
  /** Files and symlinks, directories not counted. */
  fileCount: number;
  /** Why it cannot be loaded, where that is known without reading it whole; the figures are 0 then. */
  damage?: string;
}

/** What a save wrote: no more than what the store did not have. */
export interface SavedSnapshot extends StoredSnapshot {
  writtenBytes: number;
  writtenCount: number;
}

/** What was removed because no snapshot needs it. */
export interface CollectedGarbage {
  removedBytes: number;
  removedCount: number;
}

/** How much a store takes. */
export interface StoreUsage {
  /** Everything it keeps, garbage included. */
  bytes: number;
  snapshotCount: number;
  /** How much more it could take, as far as the host tells. */
  availableBytes?: number;
}

/** Opens the place of a host. */
export type OpenPlace = (location: string | undefined) => Promise<StorePlace>;

/**
 * Snapshots that outlive the process: a folder on a server, the browser's private storage in a page. Contents are stored
 * once, by their SHA-256: a save writes what the store does not have yet. A save that is cut short, by a kill or a full
 * disk, leaves the snapshot of before; what nothing needs any more is removed by itself now and then.
 *
 * Several processes, or tabs, may use one store at a time.
 *
 * Every method throws `SandboxError` `storage-unavailable` when the place is denied or gone.
 */
export class SnapshotStoreCore {
  /** @internal Each host's entry point sets its own. */
  static readonly openPlace: OpenPlace = () => {
    throw new SandboxError("This build of the library has no storage", {
      code: "storage-unavailable",
      hint: 'Import SnapshotStore from "sandglass": the package names the entry for a browser or a server.',
    });
  };

  /**
   * Opens a store, and makes it where there is none.
   *
   * @throws {SandboxError} `storage-unavailable` saying why there can be none, `invalid-argument` for a wrong location.
   */
  static async open(options: StoreOptions = {}): Promise<SnapshotStoreCore> {
    return new this().#open(options);
  }

  #opened: { place: StorePlace; garbage: GarbageCollector } | undefined;
  /** Parts that are there with all they need, as long as nobody has collected garbage. */
  readonly #present = new Set<string>();
  #generation: string | undefined;

  /** @internal */
  protected constructor() {}

  async #open({ location }: StoreOptions): Promise<this> {
    const place = await (this.constructor as typeof SnapshotStoreCore).openPlace(location);
    this.#opened = { place, garbage: new GarbageCollector(place) };
    return this;
  }

  /** What it is kept in: a folder on a server; in a page OPFS, or IndexedDB where there is none. */
  get kind(): "folder" | "opfs" | "indexed-db" {
    return this.#place.kind;
  }

  /** The folder's full path, or the name in a page. */
  get location(): string {
    return this.#place.location;
  }

  /**
   * Stores a snapshot under a name, in place of the one that had it. When it resolves, the snapshot is safe; when it
   * throws, or never returns, the one of before is.
   *
   * @param name - 1 to 100 letters, digits, `.`, `_` and `-`.
   * @throws {SandboxError} `storage-full` with its numbers, after garbage was collected and it did still not fit.
   */
  async save(name: string, snapshot: Snapshot): Promise<SavedSnapshot> {
    const checked = parseSnapshotName(name);
    if (!(snapshot instanceof Snapshot)) {
      throw new SandboxError("Only a Snapshot can be stored", {
        code: "invalid-argument",
        hint: "Take one with sandbox.snapshot(), or read one with Snapshot.parse(bytes).",
      });
    }
    try {
      return await this.#saveAndTidy(checked, snapshot);
    } catch (error) {
      if (!(error instanceof SandboxError) || error.code !== "storage-full") throw error;
      // What the attempt has already written is garbage too.
      const { removedBytes } = await this.#garbage.collect().catch(() => ({ removedBytes: 0 }));
      if (removedBytes === 0) throw error;
      try {
        return await this.#saveAndTidy(checked, snapshot);
      } catch (again) {
        await this.#garbage.collect().catch(() => {});
        throw again;
      }
    }
  }

  /**
   * Reads a snapshot back, every hash checked.
   *
   * @returns undefined when there is none of this name.
   * @throws {SandboxError} `invalid-snapshot` naming the file that is missing or damaged, with its numbers.
   */
  async load(name: string): Promise<Snapshot | undefined> {
    const checked = parseSnapshotName(name);
    return this.#place.lock("reading", async () => {
      await this.#forgetCollected();
      const bytes = await this.#place.read("names", keyOfName(checked));
      return bytes && this.#read(parseManifest(bytes, checked));
    });
  }

  /** What is stored, sorted by name. A damaged snapshot says so and hides no other. */
  async list(): Promise<StoredSnapshot[]> {
    const found: StoredSnapshot[] = [];
    for (const { key } of await this.#place.list("names")) {
      const name = nameOfKey(key);
      if (name === undefined) continue;
      try {
        const bytes = await this.#place.read("names", key);
        // Otherwise it was removed meanwhile.
        if (bytes) found.push(describe(parseManifest(bytes, name)));
      } catch (error) {
        if (!(error instanceof SandboxError) || error.code !== "invalid-snapshot") throw error;
        found.push({ name, savedAtMs: 0, bytes: 0, fileCount: 0, damage: error.message });
      }
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Removes a snapshot, a damaged one too. True when there was one. */
  async remove(name: string): Promise<boolean> {
    const checked = parseSnapshotName(name);
    const removed = await this.#place.lock("writing", async () => {
      const key = keyOfName(checked);
      const old = await this.#readOld(key);
      if (old === undefined) return false;
      await this.#garbage.charge(tryParse(old, checked), undefined);
      await this.#place.remove("names", [key]);
      return true;
    });
    if (removed) await this.#garbage.collectWhenWorthIt();
    return removed;
  }

  /**
   * Removes what no snapshot needs. It happens by itself after a save or a removal, when it is worth its time.
   *
   * @throws {SandboxError} `invalid-snapshot` when a snapshot is so damaged that nobody can tell what it needs: nothing is
   *   removed then. `busy` when other processes are using the store all the time.
   */
  async collectGarbage(): Promise<CollectedGarbage> {
    return this.#garbage.collect();
  }

  async usage(): Promise<StoreUsage> {
    const names = await this.#place.list("names");
    const items = [...names, ...(await this.#place.list("blobs"))];
    const availableBytes = await this.#place.getAvailableBytes();
    return {
      bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
      snapshotCount: names.filter(({ key }) => nameOfKey(key) !== undefined).length,
      ...(availableBytes === undefined ? {} : { availableBytes }),
    };
  }

  /** Lets the place go. What is stored stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    const place = this.#opened?.place;
    this.#opened = undefined;
    await place?.close();
  }

  async #saveAndTidy(name: string, snapshot: Snapshot): Promise<SavedSnapshot> {
    const saved = await this.#place.lock("writing", () => this.#write(name, snapshot));
    await this.#garbage.collectWhenWorthIt();
    return saved;
  }

  /** Under the lock: no blob can go away between being found and being referred to. */
  async #write(name: string, snapshot: Snapshot): Promise<SavedSnapshot> {
    await this.#forgetCollected();
    const { tree } = snapshot;
    const parts: Part[] = [];
    const needed = new Map<string, { bytes: number; content: () => Promise<Uint8Array> | Uint8Array }>();
    for (const chunk of tree.chunks) {
      const { part, encoded } = await partOfChunk(chunk);
      parts.push(part);
      if (this.#present.has(part.sha256)) continue;
      const content = encoded ? () => encoded : () => encodePart(chunk);
      needed.set(part.sha256, { bytes: part.bytes, content });
      const entries = new Map(chunk.map((entry) => [entry.path, entry]));
      for (const { key, bytes, path } of part.contents) {
        needed.set(key, { bytes, content: () => entries.get(path)!.bytes! });
      }
    }
    const items = [...needed].map(([key, { bytes }]) => ({ key, bytes }));
    const writes: StoreWrite[] = [];
    for (const key of await this.#place.findMissing(items)) {
      writes.push({ space: "blobs", key, bytes: await needed.get(key)!.content() });
    }
    const manifest: Manifest = {
      name,
      savedAtMs: Date.now(),
      fileCount: tree.totals.fileCount,
      bytes: tree.totals.contentBytes,
      parts: parts.map(({ contents: _contents, ...part }) => part),
    };
    const key = keyOfName(name);
    const old = await this.#readOld(key);
    writes.push({ space: "names", key, bytes: encodeManifest(manifest) });
    await this.#place.write(writes);
    for (const part of parts) this.#present.add(part.sha256);
    if (old) await this.#garbage.charge(tryParse(old, name), manifest);
    return {
      ...describe(manifest),
      writtenBytes: writes.reduce((sum, { bytes }) => sum + bytes.length, 0),
      writtenCount: writes.length,
    };
  }

  async #read(manifest: Manifest): Promise<Snapshot> {
    const entryCount = manifest.parts.reduce((sum, part) => sum + part.entryCount, 0);
    if (entryCount > MAX_ENTRIES) {
      throw invalid(
        `The snapshot "${manifest.name}" says it has ${entryCount} entries; at most ${MAX_ENTRIES} are read`,
      );
    }
    const parts: Part[] = [];
    const entries: WireTreeEntry[] = [];
    const contents = new Map<string, Uint8Array>();
    for (let at = 0; at < manifest.parts.length; at += READ_AHEAD) {
      const some = manifest.parts.slice(at, at + READ_AHEAD);
      const read = await Promise.all(
        some.map((part, index) => readPart(this.#place, manifest, part, at + index)),
      );
      await readContents(
        this.#place,
        manifest,
        read.flatMap(({ part }) => part.contents),
        contents,
      );
      for (const { part, fill } of read) {
        parts.push(part);
        for (const entry of fill(contents)) {
          const before = entries.at(-1);
          if (before && before.path >= entry.path) {
            throw invalid(
              `The snapshot "${manifest.name}" is no file tree: "${entry.path}" stands after "${before.path}"`,
            );
          }
          entries.push(entry);
        }
      }
    }
    const tree = EntryTree.from(entries);
    const { fileCount, contentBytes } = tree.totals;
    if (fileCount !== manifest.fileCount || contentBytes !== manifest.bytes) {
      throw invalid(
        `The snapshot "${manifest.name}" has ${contentBytes} bytes in ${fileCount} files; ` +
          `it says ${manifest.bytes} in ${manifest.fileCount}`,
      );
    }
    remember(tree, parts);
    for (const part of parts) this.#present.add(part.sha256);
    return new Snapshot(tree);
  }

  /** A manifest that is to go: nobody minds what state it is in. */
  async #readOld(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#place.read("names", key);
    } catch (error) {
      if (error instanceof SandboxError && error.code === "invalid-snapshot") return new Uint8Array();
      throw error;
    }
  }

  /** What was known to be there may have been garbage to somebody else. */
  async #forgetCollected(): Promise<void> {
    const generation = await this.#garbage.readGeneration();
    if (generation !== undefined && generation === this.#generation) return;
    this.#present.clear();
    this.#generation = generation;
  }

  get #place(): StorePlace {
    return this.#use().place;
  }

  get #garbage(): GarbageCollector {
    return this.#use().garbage;
  }

  #use() {
    if (this.#opened) return this.#opened;
    throw new SandboxError("The store was closed", { code: "storage-unavailable", hint: "Open it again." });
  }
}

/** Stored again, a tree that was loaded costs no hashing: its chunks are the parts, unless another version cut them. */
function remember(tree: EntryTree, parts: readonly Part[]): void {
  const isSame =
    tree.chunks.length === parts.length &&
    tree.chunks.every((chunk, index) => chunk.length === parts[index]!.entryCount);
  if (!isSame) return;
  for (const [index, chunk] of tree.chunks.entries()) rememberPart(chunk, parts[index]!);
}

function tryParse(bytes: Uint8Array, name: string): Manifest | undefined {
  try {
    return parseManifest(bytes, name);
  } catch {
    return undefined;
  }
}

function describe({ name, savedAtMs, bytes, fileCount }: Manifest): StoredSnapshot {
  return { name, savedAtMs, bytes, fileCount };
}
