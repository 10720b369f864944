import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AssetManifest } from "../../protocol/assets.ts";
import { AssetCopies } from "./asset-copies.ts";
import { AssetStore } from "./assets.ts";

/** A folder of its own for each test, served from here. */
let folder: URL;
let files: Map<string, string>;
let asked: string[];

beforeEach(() => {
  folder = new URL(`/copies-${crypto.randomUUID()}/`, location.href);
  files = new Map();
  asked = [];
  vi.stubGlobal("fetch", async (url: URL) => {
    const name = url.href.slice(folder.href.length);
    asked.push(name);
    const content = files.get(name);
    return content === undefined ? new Response("", { status: 404 }) : new Response(content);
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  const cache = await caches.open("sandglass-assets");
  for (const { url } of await cache.keys()) if (url.startsWith(folder.href)) await cache.delete(url);
});

async function publish(contents: Record<string, string>): Promise<AssetManifest["assets"]> {
  const assets: AssetManifest["assets"] = {};
  files.clear();
  for (const [name, content] of Object.entries(contents)) {
    const bytes = new TextEncoder().encode(content);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    assets[name] = { file: `${sha256.slice(0, 8)}.${name}`, bytes: bytes.length, sha256 };
    files.set(assets[name].file, content);
  }
  files.set("manifest.json", JSON.stringify({ version: "1", assets }));
  return assets;
}

async function visit(): Promise<string> {
  const store = new AssetStore(folder);
  const loaded = await store.load(["python.js"]);
  await store.kept;
  return await loaded.get("python.js")!.text();
}

test("what was fetched and checked is there at the next visit without being fetched", async () => {
  const { "python.js": asset } = await publish({ "python.js": "one" });
  expect(await visit()).toBe("one");
  expect(asked).toEqual(["manifest.json", asset!.file]);
  expect(await visit()).toBe("one");
  expect(asked).toEqual(["manifest.json", asset!.file, "manifest.json"]);
});

test("a new build is fetched, and the copies of the old one go", async () => {
  const old = await publish({ "python.js": "one" });
  await visit();
  await publish({ "python.js": "two" });
  expect(await visit()).toBe("two");
  expect(await new AssetCopies(folder).load(old["python.js"]!)).toBeUndefined();
});

test("a copy that is cut short is not used", async () => {
  const { "python.js": asset } = await publish({ "python.js": "one" });
  await new AssetCopies(folder).keep(asset!, new Blob(["on"]));
  expect(await visit()).toBe("one");
  expect(asked).toEqual(["manifest.json", asset!.file]);
});

test("a copy that somebody changed is there for one visit at most", async () => {
  const { "python.js": asset } = await publish({ "python.js": "one" });
  await new AssetCopies(folder).keep(asset!, new Blob(["two"]));
  expect([await visit(), await visit()]).toEqual(["two", "one"]);
  expect(asked).toEqual(["manifest.json", "manifest.json", asset!.file]);
});

test("what cannot be read any more is loaded again", async () => {
  const { "python.js": asset } = await publish({ "python.js": "one" });
  const gone = new Blob(["one"]);
  gone.slice = () => {
    throw new DOMException("gone", "NotReadableError");
  };
  vi.stubGlobal("caches", {
    open: async () => ({ match: async () => ({ blob: async () => gone }), delete: async () => true }),
  });
  const store = new AssetStore(folder);
  await store.load(["python.js"]);
  vi.stubGlobal("caches", { open: () => Promise.reject(new DOMException("denied", "SecurityError")) });
  expect(await (await store.load(["python.js"])).get("python.js")!.text()).toBe("one");
  expect(asked).toEqual(["manifest.json", asset!.file]);
});

test("what is not what was built is never kept", async () => {
  const { "python.js": asset } = await publish({ "python.js": "one" });
  files.set(asset!.file, "two");
  await expect(visit()).rejects.toMatchObject({ code: "asset-unavailable" });
  expect(await new AssetCopies(folder).load(asset!)).toBeUndefined();
});

test("where nothing can be stored, everything is fetched each time", async () => {
  vi.stubGlobal("caches", { open: () => Promise.reject(new DOMException("denied", "SecurityError")) });
  const { "python.js": asset } = await publish({ "python.js": "one" });
  expect([await visit(), await visit()]).toEqual(["one", "one"]);
  expect(asked).toEqual(["manifest.json", asset!.file, "manifest.json", asset!.file]);
  vi.unstubAllGlobals();
});

test("what a later visit has at hand is known without loading it, and a first visit asks nobody", async () => {
  const names = ["python.js", "wasi.js", "python-snapshot.bin"] as const;
  await caches.delete("sandglass-assets");
  await publish({ "python.js": "one", "wasi.js": "two" });
  const first = new AssetStore(folder);
  expect(await first.hasCopies(names)).toBe(false);
  expect(asked).toEqual([]);
  await first.load(["python.js"]);
  await first.kept;
  expect(await first.hasCopies(names)).toBe(false);
  expect(await first.hasCopies(["python.js"])).toBe(true);
  await first.load(["wasi.js"]);
  await first.kept;
  asked.length = 0;
  // An asset that this build lacks is not missed.
  expect(await new AssetStore(folder).hasCopies(names)).toBe(true);
  expect(asked).toEqual(["manifest.json"]);
  await publish({ "python.js": "newer", "wasi.js": "two" });
  expect(await new AssetStore(folder).hasCopies(names)).toBe(false);
});
