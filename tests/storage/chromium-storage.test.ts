import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../../scripts/find-chromium.mjs";
import { Sandbox, Snapshot, SnapshotStore } from "../../src/index.node.ts";
import type { StorePageApi } from "../support/store-page.entry.ts";
import { type StorePage, serveStorePage } from "../support/store-page.ts";

declare const api: StorePageApi;
const ASSETS = join(import.meta.dirname, "../../dist/assets");

let dir = "";
let site: StorePage;
let browser: Browser;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-storage-"));
  site = await serveStorePage();
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await rm(dir, { recursive: true, force: true });
});

async function openPage(path = "/"): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${site.origin}${path}`);
  return page;
}

const STORES = [
  ["opfs", "SnapshotStore"],
  ["indexed-db", "DatabaseStore"],
] as const;

describe("a page", () => {
  test("keeps its snapshots in OPFS under the name sandglass, when nothing else is said", async () => {
    const page = await openPage();
    const told = await page.evaluate(async () => {
      const { kind, location } = await api.SnapshotStore.open();
      return { kind, location };
    });
    expect(told).toEqual({ kind: "opfs", location: "sandglass" });
    await page.context().close();
  });

  test("takes IndexedDB where a store of this name is already", async () => {
    const page = await openPage();
    const told = await page.evaluate(async () => {
      await (await api.DatabaseStore.open({ location: "early" })).save("a", api.treeOf(1));
      const store = await api.SnapshotStore.open({ location: "early" });
      return [store.kind, (await store.load("a"))?.fileCount];
    });
    expect(told).toEqual(["indexed-db", 203]);
    await page.context().close();
  });

  test("is told when a location is no name", async () => {
    const page = await openPage();
    const refused = await page.evaluate(async () => {
      const tell = ({ code }: { code: string }) => code;
      const locations = ["", "..", "a/b", "A", "x".repeat(101)];
      return Promise.all(
        locations.map((location) => api.SnapshotStore.open({ location }).then(() => "opened", tell)),
      );
    });
    expect(refused).toEqual(Array.from({ length: 5 }, () => "invalid-argument"));
    await page.context().close();
  });

  test("without an origin of its own can store nothing, and is told why", async () => {
    const page = await openPage("/opaque");
    const told = await page.evaluate(() =>
      api.SnapshotStore.open().then(
        () => "opened",
        ({ code, message, hint }) => ({ code, message, hint }),
      ),
    );
    expect(told).toEqual({
      code: "storage-unavailable",
      message:
        'This page can store nothing. OPFS: The store "sandglass" cannot be used: the browser denies it to this page. ' +
        'IndexedDB: The store "sandglass" cannot be used: the browser denies it to this page',
      hint: "The page needs an origin of its own and leave to store site data; sandboxed frames and private windows may have none.",
    });
    await page.context().close();
  });
});

describe.each(STORES)("a store in %s", (_kind, Store) => {
  test("that meets its quota keeps the old snapshot, tells the numbers, and works again with more room", async () => {
    const page = await openPage();
    const session = await page.context().newCDPSession(page);
    const limitTo = (quotaSize?: number) =>
      session.send("Storage.overrideQuotaForOrigin", {
        origin: site.origin,
        ...(quotaSize === undefined ? {} : { quotaSize }),
      });
    await limitTo(1_000_000);
    await page.evaluate(async (Store) => {
      const store = await api[Store].open();
      await store.save("a", api.treeOf(100));
    }, Store);
    const save = async (Store: "SnapshotStore" | "DatabaseStore") => {
      const store = await api[Store].open();
      // Random: Chromium compresses what it puts into IndexedDB.
      const bytes = new Uint8Array(1_500_000);
      for (let at = 0; at < bytes.length; at += 50_000)
        crypto.getRandomValues(bytes.subarray(at, at + 50_000));
      const large = new api.Snapshot([{ path: "/large", type: "file", mode: 0o644, mtimeNs: 1n, bytes }]);
      const failure = await store.save("a", large).then(
        () => "saved",
        ({ code, message, hint }) => ({ code, message, hint }),
      );
      const list = (await store.list()).map(({ name, fileCount, damage }) => [name, fileCount, damage]);
      return { failure, list, isWhole: (await store.load("a"))?.fileCount };
    };
    expect(await page.evaluate(save, Store)).toEqual({
      failure: {
        code: "storage-full",
        message: expect.stringMatching(
          /^The store "sandglass" has no room for 1500\d{3} bytes: this site uses \d+ bytes$/,
        ),
        hint: "Remove snapshots, or free space on this device. What was stored before is as it was.",
      },
      list: [["a", 203, undefined]],
      isWhole: 203,
    });
    await limitTo();
    // Chromium takes note of a larger quota in its own time.
    await expect
      .poll(() => page.evaluate(save, Store), { timeout: 30_000, interval: 200 })
      .toEqual({ failure: "saved", list: [["a", 1, undefined]], isWhole: 1 });
    await page.context().close();
  });

  test("whose site data is cleared is told as gone, and can be opened anew", async () => {
    const page = await openPage();
    await page.evaluate(async (Store) => {
      const store = await api[Store].open();
      await store.save("a", api.treeOf(1));
      Object.assign(globalThis, { store });
    }, Store);
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", { origin: site.origin, storageTypes: "all" });
    const told = await page.evaluate(async (Store) => {
      const { store } = globalThis as unknown as {
        store: Awaited<ReturnType<typeof api.SnapshotStore.open>>;
      };
      const tell = ({ code, message }: { code: string; message: string }) => `${code}: ${message}`;
      const works = [
        store.save("a", api.treeOf(2)),
        store.load("a"),
        store.list(),
        store.remove("a"),
        store.collectGarbage(),
      ];
      const answers = await Promise.all(works.map((work) => work.then(() => "done", tell)));
      const again = await api[Store].open();
      await again.save("b", api.treeOf(3));
      return { answers, again: (await again.load("b"))?.fileCount };
    }, Store);
    const gone =
      'storage-unavailable: The store "sandglass" cannot be used: it is gone; site data may have been cleared';
    expect(told).toEqual({ answers: [gone, gone, gone, gone, gone], again: 203 });
    await page.context().close();
  });

  test("is one store for several tabs: they save, load and collect at the same time", async () => {
    const context = await browser.newContext();
    const pages = await Promise.all([1, 2, 3].map(() => context.newPage()));
    for (const page of pages) await page.goto(site.origin);
    const churn = async ({ Store, seed }: { Store: "SnapshotStore" | "DatabaseStore"; seed: number }) => {
      const store = await api[Store].open();
      for (let round = 0; round < 8; round += 1) {
        await store.save(`tab-${seed}`, api.treeOf((round + seed) % 3));
        if ((await store.load(`tab-${seed}`))?.fileCount !== 203) return `round ${round}`;
        if (round % 2 === 0) await store.remove(`tab-${seed}`);
        await store.collectGarbage();
      }
      return "whole";
    };
    const ends = await Promise.all(pages.map((page, seed) => page.evaluate(churn, { Store, seed })));
    expect(ends).toEqual(["whole", "whole", "whole"]);
    await context.close();
  });
});

describe("a snapshot of a sandbox", () => {
  const PROGRAM = `
    const fs = require("fs");
    fs.mkdirSync("made");
    fs.writeFileSync("made/large.bin", new Uint8Array(20000).map((_, i) => (i * 31) % 251));
    fs.writeFileSync("made/é.txt", "ü");
    fs.symlinkSync("made/é.txt", "link");
  `;
  const READER = `
    const fs = require("fs");
    console.log(fs.readFileSync("link", "utf8"), fs.readFileSync("made/large.bin").length, fs.readFileSync("given.txt", "utf8"));
  `;
  const EXPECTED = "ü 20000 given\n";
  const FILES = { "/workspace/given.txt": "given" };

  test("taken and stored in a page restores on a server, with equal bytes", async () => {
    const page = await openPage();
    const stored = await page.evaluate(
      async ({ PROGRAM, FILES }) => {
        const sandbox = await api.Sandbox.create({
          language: "javascript",
          files: FILES,
          assetsUrl: "/assets/",
        });
        await sandbox.runCode(PROGRAM);
        const store = await api.SnapshotStore.open();
        await store.save("work", await sandbox.snapshot());
        await sandbox.kill();
        return Array.from((await store.load("work"))!.bytes);
      },
      { PROGRAM, FILES },
    );
    await page.context().close();
    const snapshot = Snapshot.parse(Uint8Array.from(stored));
    const store = await SnapshotStore.open({ location: join(dir, "server") });
    await store.save("work", snapshot);
    const loaded = (await store.load("work"))!;
    expect(Buffer.from(loaded.bytes).equals(Buffer.from(stored))).toBe(true);
    const sandbox = await Sandbox.restore(loaded, { language: "javascript", assetsUrl: ASSETS });
    const execution = await sandbox.runCode(READER);
    expect([execution.logs.stdout.join(""), execution.error]).toEqual([EXPECTED, undefined]);
    expect(Buffer.from((await sandbox.snapshot()).bytes).equals(Buffer.from(stored))).toBe(true);
    await sandbox.kill();
  });

  test("taken and stored on a server restores in a page, with equal bytes", async () => {
    const sandbox = await Sandbox.create({ language: "javascript", files: FILES, assetsUrl: ASSETS });
    await sandbox.runCode(PROGRAM);
    const store = await SnapshotStore.open({ location: join(dir, "server-first") });
    await store.save("work", await sandbox.snapshot());
    await sandbox.kill();
    const stored = Array.from((await store.load("work"))!.bytes);
    const page = await openPage();
    const told = await page.evaluate(
      async ({ stored, READER }) => {
        const store = await api.SnapshotStore.open();
        await store.save("work", api.Snapshot.parse(Uint8Array.from(stored)));
        const loaded = (await store.load("work"))!;
        const sandbox = await api.Sandbox.restore(loaded, { language: "javascript", assetsUrl: "/assets/" });
        const execution = await sandbox.runCode(READER);
        const after = Array.from((await sandbox.snapshot()).bytes);
        await sandbox.kill();
        return { stdout: execution.logs.stdout.join(""), loaded: Array.from(loaded.bytes), after };
      },
      { stored, READER },
    );
    await page.context().close();
    expect(told.stdout).toBe(EXPECTED);
    expect(Buffer.from(told.loaded).equals(Buffer.from(stored))).toBe(true);
    expect(Buffer.from(told.after).equals(Buffer.from(stored))).toBe(true);
  });
});
