import { describe, expect, test } from "vitest";
import { capMemory, compileCapped } from "./wasm-limits.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
const module = (...sections: number[][]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...HEADER, ...sections.flat()]);
/** `(export "m" (memory 0))` */
const EXPORT_MEMORY = section(7, 1, 1, 0x6d, 2, 0);
/** `(export "t" (table 0))` */
const EXPORT_TABLE = section(7, 1, 1, 0x74, 1, 0);
/** An import of memory "e" "m" with these limits. */
const importMemory = (...limits: number[]): number[] => section(2, 1, 1, 0x65, 1, 0x6d, 2, ...limits);

async function exported<T>(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<T> {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return instance.exports[name] as T;
}

describe("capMemory", () => {
  test("a memory without a maximum grows to the cap and not one page further", async () => {
    const memory = await exported<WebAssembly.Memory>(
      capMemory(module(section(5, 1, 0, 1), EXPORT_MEMORY), 300),
      "m",
    );
    expect(memory.grow(299)).toBe(1);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  test("a memory whose own maximum is above the cap is held at the cap", async () => {
    const bytes = capMemory(module(section(5, 1, 1, 1, 0x80, 0x80, 0x04), EXPORT_MEMORY), 2);
    const memory = await exported<WebAssembly.Memory>(bytes, "m");
    expect(memory.grow(1)).toBe(1);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  test("a maximum below the cap is kept", () => {
    const bytes = module(section(5, 1, 1, 1, 7));
    expect(capMemory(bytes, 300)).toEqual(bytes);
  });

  test("a shared memory stays shared", async () => {
    const bytes = capMemory(module(section(5, 1, 3, 1, 0x80, 0x80, 0x04), EXPORT_MEMORY), 2);
    const memory = await exported<WebAssembly.Memory>(bytes, "m");
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(() => memory.grow(2)).toThrow(RangeError);
  });

  test("an imported memory is capped: a larger one no longer links", async () => {
    const bytes = capMemory(module(importMemory(0, 1)), 4);
    const link = (maximum: number): Promise<unknown> =>
      WebAssembly.instantiate(bytes, { e: { m: new WebAssembly.Memory({ initial: 1, maximum }) } });
    await expect(link(4)).resolves.toBeDefined();
    await expect(link(5)).rejects.toThrow(WebAssembly.LinkError);
  });

  test("imports of every kind before the memory are copied unchanged", () => {
    const others = [
      [1, 0x65, 1, 0x66, 0, 0], // function of type 0
      [1, 0x65, 1, 0x74, 1, 0x70, 1, 1, 5], // funcref table, 1 to 5
      [1, 0x65, 1, 0x67, 3, 0x63, 0x70, 1], // mutable global of (ref null func)
      [1, 0x65, 1, 0x78, 4, 0, 0], // tag of type 0
    ];
    const imports = (max: number): Uint8Array =>
      module(section(2, 5, ...others.flat(), 1, 0x65, 1, 0x6d, 2, 1, 1, max));
    expect(capMemory(imports(9), 3)).toEqual(imports(3));
  });

  test("a minimum above the cap is refused with both numbers", () => {
    expect(() => capMemory(module(section(5, 1, 0, 0xe0, 0x03)), 160)).toThrow(
      "Invalid WebAssembly module at byte 11: at least 480 pages (31457280 bytes) of memory are asked for; the limit is 160 pages (10485760 bytes)",
    );
    expect(() => capMemory(module(importMemory(0, 9)), 8)).toThrow("at least 9 pages (589824 bytes)");
  });

  test("a second memory is refused, so that two cannot hold twice the cap", () => {
    expect(() => capMemory(module(section(5, 2, 0, 1, 0, 1)), 8)).toThrow("byte 13: a second memory");
    expect(() => capMemory(module(importMemory(0, 1), section(5, 1, 0, 1)), 8)).toThrow("a second memory");
  });

  test("a table is capped and a larger minimum refused", async () => {
    const bytes = capMemory(module(section(4, 1, 0x70, 0, 1), EXPORT_TABLE), 8, 10);
    const table = await exported<WebAssembly.Table>(bytes, "t");
    expect(table.grow(9)).toBe(1);
    expect(() => table.grow(1)).toThrow(RangeError);
    expect(() => capMemory(module(section(4, 1, 0x70, 0, 11)), 8, 10)).toThrow(
      "a table of at least 11 elements is asked for; the limit is 10",
    );
  });

  test("a table with an initial value keeps it", () => {
    const table = (max: number): Uint8Array =>
      module(section(4, 2, 0x40, 0, 0x63, 0x70, 1, 1, max, 0xd0, 0x70, 0x0b, 0x70, 1, 1, 3));
    expect(capMemory(table(99), 8, 10)).toEqual(table(10));
  });

  test("a 64-bit memory keeps its flag", () => {
    expect(capMemory(module(section(5, 1, 4, 1)), 3)).toEqual(module(section(5, 1, 5, 1, 3)));
  });

  test("a module without memory, and its custom sections, are unchanged", () => {
    const bytes = module(section(0, 1, 0x6e, 1, 2, 3));
    expect(capMemory(bytes, 1)).toEqual(bytes);
  });

  test.each([
    ["nothing", [], "byte 0: not a WebAssembly file"],
    ["text", [...new TextEncoder().encode("print(1)")], "byte 0: not a WebAssembly file"],
    [
      "a component",
      [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
      "byte 4: a WebAssembly component, not a core module",
    ],
    ["a header cut short", [0, 0x61, 0x73, 0x6d, 1, 0], "byte 4: not a WebAssembly module of version 1"],
    ["a section cut short", [...HEADER, 1, 9, 0], "byte 11: it ends too early"],
    ["a size cut short", [...HEADER, 1, 0x80], "byte 10: it ends too early"],
    [
      "a size that never ends",
      [...HEADER, 5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
      "byte 9: a number that is too long",
    ],
    ["a size of 35 bits", [...HEADER, 5, 0xff, 0xff, 0xff, 0xff, 0x7f], "byte 9: a number that is too long"],
    ["unknown limit flags", [...HEADER, ...section(5, 1, 8, 1)], "byte 11: unknown limit flags 8"],
    [
      "a maximum below the minimum",
      [...HEADER, ...section(5, 1, 1, 2, 1)],
      "a maximum of 1 below the minimum of 2",
    ],
    ["an unknown import", [...HEADER, ...section(2, 1, 0, 0, 9)], "byte 13: an import of an unknown kind 9"],
    ["an import name past the end", [...HEADER, ...section(2, 1, 99, 0)], "byte 13: it ends too early"],
    ["limits cut short", [...HEADER, ...section(5, 1, 0)], "byte 12: it ends too early"],
    ["bytes after the last memory", [...HEADER, ...section(5, 1, 0, 1, 0)], "byte 13: section 5 is longer"],
  ])("%s is refused, naming the offset", (_name, bytes, message) => {
    expect(() => capMemory(Uint8Array.from(bytes), 8)).toThrow(message);
  });
});

describe("compileCapped", () => {
  const limitsOf = async (compiled: WebAssembly.Module): Promise<[least: number, most: number]> => {
    const { exports } = await WebAssembly.instantiate(compiled, {});
    const memory = exports.m as WebAssembly.Memory;
    const least = memory.buffer.byteLength / 65_536;
    let most = least;
    while (most < 400) {
      try {
        memory.grow(1);
        most++;
      } catch {
        break;
      }
    }
    return [least, most];
  };

  test("writes over the maximum that stands there, and puts it back: the bytes serve a second limit", async () => {
    const bytes = module(section(5, 1, 1, 1, 0x80, 0x80, 0x04), EXPORT_MEMORY);
    const before = bytes.slice();
    const compiling = compileCapped(bytes, 3);
    expect(bytes).toEqual(before);
    expect(await limitsOf(await compiling)).toEqual([1, 3]);
    expect(await limitsOf(await compileCapped(bytes, 200))).toEqual([1, 200]);
  });

  test("caps what has no maximum to write over, and bytes that another thread shares", async () => {
    const unlimited = module(section(5, 1, 0, 1), EXPORT_MEMORY);
    expect(await limitsOf(await compileCapped(unlimited, 5))).toEqual([1, 5]);
    const limited = module(section(5, 1, 1, 1, 0x80, 0x80, 0x04), EXPORT_MEMORY);
    const shared = new Uint8Array(new SharedArrayBuffer(limited.length));
    shared.set(limited);
    expect(await limitsOf(await compileCapped(shared, 5))).toEqual([1, 5]);
    expect([...shared]).toEqual([...limited]);
  });

  test("refuses what capMemory refuses, at the call", () => {
    expect(() => compileCapped(module(section(5, 1, 0, 10)), 5)).toThrow("the limit is 5 pages");
  });
});
