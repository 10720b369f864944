import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import type { WireTreeEntry } from "../../protocol/api.ts";
import { FileImage } from "../file-image.ts";
import { Snapshot } from "../snapshot.ts";
import { hashOf } from "./hash.ts";
import { encodeManifest, type Manifest } from "./manifest.ts";
import type { StorePlace } from "./place.ts";
import { type OpenPlace, SnapshotStoreCore } from "./snapshot-store.ts";

export interface StoreHost {
  kind: StorePlace["kind"];
  openPlace: OpenPlace;
  /** A location that nobody has used before. */
  createLocation(): string;
}

const file = (path: string, content: string | Uint8Array, mtimeNs = 1n): WireTreeEntry => ({
  path,
  type: "file",
  mode: 0o644,
  mtimeNs,
  bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
});
/** Bytes that differ for each seed. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1)
    bytes[i] = (Math.imul(i + 1, 2654435761) ^ Math.imul(seed + 7, 40503)) >>> 11;
  return bytes;
}
const sources = (count: number) =>
  Array.from({ length: count }, (_, i) => file(`/workspace/d${i % 9}/f${i}.py`, `print(${i})\n`));

/** Everything a tree can hold, with contents in their part and in blobs of their own. */
const TREE: readonly WireTreeEntry[] = [
  { path: "/w", type: "directory", mode: 0o755, mtimeNs: 1_767_225_600_123_456_789n },
  file("/w/big.bin", noise(10_000, 1)),
  file("/w/empty", ""),
  { path: "/w/link", type: "file", mode: 0o600, mtimeNs: 3n, linkTo: "/w/big.bin" },
  file("/w/same.bin", noise(10_000, 1), -5n),
  file("/w/small", "é\0"),
  { path: "/w/ß", type: "symlink", mode: 0o777, mtimeNs: 0n, target: "../nowhere" },
];

