import { expect, test } from "vitest";
import { Snapshot } from "./snapshot.ts";

const entries = [
  { path: "/w", type: "directory" as const, mode: 0o755, mtimeNs: 1_767_225_600_123_456_789n },
  { path: "/w/a", type: "file" as const, mode: 0o644, mtimeNs: -1n, bytes: new Uint8Array([0, 255]) },
  { path: "/w/b", type: "file" as const, mode: 0o644, mtimeNs: 3n, linkTo: "/w/a" },
  { path: "/w/ß", type: "symlink" as const, mode: 0o777, mtimeNs: 0n, target: "a" },
];

test("a stored snapshot is read back whole, and equal trees give equal bytes", () => {
  const snapshot = new Snapshot(entries);
  const read = Snapshot.parse(snapshot.bytes);
  expect(read.entries).toEqual(entries);
  expect(read.bytes).toEqual(snapshot.bytes);
  expect(read.fileCount).toBe(3);
});

test("a snapshot that was truncated, edited, or is none at all is refused", () => {
  const { bytes } = new Snapshot(entries);
  const edited = bytes.slice();
  edited[edited.length - 1]! ^= 1;
  const otherVersion = bytes.slice();
  otherVersion[6] = 0x39;
  for (const bad of [new Uint8Array(0), bytes.slice(0, 20), bytes.slice(0, -1), edited, otherVersion]) {
    expect(() => Snapshot.parse(bad)).toThrow(expect.objectContaining({ code: "invalid-snapshot" }));
  }
});

test("a snapshot whose paths climb out is refused even when its hash is right", () => {
  const evil = new Snapshot([{ ...entries[1]!, path: "/w/../../etc/passwd" }]);
  expect(() => Snapshot.parse(evil.bytes)).toThrow(expect.objectContaining({ code: "invalid-snapshot" }));
});

test("a snapshot that was read stays as it was, whatever is done to the bytes it was read from", () => {
  const bytes = new Snapshot(entries).bytes.slice();
  const read = Snapshot.parse(bytes);
  bytes.fill(0);
  expect(read.entries).toEqual(entries);
});
