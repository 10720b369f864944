import { describe, expect, test } from "vitest";
import type { FileSystem } from "../filesystem.ts";
import { bytesOf, type CreateBench, outcomeOf, outline, readText, summarise, writeText } from "./harness.ts";

/** Second filesystems that share with the first, and changes that are undone. */
export function forksContract(createBench: CreateBench): void {
  describe("atomic changes", () => {
    test("that throw are undone whole: names, contents, usage, and what marks remember", async () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/d/f", "before");
      writeText(fs, "/workspace/open", "open");
      const open = fs.resolve("/workspace/open");
      fs.retain(open);
      writeText(fs, "/workspace/nameless", "gone but open");
      const nameless = fs.resolve("/workspace/nameless");
      fs.retain(nameless);
      fs.remove("/workspace/nameless");
      const mark = fs.mark();
      writeText(fs, "/workspace/since", "mark");
      const [before, usage] = [fs.snapshot(), fs.usage()];
      await Promise.resolve();
      const seen: string[] = [];
      fs.watch(({ path }) => seen.push(path));
      const fault = new Error("half-way");
      expect(() =>
        fs.atomically(() => {
          fs.write(fs.resolve("/workspace/d/f"), 0, bytesOf("AFTER"));
          fs.write(fs.resolve("/workspace/since"), 0, bytesOf("AFTER"));
          fs.rename("/workspace/d", "/workspace/e");
          fs.remove("/workspace/open");
          writeText(fs, "/workspace/new", "x".repeat(1000));
          throw fault;
        }),
      ).toThrow(fault);
      expect(fs.snapshot()).toEqual(before);
      expect(fs.usage()).toEqual(usage);
      expect(fs.resolve("/workspace/open")).toBe(open);
      expect(summarise(fs.changesSince(mark)).entries).toEqual(["since: mark"]);
      fs.release(open);
      expect(readText(fs, "/workspace/open")).toBe("open");
      fs.release(nameless);
      expect(outcomeOf(() => fs.stat(nameless))).toBe("ENOENT");
      expect(fs.usage().inodes).toBe(usage.inodes - 1);
      await Promise.resolve();
      expect(seen).toEqual([]);
    });

    test("that end well give their value and are told to listeners", async () => {
      const { fs } = createBench();
      const seen: string[] = [];
      fs.watch(({ path }) => seen.push(path));
      expect(
        fs.atomically(() => {
          writeText(fs, "/workspace/a", "1");
          return 42;
        }),
      ).toBe(42);
      writeText(fs, "/workspace/a", "2");
      await Promise.resolve();
      expect(outline(fs)).toEqual(["a: 2"]);
      expect(seen).toEqual(["/workspace/a"]);
    });
  });

  describe("forks", () => {
    test("start the same and then go their own ways, both of them", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/d/both", "same");
      writeText(fs, "/workspace/gone", "x");
      const fork = fs.fork();
      expect(fork.snapshot()).toEqual(fs.snapshot());
      expect(fork.usage()).toEqual(fs.usage());
      fs.write(fs.resolve("/workspace/d/both"), 0, bytesOf("here"));
      fork.write(fork.resolve("/workspace/d/both"), 4, bytesOf(" there"));
      fs.remove("/workspace/gone");
      writeText(fork, "/workspace/new", "n");
      fork.rename("/workspace/d", "/workspace/e");
      expect(outline(fs)).toEqual(["d/", "d/both: here"]);
      expect(outline(fork)).toEqual(["e/", "e/both: same there", "gone: x", "new: n"]);
    });

    test("of forks of forks stay apart", () => {
      const { fs } = createBench();
      let last: FileSystem = fs;
      const forks: FileSystem[] = [];
      for (let index = 0; index < 20; index++) {
        last = last.fork();
        writeText(last, `/workspace/${String(index).padStart(2, "0")}`, `${index}`);
        writeText(last, "/workspace/last", `${index}`);
        forks.push(last);
      }
      expect(outline(fs)).toEqual([]);
      for (const [index, fork] of forks.entries()) {
        expect(outline(fork).length).toBe(index + 2);
        expect(readText(fork, "/workspace/last")).toBe(`${index}`);
      }
    });

    test("have a quota of their own, and not what is only open in the first", () => {
      const { fs } = createBench(2 ** 20);
      fs.writeFile("/workspace/a", new Uint8Array(500_000));
      fs.writeFile("/workspace/open", new Uint8Array(500_000));
      const ino = fs.resolve("/workspace/open");
      fs.retain(ino);
      fs.remove("/workspace/open");
      const fork = fs.fork();
      expect(outcomeOf(() => fork.stat(ino))).toBe("ENOENT");
      expect(fork.usage().bytes).toBe(500_000);
      fork.writeFile("/workspace/b", new Uint8Array(500_000));
      expect(outcomeOf(() => fs.writeFile("/workspace/b", new Uint8Array(500_000)))).toBe("ENOSPC");
      expect(fork.quotaRefusals).toBe(0);
      fs.release(ino);
      expect(fs.usage().bytes).toBe(500_000);
    });

    test("do not disturb marks on either side", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "1");
      const mark = fs.mark();
      writeText(fs, "/workspace/b", "2");
      const fork = fs.fork();
      const forkMark = fork.mark();
      writeText(fork, "/workspace/c", "3");
      writeText(fs, "/workspace/a", "4");
      expect(summarise(fs.changesSince(mark)).entries).toEqual(["a: 4", "b: 2"]);
      expect(summarise(fork.changesSince(forkMark)).entries).toEqual(["c: 3"]);
      fs.dropMark(mark);
      fork.dropMark(forkMark);
      expect(outline(fs)).toEqual(["a: 4", "b: 2"]);
      expect(outline(fork)).toEqual(["a: 1", "b: 2", "c: 3"]);
    });
  });
}
