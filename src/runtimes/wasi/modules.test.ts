import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModuleCache } from "./modules.ts";
import { TestIo, testHost } from "./wasi.testkit.ts";
import { createWasiRuntime } from "./wasi.ts";

const fixture = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`../../../tests/fixtures/wasi/${name}.wasm`, import.meta.url))),
  );
const GREET = fixture("greet");
const CAT = fixture("cat");
const MAX_PAGES = 1024;

const compile = vi.spyOn(WebAssembly, "compile");
const construct = vi.spyOn(WebAssembly, "Module");
beforeEach(() => {
  compile.mockClear();
  construct.mockClear();
});
afterEach(() => expect(construct).not.toHaveBeenCalled());

test("the second run of a module does not compile it again", async () => {
  const runtime = createWasiRuntime(testHost());
  const run = async (code: Uint8Array) => {
    const io = new TestIo({ stdin: "Ada\n" });
    const envs = {};
    const outcome = await runtime.run(
      { code, language: "wasi", filename: "a.wasm", args: [], envs, cwd: "/workspace" },
      io,
      "default",
    );
    return [outcome.exitCode, io.text("stdout"), compile.mock.calls.length];
  };
  const first = await run(GREET);
  // Other bytes of the same content, as the next request brings them.
  expect(await run(GREET.slice())).toEqual(first);
  expect(first[2]).toBe(1);
});

describe("of compiled modules", () => {
  test("one that differs in its last byte is another", async () => {
    const cache = new ModuleCache(MAX_PAGES);
    // A custom section at the end: what is in it changes nothing.
    const marked = (last: number) => Uint8Array.from([...CAT, 0, 3, 1, 0x61, last]);
    for (const last of [1, 2, 1, 2]) await cache.load(marked(last));
    expect(compile).toHaveBeenCalledTimes(2);
  });

  test("the eight used last are kept", async () => {
    const cache = new ModuleCache(MAX_PAGES);
    const marked = (last: number) => Uint8Array.from([...CAT, 0, 3, 1, 0x61, last]);
    for (let last = 0; last < 9; last++) await cache.load(marked(last));
    await cache.load(marked(1));
    expect(compile).toHaveBeenCalledTimes(9);
    await cache.load(marked(0));
    expect(compile).toHaveBeenCalledTimes(10);
  });

  test("no more are kept than their bytes allow, but always the last one", async () => {
    const cache = new ModuleCache(MAX_PAGES, GREET.length + CAT.length - 1);
    await cache.load(GREET);
    await cache.load(CAT);
    await cache.load(CAT);
    expect(compile).toHaveBeenCalledTimes(2);
    await cache.load(GREET);
    expect(compile).toHaveBeenCalledTimes(3);
    const small = new ModuleCache(MAX_PAGES, 1);
    await small.load(CAT);
    await small.load(CAT);
    expect(compile).toHaveBeenCalledTimes(4);
  });
});
