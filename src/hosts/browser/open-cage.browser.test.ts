import { expect, test } from "vitest";
import { cageContract } from "../../client/cage.contract.ts";
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
