import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMounts } from "./host-tree.ts";
import { parseMountSpec } from "./mount-spec.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-mounts-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const spec = (text: string) => parseMountSpec(join(dir, text));
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

test("a folder comes with its files, modes, times and symlinks, which are not followed", async () => {
  await mkdir(join(dir, "tree/sub"), { recursive: true });
  await writeFile(join(dir, "tree/sub/run.sh"), "echo");
  await chmod(join(dir, "tree/sub/run.sh"), 0o751);
  await utimes(join(dir, "tree/sub/run.sh"), 1, 2);
  await symlink("/etc", join(dir, "tree/etc"));
  await symlink("sub/run.sh", join(dir, "tree/alias"));
  await symlink("nowhere", join(dir, "tree/dangling"));
  const { entries, warnings, mounts } = await readMounts([spec("tree:/data:rw")], 1000);
  const links = Object.fromEntries(
    entries.filter((entry) => entry.type === "symlink").map((e) => [e.path, e.target]),
  );
  expect(entries.map(({ path, type }) => `${type} ${path}`)).toEqual([
    "directory /data",
    "symlink /data/alias",
    "symlink /data/dangling",
    "symlink /data/etc",
    "directory /data/sub",
    "file /data/sub/run.sh",
  ]);
  expect(links).toEqual({ "/data/alias": "sub/run.sh", "/data/dangling": "nowhere", "/data/etc": "/etc" });
  const script = entries.find(({ path }) => path === "/data/sub/run.sh");
  expect([text(script?.bytes), script?.mode, script?.mtimeNs]).toEqual(["echo", 0o751, 2_000_000_000n]);
  expect(warnings).toEqual([]);
  expect(mounts.map(({ type, isWritable }) => [type, isWritable])).toEqual([["directory", true]]);
});

test("HOST itself may be a symlink, since the person named it", async () => {
  await writeFile(join(dir, "real.csv"), "a,b");
  await symlink("real.csv", join(dir, "link.csv"));
  const { entries } = await readMounts([spec("link.csv:/workspace/x.csv")], 1000);
  expect(entries.map(({ path, type, bytes }) => [path, type, text(bytes)])).toEqual([
    ["/workspace/x.csv", "file", "a,b"],
  ]);
});

test("a pipe and a name that is not UTF-8 are left out with a warning", async () => {
  await mkdir(join(dir, "odd"));
  execFileSync("mkfifo", [join(dir, "odd/pipe")]);
  await writeFile(Buffer.concat([Buffer.from(`${dir}/odd/`), Buffer.from([0xff, 0x61])]), "x");
  const { entries, warnings } = await readMounts([spec("odd:/data")], 1000);
  expect(entries.map(({ path }) => path)).toEqual(["/data"]);
  expect(warnings).toEqual([
    `${dir}/odd/pipe is a socket, pipe or device: left out of the mount`,
    `${dir}/odd holds a name that is not UTF-8 ("\uFFFDa"): left out of the mount`,
  ]);
});

test("mounts larger than the file limit are refused with both numbers", async () => {
  await writeFile(join(dir, "a"), new Uint8Array(600));
  await writeFile(join(dir, "b"), new Uint8Array(700));
  await expect(readMounts([spec("a:/a"), spec("b:/b")], 1024)).rejects.toMatchObject({
    message: "the mounts hold 1.3 KiB (1,300 bytes); the sandbox's files may have 1 KiB (1,024 bytes)",
    hint: "Mount less, or raise --file-limit.",
    exitCode: 2,
  });
});

test("a mount of nothing, or below a file, is one line with exit code 2", async () => {
  await writeFile(join(dir, "file"), "x");
  await expect(readMounts([spec("none:/a")], 10)).rejects.toMatchObject({
    message: `--mount ${dir}/none: there is no such file or folder`,
    exitCode: 2,
  });
  await expect(readMounts([spec("file/x:/a")], 10)).rejects.toMatchObject({
    message: `--mount ${dir}/file/x: a part of this path is not a folder`,
    exitCode: 2,
  });
});

test("a device is no mount", async () => {
  await expect(readMounts([parseMountSpec("/dev/null:/a")], 10)).rejects.toMatchObject({
    message: "--mount /dev/null: this is neither a file nor a folder",
    exitCode: 2,
  });
});
