import { describe, expect, test } from "vitest";
import { toMs, toNs } from "./instant.ts";
import { Vfs } from "./vfs.ts";

describe("a moment", () => {
  test("in milliseconds becomes whole microseconds that are not later than it was", () => {
    expect([1_764_000_000_123.456, 0, 0.0009].map(toNs)).toEqual([1_764_000_000_123_456_000n, 0n, 0n]);
  });

  test("in nanoseconds stays what it is", () => {
    expect([toNs(1_764_000_000_123_456_789n), toMs(1_500_000n)]).toEqual([1_764_000_000_123_456_789n, 1.5]);
  });
});

test("a filesystem with a quick clock stamps by it, and tells nanoseconds", () => {
  let nowMs = 1000.25;
  const fs = new Vfs({ fileBytes: 2 ** 20, nowNs: () => 7n, nowMs: () => nowMs });
  const mark = fs.mark();
  const ino = fs.create(fs.root, "a", 0o644);
  nowMs = 2000.5;
  fs.write(ino, 0, Uint8Array.of(1));
  fs.setTimes(ino, { atimeNs: 3n });
  const { atimeNs, mtimeNs, ctimeNs } = fs.stat(ino);
  expect([atimeNs, mtimeNs, ctimeNs]).toEqual([3n, 2_000_500_000n, 2_000_500_000n]);
  expect(fs.changesSince(mark).entries.map(({ path, mtimeNs: at }) => [path, at])).toEqual([
    ["/a", 2_000_500_000n],
  ]);
});
