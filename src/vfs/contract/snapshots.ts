import { describe, expect, test } from "vitest";
import type { FileSystem, TreeEntry } from "../filesystem.ts";
import { bytesOf, type CreateBench, outcomeOf, readText, writeText } from "./harness.ts";

/** The whole tree as a list, and back. */
export function snapshotsContract(createBench: CreateBench): void {
  describe("snapshots", () => {
    const fill = (fs: FileSystem) => {
      const dir = fs.resolve("/workspace");
      writeText(fs, "/workspace/d/f", "file");
      writeText(fs, "/workspace/d-e", "sorts between d and d/f");
      writeText(fs, "/workspace/__proto__", "a name");
      fs.makeDir("/workspace/empty", 0o700);
      fs.symlinkAt(dir, "l", "d/f");
      fs.link(fs.resolve("/workspace/d/f"), dir, "h");
      fs.link(fs.resolve("/workspace/l", { follow: false }), dir, "l2");
      fs.setMode(fs.resolve("/workspace/d/f"), 0o755);
      fs.setTimes(fs.resolve("/workspace/d"), { mtimeNs: 1_234_567_890_123_456_789n });
    };

    test("list everything under the root by path, with modes, times, symlinks and links", () => {
      const { fs } = createBench();
      fill(fs);
      const entries = fs.snapshot().filter((entry) => entry.path.startsWith("/workspace/"));
      const mtimeOf = (path: string) => fs.stat(fs.resolve(path, { follow: false })).mtimeNs;
      const file = (path: string, text: string, mode = 0o644) => ({
        path,
        type: "file",
        mode,
        mtimeNs: mtimeOf(path),
        bytes: bytesOf(text),
      });
      expect(entries).toEqual([
        file("/workspace/__proto__", "a name"),
        {
          path: "/workspace/d",
          type: "directory",
          mode: 0o755,
          mtimeNs: 1_234_567_890_123_456_789n,
        },
        file("/workspace/d-e", "sorts between d and d/f"),
        file("/workspace/d/f", "file", 0o755),
        { path: "/workspace/empty", type: "directory", mode: 0o700, mtimeNs: mtimeOf("/workspace/empty") },
        {
          path: "/workspace/h",
          type: "file",
          mode: 0o755,
          mtimeNs: mtimeOf("/workspace/h"),
          linkTo: "/workspace/d/f",
        },
        {
          path: "/workspace/l",
          type: "symlink",
          mode: 0o777,
          mtimeNs: mtimeOf("/workspace/l"),
          target: "d/f",
        },
        {
          path: "/workspace/l2",
          type: "symlink",
          mode: 0o777,
          mtimeNs: mtimeOf("/workspace/l"),
          linkTo: "/workspace/l",
        },
      ]);
    });

    test("restored elsewhere, give the same tree with the same hard links and the same usage", () => {
      const { fs } = createBench();
      fill(fs);
      const other = createBench().fs;
      writeText(other, "/workspace/old", "goes away");
      other.restore(fs.snapshot());
      expect(other.snapshot()).toEqual(fs.snapshot());
      expect(other.usage()).toEqual(fs.usage());
      writeText(other, "/workspace/h", "one file");
      expect(readText(other, "/workspace/d/f")).toBe("one file");
      expect(readText(fs, "/workspace/d/f")).toBe("file");
    });

    test("are not changed by what is written afterwards, and hold no spare room", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "12345");
      const ino = fs.resolve("/workspace/a");
      fs.write(ino, 5, bytesOf("6"));
      const entry = fs.snapshot().find(({ path }) => path === "/workspace/a")!;
      fs.write(ino, 0, bytesOf("in"));
      fs.write(ino, 0, bytesOf("changed"));
      fs.truncate(ino, 1);
      expect(entry.bytes).toEqual(bytesOf("123456"));
      expect(entry.bytes!.buffer.byteLength).toBe(6);
    });

    test("a list may leave out directories and come in any order", () => {
      const { fs } = createBench();
      fs.restore([
        { path: "/z/y/link", type: "file", mode: 0o644, mtimeNs: 1n, linkTo: "/z/y/x" },
        { path: "/z/y/x", type: "file", mode: 0o600, mtimeNs: 1n, bytes: bytesOf("x") },
        { path: "/workspace", type: "directory", mode: 0o755, mtimeNs: 3n },
      ]);
      expect(fs.snapshot().map(({ path, type, linkTo }) => [path, type, linkTo])).toEqual([
        ["/workspace", "directory", undefined],
        ["/z", "directory", undefined],
        ["/z/y", "directory", undefined],
        ["/z/y/link", "file", undefined],
        ["/z/y/x", "file", "/z/y/link"],
      ]);
      expect(fs.stat(fs.resolve("/workspace")).mtimeNs).toBe(3n);
    });

    const file = (path: string): TreeEntry => ({
      path,
      type: "file",
      mode: 0o644,
      mtimeNs: 0n,
      bytes: bytesOf("x"),
    });
    const directory = (path: string): TreeEntry => ({ path, type: "directory", mode: 0o755, mtimeNs: 0n });
    const { bytes: _, ...link } = file("/b");
    test.each<[string, TreeEntry[]]>([
      ["a relative path", [file("a")]],
      ["a path with ..", [file("/a/../b")]],
      ["a path with .", [file("/a/./b")]],
      ["a doubled slash", [file("/a//b")]],
      ["a trailing slash", [directory("/a/")]],
      ["an empty path", [file("")]],
      ["NUL", [file("/a\0")]],
      ["a lone surrogate", [file("/\ud800")]],
      ["a long name", [file(`/${"x".repeat(256)}`)]],
      ["a long path", [file("/x".repeat(2100))]],
      ["one path twice", [file("/a"), directory("/a")]],
      ["a file below a file", [file("/a"), file("/a/b")]],
      ["a file below a symlink", [{ ...link, path: "/a", type: "symlink", target: "/" }, file("/a/b")]],
      ["a root that is a file", [file("/")]],
      ["a file without content", [link]],
      ["a directory with content", [{ ...file("/a"), type: "directory" }]],
      ["a symlink without target", [{ ...link, type: "symlink" }]],
      ["a symlink to nothing", [{ ...link, type: "symlink", target: "" }]],
      ["a link to nothing", [{ ...link, linkTo: "/no" }]],
      ["a link to itself", [{ ...link, linkTo: "/b" }]],
      ["a link to a link", [file("/a"), { ...link, linkTo: "/a" }, { ...link, path: "/c", linkTo: "/b" }]],
      ["a link to a directory", [directory("/a"), { ...link, linkTo: "/a" }]],
      ["a time of more than 64 bits", [{ ...file("/a"), mtimeNs: 2n ** 63n }]],
      ["no mode", [{ ...file("/a"), mode: Number.NaN }]],
      ["a link with content", [file("/a"), { ...file("/b"), linkTo: "/a" }]],
    ])("with %s are refused whole", (_what, entries) => {
      const { fs } = createBench();
      writeText(fs, "/workspace/kept", "kept");
      const before = fs.snapshot();
      expect(outcomeOf(() => fs.restore([file("/fine"), ...entries]))).toBe("EINVAL");
      expect(fs.snapshot()).toEqual(before);
    });

    test("that do not fit are refused whole; what they replace makes room", () => {
      const { fs } = createBench(2 ** 20);
      fs.writeFile("/workspace/big", new Uint8Array(900_000));
      const sizes = () => fs.snapshot().map(({ path, bytes }) => [path, bytes?.length]);
      const before = sizes();
      const entry = (path: string, bytes: number): TreeEntry => ({
        ...file(path),
        bytes: new Uint8Array(bytes),
      });
      expect(outcomeOf(() => fs.restore([entry("/a", 600_000), entry("/b", 600_000)]))).toBe("ENOSPC");
      expect(fs.quotaRefusals).toBe(1);
      expect(sizes()).toEqual(before);
      fs.restore([entry("/a", 950_000)]);
      expect(fs.usage().bytes).toBe(950_000);
    });

    test("do not get the room of what is open and will stay", () => {
      const { fs } = createBench(2 ** 20);
      fs.writeFile("/workspace/big", new Uint8Array(900_000));
      const ino = fs.resolve("/workspace/big");
      fs.retain(ino);
      const entries = [{ ...file("/a"), bytes: new Uint8Array(900_000) }];
      expect(outcomeOf(() => fs.restore(entries))).toBe("ENOSPC");
      expect(fs.resolve("/workspace/big")).toBe(ino);
      fs.release(ino);
      fs.restore(entries);
      expect(fs.usage()).toEqual({ bytes: 900_000, inodes: 2 });
    });

    test("restored over open files leave those readable, counted, and without a name", () => {
      const { fs } = createBench();
      writeText(fs, "/workspace/a", "open");
      const ino = fs.resolve("/workspace/a");
      fs.retain(ino);
      fs.restore([]);
      expect(fs.usage()).toEqual({ bytes: 4, inodes: 2 });
      expect(fs.stat(ino)).toMatchObject({ nlink: 0, size: 4 });
      fs.release(ino);
      expect(fs.usage()).toEqual({ bytes: 0, inodes: 1 });
    });
  });
}
