import { describe, expect, test } from "vitest";
import { type CreateBench, outcomeOf, outline, readText, writeText } from "./harness.ts";

/** Making, linking, moving and removing names. */
export function namesContract(createBench: CreateBench): void {
  describe("names", () => {
    test.each(["__proto__", "constructor", "toString", "ünïcödé", "日本", "🏝️", " ", "a\nb", "-rf", "..."])(
      "%j is a name like any other",
      (name) => {
        const { fs } = createBench();
        const dir = fs.resolve("/workspace");
        expect(outcomeOf(() => fs.lookup(dir, name))).toBe("ENOENT");
        const ino = fs.create(dir, name, 0o644);
        expect(fs.lookup(dir, name)).toBe(ino);
        expect(fs.readdir(dir)).toEqual([{ name, ino, type: "file" }]);
        expect(fs.pathOf(ino)).toBe(`/workspace/${name}`);
        expect(fs.resolve(`/workspace/${name}`)).toBe(ino);
      },
    );

    test.each([
      ["", "EINVAL"],
      ["a/b", "EINVAL"],
      ["/", "EINVAL"],
      ["a\0b", "EINVAL"],
      ["\ud800", "EILSEQ"],
      ["a\udc00b", "EILSEQ"],
      ["x".repeat(256), "ENAMETOOLONG"],
      ["é".repeat(128), "ENAMETOOLONG"],
      [".", "EEXIST"],
      ["..", "EEXIST"],
    ])("%j cannot be made: %s", (name, errno) => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      writeText(fs, "/workspace/a", "");
      const file = fs.resolve("/workspace/a");
      const before = outline(fs);
      expect(outcomeOf(() => fs.create(dir, name, 0o644))).toBe(errno);
      expect(outcomeOf(() => fs.mkdirAt(dir, name, 0o755))).toBe(errno);
      expect(outcomeOf(() => fs.symlinkAt(dir, name, "t"))).toBe(errno);
      expect(outcomeOf(() => fs.link(file, dir, name))).toBe(errno);
      expect(outcomeOf(() => fs.renameAt(dir, "a", dir, name))).toBe(errno === "EEXIST" ? "EINVAL" : errno);
      expect(outline(fs)).toEqual(before);
    });

    test("a name of exactly 255 UTF-8 bytes can be made", () => {
      const { fs } = createBench();
      const name = `${"é".repeat(127)}x`;
      fs.create(fs.resolve("/workspace"), name, 0o644);
      expect(fs.exists(`/workspace/${name}`)).toBe(true);
    });

    test("nothing is made twice, in a file, or in what is not there", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      const file = fs.create(dir, "a", 0o644);
      expect(outcomeOf(() => fs.create(dir, "a", 0o644))).toBe("EEXIST");
      expect(outcomeOf(() => fs.mkdirAt(dir, "a", 0o755))).toBe("EEXIST");
      expect(outcomeOf(() => fs.symlinkAt(dir, "a", "t"))).toBe("EEXIST");
      expect(outcomeOf(() => fs.link(file, dir, "a"))).toBe("EEXIST");
      expect(outcomeOf(() => fs.create(file, "x", 0o644))).toBe("ENOTDIR");
      expect(outcomeOf(() => fs.create(999_999_999, "x", 0o644))).toBe("ENOENT");
    });

    test("readdir lists names in code unit order, whatever the order they were made in", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      for (const name of ["b", "a", "B", "é", "10", "9"]) fs.create(dir, name, 0o644);
      expect(fs.readdir(dir).map((entry) => entry.name)).toEqual(["10", "9", "B", "a", "b", "é"]);
    });

    test("lookup knows . and .., and the root is its own parent", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      expect(fs.lookup(dir, ".")).toBe(dir);
      expect(fs.lookup(dir, "..")).toBe(fs.root);
      expect(fs.lookup(fs.root, "..")).toBe(fs.root);
    });

    test("a directory counts 2 + its subdirectories as links", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      const nlinks = () => fs.stat(dir).nlink;
      expect(nlinks()).toBe(2);
      fs.makeDir("/workspace/a/b");
      fs.makeDir("/workspace/c");
      writeText(fs, "/workspace/f", "");
      expect(nlinks()).toBe(4);
      fs.rename("/workspace/c", "/workspace/a/c");
      expect(nlinks()).toBe(3);
      expect(fs.stat(fs.resolve("/workspace/a")).nlink).toBe(4);
      fs.remove("/workspace/a");
      expect(nlinks()).toBe(2);
    });

    test("making and removing a name moves its directory's mtime and ctime", () => {
      const { fs, now } = createBench();
      const dir = fs.resolve("/workspace");
      const before = fs.stat(dir);
      fs.create(dir, "a", 0o644);
      const made = fs.stat(dir);
      expect(made).toEqual({ ...before, mtimeNs: now(), ctimeNs: now() });
      fs.unlinkAt(dir, "a");
      expect(fs.stat(dir)).toEqual({ ...before, mtimeNs: now(), ctimeNs: now() });
      expect(fs.stat(dir).mtimeNs > made.mtimeNs).toBe(true);
    });

    test("hard links are one file: content, mode and times, until the last name goes", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "one");
      const ino = fs.resolve("/workspace/a");
      fs.makeDir("/workspace/d");
      fs.link(ino, fs.resolve("/workspace/d"), "b");
      expect(fs.resolve("/workspace/d/b")).toBe(ino);
      expect(fs.stat(ino).nlink).toBe(2);
      writeText(fs, "/workspace/d/b", "two");
      expect(readText(fs, "/workspace/a")).toBe("two");
      fs.remove("/workspace/a");
      expect(fs.stat(ino).nlink).toBe(1);
      expect(fs.pathOf(ino)).toBe("/workspace/d/b");
      expect(readText(fs, "/workspace/d/b")).toBe("two");
      fs.remove("/workspace/d/b");
      expect(outcomeOf(() => fs.stat(ino))).toBe("ENOENT");
    });

    test("a symlink can have two names, a directory cannot", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      const link = fs.symlinkAt(dir, "l", "t");
      fs.link(link, dir, "m");
      expect(outline(fs)).toEqual(["l -> t", "m = l"]);
      expect(outcomeOf(() => fs.link(dir, dir, "d"))).toBe("EPERM");
    });

    test("unlink refuses a directory, rmdir a file, a full directory and dots", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      writeText(fs, "/workspace/d/f", "");
      expect(outcomeOf(() => fs.unlinkAt(dir, "d"))).toBe("EISDIR");
      expect(outcomeOf(() => fs.unlinkAt(dir, "no"))).toBe("ENOENT");
      expect(outcomeOf(() => fs.unlinkAt(dir, "."))).toBe("EISDIR");
      expect(outcomeOf(() => fs.rmdirAt(dir, "d"))).toBe("ENOTEMPTY");
      expect(outcomeOf(() => fs.rmdirAt(dir, "."))).toBe("EINVAL");
      expect(outcomeOf(() => fs.rmdirAt(dir, ".."))).toBe("ENOTEMPTY");
      expect(outcomeOf(() => fs.rmdirAt(fs.resolve("/workspace/d"), "f"))).toBe("ENOTDIR");
      expect(outline(fs)).toEqual(["d/", "d/f: "]);
      fs.unlinkAt(fs.resolve("/workspace/d"), "f");
      fs.rmdirAt(dir, "d");
      expect(outline(fs)).toEqual([]);
    });

    test("remove takes a whole tree, and the symlink rather than what it names", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/d/e/f", "x");
      writeText(fs, "/workspace/kept/g", "y");
      fs.symlinkAt(fs.resolve("/workspace/d"), "l", "../kept");
      fs.symlinkAt(fs.resolve("/workspace"), "m", "kept");
      fs.remove("/workspace/d");
      fs.remove("/workspace/m");
      expect(outline(fs)).toEqual(["kept/", "kept/g: y"]);
      expect(outcomeOf(() => fs.remove("/workspace/d"))).toBe("ENOENT");
      expect(outcomeOf(() => fs.remove("/workspace/kept/g/"))).toBe("ENOTDIR");
      expect(outcomeOf(() => fs.remove("/"))).toBe("EINVAL");
    });
  });

  describe("rename", () => {
    test("moves a file over a file, which is gone then", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "one");
      writeText(fs, "/workspace/b", "two");
      const [a, b] = [fs.resolve("/workspace/a"), fs.resolve("/workspace/b")];
      fs.rename("/workspace/a", "/workspace/b");
      expect(outline(fs)).toEqual(["b: one"]);
      expect(fs.resolve("/workspace/b")).toBe(a);
      expect(outcomeOf(() => fs.stat(b))).toBe("ENOENT");
    });

    test("of two names of one file changes nothing", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      writeText(fs, "/workspace/a", "one");
      fs.link(fs.resolve("/workspace/a"), dir, "b");
      fs.rename("/workspace/a", "/workspace/b");
      fs.rename("/workspace/a", "/workspace/a");
      expect(outline(fs)).toEqual(["a: one", "b = a"]);
    });

    test("moves a directory with what is in it, over an empty one only", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a/f", "x");
      writeText(fs, "/workspace/full/g", "y");
      fs.makeDir("/workspace/empty");
      expect(outcomeOf(() => fs.rename("/workspace/a", "/workspace/full"))).toBe("ENOTEMPTY");
      fs.rename("/workspace/a", "/workspace/empty");
      expect(outline(fs)).toEqual(["empty/", "empty/f: x", "full/", "full/g: y"]);
      fs.rename("/workspace/empty", "/workspace/full/moved");
      expect(fs.pathOf(fs.resolve("/workspace/full/moved/f"))).toBe("/workspace/full/moved/f");
      expect(fs.lookup(fs.resolve("/workspace/full/moved"), "..")).toBe(fs.resolve("/workspace/full"));
    });

    test("refuses to mix files and directories", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/f", "x");
      fs.makeDir("/workspace/d");
      expect(outcomeOf(() => fs.rename("/workspace/f", "/workspace/d"))).toBe("EISDIR");
      expect(outcomeOf(() => fs.rename("/workspace/d", "/workspace/f"))).toBe("ENOTDIR");
      expect(outline(fs)).toEqual(["d/", "f: x"]);
    });

    test("refuses to move a directory into itself or over its own parents", () => {
      const { fs } = createBench();
      fs.makeDir("/workspace/a/b/c");
      expect(outcomeOf(() => fs.rename("/workspace/a", "/workspace/a/x"))).toBe("EINVAL");
      expect(outcomeOf(() => fs.rename("/workspace/a", "/workspace/a/b/c/x"))).toBe("EINVAL");
      expect(outcomeOf(() => fs.rename("/workspace/a/b/c", "/workspace/a"))).toBe("ENOTEMPTY");
      expect(outcomeOf(() => fs.rename("/", "/workspace/a/x"))).toBe("EINVAL");
      expect(outline(fs)).toEqual(["a/", "a/b/", "a/b/c/"]);
    });

    test("moves a symlink itself, and a file onto a symlink's name, not its target", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      writeText(fs, "/workspace/f", "x");
      writeText(fs, "/workspace/t", "target");
      fs.symlinkAt(dir, "l", "t");
      fs.rename("/workspace/l", "/workspace/m");
      fs.rename("/workspace/f", "/workspace/m");
      expect(outline(fs)).toEqual(["m: x", "t: target"]);
    });

    test("asks for a directory where a path ends in a slash", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/f", "x");
      fs.makeDir("/workspace/d");
      expect(outcomeOf(() => fs.rename("/workspace/f/", "/workspace/g"))).toBe("ENOTDIR");
      expect(outcomeOf(() => fs.rename("/workspace/f", "/workspace/g/"))).toBe("ENOTDIR");
      expect(outcomeOf(() => fs.rename("/workspace/no", "/workspace/g"))).toBe("ENOENT");
      expect(outcomeOf(() => fs.rename("/workspace/d", "/workspace/no/g"))).toBe("ENOENT");
      fs.rename("/workspace/d/", "/workspace/e/");
      expect(outline(fs)).toEqual(["e/", "f: x"]);
    });
  });
}
