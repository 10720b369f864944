import { describe, expect, test } from "vitest";
import type { FileSystem, Mark, TreeEntry } from "../filesystem.ts";
import {
  applyDelta,
  bytesOf,
  type CreateBench,
  outcomeOf,
  outline,
  summarise,
  writeText,
} from "./harness.ts";

/** What changed since a mark. */
export function marksContract(createBench: CreateBench): void {
  describe("marks", () => {
    const changesBy = (prepare: (fs: FileSystem) => void, change: (fs: FileSystem) => void) => {
      const { fs } = createBench();
      prepare(fs);
      const before = fs.snapshot();
      const mark = fs.mark();
      change(fs);
      const delta = fs.changesSince(mark);
      expect(applyDelta(before, delta)).toEqual(fs.snapshot());
      return summarise(delta);
    };
    const nothing = { removed: [], entries: [], directories: [] };

    test("nothing changed is an empty delta", () => {
      expect(
        changesBy(
          (fs) => writeText(fs, "/workspace/a", "x"),
          () => {},
        ),
      ).toEqual(nothing);
    });

    test("what is new, changed and gone is told, and nothing else", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/same", "s");
          writeText(fs, "/workspace/d/changed", "1");
          writeText(fs, "/workspace/gone", "g");
        },
        (fs) => {
          fs.write(fs.resolve("/workspace/d/changed"), 1, bytesOf("2"));
          writeText(fs, "/workspace/new", "n");
          fs.remove("/workspace/gone");
        },
      );
      expect(delta).toEqual({
        removed: ["gone"],
        entries: ["d/changed: 12", "new: n"],
        directories: ["/workspace"],
      });
    });

    test("what was made and removed in between is not told, nor what was read", () => {
      const delta = changesBy(
        (fs) => writeText(fs, "/workspace/a/f", "x"),
        (fs) => {
          fs.readFile("/workspace/a/f");
          fs.makeDir("/workspace/a/t");
          fs.remove("/workspace/a/t");
        },
      );
      expect(delta).toEqual({ ...nothing, directories: ["a"] });
    });

    test("a renamed directory takes everything in it to its new paths", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/a/b/f", "x");
          fs.symlinkAt(fs.resolve("/workspace/a"), "l", "b");
        },
        (fs) => fs.rename("/workspace/a", "/workspace/z"),
      );
      expect(delta).toEqual({
        removed: ["a", "a/b", "a/b/f", "a/l"],
        entries: ["z/b/f: x", "z/l -> b"],
        directories: ["/workspace", "z", "z/b"],
      });
    });

    test("two directories that swap names bring the contents of each under the other's", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/a/f", "from a");
          writeText(fs, "/workspace/b/f", "from b");
          writeText(fs, "/workspace/b/only", "b");
        },
        (fs) => {
          fs.rename("/workspace/a", "/workspace/t");
          fs.rename("/workspace/b", "/workspace/a");
          fs.rename("/workspace/t", "/workspace/b");
        },
      );
      expect(delta).toEqual({
        removed: ["b/only"],
        entries: ["a/f: from b", "a/only: b", "b/f: from a"],
        directories: ["/workspace", "a", "b"],
      });
    });

    test("a changed file under a moved directory under a moved directory is told once, where it is", () => {
      const delta = changesBy(
        (fs) => writeText(fs, "/workspace/a/b/f", "1"),
        (fs) => {
          fs.rename("/workspace/a/b", "/workspace/b");
          writeText(fs, "/workspace/b/f", "2");
          fs.rename("/workspace/a", "/workspace/b/a");
        },
      );
      expect(delta).toEqual({
        removed: ["a", "a/b", "a/b/f"],
        entries: ["b/f: 2"],
        directories: ["/workspace", "b", "b/a"],
      });
    });

    test("a path whose type changed is told with its new type, and what hung below is gone", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/d/f", "x");
          writeText(fs, "/workspace/f", "x");
        },
        (fs) => {
          fs.remove("/workspace/d");
          writeText(fs, "/workspace/d", "now a file");
          fs.remove("/workspace/f");
          fs.symlinkAt(fs.resolve("/workspace"), "f", "d");
        },
      );
      expect(delta).toEqual({
        removed: ["d/f"],
        entries: ["d: now a file", "f -> d"],
        directories: ["/workspace"],
      });
    });

    test("a changed content is told under all its names, the first with its bytes", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/d/a", "1");
          fs.link(fs.resolve("/workspace/d/a"), fs.resolve("/workspace"), "z");
        },
        (fs) => writeText(fs, "/workspace/z", "2"),
      );
      expect(delta).toEqual({ removed: [], entries: ["d/a: 2", "z = d/a"], directories: [] });
    });

    test("a second name for an unchanged file brings the first along, so a delta reads by itself", () => {
      const delta = changesBy(
        (fs) => writeText(fs, "/workspace/d/a", "1"),
        (fs) => fs.link(fs.resolve("/workspace/d/a"), fs.resolve("/workspace"), "z"),
      );
      expect(delta).toEqual({ removed: [], entries: ["d/a: 1", "z = d/a"], directories: ["/workspace"] });
    });

    test("a third name that comes first is linked to by the other two", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/m", "1");
          fs.link(fs.resolve("/workspace/m"), fs.resolve("/workspace"), "z");
        },
        (fs) => fs.link(fs.resolve("/workspace/m"), fs.resolve("/workspace"), "a"),
      );
      expect(delta).toEqual({
        removed: [],
        entries: ["a: 1", "m = a", "z = a"],
        directories: ["/workspace"],
      });
    });

    test("when the first name goes or moves, the others are told anew", () => {
      const prepare = (fs: FileSystem) => {
        writeText(fs, "/workspace/d/a", "1");
        fs.link(fs.resolve("/workspace/d/a"), fs.resolve("/workspace"), "m");
      };
      expect(changesBy(prepare, (fs) => fs.remove("/workspace/d/a"))).toEqual({
        removed: ["d/a"],
        entries: ["m: 1"],
        directories: ["d"],
      });
      expect(changesBy(prepare, (fs) => fs.rename("/workspace/d", "/workspace/z"))).toEqual({
        removed: ["d", "d/a"],
        entries: ["m: 1", "z/a = m"],
        directories: ["/workspace", "z"],
      });
    });

    test("a mode or a time that changed is told; access times and open files are not", () => {
      const delta = changesBy(
        (fs) => {
          for (const name of ["a", "b", "c", "d"]) writeText(fs, `/workspace/${name}`, name);
        },
        (fs) => {
          fs.setMode(fs.resolve("/workspace/a"), 0o600);
          fs.setTimes(fs.resolve("/workspace/b"), { mtimeNs: 7n });
          fs.setTimes(fs.resolve("/workspace/c"), { atimeNs: 7n });
          fs.retain(fs.resolve("/workspace/d"));
        },
      );
      expect(delta).toEqual({ ...nothing, entries: ["a: a", "b: b"] });
    });

    test("a restore is told by what it changed", () => {
      const delta = changesBy(
        (fs) => {
          writeText(fs, "/workspace/a", "1");
          writeText(fs, "/workspace/b", "1");
        },
        (fs) => {
          const entries = fs.snapshot();
          fs.restore(
            entries.map((entry) =>
              entry.path === "/workspace/b" ? { ...entry, bytes: bytesOf("2") } : entry,
            ),
          );
        },
      );
      expect(delta).toEqual({ ...nothing, entries: ["b: 2"] });
    });

    test("several marks tell each its own difference, in whatever order they are dropped", () => {
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
        [1, 2, 0],
      ]) {
        const { fs } = createBench();
        const marks: Mark[] = [];
        const snapshots: TreeEntry[][] = [];
        for (let step = 0; step < 3; step++) {
          writeText(fs, `/workspace/f${step}`, `${step}`);
          writeText(fs, "/workspace/often", `${step}`);
          if (step === 1) fs.remove("/workspace/f0");
          snapshots.push(fs.snapshot());
          marks.push(fs.mark());
        }
        writeText(fs, "/workspace/last", "x");
        const kept = new Set([0, 1, 2]);
        for (const index of order) {
          for (const other of kept) {
            expect(applyDelta(snapshots[other]!, fs.changesSince(marks[other]!))).toEqual(fs.snapshot());
          }
          fs.dropMark(marks[index]!);
          fs.dropMark(marks[index]!);
          expect(outcomeOf(() => fs.changesSince(marks[index]!))).toBe("EINVAL");
          kept.delete(index);
        }
        expect(outline(fs)).toEqual(["f1: 1", "f2: 2", "last: x", "often: 2"]);
      }
    });

    test("two marks of one state are dropped one by one", () => {
      const { fs } = createBench();
      const first = fs.mark();
      const second = fs.mark();
      fs.dropMark(first);
      writeText(fs, "/workspace/a", "x");
      expect(summarise(fs.changesSince(second)).entries).toEqual(["a: x"]);
    });

    test("forgotten marks come to an end", () => {
      const { fs } = createBench();
      for (let index = 0; index < 256; index++) fs.mark();
      expect(outcomeOf(() => fs.mark())).toBe("EMFILE");
    });

    test("bytes of a delta stay as they were when the file is written again", () => {
      const { fs } = createBench();
      const mark = fs.mark();
      writeText(fs, "/workspace/a", "first");
      const delta = fs.changesSince(mark);
      fs.write(fs.resolve("/workspace/a"), 0, bytesOf("FIRST"));
      expect(summarise(delta).entries).toEqual(["a: first"]);
    });

    test("rolling back brings back names, contents, links, modes, times and what is counted", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/changed", "1");
      writeText(fs, "/workspace/gone/deep", "2");
      fs.link(fs.resolve("/workspace/changed"), fs.resolve("/workspace"), "linked");
      fs.symlinkAt(fs.resolve("/workspace"), "symlink", "changed");
      const state = () => ({ tree: fs.snapshot(), usage: fs.usage() });
      const before = state();
      const mark = fs.mark();
      for (let round = 0; round < 2; round++) {
        writeText(fs, "/workspace/changed", "other");
        fs.write(fs.resolve("/workspace/linked"), 5, bytesOf("!"));
        fs.setMode(fs.resolve("/workspace/linked"), 0o600);
        fs.remove("/workspace/gone");
        fs.rename("/workspace/symlink", "/workspace/moved");
        writeText(fs, "/workspace/new/file", "new");
        fs.setReadOnly("/workspace/new");
        expect(state()).not.toEqual(before);
        fs.rollBack(mark);
        expect(state()).toEqual(before);
        expect(summarise(fs.changesSince(mark))).toEqual(nothing);
      }
      writeText(fs, "/workspace/new/file", "writable again");
    });

    test("rolling back keeps the marks made before and drops those made after", () => {
      const { fs } = createBench();
      const first = fs.mark();
      writeText(fs, "/workspace/a", "1");
      const second = fs.mark();
      const twin = fs.mark();
      writeText(fs, "/workspace/b", "2");
      const third = fs.mark();
      fs.rollBack(second);
      expect(summarise(fs.changesSince(first)).entries).toEqual(["a: 1"]);
      for (const mark of [twin, third]) expect(outcomeOf(() => fs.changesSince(mark))).toBe("EINVAL");
      fs.dropMark(second);
      fs.rollBack(first);
      expect(outline(fs)).toEqual([]);
    });

    test("rolling back is refused while a file is open, and for a mark that is none", () => {
      const { fs } = createBench();
      const mark = fs.mark();
      writeText(fs, "/workspace/a", "1");
      const ino = fs.resolve("/workspace/a");
      fs.retain(ino);
      expect(outcomeOf(() => fs.rollBack(mark))).toBe("EINVAL");
      expect(outline(fs)).toEqual(["a: 1"]);
      fs.release(ino);
      fs.rollBack(mark);
      fs.dropMark(mark);
      expect(outcomeOf(() => fs.rollBack(mark))).toBe("EINVAL");
      expect(outline(fs)).toEqual([]);
    });

    test("what a rollback does to each path is told to who watches", async () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/changed", "1");
      writeText(fs, "/workspace/gone", "2");
      const mark = fs.mark();
      writeText(fs, "/workspace/changed", "3");
      fs.remove("/workspace/gone");
      writeText(fs, "/workspace/new", "4");
      const told: string[] = [];
      fs.watch(({ path, type }) => told.push(`${type} ${path}`));
      fs.rollBack(mark);
      await Promise.resolve();
      expect(told.filter((line) => !line.endsWith("/workspace")).sort()).toEqual([
        "created /workspace/gone",
        "modified /workspace/changed",
        "removed /workspace/new",
      ]);
    });
  });
}
