import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeSandbox } from "../support/node-sandbox.ts";
import { openSdkPage, type SdkPage } from "../support/sdk-page.ts";
import { GUEST_MODULES, type GuestCase, loadGuestCases } from "./guests/guests.ts";
import { observeInNode } from "./guests/in-node.ts";
import { type GuestObservation, hashTree, observeGuest } from "./guests/observe-guest.ts";
import { loadPythonFiles } from "./guests/python-files.ts";

// Whole programs of other people, doing their work: the same module bytes on the same files give the same bytes in Chromium's
// cage, in the server's, and in this process, where the runtime is only a library.
const CASES = loadGuestCases(await loadPythonFiles());
/** Three hosts, each of which compiles some 40 MB of modules on two shared cores. */
const GROUP_MS = 180_000;

const modules = new Map<string, Promise<Uint8Array>>();
function loadModule(name: string): Promise<Uint8Array> {
  const loaded = modules.get(name) ?? readFile(GUEST_MODULES[name]!).then((bytes) => new Uint8Array(bytes));
  modules.set(name, loaded);
  return loaded;
}

let sdkPage: SdkPage | undefined;
beforeAll(async () => {
  sdkPage = await openSdkPage();
  await sdkPage.page.route("**/guests/*.wasm", async (route) => {
    const name = /([^/]+)\.wasm$/.exec(route.request().url())![1]!;
    await route.fulfill({ contentType: "application/wasm", body: Buffer.from(await loadModule(name)) });
  });
}, 60_000);
afterAll(() => sdkPage?.close());

/** Runs in the page. */
async function fetchModule(name: string): Promise<Uint8Array> {
  const response = await fetch(`/guests/${name}.wasm`);
  return new Uint8Array(await response.arrayBuffer());
}

async function observeInChromium(given: GuestCase): Promise<GuestObservation> {
  const create = "(options) => sandglass.Sandbox.create(options)";
  return sdkPage!.page.evaluate<GuestObservation>(
    `(${observeGuest})(${create}, ${fetchModule}, ${hashTree}, ${JSON.stringify(given)})`,
  );
}

describe.each(CASES)("$name", (given) => {
  let observed: Record<"node" | "server" | "chromium", GuestObservation>;

  beforeAll(async () => {
    const [chromium, server] = await Promise.all([
      observeInChromium(given),
      observeGuest((options) => NodeSandbox.create(options), loadModule, hashTree, given),
    ]);
    observed = { node: await observeInNode(loadModule, given), server, chromium };
  }, GROUP_MS);

  test.each(
    given.steps.map((step, index) => ({ ...step, index, run: `${step.module} ${step.args.join(" ")}` })),
  )("does its work: $run", ({ index, stdout, exitCode }) => {
    const { stderr: _stderr, ...step } = observed.node.steps[index]!;
    expect(step).toEqual({ exitCode, stdout });
  });

  test("gives the same bytes and the same tree on the server as in this process", () => {
    expect(observed.server).toEqual(observed.node);
  });

  test("gives the same bytes and the same tree in Chromium as in this process", () => {
    expect(observed.chromium).toEqual(observed.node);
  });

  test("leaves a tree that is more than what it was given", () => {
    expect(observed.node.fileCount).toBeGreaterThan(Object.keys(given.files).length);
  });
});
