import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SnapshotStoreCore } from "../../client/store/snapshot-store.ts";
import { SandboxError } from "../../errors.ts";
import { Snapshot, SnapshotStore } from "../../index.node.ts";
import { openFolderPlace } from "./folder-place.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-trouble-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const bytesOf = (length: number, seed: number) => new Uint8Array(length).fill(seed);
const snapshotOf = (...contents: Uint8Array[]) =>
  new Snapshot(
    contents.map((bytes, n) => ({ path: `/f${n}`, type: "file", mode: 0o644, mtimeNs: 1n, bytes })),
  );
const tell = (error: SandboxError) => ({ code: error.code, message: error.message, hint: error.hint });
const failureOf = (work: Promise<unknown>) => work.then(() => "no failure", tell);

describe("a location", () => {
  test("has to be given, and may not be a folder with something else in it, nor a file", async () => {
    const hint = 'Name it: SnapshotStore.open({ location: "./snapshots" }).';
    for (const location of [undefined, "", "a\0"]) {
      expect(await failureOf(SnapshotStore.open({ location }))).toEqual({
        code: "invalid-argument",
        message: "A store on a server needs a folder",
        hint,
      });
    }
    const folder = join(dir, "other");
    await mkdir(folder);
    await writeFile(join(folder, "thesis.tex"), "");
    expect(await failureOf(SnapshotStore.open({ location: folder }))).toEqual({
      code: "invalid-argument",
      message: `The folder "${folder}" is no store: it holds "thesis.tex"`,
      hint: "Name a folder that is empty, or that is not there yet.",
    });
    expect(await readdir(folder)).toEqual(["thesis.tex"]);
    expect(await failureOf(SnapshotStore.open({ location: join(folder, "thesis.tex") }))).toMatchObject({
      code: "storage-unavailable",
    });
    expect(await failureOf(SnapshotStore.open({ location: join(folder, "thesis.tex", "x") }))).toMatchObject({
      code: "storage-unavailable",
      message: `The store "${folder}/thesis.tex/x" cannot be used: a part of its path is not a folder`,
    });
  });

  test("of another version is refused, and left as it is", async () => {
    const location = join(dir, "newer");
    await SnapshotStore.open({ location });
    await writeFile(join(location, "sandglass-store"), "Snapshots of Sandglass, version 9\n");
    expect(await failureOf(SnapshotStore.open({ location }))).toMatchObject({
      code: "storage-unavailable",
      message: `The store "${location}" is of a version that is not known here`,
    });
  });

  test("that was begun and not finished is finished; what others put into it stays", async () => {
    const location = join(dir, "begun");
    await mkdir(join(location, "blobs"), { recursive: true });
    await writeFile(join(location, "blobs", "notes.txt"), "mine");
    const store = await SnapshotStore.open({ location });
    await store.save("a", snapshotOf(bytesOf(9000, 1)));
    await store.remove("a");
    await store.collectGarbage();
    expect(await readdir(join(location, "blobs"))).toEqual(["notes.txt"]);
  });

  test("is made for its owner alone", async () => {
    const location = join(dir, "deep", "store");
    await SnapshotStore.open({ location });
    const { mode } = await import("node:fs/promises").then(({ stat }) => stat(location));
    expect(mode & 0o777).toBe(0o700);
  });
});

describe("a store that goes away", () => {
  test("is told as gone by every method, and not made anew", async () => {
    const location = join(dir, "gone");
    const store = await SnapshotStore.open({ location });
    await store.save("a", snapshotOf(bytesOf(10, 1)));
    await rename(location, `${location}-elsewhere`);
    const gone = {
      code: "storage-unavailable",
      message: `The store "${location}" cannot be used: it is gone`,
      hint: "Check that the folder is there and that this process may read and write in it.",
    };
    const works = [
      store.save("a", snapshotOf()),
      store.load("a"),
      store.load("none"),
      store.list(),
      store.remove("a"),
      store.collectGarbage(),
      store.usage(),
    ];
    for (const work of works) expect(await failureOf(work)).toEqual(gone);
    await rename(`${location}-elsewhere`, location);
    expect((await store.load("a"))?.fileCount).toBe(1);
  });

  test("is not waited for: a pipe in a manifest's place is refused", async () => {
    const location = join(dir, "pipe");
    const store = await SnapshotStore.open({ location });
    execFileSync("mkfifo", [join(location, "names", "s-a")]);
    expect(await failureOf(store.load("a"))).toMatchObject({ code: "invalid-snapshot" });
    expect((await store.list())[0]?.damage).toMatch(/is no file of a store/);
    expect(await store.remove("a")).toBe(true);
    expect(await store.list()).toEqual([]);
  });
});

