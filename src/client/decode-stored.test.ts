import { encode } from "@msgpack/msgpack";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { decodeStored } from "./decode-stored.ts";
import { Snapshot } from "./snapshot.ts";
import { encodeManifest, parseManifest } from "./store/manifest.ts";

/** Lists inside each other, each of which says it has 2^25 - 1 entries: 256 MiB of memory each, for five bytes. */
function bomb(depth: number): Uint8Array {
  const bytes = new Uint8Array(5 * depth + 1);
  for (let level = 0; level < depth; level++) bytes.set([0xdd, 0x01, 0xff, 0xff, 0xff], 5 * level);
  return bytes;
}

/** Hash and all, around another body. */
function signed(head: Uint8Array, magicBytes: number, body: Uint8Array): Uint8Array {
  return new Uint8Array([...head.subarray(0, magicBytes), ...sha256(body), ...body]);
}

/** Memory that was asked for while `work` ran: lists of holes are in it at their full length. */
function heapGrowthOf(work: () => unknown): number {
  const before = process.memoryUsage().heapUsed;
  try {
    work();
  } catch {}
  return process.memoryUsage().heapUsed - before;
}

test.each([
  [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32, -1, -32, -33, -129, -32_769, -(2 ** 31) - 1],
  [1.5, true, false, null, "", "x".repeat(31), "x".repeat(32), "x".repeat(256), "x".repeat(65_536)],
  [new Uint8Array(0), new Uint8Array(256), new Uint8Array(65_536), [], {}, new Date(1e12), new Date(2 ** 40)],
  [Array.from({ length: 16 }, () => [{}]), Array.from({ length: 65_536 }, () => 1)],
  [Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`k${index}`, index]))],
  [Object.fromEntries(Array.from({ length: 65_536 }, (_, index) => [`k${index}`, index]))],
])("what was encoded is decoded as it was (%#)", (...values) => {
  expect(decodeStored(encode(values), { useBigInt64: false })).toEqual(values);
});

test("64-bit integers are bigints where that is asked for", () => {
  const values = [-(2n ** 63n), 2n ** 64n - 1n];
  expect(decodeStored(encode(values, { useBigInt64: true }), { useBigInt64: true })).toEqual(values);
});

test.each([
  ["a list", [0x91]],
  ["a long list", [0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0]],
  ["a map", [0xdf, 0x00, 0x00, 0x00, 0x01, 0xc0]],
  ["a text", [0xdb, 0x00, 0x00, 0x00, 0x02, 0x41]],
  ["bytes", [0xc6, 0xff, 0xff, 0xff, 0xff, 0x00]],
  ["an extension", [0xc9, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00]],
  ["a number", [0xcf, 0x00]],
  ["nothing", []],
])("%s that announces more than there is is refused", (_what, bytes) => {
  expect(() => decodeStored(new Uint8Array(bytes), { useBigInt64: false })).toThrow(RangeError);
});

test("lists that only say how long they are take no memory, in a snapshot or in a store", () => {
  const body = bomb(2);
  const snapshot = signed(new Snapshot([]).bytes, 8, body);
  const empty = encodeManifest({ name: "a", savedAtMs: 1, fileCount: 0, bytes: 0, parts: [] });
  const manifest = signed(empty, 9, body);
  const refusal = expect.objectContaining({ code: "invalid-snapshot" });
  expect(() => Snapshot.parse(snapshot)).toThrow(refusal);
  expect(() => parseManifest(manifest, "a")).toThrow(refusal);
  expect(heapGrowthOf(() => Snapshot.parse(snapshot))).toBeLessThan(2 ** 24);
  expect(heapGrowthOf(() => parseManifest(manifest, "a"))).toBeLessThan(2 ** 24);
});
