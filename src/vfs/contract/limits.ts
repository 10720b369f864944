import { describe, expect, test } from "vitest";
import type { FileSystem, Ino } from "../filesystem.ts";
import { bytesOf, type CreateBench, outcomeOf, outline, readText, writeText } from "./harness.ts";

const MIB = 2 ** 20;

/** The quota, and read-only trees. */
export function limitsContract(createBench: CreateBench): void {
  const remainingOf = (fs: FileSystem, fileBytes: number) => fileBytes - fs.usage().bytes;

  describe("quota", () => {
    test("a file may fill it to the last byte, and not one more", () => {
      const { fs } = createBench(MIB);
      const ino = fs.create(fs.resolve("/workspace"), "a", 0o644);
      const remaining = remainingOf(fs, MIB);
      expect(fs.write(ino, 0, new Uint8Array(remaining))).toBe(remaining);
      expect(fs.usage().bytes).toBe(MIB);
      expect(outcomeOf(() => fs.write(ino, remaining, bytesOf("x")))).toBe("ENOSPC");
      expect(outcomeOf(() => fs.truncate(ino, remaining + 1))).toBe("ENOSPC");
      expect(fs.stat(ino).size).toBe(remaining);
      expect(fs.quotaRefusals).toBe(2);
      fs.write(ino, 0, bytesOf("in place"));
      fs.truncate(ino, 0);
      expect(remainingOf(fs, MIB)).toBe(remaining);
    });

    test.each([2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER])(
      "a sparse write at %d and a truncate to it are refused before anything is allocated",
      (offset) => {
        const { fs } = createBench(MIB);
        writeText(fs, "/workspace/a", "abc");
        const ino = fs.resolve("/workspace/a");
        const before = fs.stat(ino);
        expect(outcomeOf(() => fs.write(ino, offset, bytesOf("x")))).toBe("ENOSPC");
        expect(outcomeOf(() => fs.truncate(ino, offset))).toBe("ENOSPC");
        expect(fs.stat(ino)).toEqual(before);
        expect(readText(fs, "/workspace/a")).toBe("abc");
      },
    );

    test("a file larger than a buffer can be is refused though the quota would have room", () => {
      const { fs } = createBench(4 * 2 ** 30);
      const ino = fs.create(fs.resolve("/workspace"), "a", 0o644);
      expect(outcomeOf(() => fs.truncate(ino, 2 ** 31))).toBe("EFBIG");
      expect(fs.stat(ino).size).toBe(0);
    });

    test("writeFile that does not fit leaves the old content, and no parents of a new file", () => {
      const { fs } = createBench(MIB);
      writeText(fs, "/workspace/a", "old");
      expect(outcomeOf(() => fs.writeFile("/workspace/a", new Uint8Array(2 * MIB)))).toBe("ENOSPC");
      expect(outcomeOf(() => fs.writeFile("/workspace/b/c/d", new Uint8Array(2 * MIB)))).toBe("ENOSPC");
      expect(outline(fs)).toEqual(["a: old"]);
    });

    const fillers: [string, (fs: FileSystem, dir: Ino, index: number) => void][] = [
      ["empty files", (fs, dir, index) => fs.create(dir, `${index}`, 0o644)],
      ["directories", (fs, dir, index) => fs.mkdirAt(dir, `${index}`, 0o755)],
      ["long names", (fs, dir, index) => fs.create(dir, `${index}${"n".repeat(200)}`, 0o644)],
      ["symlinks", (fs, dir, index) => fs.symlinkAt(dir, `${index}`, "t".repeat(4000))],
      ["hard links", (fs, dir, index) => fs.link(fs.lookup(dir, "..one"), dir, `${index}`)],
    ];
    test.each(fillers)("%s without end are refused, and given back when they go", (_what, fill) => {
      const { fs } = createBench(MIB);
      fs.makeDir("/workspace/d");
      const dir = fs.resolve("/workspace/d");
      fs.create(dir, "..one", 0o644);
      const before = fs.usage();
      let made = 0;
      let refusal: unknown;
      while (made < 100_000) {
        const index = made;
        refusal = outcomeOf(() => fill(fs, dir, index));
        if (refusal === "ENOSPC") break;
        made++;
      }
      expect(refusal).toBe("ENOSPC");
      expect(made).toBeGreaterThan(100);
      expect(fs.readdir(dir).length).toBe(made + 1);
      expect(fs.usage().bytes).toBeLessThanOrEqual(MIB);
      for (const { name } of fs.readdir(dir)) if (name !== "..one") fs.remove(`/workspace/d/${name}`);
      expect(fs.usage()).toEqual(before);
    });

    test("a rename to a longer name is refused when the quota is full, to a shorter one not", () => {
      const { fs } = createBench(MIB);
      const dir = fs.resolve("/workspace");
      // Past the free allowance, so that names cost what they are long.
      for (let index = 0; index < 200; index++) fs.create(dir, `some${index}`, 0o644);
      const ino = fs.create(dir, "big", 0o644);
      fs.write(ino, 0, new Uint8Array(remainingOf(fs, MIB)));
      expect(outcomeOf(() => fs.rename("/workspace/big", "/workspace/bigger"))).toBe("ENOSPC");
      expect(fs.resolve("/workspace/big")).toBe(ino);
      fs.rename("/workspace/big", "/workspace/b");
      expect(fs.usage().bytes).toBe(MIB - 2);
    });

    test("an open file without a name still counts, until it is released", () => {
      const { fs } = createBench(MIB);
      fs.writeFile("/workspace/a", new Uint8Array(900_000));
      const ino = fs.resolve("/workspace/a");
      fs.retain(ino);
      fs.remove("/workspace/a");
      expect(outcomeOf(() => fs.writeFile("/workspace/b", new Uint8Array(900_000)))).toBe("ENOSPC");
      fs.release(ino);
      fs.writeFile("/workspace/b", new Uint8Array(900_000));
      expect(fs.usage().bytes).toBe(900_000);
    });

    test("making and removing the same things over and over ends where it began", () => {
      const { fs } = createBench(MIB);
      const before = fs.usage();
      for (let round = 0; round < 50; round++) {
        fs.writeFile("/workspace/d/e/f", new Uint8Array(50_000));
        fs.link(fs.resolve("/workspace/d/e/f"), fs.resolve("/workspace/d"), "g");
        fs.symlinkAt(fs.resolve("/workspace/d"), "l", "e/f");
        fs.rename("/workspace/d/e", "/workspace/longer-name");
        fs.rename("/workspace/d/g", "/workspace/d/l");
        fs.truncate(fs.resolve("/workspace/longer-name/f"), 60_000);
        fs.remove("/workspace/longer-name");
        fs.remove("/workspace/d");
      }
      expect(fs.usage()).toEqual(before);
      expect(fs.quotaRefusals).toBe(0);
    });
  });

  describe("read-only trees", () => {
    const createProtected = () => {
      const bench = createBench();
      const { fs } = bench;
      writeText(fs, "/workspace/top/lib/inner/f", "safe");
      fs.symlinkAt(fs.resolve("/workspace/top/lib"), "l", "inner/f");
      fs.makeDir("/workspace/top/lib/empty");
      writeText(fs, "/workspace/free", "mine");
      fs.link(fs.resolve("/workspace/top/lib/inner/f"), fs.resolve("/workspace"), "second");
      fs.setReadOnly("/workspace/top/lib");
      return bench;
    };

    const attacks: [string, (fs: FileSystem) => unknown][] = [
      ["write", (fs) => fs.write(fs.resolve("/workspace/top/lib/inner/f"), 0, bytesOf("x"))],
      ["write through a symlink", (fs) => fs.writeFile("/workspace/top/lib/l", bytesOf("x"))],
      ["write through a second name", (fs) => fs.writeFile("/workspace/second", bytesOf("x"))],
      ["unlink a second name", (fs) => fs.remove("/workspace/second")],
      ["truncate", (fs) => fs.truncate(fs.resolve("/workspace/top/lib/inner/f"), 0)],
      ["writeFile", (fs) => fs.writeFile("/workspace/top/lib/inner/f", bytesOf("x"))],
      ["a new file by path", (fs) => fs.writeFile("/workspace/top/lib/a/b", bytesOf("x"))],
      ["create", (fs) => fs.create(fs.resolve("/workspace/top/lib"), "x", 0o644)],
      ["mkdir", (fs) => fs.mkdirAt(fs.resolve("/workspace/top/lib/inner"), "x", 0o755)],
      ["makeDir", (fs) => fs.makeDir("/workspace/top/lib/x/y")],
      ["symlink", (fs) => fs.symlinkAt(fs.resolve("/workspace/top/lib"), "x", "y")],
      ["link in", (fs) => fs.link(fs.resolve("/workspace/free"), fs.resolve("/workspace/top/lib"), "x")],
      ["link out", (fs) => fs.link(fs.resolve("/workspace/top/lib/inner/f"), fs.resolve("/workspace"), "x")],
      ["unlink", (fs) => fs.unlinkAt(fs.resolve("/workspace/top/lib/inner"), "f")],
      ["rmdir", (fs) => fs.rmdirAt(fs.resolve("/workspace/top/lib"), "empty")],
      ["remove", (fs) => fs.remove("/workspace/top/lib/inner")],
      ["remove the tree itself", (fs) => fs.remove("/workspace/top/lib")],
      ["remove its parent", (fs) => fs.remove("/workspace/top")],
      ["rename in", (fs) => fs.rename("/workspace/free", "/workspace/top/lib/x")],
      ["rename over", (fs) => fs.rename("/workspace/free", "/workspace/top/lib/inner/f")],
      ["rename out", (fs) => fs.rename("/workspace/top/lib/inner/f", "/workspace/x")],
      ["rename inside", (fs) => fs.rename("/workspace/top/lib/inner", "/workspace/top/lib/x")],
      ["rename over a second name", (fs) => fs.rename("/workspace/free", "/workspace/second")],
      ["rename the tree itself", (fs) => fs.rename("/workspace/top/lib", "/workspace/x")],
      ["rename its parent", (fs) => fs.rename("/workspace/top", "/workspace/x")],
      ["chmod", (fs) => fs.setMode(fs.resolve("/workspace/top/lib/inner"), 0o777)],
      ["times", (fs) => fs.setTimes(fs.resolve("/workspace/top/lib/inner/f"), { mtimeNs: 1n })],
    ];
    test.each(attacks)("%s is refused with EROFS and changes nothing", (_what, attack) => {
      const { fs } = createProtected();
      const before = fs.snapshot();
      const usage = fs.usage();
      expect(outcomeOf(() => attack(fs))).toBe("EROFS");
      expect(fs.snapshot()).toEqual(before);
      expect(fs.usage()).toEqual(usage);
    });

    test("what is beside it stays writable, and reading inside works", () => {
      const { fs } = createProtected();
      writeText(fs, "/workspace/top/beside", "x");
      fs.rename("/workspace/top/beside", "/workspace/top/moved");
      fs.remove("/workspace/top/moved");
      expect(readText(fs, "/workspace/top/lib/l")).toBe("safe");
      expect(fs.isReadOnly(fs.resolve("/workspace/top/lib/inner/f"))).toBe(true);
      expect(fs.isReadOnly(fs.resolve("/workspace/second"))).toBe(true);
      expect(fs.isReadOnly(fs.resolve("/workspace/top"))).toBe(false);
    });

    test("an existing name is still answered with EEXIST, a missing one with ENOENT", () => {
      const { fs } = createProtected();
      const lib = fs.resolve("/workspace/top/lib");
      expect(outcomeOf(() => fs.mkdirAt(lib, "inner", 0o755))).toBe("EEXIST");
      expect(outcomeOf(() => fs.unlinkAt(lib, "no"))).toBe("ENOENT");
      expect(outcomeOf(() => fs.setReadOnly("/workspace/no"))).toBe("ENOENT");
    });

    test("a fork, and the tree a restore brings, are protected at the same paths", () => {
      const { fs } = createProtected();
      const fork = fs.fork();
      expect(outcomeOf(() => writeText(fork, "/workspace/top/lib/inner/f", "x"))).toBe("EROFS");
      fork.restore(fs.snapshot());
      expect(outcomeOf(() => writeText(fork, "/workspace/top/lib/inner/f", "x"))).toBe("EROFS");
      expect(outcomeOf(() => fork.rename("/workspace/top", "/workspace/x"))).toBe("EROFS");
      writeText(fork, "/workspace/free", "still mine");
    });

    test("the root can be read-only, which leaves nothing to change", () => {
      const { fs } = createProtected();
      fs.setReadOnly("/");
      expect(outcomeOf(() => writeText(fs, "/workspace/free", "x"))).toBe("EROFS");
      expect(outcomeOf(() => fs.makeDir("/x"))).toBe("EROFS");
      fs.restore([]);
      expect(outcomeOf(() => fs.makeDir("/x"))).toBe("EROFS");
    });
  });
}
