import { expect, test } from "vitest";
import { createInitialTree } from "./initial-tree.ts";
import { Vfs } from "./vfs.ts";

const modes = (fs: Vfs) => fs.snapshot().map(({ path, type, mode }) => `${path} ${type} ${mode.toString(8)}`);

test("a fresh sandbox has a workspace, a home and a scratch directory for everybody, at no cost", () => {
  const fs = new Vfs({ fileBytes: 0, nowNs: () => 0n });
  createInitialTree(fs);
  expect(modes(fs)).toEqual([
    "/home directory 755",
    "/home/user directory 755",
    "/tmp directory 1777",
    "/workspace directory 755",
  ]);
  expect(fs.usage()).toEqual({ bytes: 0, inodes: 5 });
});

test("what a snapshot brought along stays as it is", () => {
  const fs = new Vfs({ fileBytes: 100, nowNs: () => 0n });
  fs.makeDir("/tmp", 0o700);
  fs.writeFile("/workspace/a", Uint8Array.of(1));
  createInitialTree(fs);
  expect(modes(fs)).toEqual([
    "/home directory 755",
    "/home/user directory 755",
    "/tmp directory 700",
    "/workspace directory 755",
    "/workspace/a file 644",
  ]);
});
