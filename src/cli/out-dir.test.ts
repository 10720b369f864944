import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GuestEntry } from "./guest-tree.ts";
import { checkOutDir, writeOutDir } from "./out-dir.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-out-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const file = (path: string, content = path, mode = 0o644): GuestEntry => ({
  path,
  type: "file",
  mode,
  bytes: new TextEncoder().encode(content),
});

/** Everything under a folder: contents of files, targets of symlinks. */
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

test("artifacts land below a new folder, and nothing else is left beside it", async () => {
  const entries = [
    file("/workspace/a.txt"),
    file("/workspace/deep/b.sh", "echo", 0o755),
    { path: "/workspace/deep/link", type: "symlink", mode: 0o777, target: "/workspace/a.txt" },
  ] satisfies GuestEntry[];
  expect(await writeOutDir(join(dir, "new/out"), entries)).toEqual([]);
  expect(await treeOf(dir)).toEqual({
    new: "folder",
    "new/out": "folder",
    "new/out/a.txt": "/workspace/a.txt",
    "new/out/deep": "folder",
    "new/out/deep/b.sh": "echo",
    "new/out/deep/link": "-> ../a.txt",
  });
  expect((await lstat(join(dir, "new/out/deep/b.sh"))).mode & 0o111).not.toBe(0);
});

test("a run without artifacts makes no folder", async () => {
  await writeOutDir(join(dir, "out"), []);
  expect(await treeOf(dir)).toEqual({});
});

test("files that are there are replaced, others stay", async () => {
  await mkdir(join(dir, "out"));
  await writeFile(join(dir, "out/a.txt"), "old");
  await writeFile(join(dir, "out/mine.txt"), "mine");
  await writeOutDir(join(dir, "out"), [file("/workspace/a.txt", "new")]);
  expect(await treeOf(dir)).toEqual({ out: "folder", "out/a.txt": "new", "out/mine.txt": "mine" });
});

test("paths and symlinks that lead out are left behind, by name", async () => {
  const entries = [
    file("/home/notes"),
    file("/workspace/../../../etc/cron.d/x"),
    file("/workspace/ok"),
    { path: "/workspace/trap", type: "symlink", mode: 0o777, target: "/etc/passwd" },
    { path: "/workspace/up", type: "symlink", mode: 0o777, target: "../.." },
  ] satisfies GuestEntry[];
  expect(await writeOutDir(join(dir, "out"), entries)).toEqual([
    "/home/notes is outside /workspace: not copied to --out",
    "/workspace/../../../etc/cron.d/x is outside /workspace: not copied to --out",
    "/workspace/trap is a symlink that leads out of /workspace: not copied to --out",
    "/workspace/up is a symlink that leads out of /workspace: not copied to --out",
  ]);
  expect(await treeOf(dir)).toEqual({ out: "folder", "out/ok": "/workspace/ok" });
});

test("a file does not replace a folder, and then nothing at all is written", async () => {
  await mkdir(join(dir, "out/report"), { recursive: true });
  await expect(
    writeOutDir(join(dir, "out"), [file("/workspace/a"), file("/workspace/report")]),
  ).rejects.toMatchObject({
    message: `--out: ${dir}/out/report is a folder, and the program made a file of that name`,
    exitCode: 125,
  });
  expect(await treeOf(dir)).toEqual({ out: "folder", "out/report": "folder" });
});

test("nothing is written through a symlink that stands in the folder", async () => {
  await mkdir(join(dir, "elsewhere"));
  await mkdir(join(dir, "out"));
  await symlink(join(dir, "elsewhere"), join(dir, "out/sub"));
  await writeFile(join(dir, "precious"), "precious");
  await symlink(join(dir, "precious"), join(dir, "out/file"));
  await expect(writeOutDir(join(dir, "out"), [file("/workspace/sub/a")])).rejects.toMatchObject({
    message: `--out: ${dir}/out/sub is not a folder, and sub/a needs it to be one`,
  });
  await writeOutDir(join(dir, "out"), [file("/workspace/file", "guest")]);
  expect(await treeOf(dir)).toEqual({
    elsewhere: "folder",
    precious: "precious",
    out: "folder",
    "out/sub": `-> ${dir}/elsewhere`,
    "out/file": "guest",
  });
});

test("artifacts that contradict each other leave nothing behind", async () => {
  await expect(
    writeOutDir(join(dir, "out"), [file("/workspace/a"), file("/workspace/a/b")]),
  ).rejects.toMatchObject({
    exitCode: 125,
  });
  expect(await treeOf(dir)).toEqual({});
});

test("a --out that is a file, or below one, is refused before anything runs", async () => {
  await writeFile(join(dir, "file"), "x");
  for (const outDir of [join(dir, "file"), join(dir, "file/x/y")]) {
    await expect(checkOutDir(outDir)).rejects.toMatchObject({
      message: `--out ${outDir}: ${dir}/file is not a folder`,
      exitCode: 2,
    });
  }
  await checkOutDir(join(dir, "new/x"));
});