describe("a store without permission", () => {
  /** What a process without root's powers sees; one that has them drops them. */
  const asNobody = (code: string) => {
    const isRoot = process.getuid?.() === 0;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      encoding: "utf8",
      ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
    });
    return stdout || stderr;
  };

  test("can be read, says why it cannot be written, and stays as it is", async () => {
    const location = join(dir, "locked");
    const store = await SnapshotStore.open({ location });
    const snapshot = snapshotOf(bytesOf(9000, 1), bytesOf(10, 2));
    await store.save("a", snapshot);
    const library = join(dir, "library.mjs");
    const { rolldown } = await import("rolldown");
    const bundle = await rolldown({
      input: join(import.meta.dirname, "../../index.node.ts"),
      platform: "node",
      logLevel: "silent",
    });
    await bundle.write({ file: library, format: "esm", codeSplitting: false });
    await chmod(dir, 0o755);
    for (const name of await readdir(location, { recursive: true, withFileTypes: true })) {
      await chmod(join(name.parentPath, name.name), name.isDirectory() ? 0o555 : 0o444);
    }
    await chmod(location, 0o555);
    const answer = asNobody(`
      const { SnapshotStore, Snapshot } = await import(${JSON.stringify(library)});
      const store = await SnapshotStore.open({ location: ${JSON.stringify(location)} });
      const tell = ({ code, message }) => [code, message];
      const loaded = await store.load("a");
      const { length } = await store.list();
      const works = [store.save("a", loaded), store.remove("a"), store.collectGarbage()];
      console.log(JSON.stringify([loaded.fileCount, length, await Promise.all(works.map((work) => work.catch(tell)))]));
    `);
    const denied = ["storage-unavailable", `The store "${location}" cannot be used: permission denied`];
    expect(JSON.parse(answer)).toEqual([2, 1, [denied, denied, denied]]);
    expect((await store.load("a"))?.bytes).toEqual(snapshot.bytes);
  });
});