/** What every place for snapshots has to do. */
export function snapshotStoreContract({ kind, openPlace, createLocation }: StoreHost): void {
  const Store = class extends SnapshotStoreCore {
    static override readonly openPlace = openPlace;
  };
  const openStore = (location = createLocation()) => Store.open({ location });
  /** A store, and its place to do harm to it. */
  const openBoth = async () => {
    const location = createLocation();
    return { store: await openStore(location), place: await openPlace(location), location };
  };
  const codeOf = async (work: Promise<unknown>) =>
    work.then(
      () => "no error",
      (error) => `${error.code}: ${error.message}`,
    );

  describe(`a store (${kind})`, () => {
    test("is empty at first, and says what it is", async () => {
      const location = createLocation();
      const store = await openStore(location);
      expect({
        kind: store.kind,
        isHere: store.location.endsWith(location),
        list: await store.list(),
        loaded: await store.load("none"),
        removed: await store.remove("none"),
        collected: await store.collectGarbage(),
      }).toEqual({
        kind,
        isHere: true,
        list: [],
        loaded: undefined,
        removed: false,
        collected: { removedBytes: 0, removedCount: 0 },
      });
    });

    test("gives back what was stored, byte for byte, also after it was closed and opened again", async () => {
      const location = createLocation();
      const snapshot = new Snapshot(TREE);
      const store = await openStore(location);
      const beforeMs = Date.now();
      const saved = await store.save("Tree-1.a_b", snapshot);
      expect({ ...saved, savedAtMs: saved.savedAtMs >= beforeMs && saved.savedAtMs <= Date.now() }).toEqual({
        name: "Tree-1.a_b",
        savedAtMs: true,
        bytes: 20_003,
        fileCount: 6,
        // The content that two files share, a part or two, the manifest.
        writtenBytes: saved.writtenBytes,
        writtenCount: snapshot.tree.chunks.length + 2,
      });
      expect(saved.writtenBytes).toBeLessThan(12_000);
      await store[Symbol.asyncDispose]();
      const again = await openStore(location);
      const loaded = await again.load("Tree-1.a_b");
      expect(loaded?.entries).toEqual(TREE);
      expect(loaded?.bytes).toEqual(snapshot.bytes);
    });

    test("holds an empty tree", async () => {
      const store = await openStore();
      await store.save("empty", new Snapshot([]));
      expect((await store.load("empty"))?.entries).toEqual([]);
    });

    test("replaces a name, keeps names apart that differ in capitals only, lists and removes them", async () => {
      const store = await openStore();
      await store.save("a", new Snapshot([file("/a", "old")]));
      await store.save("A", new Snapshot([file("/a", "other"), file("/b", "")]));
      await store.save("a", new Snapshot([file("/a", "new!")]));
      const list = await store.list();
      expect(list.map(({ savedAtMs: _, ...rest }) => rest)).toEqual([
        { name: "A", bytes: 5, fileCount: 2 },
        { name: "a", bytes: 4, fileCount: 1 },
      ]);
      expect((await store.load("a"))?.entries).toEqual([file("/a", "new!")]);
      expect([await store.remove("a"), await store.remove("a")]).toEqual([true, false]);
      expect([await store.load("a"), (await store.load("A"))?.fileCount]).toEqual([undefined, 2]);
      expect((await store.usage()).snapshotCount).toBe(1);
    });

    test("reads what is being replaced as the old or the new, whole and without a gap", async () => {
      const { place } = await openBoth();
      const write = (seed: number) =>
        place.write([{ space: "names", key: "s-a", bytes: new Uint8Array(30_000).fill(seed) }]);
      await write(0);
      let isDone = false;
      const writing = (async () => {
        for (let seed = 1; seed < 60; seed += 1) await write(seed);
        isDone = true;
      })();
      const found = new Set<string>();
      const read = async () => {
        while (!isDone) {
          const bytes = await place.read("names", "s-a");
          found.add(bytes?.every((byte) => byte === bytes[0]) ? `whole ${bytes.length}` : "not whole");
        }
      };
      await Promise.all([writing, read(), read(), read()]);
      expect([...found]).toEqual(["whole 30000"]);
    });

    test.each([[""], ["a".repeat(101)], ["../up"], ["a/b"], [".hidden"], ["é"], ["a b"], ["a\0"], [7]])(
      "refuses the name %j",
      async (name) => {
        const store = await openStore();
        const refused = expect.objectContaining({ code: "invalid-argument" });
        await expect(store.save(name as string, new Snapshot([]))).rejects.toEqual(refused);
        await expect(store.load(name as string)).rejects.toEqual(refused);
        await expect(store.remove(name as string)).rejects.toEqual(refused);
      },
    );

    test("takes the names that are devices or options elsewhere, and the longest", async () => {
      const store = await openStore();
      const names = ["-rf", "A".repeat(100), "CON", "con", "nul.txt"];
      for (const name of names) await store.save(name, new Snapshot([file("/a", name)]));
      expect((await store.list()).map(({ name }) => name)).toEqual(names);
      expect((await store.load("con"))?.entries).toEqual([file("/a", "con")]);
    });

    test("refuses what is no snapshot, and everything once it was closed", async () => {
      const store = await openStore();
      await expect(store.save("a", {} as Snapshot)).rejects.toThrow(
        expect.objectContaining({ code: "invalid-argument" }),
      );
      await store[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      expect(await codeOf(store.list())).toBe("storage-unavailable: The store was closed");
    });
  });

  describe(`what a save costs (${kind})`, () => {
    test("is the part that changed and the manifest, in a tree of a thousand files", async () => {
      const store = await openStore();
      const image = new FileImage(2 ** 30, sources(1000));
      const first = await store.save("a", new Snapshot(image.tree));
      image.apply({ removed: [], entries: [file("/workspace/d5/f5.py", "print('changed')\n", 2n)] });
      const second = await store.save("a", new Snapshot(image.tree));
      expect([second.writtenCount, second.writtenBytes < first.writtenBytes / 4]).toEqual([2, true]);
      expect((await store.save("b", new Snapshot(image.tree))).writtenCount).toBe(1);
      expect((await store.load("a"))?.bytes).toEqual(new Snapshot([...image.entries()]).bytes);
    });

    test("does not depend on who made the tree: equal parts are found by their content", async () => {
      const location = createLocation();
      await (await openStore(location)).save("a", new Snapshot(sources(300)));
      const store = await openStore(location);
      expect((await store.save("b", new Snapshot(sources(300)))).writtenCount).toBe(1);
      const loaded = await store.load("a");
      expect((await (await openStore(location)).save("c", loaded!)).writtenCount).toBe(1);
    });

    test("is a large content once, however many files and snapshots have it", async () => {
      const store = await openStore();
      await store.save("a", new Snapshot([file("/a", noise(50_000, 2))]));
      const saved = await store.save("b", new Snapshot([file("/b", noise(50_000, 2)), file("/c", "")]));
      expect(saved.writtenBytes).toBeLessThan(2000);
      expect((await store.usage()).bytes).toBeLessThan(53_000);
    });
  });

  describe(`garbage (${kind})`, () => {
    test("is what no snapshot needs, and nothing else", async () => {
      const store = await openStore();
      await store.save("keep", new Snapshot([file("/same", noise(9000, 1)), file("/own", noise(9000, 2))]));
      await store.save("drop", new Snapshot([file("/same", noise(9000, 1)), file("/gone", noise(9000, 3))]));
      await store.remove("drop");
      const { removedBytes, removedCount } = await store.collectGarbage();
      expect([removedCount, removedBytes > 9000 && removedBytes < 10_000]).toEqual([2, true]);
      expect((await store.load("keep"))?.fileCount).toBe(2);
      await store.remove("keep");
      await store.collectGarbage();
      expect(await store.usage()).toMatchObject({ bytes: 0, snapshotCount: 0 });
    });

    test("is collected by itself when there is much of it", async () => {
      const store = await openStore();
      for (let round = 0; round < 8; round += 1) {
        await store.save("a", new Snapshot([file("/a", noise(2 ** 20, round))]));
      }
      expect((await store.usage()).bytes).toBeLessThan(5.5 * 2 ** 20);
      const loaded = await store.load("a");
      expect(await hashOf(loaded!.entries[0]!.bytes!)).toBe(await hashOf(noise(2 ** 20, 7)));
    });

    test("that another one has collected is written again", async () => {
      const location = createLocation();
      const [store, other] = [await openStore(location), await openStore(location)];
      const snapshot = new Snapshot([file("/a", noise(9000, 1))]);
      await store.save("a", snapshot);
      await other.remove("a");
      expect((await other.collectGarbage()).removedCount).toBe(2);
      await store.save("a", snapshot);
      expect((await other.load("a"))?.bytes).toEqual(snapshot.bytes);
    });

    test("is never what a save of somebody else is about to need", async () => {
      const location = createLocation();
      const collector = await openStore(location);
      const failures: unknown[] = [];
      const save = async (seed: number) => {
        const store = await openStore(location);
        for (let round = 0; round < 12; round += 1) {
          // The same few contents come and go, so that one's garbage is what another finds already there.
          const snapshot = new Snapshot([file("/a", noise(5000, round % 3)), file("/b", String(round % 2))]);
          await store.save(`s${seed}`, snapshot);
          const loaded = await store.load(`s${seed}`);
          if (loaded?.fileCount !== 2) failures.push(round);
          if (round % 2 === 1) await store.remove(`s${seed}`);
        }
      };
      let isDone = false;
      const collecting = (async () => {
        while (!isDone) await collector.collectGarbage();
      })();
      await Promise.all([save(1), save(2)]);
      isDone = true;
      await collecting;
      expect(failures).toEqual([]);
    });
  });

  describe(`damage (${kind})`, () => {
    const key = "s-a";
    const saveTree = async () => {
      const both = await openBoth();
      await both.store.save("a", new Snapshot([file("/small", "s"), file("/big", noise(9000, 1))]));
      await both.store.save("b", new Snapshot([file("/other", "o")]));
      const manifest = (await both.place.read("names", key))!;
      return { ...both, manifest };
    };

    test("of a manifest is told, hides no other snapshot, and is mended by a save or a removal", async () => {
      const { store, place, manifest } = await saveTree();
      const edited = manifest.slice();
      edited[edited.length - 1]! ^= 1;
      const newer = manifest.slice();
      newer[7] = 0x32;
      const cases: [Uint8Array, string][] = [
        [manifest.slice(0, 20), 'The snapshot "a" is cut short: its manifest has 20 of at least 41 bytes'],
        [
          manifest.slice(0, -1),
          `The snapshot "a" was cut short or edited: the SHA-256 of its manifest of ${manifest.length - 1} bytes is not the one it carries`,
        ],
        [
          edited,
          `The snapshot "a" was cut short or edited: the SHA-256 of its manifest of ${manifest.length} bytes is not the one it carries`,
        ],
        [newer, 'The snapshot "a" is kept in a format that is not known here'],
        [(await place.read("names", "s-b"))!, 'The snapshot "a" was moved: its manifest is the one of "b"'],
      ];
      for (const [bytes, message] of cases) {
        await place.write([{ space: "names", key, bytes }]);
        expect(await codeOf(store.load("a"))).toBe(`invalid-snapshot: ${message}`);
        const [damaged, other] = await store.list();
        expect(damaged).toEqual({ name: "a", savedAtMs: 0, bytes: 0, fileCount: 0, damage: message });
        expect(other?.name).toBe("b");
        expect(await codeOf(store.collectGarbage())).toBe(
          `invalid-snapshot: Nothing was removed, because nobody can tell what is still needed. ${message}`,
        );
      }
      await store.save("a", new Snapshot([file("/a", "mended")]));
      expect((await store.load("a"))?.entries).toEqual([file("/a", "mended")]);
      await place.write([{ space: "names", key, bytes: newer }]);
      expect(await store.remove("a")).toBe(true);
      await store.collectGarbage();
      expect((await store.load("b"))?.fileCount).toBe(1);
    });

    test("of a content is told by its path, with its numbers; a save writes what is missing again", async () => {
      const { store, place, location } = await saveTree();
      const content = noise(9000, 1);
      const contentKey = await hashOf(content);
      await place.write([{ space: "blobs", key: contentKey, bytes: content.map((byte) => byte ^ 1) }]);
      expect(await codeOf(store.load("a"))).toBe(
        'invalid-snapshot: The content of "/big" in the snapshot "a" is damaged: its 9000 bytes do not have the SHA-256 they were stored with',
      );
      await place.write([{ space: "blobs", key: contentKey, bytes: content.slice(0, 100) }]);
      expect(await codeOf(store.load("a"))).toBe(
        'invalid-snapshot: The content of "/big" in the snapshot "a" is damaged: it has 100 of 9000 bytes',
      );
      await place.remove("blobs", [contentKey]);
      expect(await codeOf(store.load("a"))).toBe(
        'invalid-snapshot: The content of "/big" in the snapshot "a" is missing: its 9000 bytes are no longer stored',
      );
      const saved = await (await openStore(location)).save(
        "c",
        new Snapshot([file("/small", "s"), file("/big", content)]),
      );
      expect(saved.writtenCount).toBe(2);
      expect((await store.load("a"))?.fileCount).toBe(2);
    });

    test("of a part is told with its numbers, and nothing is collected on its account", async () => {
      const { store, place, location } = await saveTree();
      const content = await hashOf(noise(9000, 1));
      const [part] = (await place.list("blobs")).filter(({ key, bytes }) => key !== content && bytes > 120);
      const name = 'Part 1 of 1 of the snapshot "a", with 2 entries,';
      const whole = (await place.read("blobs", part!.key))!;
      await place.write([{ space: "blobs", key: part!.key, bytes: whole.slice(1) }]);
      expect(await codeOf(store.load("a"))).toBe(
        `invalid-snapshot: ${name} is damaged: it has ${whole.length - 1} of ${whole.length} bytes`,
      );
      await place.remove("blobs", [part!.key]);
      const missing = `${name} is missing: its ${whole.length} bytes are no longer stored`;
      expect(await codeOf(store.load("a"))).toBe(`invalid-snapshot: ${missing}`);
      expect(await codeOf((await openStore(location)).collectGarbage())).toBe(
        `invalid-snapshot: Nothing was removed, because nobody can tell what is still needed. ${missing}`,
      );
      expect((await store.load("b"))?.fileCount).toBe(1);
    });

    /** Stores what an attacker with access to the disk would: everything hashed as it should be. */
    const forge = async (entries: unknown, change: Partial<Manifest> = {}) => {
      const { store, place } = await openBoth();
      const bytes = encode(entries, { useBigInt64: true, ignoreUndefined: true });
      const sha256 = await hashOf(bytes);
      const entryCount = Array.isArray(entries) ? entries.length : 1;
      const part = { sha256, bytes: bytes.length, entryCount, blobBytes: 0 };
      const manifest = { name: "a", savedAtMs: 1, fileCount: 1, bytes: 1, parts: [part], ...change };
      await place.write([
        { space: "blobs", key: sha256, bytes },
        { space: "names", key, bytes: encodeManifest(manifest) },
      ]);
      return { load: () => codeOf(store.load("a")), part };
    };
    const plain = file("/a", "x");

    test.each<[string, unknown, Partial<Manifest>]>([
      ["a path that climbs out", [{ ...plain, path: "/w/../../etc/passwd" }], {}],
      ["a part that is no list", { length: 1 }, {}],
      ["an entry that is none", [7], {}],
      ["an entry with more than it may have", [{ ...plain, uid: 0 }], {}],
      ["two contents for one file", [{ ...plain, blob: { sha256: "0".repeat(64), bytes: 1 } }], {}],
      ["a hash that is a path", [{ ...plain, bytes: undefined, blob: { sha256: "../x", bytes: 1 } }], {}],
      [
        "a blob that its manifest does not count",
        [{ ...plain, bytes: undefined, blob: { sha256: "0".repeat(64), bytes: 1 } }],
        {},
      ],
      ["entries out of order", [file("/b", "x"), file("/a", "")], { fileCount: 2 }],
      ["the same path twice", [plain, file("/a", "")], { fileCount: 2 }],
      ["fewer files than it says", [plain], { fileCount: 2 }],
      ["fewer bytes than it says", [plain], { bytes: 2 }],
      ["a date that is none", [plain], { savedAtMs: -1 }],
      [
        "more entries than there are",
        [plain],
        { parts: [{ sha256: "0".repeat(64), bytes: 1, entryCount: 9e9, blobBytes: 0 }] },
      ],
    ])("by hand, with every hash right: %s is refused", async (_what, entries, change) => {
      const { load } = await forge(entries, change);
      expect(await load()).toMatch(/^invalid-snapshot: .*"a"/);
    });

    test("by hand: one part named over and over is refused before it fills the memory", async () => {
      const { part } = await forge([plain]);
      const { load } = await forge([plain], { parts: Array.from({ length: 100_000 }, () => part) });
      expect(await load()).toBe('invalid-snapshot: The snapshot "a" is no file tree: "/a" stands after "/a"');
    });
  });
}
