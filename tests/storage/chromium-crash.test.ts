import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OwnChromium, startOwnChromium } from "../support/own-chromium.ts";
import type { StorePageApi } from "../support/store-page.entry.ts";
import { type StorePage, serveStorePage } from "../support/store-page.ts";

declare const api: StorePageApi;
type StoreName = "SnapshotStore" | "DatabaseStore";

let profile = "";
let site: StorePage;
let chromium: OwnChromium;
beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), "sandglass-profile-"));
  site = await serveStorePage();
  chromium = await startOwnChromium(profile);
});
afterAll(async () => {
  await chromium.kill();
  await site.close();
  await rm(profile, { recursive: true, force: true });
});

async function openPage(attempts = 10): Promise<Page> {
  try {
    const page = await chromium.browser.contexts()[0]!.newPage();
    await page.goto(site.origin);
    return page;
  } catch (error) {
    // The browser may hand out a process that it does not know yet to have been killed.
    if (attempts === 0) throw error;
    return openPage(attempts - 1);
  }
}

/** The old tree, another snapshot and some garbage; then saves the new tree, and stands still at an operation. */
async function saveUntil({
  Store,
  location,
  stopAt,
}: {
  Store: StoreName;
  location: string;
  stopAt: number;
}) {
  const store = await api[Store].open({ location });
  await store.save("other", api.treeOf(7));
  await store.save("gone", api.treeOf(8));
  await store.save("a", api.treeOf(100));
  await store.remove("gone");
  api.stopAt(stopAt);
  await store.save("a", api.treeOf(101));
  return api.count();
}

/** What is there, and how much more than is needed once garbage was collected. */
async function inspect({ Store, location }: { Store: StoreName; location: string }) {
  const store = await api[Store].open({ location });
  const isEqual = (a: Uint8Array, b: Uint8Array) =>
    a.length === b.length && a.every((byte, index) => byte === b[index]);
  const { bytes } = (await store.load("a"))!;
  const seed = [100, 101].find((each) => isEqual(bytes, api.treeOf(each).bytes));
  const other = isEqual((await store.load("other"))!.bytes, api.treeOf(7).bytes);
  const list = (await store.list()).map(({ name, damage }) => damage ?? name);
  await store.collectGarbage();
  const clean = await api[Store].open({ location: `${location}-clean` });
  await clean.save("other", api.treeOf(7));
  if (seed) await clean.save("a", api.treeOf(seed));
  const extraBytes = (await store.usage()).bytes - (await clean.usage()).bytes;
  await store.remove("a");
  await store.remove("other");
  await store.collectGarbage();
  return { seed, other, list, extraBytes, bytesAtLast: (await store.usage()).bytes };
}

describe.each<[string, StoreName]>([
  ["OPFS", "SnapshotStore"],
  ["IndexedDB", "DatabaseStore"],
])("a save into %s", (kind, Store) => {
  test("leaves the old snapshot or the new one, whole, wherever its tab or its browser is killed", async () => {
    let page = await openPage();
    const operations = await page.evaluate(saveUntil, {
      Store,
      location: `${kind}-whole`.toLowerCase(),
      stopAt: 0,
    });
    await page.close();
    expect(operations).toBeGreaterThan(4);
    const found: (number | undefined)[] = [];
    for (let stopAt = 1; stopAt <= operations; stopAt += 1) {
      const location = `${kind}-${stopAt}`.toLowerCase();
      page = await openPage();
      const reached = site.reached();
      page.evaluate(saveUntil, { Store, location, stopAt }).catch(() => {});
      await reached;
      if (stopAt % 5 === 0) {
        await chromium.kill();
        chromium = await startOwnChromium(profile);
      } else {
        const crashed = page.waitForEvent("crash");
        await chromium.killPages();
        await crashed;
      }
      page = await openPage();
      const { seed, ...rest } = await page.evaluate(inspect, { Store, location });
      expect({ stopAt, ...rest }).toEqual({
        stopAt,
        other: true,
        list: ["a", "other"],
        extraBytes: 0,
        bytesAtLast: 0,
      });
      found.push(seed);
      await page.close();
    }
    expect([...new Set(found)].every((seed) => seed === 100 || seed === 101)).toBe(true);
    expect(found[0]).toBe(100);
  }, 240_000);
});
