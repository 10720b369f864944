import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GuestEntry } from "./guest-tree.ts";
import { readMounts } from "./host-tree.ts";
import { parseMountSpec } from "./mount-spec.ts";
import { writeBack } from "./write-back.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-back-"));
  await mkdir(join(dir, "d/sub"), { recursive: true });
  await writeFile(join(dir, "d/a"), "a");
  await writeFile(join(dir, "d/sub/b"), "b");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const bytes = (content: string) => new TextEncoder().encode(content);
const file = (path: string, content: string): GuestEntry => ({
  path,
  type: "file",
  mode: 0o644,
  bytes: bytes(content),
});

/** Mounts, lets `change` edit the guest's tree, writes back, and shows the host's tree. */
async function roundTrip(specs: string[], change: (tree: Map<string, GuestEntry>) => void) {
  const mounted = await readMounts(
    specs.map((spec) => parseMountSpec(join(dir, spec))),
    1e6,
  );
  const tree = new Map<string, GuestEntry>(mounted.entries.map((entry) => [entry.path, entry]));
  change(tree);
  const problems = await writeBack(mounted.mounts, mounted.entries, [...tree.values()]);
  return { problems, host: await treeOf(dir) };
}

async function treeOf(root: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (entry.isSymbolicLink()) tree[name] = `-> ${await readlink(path)}`;
    else tree[name] = entry.isDirectory() ? "folder" : await readFile(path, "utf8");
  }
  return tree;
}

const ORIGINAL = { d: "folder", "d/a": "a", "d/sub": "folder", "d/sub/b": "b" };

test("changes, new files, folders, symlinks and removals come back", async () => {
  const { problems, host } = await roundTrip(["d:/data:rw"], (tree) => {
    tree.set("/data/a", { ...file("/data/a", "A"), mode: 0o755 });
    tree.delete("/data/sub");
    tree.delete("/data/sub/b");
    tree.set("/data/new", { path: "/data/new", type: "directory", mode: 0o755 });
    tree.set("/data/new/c", file("/data/new/c", "c"));
    tree.set("/data/l", { path: "/data/l", type: "symlink", mode: 0o777, target: "/data/new/c" });
  });
  expect(problems).toEqual([]);
  expect(host).toEqual({ d: "folder", "d/a": "A", "d/new": "folder", "d/new/c": "c", "d/l": "-> new/c" });
  expect((await lstat(join(dir, "d/a"))).mode & 0o777).toBe(0o755);
});

test("a read-only mount is never written, even when the guest's tree differs", async () => {
  const { problems, host } = await roundTrip(["d:/data"], (tree) => {
    tree.set("/data/a", file("/data/a", "changed"));
    tree.delete("/data/sub/b");
  });
  expect({ problems, host }).toEqual({ problems: [], host: ORIGINAL });
});

test("the innermost mount decides: a read-only one inside a writable one stays as it is", async () => {
  await mkdir(join(dir, "ro"));
  await writeFile(join(dir, "ro/x"), "x");
  const { problems, host } = await roundTrip(["d:/data:rw", "ro:/data/ro"], (tree) => {
    tree.set("/data/ro/x", file("/data/ro/x", "changed"));
    tree.set("/data/a", file("/data/a", "A"));
  });
  expect({ problems, host }).toEqual({
    problems: [],
    host: { ...ORIGINAL, "d/a": "A", ro: "folder", "ro/x": "x" },
  });
});

test("a file that became a folder, and a folder that became a file", async () => {
  const { problems, host } = await roundTrip(["d:/data:rw"], (tree) => {
    tree.set("/data/a", { path: "/data/a", type: "directory", mode: 0o755 });
    tree.set("/data/a/x", file("/data/a/x", "x"));
    tree.delete("/data/sub/b");
    tree.set("/data/sub", file("/data/sub", "now a file"));
  });
  expect({ problems, host }).toEqual({
    problems: [],
    host: { d: "folder", "d/a": "folder", "d/a/x": "x", "d/sub": "now a file" },
  });
});

test("a single file is replaced in place", async () => {
  const { problems, host } = await roundTrip(["d/a:/workspace/a:rw"], (tree) => {
    tree.set("/workspace/a", file("/workspace/a", "A"));
    tree.set("/workspace/other", file("/workspace/other", "not mounted"));
  });
  expect({ problems, host }).toEqual({ problems: [], host: { ...ORIGINAL, "d/a": "A" } });
});

test("a symlink that leads out stays behind, and what names it is told", async () => {
  const { problems, host } = await roundTrip(["d:/data:rw"], (tree) => {
    tree.set("/data/trap", { path: "/data/trap", type: "symlink", mode: 0o777, target: "/etc/passwd" });
    tree.set("/data/up", { path: "/data/up", type: "symlink", mode: 0o777, target: "../precious" });
  });
  expect({ problems, host }).toEqual({
    problems: [
      "/data/trap was not written back: it is a symlink that leads out of the mount",
      "/data/up was not written back: it is a symlink that leads out of the mount",
    ],
    host: ORIGINAL,
  });
});

test("nothing is written through a symlink that is on the host", async () => {
  await mkdir(join(dir, "outside"));
  await writeFile(join(dir, "outside/b"), "precious");
  await writeFile(join(dir, "precious"), "precious");
  const mounted = await readMounts([parseMountSpec(`${join(dir, "d")}:/data:rw`)], 1e6);
  // While the program ran, somebody put symlinks where the mount had a folder and a file.
  await rm(join(dir, "d/sub"), { recursive: true });
  await symlink(join(dir, "outside"), join(dir, "d/sub"));
  await rm(join(dir, "d/a"));
  await symlink(join(dir, "precious"), join(dir, "d/a"));
  const after = mounted.entries.map((entry) =>
    entry.type === "file" ? { ...entry, bytes: bytes("guest") } : entry,
  );
  expect(await writeBack(mounted.mounts, mounted.entries, after)).toEqual([
    "/data/sub/b was not written back: a folder on the way is a symlink on this machine",
  ]);
  expect(await treeOf(dir)).toEqual({
    d: "folder",
    "d/a": "guest",
    "d/sub": `-> ${join(dir, "outside")}`,
    outside: "folder",
    "outside/b": "precious",
    precious: "precious",
  });
});

test("a path with .. from inside the wall is told, not followed", async () => {
  const { problems, host } = await roundTrip(["d:/data:rw"], (tree) => {
    tree.set("/data/../x", file("/data/../x", "x"));
  });
  expect({ problems, host }).toEqual({
    problems: ["/data/../x was not written back: its name cannot stand on this machine"],
    host: ORIGINAL,
  });
});
