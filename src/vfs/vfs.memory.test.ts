import { describe, expect, test } from "vitest";
import type { Ino } from "./filesystem.ts";
import { Vfs } from "./vfs.ts";

const MIB = 2 ** 20;

function createVfs(fileBytes = 16 * MIB): Vfs {
  let now = 0n;
  return new Vfs({ fileBytes, nowNs: () => ++now });
}

describe("what a Vfs holds stays in proportion to what it counts", () => {
  test("spare room is at most half the size, while a file grows and after it shrank", () => {
    const fs = createVfs();
    const ino = fs.create(fs.root, "a", 0o644);
    for (let size = 0; size < 300_000; size += 1_000) {
      fs.write(ino, size, new Uint8Array(1_000));
      expect(fs.heldBytes()).toBeLessThanOrEqual((size + 1_000) * 1.5);
    }
    for (let size = 300_000; size > 1_000; size -= 7_000) {
      fs.truncate(ino, size);
      expect(fs.heldBytes()).toBeLessThanOrEqual(size * 2);
    }
    fs.truncate(ino, 0);
    expect(fs.heldBytes()).toBeLessThanOrEqual(64);
  });

  const rewrites: [string, (fs: Vfs, ino: Ino, round: number) => void][] = [
    ["writing in place", (fs, ino, round) => fs.write(ino, 0, new Uint8Array(MIB).fill(round))],
    ["replacing", (fs, _ino, round) => fs.writeFile("/a", new Uint8Array(MIB).fill(round))],
    [
      "cutting and writing",
      (fs, ino) => {
        fs.truncate(ino, 0);
        fs.write(ino, 0, new Uint8Array(MIB));
      },
    ],
    [
      "removing and creating",
      (fs) => {
        fs.remove("/a");
        fs.writeFile("/a", new Uint8Array(MIB));
      },
    ],
    [
      "renaming over",
      (fs) => {
        fs.writeFile("/b", new Uint8Array(MIB));
        fs.rename("/b", "/a");
      },
    ],
  ];
  test.each(rewrites)(
    "%s a file over and over keeps one old copy per mark, not one per rewrite",
    (_how, rewrite) => {
      const fs = createVfs();
      fs.writeFile("/a", new Uint8Array(MIB));
      const ino = fs.resolve("/a");
      const mark = fs.mark();
      for (let round = 0; round < 30; round++) {
        rewrite(fs, ino, round);
        expect(fs.heldBytes()).toBeLessThanOrEqual(2.5 * MIB);
      }
      fs.dropMark(mark);
      expect(fs.heldBytes()).toBeLessThanOrEqual(1.5 * MIB);
    },
  );

  test("marks that come and go leave neither layers nor old contents behind", () => {
    const fs = createVfs();
    fs.writeFile("/a", new Uint8Array(MIB));
    const ino = fs.resolve("/a");
    let last = fs.mark();
    for (let round = 0; round < 100; round++) {
      fs.write(ino, 0, Uint8Array.of(round));
      const next = fs.mark();
      fs.dropMark(last);
      last = next;
      expect(fs.layerDepth).toBeLessThanOrEqual(2);
      expect(fs.heldBytes()).toBeLessThanOrEqual(2 * MIB);
    }
    fs.dropMark(last);
    expect(fs.layerDepth).toBe(1);
    expect(fs.heldBytes()).toBe(MIB);
  });

  test("a write after a mark copies a content once, not at every write", () => {
    const fs = createVfs();
    fs.writeFile("/a", new Uint8Array(MIB));
    const ino = fs.resolve("/a");
    fs.mark();
    fs.write(ino, 0, Uint8Array.of(1));
    const held = fs.heldBytes();
    for (let offset = 0; offset < 1_000; offset++) fs.write(ino, offset, Uint8Array.of(offset));
    expect([held, fs.heldBytes()]).toEqual([2 * MIB, 2 * MIB]);
  });

  test("a change of mode or name after a mark copies no content", () => {
    const fs = createVfs();
    fs.writeFile("/a", new Uint8Array(MIB));
    fs.mark();
    fs.setMode(fs.resolve("/a"), 0o600);
    fs.rename("/a", "/b");
    expect(fs.heldBytes()).toBe(MIB);
  });

  test("forks share contents until one of them writes", () => {
    const fs = createVfs();
    fs.writeFile("/a", new Uint8Array(MIB));
    fs.writeFile("/b", new Uint8Array(MIB));
    const fork = fs.fork();
    fork.write(fork.resolve("/a"), 0, Uint8Array.of(1));
    // The fork holds the old content of /a as well: its layers are those of the first.
    expect([fs.heldBytes(), fork.heldBytes()]).toEqual([2 * MIB, 3 * MIB]);
    expect(fs.snapshot().find(({ path }) => path === "/b")?.bytes).toBe(
      fork.snapshot().find(({ path }) => path === "/b")?.bytes,
    );
  });

  test("a long line of forks grows in depth with the logarithm of what they changed", () => {
    let fs = createVfs();
    for (let round = 0; round < 300; round++) {
      fs = fs.fork();
      fs.writeFile(`/f${round}`, new Uint8Array(10));
      expect(fs.layerDepth).toBeLessThanOrEqual(3 + Math.log2(round + 2));
    }
    expect(fs.readdir(fs.root).length).toBe(300);
  });

  test("a short file taken from a long message does not keep the message alive", () => {
    const fs = createVfs();
    const message = new Uint8Array(MIB);
    const bytes = message.subarray(10, 20);
    fs.restore([{ path: "/a", type: "file", mode: 0o644, mtimeNs: 0n, bytes }]);
    expect(fs.snapshot()[0]?.bytes?.buffer.byteLength).toBe(10);
  });
});
