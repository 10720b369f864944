import { describe, expect, test } from "vitest";
import type { FileSystem } from "../filesystem.ts";
import { benchMaker, bytesOf, type CreateFileSystem, outline, readText, writeText } from "./harness.ts";

/** Telling listeners what changed. */
export function watchingContract(create: CreateFileSystem): void {
  const createBench = benchMaker(create);
  const collect = (fs: FileSystem) => {
    const seen: string[] = [];
    const stop = fs.watch(({ path, type }) => seen.push(`${type} ${path}`));
    return { seen, stop };
  };
  /** Listeners are called in microtasks: two turns let them all run. */
  const settle = async () => {
    await Promise.resolve();
    await Promise.resolve();
  };

  describe("watching", () => {
    test("tells each created, modified and removed path once", async () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/old", "x");
      writeText(fs, "/workspace/changed", "x");
      const { seen } = collect(fs);
      writeText(fs, "/workspace/d/new", "x");
      for (let index = 0; index < 100; index++)
        fs.write(fs.resolve("/workspace/changed"), index, bytesOf("y"));
      fs.remove("/workspace/old");
      await settle();
      expect(seen.sort()).toEqual([
        "created /workspace/d",
        "created /workspace/d/new",
        "modified /workspace/changed",
        "removed /workspace/old",
      ]);
    });

    test("a rename is a removal and a creation; over a file, a modification", async () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "x");
      writeText(fs, "/workspace/b", "x");
      const { seen } = collect(fs);
      fs.rename("/workspace/a", "/workspace/c");
      await settle();
      fs.rename("/workspace/c", "/workspace/b");
      await settle();
      expect(seen).toEqual([
        "removed /workspace/a",
        "created /workspace/c",
        "modified /workspace/b",
        "removed /workspace/c",
      ]);
    });

    test("what is written into a new file is told with its creation, and where it is found after a move", async () => {
      const { fs } = createBench();
      const { seen } = collect(fs);
      writeText(fs, "/workspace/new", "x");
      writeText(fs, "/workspace/new", "xy");
      fs.link(fs.resolve("/workspace/new"), fs.resolve("/workspace"), "other");
      writeText(fs, "/workspace/other", "xyz");
      writeText(fs, "/workspace/d/below", "x");
      fs.rename("/workspace/d", "/workspace/e");
      writeText(fs, "/workspace/e/below", "xy");
      await settle();
      expect(seen.sort()).toEqual([
        "created /workspace/d/below",
        "created /workspace/e",
        "created /workspace/new",
        "created /workspace/other",
        "modified /workspace/e/below",
      ]);
    });

    test("a change is told under every name of the file", async () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "x");
      fs.link(fs.resolve("/workspace/a"), fs.resolve("/workspace"), "b");
      const { seen } = collect(fs);
      writeText(fs, "/workspace/a", "y");
      await settle();
      expect(seen).toEqual(["modified /workspace/a", "modified /workspace/b"]);
    });

    test("what comes and goes at once is not told, nor what was refused", async () => {
      const { fs } = createBench(2 ** 16);
      const { seen } = collect(fs);
      writeText(fs, "/workspace/t", "x");
      fs.remove("/workspace/t");
      expect(() => fs.writeFile("/workspace/big", new Uint8Array(2 ** 17))).toThrow("quota");
      await settle();
      expect(seen).toEqual([]);
    });

    test("a guest that never yields is told about every 100 ms of the clock, between changes and never inside one", () => {
      let now = 0n;
      const fs = create({ fileBytes: 2 ** 20, nowNs: () => now });
      const seen: string[][] = [];
      fs.watch(({ path, type }) => seen.push([`${type} ${path}`, ...outline(fs)]));
      writeText(fs, "/workspace/a", "1");
      expect(seen).toEqual([]);
      now += 101_000_000n;
      fs.remove("/workspace/a");
      expect(seen).toEqual([]);
      writeText(fs, "/workspace/b", "1");
      expect(seen).toEqual([["created /workspace/b", "b: 1"]]);
      fs.write(fs.resolve("/workspace/b"), 0, bytesOf("2"));
      now += 101_000_000n;
      fs.write(fs.resolve("/workspace/b"), 0, bytesOf("3"));
      expect(seen.slice(1)).toEqual([["modified /workspace/b", "b: 3"]]);
    });

    test("a listener that throws disturbs neither the write nor the other listeners", async () => {
      const { fs } = createBench();
      fs.watch(() => {
        throw new Error("a fault of its own");
      });
      const { seen } = collect(fs);
      writeText(fs, "/workspace/a", "x");
      await settle();
      expect(seen).toEqual(["created /workspace/a"]);
      expect(readText(fs, "/workspace/a")).toBe("x");
    });

    test("nobody is told after unsubscribing, and one function may listen twice", async () => {
      const { fs } = createBench();
      let calls = 0;
      const listener = () => calls++;
      const stop = fs.watch(listener);
      fs.watch(listener);
      writeText(fs, "/workspace/a", "x");
      await settle();
      expect(calls).toBe(2);
      stop();
      writeText(fs, "/workspace/b", "x");
      await settle();
      expect(calls).toBe(3);
    });
  });
}
