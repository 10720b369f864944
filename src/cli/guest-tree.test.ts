import { expect, test } from "vitest";
import { buildTree } from "./guest-tree.ts";
import type { HostEntry } from "./host-tree.ts";

const bytes = new TextEncoder().encode("x");
const file = (path: string): HostEntry => ({ path, type: "file", mode: 0o600, mtimeNs: 5n, bytes });
const program = { path: "/workspace/main.py", bytes: new TextEncoder().encode("print()") };

test("the tree holds the mounts, the program, and every folder above them, sorted", () => {
  expect(buildTree([file("/data/a/b.csv")], program, 9n)).toEqual([
    { path: "/data", type: "directory", mode: 0o755, mtimeNs: 9n },
    { path: "/data/a", type: "directory", mode: 0o755, mtimeNs: 9n },
    { path: "/data/a/b.csv", type: "file", mode: 0o600, mtimeNs: 5n, bytes },
    { path: "/workspace", type: "directory", mode: 0o755, mtimeNs: 9n },
    { path: "/workspace/main.py", type: "file", mode: 0o644, mtimeNs: 9n, bytes: program.bytes },
  ]);
});

test("a mount that brings the program along keeps its own copy", () => {
  const mounted = [{ ...file("/workspace/main.py"), mode: 0o755 }];
  expect(buildTree(mounted, program, 9n).find(({ path }) => path === program.path)).toEqual(mounted[0]);
});

test("a later mount covers an earlier one", () => {
  const later = { ...file("/data/a"), mode: 0o444 };
  expect(buildTree([file("/data/a"), later], undefined, 0n).at(-1)).toEqual(later);
});

test("a file in one mount where another needs a folder is refused", () => {
  expect(() => buildTree([file("/data"), file("/data/x")], undefined, 0n)).toThrow(
    expect.objectContaining({
      message: "the mounts disagree: /data is a file, and /data/x needs it to be a folder",
      exitCode: 2,
    }),
  );
});
