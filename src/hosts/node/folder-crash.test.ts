import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Snapshot, SnapshotStore } from "../../index.node.ts";
import type { WireTreeEntry } from "../../protocol/api.ts";

const CHILD = join(import.meta.dirname, "folder-child.testkit.mjs");
let dir = "";
let library = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-crash-"));
  library = join(dir, "library.mjs");
  const bundle = await rolldown({
    input: join(import.meta.dirname, "../../index.node.ts"),
    platform: "node",
    logLevel: "silent",
  });
  await bundle.write({ file: library, format: "esm", codeSplitting: false });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const file = (path: string, bytes: Uint8Array): WireTreeEntry => ({
  path,
  type: "file",
  mode: 0o644,
  mtimeNs: 1n,
  bytes,
});
/** A tree with many parts and some contents of their own; `seed` changes one of each. */
function treeOf(seed: number): Snapshot {
  const small = Array.from({ length: 200 }, (_, i) =>
    file(`/w/${i}`, new Uint8Array([i, i === 7 ? seed : 0])),
  );
  const large = [1, 2, 3].map((n) => file(`/w/big${n}`, new Uint8Array(20_000).fill(n === 2 ? seed : n)));
  return new Snapshot([...small, ...large]);
}
const OLD = treeOf(100);
const NEW = treeOf(101);

/** Runs the child to its end. */
async function runChild(folder: string, task: string, stopAt = 0) {
  const child = spawn(process.execPath, [CHILD, library, folder, task, "SIGKILL", String(stopAt)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const [code, signal] = await once(child, "close");
  return { code, signal, output };
}

/** A store with the old tree, another snapshot and some garbage, and the new tree beside it for the child to save. */
async function prepare(name: string): Promise<string> {
  const folder = join(dir, name);
  const store = await SnapshotStore.open({ location: folder });
  await store.save("other", treeOf(7));
  await store.save("gone", treeOf(8));
  await store.save("a", OLD);
  await store.remove("gone");
  return folder;
}

/** How much a store takes with these snapshots and nothing else. */
async function bytesOf(a: Snapshot): Promise<number> {
  const store = await SnapshotStore.open({ location: await mkdtemp(join(dir, "clean-")) });
  await store.save("other", treeOf(7));
  await store.save("a", a);
  return (await store.usage()).bytes;
}

/** Kills a child at each of its file operations in turn, and says which tree was there afterwards. */
async function killEverywhere(task: string): Promise<string[]> {
  const prepared = await prepare(`${task}-prepared`);
  const cleanBytes = { old: await bytesOf(OLD), new: await bytesOf(NEW) };
  const copyOf = async (name: string) => {
    const folder = join(dir, `${task}-${name}`);
    await cp(prepared, folder, { recursive: true });
    await writeFile(`${folder}.snap`, NEW.bytes);
    return folder;
  };
  const whole = await runChild(await copyOf("whole"), task);
  expect(whole).toMatchObject({ code: 0, signal: null });
  const operations = Number(whole.output);
  const found: string[] = [];
  for (let stopAt = 1; stopAt <= operations; stopAt += 1) {
    const folder = await copyOf(String(stopAt));
    expect(await runChild(folder, task, stopAt)).toEqual({ code: null, signal: "SIGKILL", output: "" });
    const store = await SnapshotStore.open({ location: folder });
    const bytes = Buffer.from((await store.load("a"))!.bytes);
    const which = bytes.equals(OLD.bytes) ? "old" : bytes.equals(NEW.bytes) ? "new" : "neither";
    expect((await store.list()).map(({ name, damage }) => [name, damage])).toEqual([
      ["a", undefined],
      ["other", undefined],
    ]);
    expect(Buffer.from((await store.load("other"))!.bytes).equals(treeOf(7).bytes)).toBe(true);
    await store.collectGarbage();
    expect((await store.usage()).bytes - cleanBytes[which as "old" | "new"]).toBe(0);
    expect([await readdir(join(folder, "tmp")), await readdir(join(folder, "locks"))]).toEqual([[], []]);
    found.push(which);
    await rm(folder, { recursive: true });
  }
  return found;
}

describe("a process that is killed", () => {
  test("at any file operation of a save leaves the old snapshot or the new one, whole, and no garbage that stays", async () => {
    const found = await killEverywhere("save");
    const firstNew = found.indexOf("new");
    expect(firstNew).toBeGreaterThan(10);
    expect(found).toEqual(found.map((_, index) => (index < firstNew ? "old" : "new")));
  }, 180_000);

  test("at any file operation of a garbage collection leaves every snapshot whole", async () => {
    const found = await killEverywhere("collect");
    expect(found.length).toBeGreaterThan(5);
    expect([...new Set(found)]).toEqual(["old"]);
  }, 180_000);
});

describe("several processes on one folder", () => {
  test("save, load, remove and collect at the same time, and one of them may be killed", async () => {
    const folder = join(dir, "churn");
    const store = await SnapshotStore.open({ location: folder });
    for (const n of [0, 1, 2]) await writeFile(`${folder}.${n}.snap`, treeOf(n).bytes);
    await store.save("mine", treeOf(1));
    const children = [
      runChild(folder, "churn1"),
      runChild(folder, "churn2"),
      runChild(folder, "churn3", 200),
    ];
    let areDone = false;
    let collections = 0;
    const collecting = (async () => {
      while (!areDone) {
        await store.collectGarbage().catch((error) => {
          if (error.code !== "busy") throw error;
        });
        collections += 1;
      }
    })();
    const ends = (await Promise.all(children)).map(
      ({ code, signal, output }) => code ?? `${signal}${output}`,
    );
    areDone = true;
    await collecting;
    expect(ends).toEqual([0, 0, "SIGKILL"]);
    expect(collections).toBeGreaterThan(0);
    for (const { name } of await store.list()) expect((await store.load(name))?.fileCount).toBe(203);
    for (const { name } of await store.list()) await store.remove(name);
    await store.collectGarbage();
    expect(await store.usage()).toMatchObject({ bytes: 0, snapshotCount: 0 });
  }, 120_000);

  test("a save that stands still for long loses nothing: garbage collection waits, and says so", async () => {
    const folder = await prepare("stopped");
    await writeFile(`${folder}.snap`, NEW.bytes);
    const child = spawn(process.execPath, [CHILD, library, folder, "save", "SIGSTOP", "20"]);
    const closed = once(child, "close");
    // In the middle of writing blobs that no manifest names yet.
    await once(child.stdout, "data");
    const store = await SnapshotStore.open({ location: folder });
    await expect(store.collectGarbage()).rejects.toThrow(expect.objectContaining({ code: "busy" }));
    child.kill("SIGCONT");
    child.stdout.resume();
    expect(await closed).toEqual([0, null]);
    await store.collectGarbage();
    expect(Buffer.from((await store.load("a"))!.bytes).equals(NEW.bytes)).toBe(true);
  }, 60_000);
});
