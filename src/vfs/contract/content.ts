import { describe, expect, test } from "vitest";
import { bytesOf, type CreateBench, outcomeOf, readText, textOf, writeText } from "./harness.ts";

/** Reading, writing, cutting and growing one file; its size and times. */
export function contentContract(createBench: CreateBench): void {
  describe("contents", () => {
    test("a new file is empty, has one name and the time of its creation", () => {
      const { fs, now } = createBench();
      const ino = fs.create(fs.resolve("/workspace"), "a", 0o640);
      expect(fs.stat(ino)).toEqual({
        ino,
        type: "file",
        mode: 0o640,
        size: 0,
        nlink: 1,
        atimeNs: now(),
        mtimeNs: now(),
        ctimeNs: now(),
      });
    });

    test("bytes written at offsets are read back, and gaps are zeros", () => {
      const { fs } = createBench();
      const ino = fs.create(fs.resolve("/workspace"), "a", 0o644);
      expect(fs.write(ino, 4, bytesOf("four"))).toBe(4);
      expect(fs.write(ino, 1, bytesOf("x"))).toBe(1);
      expect(textOf(fs.readFile("/workspace/a"))).toBe("\0x\0\0four");
    });

    test("a read copies what fits, and nothing at or past the end", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "0123456789");
      const ino = fs.resolve("/workspace/a");
      const target = new Uint8Array(4);
      expect(fs.read(ino, 8, target)).toBe(2);
      expect([...target]).toEqual([0x38, 0x39, 0, 0]);
      expect(fs.read(ino, 10, target)).toBe(0);
      expect(fs.read(ino, 2 ** 40, target)).toBe(0);
      expect([...target]).toEqual([0x38, 0x39, 0, 0]);
    });

    test("what was cut off does not come back when the file grows again", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "secret");
      const ino = fs.resolve("/workspace/a");
      fs.truncate(ino, 2);
      fs.truncate(ino, 6);
      expect(readText(fs, "/workspace/a")).toBe("se\0\0\0\0");
      fs.truncate(ino, 3);
      fs.write(ino, 5, bytesOf("x"));
      expect(readText(fs, "/workspace/a")).toBe("se\0\0\0x");
    });

    test("a large file shrinks and grows again byte for byte", () => {
      const { fs } = createBench();
      fs.writeFile("/workspace/a", new Uint8Array(100_000).fill(7));
      const ino = fs.resolve("/workspace/a");
      fs.truncate(ino, 10);
      fs.truncate(ino, 200);
      const expected = new Uint8Array(200);
      expected.fill(7, 0, 10);
      expect(fs.readFile("/workspace/a")).toEqual(expected);
    });

    test("what a caller does to its own bytes afterwards is not seen in the file, nor the other way round", () => {
      const { fs } = createBench();
      const source = bytesOf("abc");
      fs.writeFile("/workspace/a", source);
      source[0] = 0x7a;
      const copy = fs.readFile("/workspace/a");
      copy[1] = 0x7a;
      expect(readText(fs, "/workspace/a")).toBe("abc");
      fs.writeFile("/workspace/a", source);
      source[0] = 0x79;
      expect(readText(fs, "/workspace/a")).toBe("zbc");
    });

    test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
      "an offset of %s is refused",
      (offset) => {
        const { fs } = createBench();
        writeText(fs, "/workspace/a", "abc");
        const ino = fs.resolve("/workspace/a");
        expect(outcomeOf(() => fs.read(ino, offset, new Uint8Array(1)))).toBe("EINVAL");
        expect(outcomeOf(() => fs.write(ino, offset, bytesOf("x")))).toBe("EINVAL");
        expect(outcomeOf(() => fs.truncate(ino, offset))).toBe("EINVAL");
        expect(readText(fs, "/workspace/a")).toBe("abc");
      },
    );

    test("directories and symlinks have no content to read, write or cut", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      const link = fs.symlinkAt(dir, "l", "nowhere");
      for (const [ino, errno] of [
        [dir, "EISDIR"],
        [link, "EINVAL"],
      ] as const) {
        expect(outcomeOf(() => fs.read(ino, 0, new Uint8Array(1)))).toBe(errno);
        expect(outcomeOf(() => fs.write(ino, 0, bytesOf("x")))).toBe(errno);
        expect(outcomeOf(() => fs.truncate(ino, 0))).toBe(errno);
      }
      expect(outcomeOf(() => fs.readFile("/workspace"))).toBe("EISDIR");
      expect(outcomeOf(() => fs.readlink(dir))).toBe("EINVAL");
    });

    test("writing moves mtime and ctime, reading moves nothing, writing nothing moves nothing", () => {
      const { fs, now } = createBench();
      writeText(fs, "/workspace/a", "abc");
      const ino = fs.resolve("/workspace/a");
      const before = fs.stat(ino);
      fs.read(ino, 0, new Uint8Array(3));
      fs.write(ino, 9, new Uint8Array(0));
      expect(fs.stat(ino)).toEqual(before);
      fs.write(ino, 0, bytesOf("x"));
      expect(fs.stat(ino)).toEqual({ ...before, mtimeNs: now(), ctimeNs: now() });
    });

    test("times are kept to the nanosecond, each set by itself, and ctime is the clock's", () => {
      const { fs, now } = createBench();
      writeText(fs, "/workspace/a", "abc");
      const ino = fs.resolve("/workspace/a");
      const before = fs.stat(ino);
      fs.setTimes(ino, { mtimeNs: 1_700_000_000_123_456_789n });
      expect(fs.stat(ino)).toEqual({ ...before, mtimeNs: 1_700_000_000_123_456_789n, ctimeNs: now() });
      fs.setTimes(ino, { atimeNs: 5n });
      expect(fs.stat(ino)).toEqual({
        ...before,
        atimeNs: 5n,
        mtimeNs: 1_700_000_000_123_456_789n,
        ctimeNs: now(),
      });
    });

    test("times of more than 64 bits are refused", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "abc");
      const ino = fs.resolve("/workspace/a");
      const before = fs.stat(ino);
      expect(outcomeOf(() => fs.setTimes(ino, { mtimeNs: 2n ** 63n }))).toBe("EINVAL");
      expect(outcomeOf(() => fs.setTimes(ino, { mtimeNs: 5n, atimeNs: -(2n ** 63n) - 1n }))).toBe("EINVAL");
      expect(fs.stat(ino)).toEqual(before);
    });

    test("the mode keeps its permission bits and nothing of the type", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "abc");
      const ino = fs.resolve("/workspace/a");
      fs.setMode(ino, 0o100755);
      expect(fs.stat(ino).mode).toBe(0o755);
      fs.setMode(ino, 0o1777);
      expect(fs.stat(ino).mode).toBe(0o1777);
    });

    test("writeFile replaces the whole content, keeps the inode and makes missing parents", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a/b/c", "first, and long");
      const ino = fs.resolve("/workspace/a/b/c");
      fs.writeFile("/workspace/a/b/c", bytesOf("second"), 0o600);
      expect(readText(fs, "/workspace/a/b/c")).toBe("second");
      expect(fs.resolve("/workspace/a/b/c")).toBe(ino);
      expect(fs.stat(ino).mode).toBe(0o600);
      expect(fs.stat(fs.resolve("/workspace/a/b")).type).toBe("directory");
    });

    test("writeFile writes through a symlink, also one whose target is not there yet", () => {
      const { fs } = createBench();
      fs.symlinkAt(fs.resolve("/workspace"), "l", "real");
      writeText(fs, "/workspace/l", "one");
      writeText(fs, "/workspace/l", "two");
      expect(readText(fs, "/workspace/real")).toBe("two");
      expect(fs.readlink(fs.resolve("/workspace/l", { follow: false }))).toBe("real");
    });

    test("writeFile refuses directories, trailing slashes and a file in the middle", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "abc");
      expect(outcomeOf(() => writeText(fs, "/workspace", "x"))).toBe("EISDIR");
      expect(outcomeOf(() => writeText(fs, "/workspace/new/", "x"))).toBe("EISDIR");
      expect(outcomeOf(() => writeText(fs, "/workspace/a/b", "x"))).toBe("ENOTDIR");
      expect(outcomeOf(() => writeText(fs, "/workspace/no/../b", "x"))).toBe("ENOENT");
      expect(fs.readdir(fs.resolve("/workspace")).map((entry) => entry.name)).toEqual(["a"]);
    });

    test("an open file outlives its last name, and goes with its last release", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "abc");
      const ino = fs.resolve("/workspace/a");
      const before = fs.usage();
      fs.retain(ino);
      fs.retain(ino);
      fs.unlinkAt(fs.resolve("/workspace"), "a");
      expect(fs.exists("/workspace/a")).toBe(false);
      expect(fs.stat(ino).nlink).toBe(0);
      expect(outcomeOf(() => fs.pathOf(ino))).toBe("ENOENT");
      fs.write(ino, 3, bytesOf("def"));
      fs.release(ino);
      const target = new Uint8Array(6);
      expect(fs.read(ino, 0, target)).toBe(6);
      expect(textOf(target)).toBe("abcdef");
      expect(fs.usage().inodes).toBe(before.inodes);
      expect(outcomeOf(() => fs.link(ino, fs.resolve("/workspace"), "back"))).toBe("ENOENT");
      fs.release(ino);
      expect(outcomeOf(() => fs.stat(ino))).toBe("ENOENT");
      expect(fs.usage().inodes).toBe(before.inodes - 1);
      expect(outcomeOf(() => fs.release(ino))).toBe("EBADF");
    });

    test("an open directory outlives its name, empty and closed to new names", () => {
      const { fs } = createBench();
      fs.makeDir("/workspace/d");
      const ino = fs.resolve("/workspace/d");
      fs.retain(ino);
      fs.rmdirAt(fs.resolve("/workspace"), "d");
      expect(fs.readdir(ino)).toEqual([]);
      expect(outcomeOf(() => fs.create(ino, "x", 0o644))).toBe("ENOENT");
      expect(outcomeOf(() => fs.mkdirAt(ino, "x", 0o755))).toBe("ENOENT");
      expect(outcomeOf(() => fs.walk("..", { base: ino }))).toBe("ENOENT");
      writeText(fs, "/workspace/f", "x");
      expect(outcomeOf(() => fs.renameAt(fs.resolve("/workspace"), "f", ino, "x"))).toBe("ENOENT");
      expect(outcomeOf(() => fs.link(fs.resolve("/workspace/f"), ino, "x"))).toBe("ENOENT");
      fs.release(ino);
      expect(outcomeOf(() => fs.stat(ino))).toBe("ENOENT");
    });
  });
}