describe("a full store", () => {
  test("collects garbage and tries once more; what does not fit then is told, and the old snapshot stays", async () => {
    // A disk of 64 KiB that others share.
    const place = await openFolderPlace(join(dir, "quota"));
    const room = 64 * 1024;
    let attempts = 0;
    const full = new (class extends Error {
      code = "ENOSPC";
    })();
    const limited = new Proxy(place, {
      get(target, key) {
        if (key === "write") {
          return async (writes: readonly { space: string; bytes: Uint8Array }[]) => {
            const needed = writes.reduce((sum, { bytes }) => sum + bytes.length, 0);
            const used = (await target.list("blobs")).reduce((sum, { bytes }) => sum + bytes, 0);
            if (writes.some(({ space }) => space === "names")) attempts += 1;
            if (used + needed > room) throw new SandboxError("full", { code: "storage-full", cause: full });
            return target.write(writes as Parameters<typeof target.write>[0]);
          };
        }
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const store = await class extends SnapshotStoreCore {
      static override readonly openPlace = async () => limited;
    }.open();
    await store.save("a", snapshotOf(bytesOf(40_000, 1)));
    await store.save("a", snapshotOf(bytesOf(20_000, 2)));
    // The first content is garbage, and in the way.
    await store.save("a", snapshotOf(bytesOf(30_000, 3)));
    expect((await store.load("a"))?.entries[0]?.bytes?.[0]).toBe(3);
    attempts = 0;
    expect(await failureOf(store.save("a", snapshotOf(bytesOf(70_000, 4))))).toMatchObject({
      code: "storage-full",
    });
    expect(attempts).toBe(2);
    expect((await store.load("a"))?.entries[0]?.bytes?.[0]).toBe(3);
    expect((await store.usage()).bytes).toBeLessThan(31_000);
  });
});

/** A real disk that is too small, where this process may mount one. */
const canMount = process.platform === "linux" && process.getuid?.() === 0;
describe.runIf(canMount)("a disk of one megabyte", () => {
  let disk = "";
  let isMounted = false;
  beforeAll(async () => {
    disk = join(dir, "disk");
    await mkdir(disk);
    isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status === 0;
  });
  afterAll(() => {
    if (isMounted) execFileSync("umount", [disk]);
  });

  test("that is full keeps the old snapshot, tells its numbers, and is usable again after a removal", async ({
    skip,
  }) => {
    if (!isMounted) skip("mount(8) is denied here");
    const location = join(disk, "store");
    const store = await SnapshotStore.open({ location });
    const old = snapshotOf(bytesOf(300_000, 1), bytesOf(5000, 2));
    await store.save("a", old);
    const failure = await failureOf(
      store.save("a", snapshotOf(bytesOf(400_000, 3), bytesOf(400_001, 4), bytesOf(400_002, 5))),
    );
    expect(failure).toEqual({
      code: "storage-full",
      message: expect.stringMatching(
        new RegExp(
          `^The store "${location}" has no room for 1200\\d{3} bytes: the disk is full; \\d+ bytes are free$`,
        ),
      ),
      hint: "Remove snapshots, or free space on its disk. What was stored before is as it was.",
    });
    expect(Buffer.from((await store.load("a"))!.bytes).equals(old.bytes)).toBe(true);
    expect([await readdir(join(location, "tmp")), await readdir(join(location, "locks"))]).toEqual([[], []]);
    expect((await store.usage()).bytes).toBeLessThan(307_000);
    // Not one byte left: loading, removing and collecting need none.
    await writeFile(join(disk, "filler"), bytesOf(2 ** 20, 0)).catch(() => {});
    expect(Buffer.from((await store.load("a"))!.bytes).equals(old.bytes)).toBe(true);
    expect(await store.remove("a")).toBe(true);
    expect((await store.collectGarbage()).removedCount).toBe(3);
    await rm(join(disk, "filler"));
    await store.save("b", old);
    expect((await store.load("b"))?.fileCount).toBe(2);
  });

  test("that is read-only can be read, and says why it cannot be written", async ({ skip }) => {
    if (!isMounted) skip("mount(8) is denied here");
    const location = join(disk, "read-only");
    await (await SnapshotStore.open({ location })).save("a", snapshotOf(bytesOf(10, 1)));
    execFileSync("mount", ["-o", "remount,ro", disk]);
    try {
      const store = await SnapshotStore.open({ location });
      expect((await store.load("a"))?.fileCount).toBe(1);
      expect(await failureOf(store.save("a", snapshotOf()))).toMatchObject({
        code: "storage-unavailable",
        message: `The store "${location}" cannot be used: it is on a read-only disk`,
      });
      expect(await failureOf(SnapshotStore.open({ location: join(disk, "new") }))).toMatchObject({
        code: "storage-unavailable",
      });
    } finally {
      execFileSync("mount", ["-o", "remount,rw", disk]);
    }
  });
});

test("what is written into the folder is the documented format and nothing of the host", async () => {
  const location = join(dir, "format");
  const store = await SnapshotStore.open({ location });
  await store.save("My.Tree", snapshotOf(bytesOf(9000, 1)));
  const files = (await readdir(location, { recursive: true })).sort();
  expect(files.map((name) => name.replace(/[0-9a-f]{64}$/, "SHA-256"))).toEqual([
    "blobs",
    "blobs/SHA-256",
    "blobs/SHA-256",
    "locks",
    "meta",
    "meta/generation",
    "names",
    "names/s-+my.+tree",
    "sandglass-store",
    "tmp",
  ]);
  const manifest = await readFile(join(location, "names", "s-+my.+tree"));
  expect(manifest.subarray(0, 9).toString()).toBe("SGSTORE1\n");
});
