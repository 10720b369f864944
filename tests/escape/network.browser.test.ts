import { expect, test } from "vitest";
import { Sandbox } from "../../src/index.browser.ts";
import { tryWaysOut } from "./ways-out.js";

const base = { assetsUrl: new URL("/hostile-assets/", location.href), language: "javascript" } as const;
const attack = (body: string) => `export default async ({ print, finish }) => { ${body} finish({}) }`;

async function arrived(path: string, names: readonly string[]): Promise<string[]> {
  const counts = await Promise.all(
    names.map(async (name) => Number(await (await fetch(`/probe-count/${path}-${name}`)).text())),
  );
  return names.filter((_, index) => counts[index]! > 0);
}

test("no way out of the worker reaches the network, and the same ways from a page do", async () => {
  const inside = crypto.randomUUID();
  const outside = crypto.randomUUID();
  await using sandbox = await Sandbox.create(base);
  const address = (path: string) => JSON.stringify(new URL(`/probe/${path}`, location.href).href);
  const { logs, status } = await sandbox.runCode(
    attack(`print((await (${tryWaysOut})(${address(inside)})).join(" "));`),
  );
  expect(status).toBe("completed");
  const names = logs.stdout.join("").split(" ");
  expect(names.length).toBe(24);
  const fromPage = await tryWaysOut(JSON.parse(address(outside)));
  expect(await arrived(outside, fromPage)).toEqual([
    ...["fetch", "fetch-no-cors", "fetch-keepalive", "xhr", "import", "event-source", "worker"],
    ...["module-worker", "shared-worker", "service-worker", "beacon", "font", "image", "wasm", "cache"],
    ...["nested-fetch", "nested-module-fetch", "nested-import-scripts", "nested-import"],
  ]);
  expect(await arrived(inside, names)).toEqual([]);
});

test("the worker shares neither storage, channels nor locks with the page, and runs no string as code", async () => {
  localStorage.setItem("escape", "secret");
  await caches.open("escape-secret");
  const heard: unknown[] = [];
  const channel = new BroadcastChannel("escape");
  channel.onmessage = ({ data }) => heard.push(data);
  await using sandbox = await Sandbox.create(base);
  const { logs } = await sandbox.runCode(
    attack(`
      const ways = {
        origin: async () => { if (self.origin !== "null") throw self.origin; return Promise.reject() },
        localStorage: async () => localStorage.getItem("escape"),
        cookies: async () => cookieStore.getAll(),
        indexedDB: () => new Promise((resolve, reject) => {
          const request = indexedDB.open("escape"); request.onsuccess = resolve; request.onerror = reject;
        }),
        caches: () => caches.has("escape-secret"),
        files: () => navigator.storage.getDirectory(),
        locks: () => navigator.locks.request("escape", async () => 1),
        parent: async () => parent.document,
        top: async () => top.location.href,
        document: async () => document.title,
        open: async () => open("about:blank"),
        eval: async () => (0, eval)("1"),
        Function: async () => new Function("return 1")(),
        timer: () => new Promise((resolve, reject) => { self.owned = resolve; setTimeout("owned()"); setTimeout(reject, 100) }),
      };
      for (const [name, way] of Object.entries(ways)) try { await way(); print(name + " ") } catch {}
      try { new BroadcastChannel("escape").postMessage("from the cage") } catch {}
      await new Promise((resolve) => setTimeout(resolve, 50));
    `),
  );
  expect(logs.stdout).toEqual([]);
  expect(heard).toEqual([]);
  // The mirror: the page's own worker of the same kind is heard.
  const source = `new BroadcastChannel("escape").postMessage("from a page's worker")`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  await expect.poll(() => heard).toEqual(["from a page's worker"]);
  worker.terminate();
  channel.close();
});
