import { expect, test } from "vitest";
import { cageContract } from "../../client/cage.contract.ts";
import { getAssetStore } from "./assets.ts";
import { openBrowserCage } from "./open-cage.ts";

const request = {
  memoryBytes: 512 * 2 ** 20,
  fileBytes: 2 ** 20,
  assetsUrl: new URL("/fixture-assets/", location.href),
  onProgress: undefined,
};

async function probe() {
  const path = `/${crypto.randomUUID()}`;
  return {
    url: new URL(`/probe${path}`, location.href).href,
    hits: async () => Number(await (await fetch(`/probe-count${path}`)).text()),
  };
}

cageContract("browser", { open: () => openBrowserCage(request), probe });

test("a killed cage leaves no frame behind", async () => {
  const before = document.querySelectorAll("iframe").length;
  const cage = await openBrowserCage(request);
  expect(document.querySelectorAll("iframe").length).toBe(before + 1);
  cage.kill();
  expect(document.querySelectorAll("iframe").length).toBe(before);
});

test("an asset folder that is none is named with what to do", async () => {
  const assetsUrl = new URL("/nowhere/", location.href);
  await expect(openBrowserCage({ ...request, assetsUrl })).rejects.toMatchObject({
    code: "asset-unavailable",
    hint: "Serve the package's dist/assets folder and name its address as assetsUrl.",
  });
});

test("a browser that blocks the worker is told apart, in a sentence, with what to do", async () => {
  const assetsUrl = new URL("/workerless-assets/", location.href);
  await expect(openBrowserCage({ ...request, assetsUrl })).rejects.toMatchObject({
    code: "cage-unavailable",
    message: expect.stringMatching(/^The sandbox's frame or its worker could not start: /),
    hint: "Look for an extension or a policy of the page (frame-src, child-src) that blocks frames or blob workers.",
  });
});

test("an asset that is cut short or was edited on its way is refused with what was built", async () => {
  const open = (folder: string) => openBrowserCage({ ...request, assetsUrl: new URL(folder, location.href) });
  await expect(open("/cut-assets/")).rejects.toMatchObject({
    code: "asset-unavailable",
    message: expect.stringMatching(/sandbox\.worker\.\w+\.js has 1000 bytes; \d+ were built$/),
  });
  await expect(open("/edited-assets/")).rejects.toMatchObject({
    code: "asset-unavailable",
    message: expect.stringMatching(
      /sandbox\.worker\.\w+\.js has the SHA-256 [0-9a-f]{64}; [0-9a-f]{64} was built$/,
    ),
  });
});

test("an optional asset that is not what was built is left out", async () => {
  const assets = getAssetStore(new URL("/edited-snapshot-assets/", location.href));
  const loaded = await assets.load(["pyodide.asm.mjs", "python-snapshot.bin"]);
  expect([...loaded.keys()]).toEqual(["pyodide.asm.mjs"]);
});

// The last one: a policy cannot be taken back.
test("a page whose policy forbids the frame is told at once", async () => {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `frame-src ${new URL("/somewhere-else/", location.href).href}`;
  document.head.append(policy);
  await expect(openBrowserCage(request)).rejects.toMatchObject({
    code: "cage-unavailable",
    message: "The sandbox's frame or its worker could not start: the page's policy forbids it (frame-src)",
  });
});
