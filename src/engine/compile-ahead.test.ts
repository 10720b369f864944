import { expect, test } from "vitest";
import { ASSETS } from "../protocol/assets.ts";
import { compileAhead, transferOf } from "./compile-ahead.ts";

/** (module (memory (export "memory") 1)) */
const MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[5, 3, 1, 0, 1],
  ...[7, 10, 1, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0],
);
const PAGE_BYTES = 65_536;

test("an interpreter comes compiled, with its memory capped; what else there is comes as it is", async () => {
  const glue = Uint8Array.of(1, 2, 3);
  const assets = await compileAhead(
    { [ASSETS.pyodideWasm]: MODULE.slice(), [ASSETS.pyodideGlue]: glue },
    3 * PAGE_BYTES,
  );
  expect(assets[ASSETS.pyodideGlue]).toBe(glue);
  expect(transferOf(assets)).toEqual([glue.buffer]);
  const module = assets[ASSETS.pyodideWasm] as WebAssembly.Module;
  const { memory } = new WebAssembly.Instance(module).exports as { memory: WebAssembly.Memory };
  expect(memory.grow(2)).toBe(1);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test("what does not compile is passed on as bytes, for whoever needs it to say so", async () => {
  const broken = Uint8Array.of(1, 2, 3, 4);
  const assets = await compileAhead({ [ASSETS.pyodideWasm]: broken }, PAGE_BYTES);
  expect(assets).toEqual({ [ASSETS.pyodideWasm]: broken });
  expect(transferOf(assets)).toEqual([broken.buffer]);
});

test("a module that asks for more than the cap is passed on as bytes as well", async () => {
  const assets = await compileAhead({ [ASSETS.pyodideWasm]: MODULE.slice() }, PAGE_BYTES - 1);
  expect(assets).toEqual({ [ASSETS.pyodideWasm]: MODULE });
});
