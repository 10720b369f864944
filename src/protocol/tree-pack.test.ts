import { expect, test } from "vitest";
import type { WireTreeEntry } from "./api.ts";
import { packEntries, unpackEntries } from "./tree-pack.ts";

const chunk: WireTreeEntry[] = [
  { path: "/d", type: "directory", mode: 0o755, mtimeNs: -1n },
  { path: "/d/é", type: "file", mode: 0o644, mtimeNs: 2n ** 62n, bytes: Uint8Array.of(0, 255) },
  { path: "/d/l", type: "symlink", mode: 0o777, mtimeNs: 0n, target: "é" },
  { path: "/d/m", type: "file", mode: 0o644, mtimeNs: 1n, linkTo: "/d/é" },
];

test("entries come out as they went in, in the order of their packs", () => {
  const other: WireTreeEntry[] = [{ path: "/e", type: "directory", mode: 0, mtimeNs: 0n }];
  expect(unpackEntries([packEntries(chunk), packEntries(other)])).toEqual([...chunk, ...other]);
  expect(unpackEntries([])).toEqual([]);
});

test("a chunk is packed once, unless it is large", () => {
  expect(packEntries(chunk)).toBe(packEntries(chunk));
  const large: WireTreeEntry[] = [
    { path: "/f", type: "file", mode: 0, mtimeNs: 0n, bytes: new Uint8Array(2 ** 18) },
  ];
  expect(packEntries(large)).not.toBe(packEntries(large));
});
