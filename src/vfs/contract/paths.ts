import { describe, expect, test } from "vitest";
import type { FileSystem } from "../filesystem.ts";
import { type CreateBench, outcomeOf, readText, writeText } from "./harness.ts";

/** How paths are walked: dots, slashes, symlinks, and walks that may not leave their directory. */
export function pathsContract(createBench: CreateBench): void {
  /** /workspace/d/f and symlinks to both; out leads away, up climbs, loop never ends. */
  const createTree = (): FileSystem => {
    const { fs } = createBench();
    const dir = fs.resolve("/workspace");
    writeText(fs, "/workspace/d/f", "file");
    writeText(fs, "/workspace/d/e/g", "inner");
    fs.symlinkAt(dir, "to-d", "d");
    fs.symlinkAt(dir, "to-f", "d/f");
    fs.symlinkAt(dir, "to-d-slash", "d/");
    fs.symlinkAt(dir, "to-f-slash", "d/f/");
    fs.symlinkAt(dir, "dangling", "d/new");
    fs.symlinkAt(dir, "absolute", "/workspace/d");
    fs.symlinkAt(dir, "loop", "loop");
    fs.symlinkAt(dir, "to-root", "/");
    fs.symlinkAt(fs.resolve("/workspace/d"), "up", "..");
    fs.symlinkAt(fs.resolve("/workspace/d"), "up-up", "../..");
    fs.symlinkAt(fs.resolve("/workspace/d"), "inner", "e/../f");
    return fs;
  };

  describe("paths", () => {
    test.each([
      ["/workspace/d/f", "/workspace/d/f"],
      ["//workspace///d//f", "/workspace/d/f"],
      ["/./workspace/./d/./f", "/workspace/d/f"],
      ["/workspace/d/e/../f", "/workspace/d/f"],
      ["/../../workspace/d/f", "/workspace/d/f"],
      ["workspace/d/f", "/workspace/d/f"],
      ["/workspace/to-f", "/workspace/d/f"],
      ["/workspace/to-d/f", "/workspace/d/f"],
      ["/workspace/to-d/up/d/up/to-f", "/workspace/d/f"],
      ["/workspace/absolute/f", "/workspace/d/f"],
      ["/workspace/d/", "/workspace/d"],
      ["/workspace/d/.", "/workspace/d"],
      ["/workspace/to-d/", "/workspace/d"],
      ["/workspace/to-d-slash", "/workspace/d"],
      ["/workspace/d/..", "/workspace"],
      ["/workspace/to-root", "/"],
      ["/workspace/to-root/workspace", "/workspace"],
      ["/", "/"],
      [".", "/"],
      ["..", "/"],
      ["/..", "/"],
    ])("%s leads to %s", (path, expected) => {
      const fs = createTree();
      expect(fs.pathOf(fs.resolve(path))).toBe(expected);
    });

    test.each([
      ["", "ENOENT"],
      ["/workspace/no", "ENOENT"],
      ["/workspace/no/x", "ENOENT"],
      ["/workspace/no/.", "ENOENT"],
      ["/workspace/no/..", "ENOENT"],
      ["/workspace/d/f/", "ENOTDIR"],
      ["/workspace/d/f/.", "ENOTDIR"],
      ["/workspace/d/f/..", "ENOTDIR"],
      ["/workspace/d/f/x", "ENOTDIR"],
      ["/workspace/to-f/", "ENOTDIR"],
      ["/workspace/to-f-slash", "ENOTDIR"],
      ["/workspace/dangling", "ENOENT"],
      ["/workspace/loop", "ELOOP"],
      ["/workspace/loop/x", "ELOOP"],
      ["/workspace/d\0/f", "EINVAL"],
      ["/workspace/\udfff", "EILSEQ"],
      [`/workspace/${"x".repeat(256)}`, "ENAMETOOLONG"],
      [`/${"x/".repeat(2048)}`, "ENAMETOOLONG"],
    ])("%j is refused: %s", (path, errno) => {
      const fs = createTree();
      expect(outcomeOf(() => fs.resolve(path))).toBe(errno);
      expect(fs.exists(path)).toBe(false);
    });

    test("without following, the last symlink is found itself, but not before a slash", () => {
      const fs = createTree();
      const link = fs.resolve("/workspace/to-d", { follow: false });
      expect(fs.stat(link).type).toBe("symlink");
      expect(fs.stat(link).size).toBe(1);
      expect(fs.readlink(link)).toBe("d");
      expect(fs.pathOf(fs.resolve("/workspace/to-d/", { follow: false }))).toBe("/workspace/d");
      expect(outcomeOf(() => fs.resolve("/workspace/to-f/", { follow: false }))).toBe("ENOTDIR");
      expect(outcomeOf(() => fs.resolve("/workspace/dangling/", { follow: false }))).toBe("ENOENT");
      expect(fs.stat(fs.resolve("/workspace/loop", { follow: false })).type).toBe("symlink");
    });

    test("a walk names the directory and the name where something is or could be", () => {
      const fs = createTree();
      const [dir, d] = [fs.resolve("/workspace"), fs.resolve("/workspace/d")];
      const f = fs.resolve("/workspace/d/f");
      expect(fs.walk("/workspace/d/f")).toEqual({ parent: d, name: "f", ino: f, wantsDirectory: false });
      expect(fs.walk("/workspace/d/f/")).toEqual({ parent: d, name: "f", ino: f, wantsDirectory: true });
      expect(fs.walk("/workspace/to-f")).toEqual({ parent: d, name: "f", ino: f, wantsDirectory: false });
      expect(fs.walk("/workspace/d/.")).toEqual({ parent: dir, name: "d", ino: d, wantsDirectory: true });
      expect(fs.walk("/workspace/d/e/..")).toEqual({ parent: dir, name: "d", ino: d, wantsDirectory: true });
      expect(fs.walk("/workspace/new/")).toEqual({
        parent: dir,
        name: "new",
        ino: undefined,
        wantsDirectory: true,
      });
      expect(fs.walk("/workspace/dangling")).toEqual({
        parent: d,
        name: "new",
        ino: undefined,
        wantsDirectory: false,
      });
      expect(fs.walk("/")).toEqual({ parent: fs.root, name: ".", ino: fs.root, wantsDirectory: true });
      expect(fs.walk("e/..", { base: d })).toEqual({ parent: d, name: ".", ino: d, wantsDirectory: true });
    });

    test("a relative path starts from its base, an absolute one from the root", () => {
      const fs = createTree();
      const base = fs.resolve("/workspace/d");
      expect(fs.pathOf(fs.resolve("f", { base }))).toBe("/workspace/d/f");
      expect(fs.pathOf(fs.resolve("../to-f", { base }))).toBe("/workspace/d/f");
      expect(fs.pathOf(fs.resolve("/workspace", { base }))).toBe("/workspace");
      expect(outcomeOf(() => fs.resolve("x", { base: fs.resolve("/workspace/d/f") }))).toBe("ENOTDIR");
    });

    test("40 symlinks in one walk are followed, 41 are not", () => {
      const fs = createTree();
      const dir = fs.resolve("/workspace");
      fs.symlinkAt(dir, "s1", "d/f");
      for (let index = 2; index <= 41; index++) fs.symlinkAt(dir, `s${index}`, `s${index - 1}`);
      expect(readText(fs, "/workspace/s40")).toBe("file");
      expect(outcomeOf(() => fs.readFile("/workspace/s41"))).toBe("ELOOP");
    });

    test("a symlink holds any text a path may be, and nothing else", () => {
      const { fs } = createBench();
      const dir = fs.resolve("/workspace");
      fs.symlinkAt(dir, "long", "x/".repeat(2048));
      expect(fs.readlink(fs.resolve("/workspace/long", { follow: false }))).toBe("x/".repeat(2048));
      expect(outcomeOf(() => fs.symlinkAt(dir, "a", ""))).toBe("ENOENT");
      expect(outcomeOf(() => fs.symlinkAt(dir, "a", "x\0"))).toBe("EINVAL");
      expect(outcomeOf(() => fs.symlinkAt(dir, "a", "\ud800"))).toBe("EILSEQ");
      expect(outcomeOf(() => fs.symlinkAt(dir, "a", "x".repeat(4097)))).toBe("ENAMETOOLONG");
    });

    test("nothing can be stored under a path of more than 4096 bytes, not even step by step or by moving", () => {
      const { fs } = createBench();
      const name = "x".repeat(250);
      let dir = fs.resolve("/workspace");
      let depth = 0;
      let refusal: unknown;
      while (depth < 100) {
        const above = dir;
        refusal = outcomeOf(() => fs.mkdirAt(above, name, 0o755));
        if (typeof refusal !== "number") break;
        dir = refusal;
        depth++;
      }
      // "/workspace" and 16 names of 251 bytes with their slash are 4026 bytes.
      expect([depth, refusal]).toEqual([16, "ENAMETOOLONG"]);
      expect(fs.stat(fs.resolve(fs.pathOf(dir))).ino).toBe(dir);
      const file = fs.create(fs.resolve("/workspace"), "f", 0o644);
      expect(outcomeOf(() => fs.link(file, dir, name))).toBe("ENAMETOOLONG");
      expect(outcomeOf(() => fs.rename("/workspace/f", `${fs.pathOf(dir)}/${"x".repeat(50)}`))).toBe(
        undefined,
      );
      expect(outcomeOf(() => fs.renameAt(dir, "x".repeat(50), dir, name))).toBe("ENAMETOOLONG");
      const longer = "y".repeat(255);
      fs.rename(`/workspace/${name}`, `/workspace/${longer}`);
      fs.makeDir(`/workspace/y/${longer}`);
      expect(outcomeOf(() => fs.rename(`/workspace/${longer}`, `/workspace/y/${longer}/${longer}`))).toBe(
        "ENAMETOOLONG",
      );
      expect(fs.exists(`/workspace/${longer}/${name}`)).toBe(true);
    });

    test("makeDir makes parents, says whether it made anything, and refuses a file in the way", () => {
      const fs = createTree();
      expect(fs.makeDir("/workspace/new/./deep/")).toBe(true);
      expect(fs.makeDir("/workspace/new/deep")).toBe(false);
      expect(fs.makeDir("/workspace/to-d")).toBe(false);
      expect(fs.makeDir("/")).toBe(false);
      expect(outcomeOf(() => fs.makeDir("/workspace/d/f"))).toBe("EEXIST");
      expect(outcomeOf(() => fs.makeDir("/workspace/d/f/x"))).toBe("ENOTDIR");
      expect(outcomeOf(() => fs.makeDir("/workspace/no/../x"))).toBe("ENOENT");
      expect(outcomeOf(() => fs.makeDir(`/workspace/half/${"x".repeat(256)}`))).toBe("ENAMETOOLONG");
      expect(fs.exists("/workspace/half")).toBe(false);
    });
  });

  describe("confined walks", () => {
    test.each([
      ["f", "/workspace/d/f"],
      ["./f", "/workspace/d/f"],
      ["e/../f", "/workspace/d/f"],
      ["e/./../e/g", "/workspace/d/e/g"],
      ["inner", "/workspace/d/f"],
      [".", "/workspace/d"],
      ["e/..", "/workspace/d"],
    ])("%s stays inside and leads to %s", (path, expected) => {
      const fs = createTree();
      const base = fs.resolve("/workspace/d");
      expect(fs.pathOf(fs.resolve(path, { base, confine: true }))).toBe(expected);
    });

    test.each([
      "/",
      "/workspace/d/f",
      "..",
      "../d/f",
      "e/../..",
      "e/../../d/f",
      "./../d",
      "up",
      "up/d/f",
      "up-up",
      "up/../workspace/d/f",
    ])("%s is refused", (path) => {
      const fs = createTree();
      const base = fs.resolve("/workspace/d");
      expect(outcomeOf(() => fs.resolve(path, { base, confine: true }))).toBe("EPERM");
      expect(outcomeOf(() => fs.walk(path, { base, confine: true, follow: true }))).toBe("EPERM");
    });

    test("a symlink with an absolute target is refused, though it leads inside", () => {
      const fs = createTree();
      const base = fs.resolve("/workspace");
      expect(outcomeOf(() => fs.resolve("absolute", { base, confine: true }))).toBe("EPERM");
      expect(outcomeOf(() => fs.resolve("absolute/f", { base, confine: true }))).toBe("EPERM");
      expect(fs.stat(fs.resolve("absolute", { base, confine: true, follow: false })).type).toBe("symlink");
    });

    test("at the root, .. is refused too", () => {
      const fs = createTree();
      expect(outcomeOf(() => fs.resolve("..", { base: fs.root, confine: true }))).toBe("EPERM");
      expect(outcomeOf(() => fs.resolve("workspace/../..", { base: fs.root, confine: true }))).toBe("EPERM");
    });
  });
}
