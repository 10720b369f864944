import { expect, test } from "vitest";
import type { ContractOptions } from "./contract/harness.ts";
import { bytesOf, outcomeOf } from "./contract/harness.ts";
import { createInitialTree } from "./initial-tree.ts";
import { vfsContract } from "./vfs.contract.ts";
import { Vfs } from "./vfs.ts";

const createFresh = (options: ContractOptions): Vfs => {
  const fs = new Vfs(options);
  fs.makeDir("/workspace");
  return fs;
};

/** A filesystem with a past: things made, moved, linked, marked and removed again. */
const createUsed = (options: ContractOptions): Vfs => {
  const fs = createFresh(options);
  const mark = fs.mark();
  createInitialTree(fs);
  fs.writeFile("/workspace/d/f", bytesOf("used"));
  fs.link(fs.resolve("/workspace/d/f"), fs.resolve("/workspace"), "h");
  fs.symlinkAt(fs.resolve("/workspace"), "l", "d");
  fs.rename("/workspace/d", "/tmp/d");
  fs.fork().remove("/tmp/d");
  fs.restore(fs.snapshot());
  for (const { name } of fs.readdir(fs.resolve("/workspace"))) fs.remove(`/workspace/${name}`);
  for (const path of ["/tmp", "/home"]) fs.remove(path);
  fs.dropMark(mark);
  return fs;
};

vfsContract("a fresh Vfs", createFresh);
vfsContract("a fork of a used Vfs", (options) => createUsed(options).fork());
vfsContract("a Vfs that was forked", (options) => {
  const fs = createUsed(options);
  fs.fork();
  return fs;
});
vfsContract("a restored Vfs", (options) => {
  const fs = createFresh(options);
  fs.restore(createUsed(options).snapshot());
  return fs;
});

test("no more than maxInodes files, directories and symlinks can be made, however small; a removal makes room", () => {
  const fs = new Vfs({ fileBytes: 2 ** 20, nowNs: () => 0n, maxInodes: 4 });
  fs.makeDir("/d");
  fs.symlinkAt(fs.root, "l", "d");
  fs.writeFile("/f", bytesOf("x"));
  expect(fs.usage()).toEqual({ bytes: 2, inodes: 4 });
  expect(outcomeOf(() => fs.create(fs.root, "g", 0o644))).toBe("ENOSPC");
  fs.remove("/l");
  expect(outcomeOf(() => fs.makeDir("/a/b"))).toBe("ENOSPC");
  expect(fs.exists("/a")).toBe(false);
  fs.symlinkAt(fs.root, "l", "d");
  fs.link(fs.resolve("/f"), fs.root, "g");
  expect(fs.quotaRefusals).toBe(2);
  fs.remove("/l");
  fs.makeDir("/a");
});

test("a file has at most 65,000 names", () => {
  const fs = new Vfs({ fileBytes: 2 ** 24, nowNs: () => 0n });
  const ino = fs.create(fs.root, "f", 0o644);
  for (let index = 1; index < 65_000; index++) fs.link(ino, fs.root, `${index}`);
  expect(outcomeOf(() => fs.link(ino, fs.root, "one more"))).toBe("EMLINK");
  const links = fs.snapshot();
  const last = { ...links.at(-2)!, path: "/zzz" };
  expect(outcomeOf(() => fs.restore([...links, last]))).toBe("EINVAL");
  fs.remove("/1");
  fs.link(ino, fs.root, "one more");
  expect(fs.stat(ino).nlink).toBe(65_000);
});
