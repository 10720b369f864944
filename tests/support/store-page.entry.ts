import { openIndexedDbPlace } from "../../src/hosts/browser/indexed-db-place.ts";
import { Sandbox, Snapshot, SnapshotStore } from "../../src/index.browser.ts";

/** What the page under test can do; called from the test by name. */
export interface StorePageApi {
  Sandbox: typeof Sandbox;
  Snapshot: typeof Snapshot;
  SnapshotStore: typeof SnapshotStore;
  /** The same on IndexedDB, although there is OPFS. */
  DatabaseStore: typeof SnapshotStore;
  /** A tree with many parts and some contents of their own; `seed` changes one of each. */
  treeOf(seed: number): Snapshot;
  /** Counts operations from now on; at the k-th, once it was begun, the page stands still. Returns the count so far. */
  stopAt(k: number): void;
  count(): number;
}

class DatabaseStore extends SnapshotStore {
  static override readonly openPlace = (location?: string) =>
    openIndexedDbPlace(indexedDB, navigator.locks, location ?? "sandglass");
}

let operations = 0;
let stopAtOperation = 0;

function treeOf(seed: number): Snapshot {
  const file = (path: string, bytes: Uint8Array) =>
    ({ path, type: "file", mode: 0o644, mtimeNs: 1n, bytes }) as const;
  const small = Array.from({ length: 200 }, (_, i) =>
    file(`/w/${i}`, new Uint8Array([i, i === 7 ? seed : 0])),
  );
  const large = [1, 2, 3].map((n) => file(`/w/big${n}`, new Uint8Array(200_000).fill(n === 2 ? seed : n)));
  return new Snapshot([...small, ...large]);
}

/** Makes every call of a method stand still once it was begun, when its turn comes. */
function watch(prototype: object | undefined, names: readonly string[]): void {
  for (const name of names) {
    const original = prototype && Reflect.get(prototype, name);
    if (!original) continue;
    Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args);
      operations += 1;
      if (operations === stopAtOperation) {
        const request = new XMLHttpRequest();
        request.open("POST", "/reached", false);
        request.send();
      }
      return result;
    });
  }
}

const api: StorePageApi = {
  Sandbox,
  Snapshot,
  SnapshotStore,
  DatabaseStore,
  treeOf,
  stopAt(k) {
    watch(globalThis.FileSystemDirectoryHandle?.prototype, ["getFileHandle", "removeEntry"]);
    watch(globalThis.FileSystemFileHandle?.prototype, ["createWritable"]);
    watch(globalThis.FileSystemWritableFileStream?.prototype, ["write", "close"]);
    watch(globalThis.IDBObjectStore?.prototype, ["put", "delete"]);
    operations = 0;
    stopAtOperation = k;
  },
  count: () => operations,
};
Object.assign(globalThis, { api });
