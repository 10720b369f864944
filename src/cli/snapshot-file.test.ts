import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Snapshot } from "../index.node.ts";
import type { HostEntry, Mount } from "./host-tree.ts";
import { coverSnapshot, writeSnapshotFile } from "./snapshot-file.ts";
import { runCliProcess } from "./test-support/spawn-cli.ts";

const directory = (path: string, mtimeNs = 1n): HostEntry => ({
  path,
  type: "directory",
  mode: 0o755,
  mtimeNs,
});
const file = (path: string, text: string): HostEntry => ({
  path,
  type: "file",
  mode: 0o644,
  mtimeNs: 1n,
  bytes: new TextEncoder().encode(text),
});
const link = (path: string, linkTo: string): HostEntry => ({
  path,
  type: "file",
  mode: 0o644,
  mtimeNs: 1n,
  linkTo,
});
const mount = (guestPath: string) => ({ guestPath }) as Mount;

describe("what is given covers what a snapshot has", () => {
  test("a file its like, a mounted folder everything in it, and the rest stays", () => {
    const snapshot = [
      directory("/data"),
      file("/data/old", "hidden"),
      directory("/workspace", 5n),
      file("/workspace/kept", "k"),
      file("/workspace/main.py", "old"),
    ];
    const given = [
      directory("/data"),
      file("/data/new", "n"),
      directory("/workspace", 9n),
      file("/workspace/main.py", "new"),
    ];
    expect(coverSnapshot(snapshot, given, [mount("/data")])).toEqual([
      directory("/data"),
      file("/data/new", "n"),
      directory("/workspace", 5n),
      file("/workspace/kept", "k"),
      file("/workspace/main.py", "new"),
    ]);
  });

  test("a file where the snapshot has a folder, and a folder where it has a file", () => {
    const snapshot = [directory("/a"), file("/a/b", "1"), file("/c", "2")];
    const given = [file("/a", "x"), directory("/c"), file("/c/d", "y")];
    expect(coverSnapshot(snapshot, given, [])).toEqual(given);
  });

  test("and a second name of a covered file keeps its content", () => {
    const snapshot = [file("/a", "content"), link("/b", "/a"), link("/c", "/a")];
    expect(coverSnapshot(snapshot, [file("/a", "new")], [])).toEqual([
      file("/a", "new"),
      file("/b", "content"),
      link("/c", "/b"),
    ]);
  });
});

describe("the command", () => {
  let dir = "";
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "sandglass-cli-"));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  async function cli(...args: string[]) {
    const { stdout, stderr, exitCode } = await runCliProcess(["run", "--lang", "js", ...args], { cwd: dir });
    return { stdout, stderr, exitCode };
  }

  test("saves the files of a program and starts the next one with them, also into the same file", async () => {
    const count = [
      'const fs = require("fs");',
      'const n = fs.existsSync("n") ? Number(fs.readFileSync("n", "utf8")) : 0;',
      'fs.writeFileSync("n", String(n + 1)); console.log(n);',
    ].join("\n");
    expect(await cli("-c", count, "--save", "s.snap")).toEqual({ stdout: "0\n", stderr: "", exitCode: 0 });
    for (const n of [1, 2]) {
      expect(await cli("-c", count, "--restore", "s.snap", "--save", "s.snap")).toEqual({
        stdout: `${n}\n`,
        stderr: "",
        exitCode: 0,
      });
    }
    const snapshot = Snapshot.parse(await readFile(join(dir, "s.snap")));
    expect([snapshot.fileCount, await readdir(dir)]).toEqual([1, ["s.snap"]]);
  });

  test("saves what a program that fails has left, and its exit code stays", async () => {
    const code = 'require("fs").writeFileSync("left", "x"); process.exit(3)';
    expect(await cli("-c", code, "--save", "s.snap")).toEqual({ stdout: "", stderr: "", exitCode: 3 });
    expect(Snapshot.parse(await readFile(join(dir, "s.snap"))).fileCount).toBe(1);
  });

  test("refuses a snapshot that is missing, damaged or too large, before anything runs", async () => {
    await cli("-c", 'require("fs").writeFileSync("f", "x".repeat(5000))', "--save", "s.snap");
    const bytes = await readFile(join(dir, "s.snap"));
    await writeFile(join(dir, "cut.snap"), bytes.subarray(0, -1));
    const run = (...args: string[]) => cli("-c", "console.log(1)", ...args);
    expect(await run("--restore", "none.snap")).toEqual({
      stdout: "",
      stderr: "sandglass: --restore none.snap: there is no such file or folder\n",
      exitCode: 2,
    });
    expect(await run("--restore", ".")).toEqual({
      stdout: "",
      stderr:
        "sandglass: --restore .: this is a folder; a snapshot file is expected\n" +
        "  --save FILE.snap makes a snapshot. --mount brings in a folder.\n",
      exitCode: 2,
    });
    await writeFile(join(dir, "notes.txt"), "no snapshot at all");
    expect(await run("--restore", "notes.txt")).toEqual({
      stdout: "",
      stderr:
        "sandglass: --restore notes.txt: These bytes are no snapshot of a version known here\n" +
        "  --save FILE.snap makes a snapshot.\n",
      exitCode: 2,
    });
    expect(await run("--restore", "cut.snap")).toEqual({
      stdout: "",
      stderr: `sandglass: --restore cut.snap: The snapshot of ${bytes.length - 1} bytes was truncated or edited: its SHA-256 is not the one it carries\n  --save FILE.snap makes a snapshot.\n`,
      exitCode: 2,
    });
    const tooLarge = await run("--restore", "s.snap", "--file-limit", "4k");
    expect(tooLarge).toEqual({
      stdout: "",
      stderr:
        "sandglass: --restore s.snap holds 4.9 KiB (5,000 bytes); the sandbox's files may have 4 KiB (4,096 bytes)\n" +
        "  Raise --file-limit, if this is a snapshot. --save FILE.snap makes a snapshot.\n",
      exitCode: 2,
    });
  });

  test("refuses a place where no snapshot can be saved, before anything runs", async () => {
    expect(await cli("-c", "console.log(1)", "--save", ".")).toEqual({
      stdout: "",
      stderr: "sandglass: --save .: this is a folder; name a file, such as FILE.snap\n",
      exitCode: 2,
    });
    expect(await cli("-c", "console.log(1)", "--save", "no/s.snap")).toEqual({
      stdout: "",
      stderr: `sandglass: --save no/s.snap: there is no folder ${join(dir, "no")}\n`,
      exitCode: 2,
    });
  });

  test("that cannot save in the end says so, and the old file stays", async () => {
    await cli("-c", 'require("fs").writeFileSync("f", "1")', "--save", "s.snap");
    const before = await readFile(join(dir, "s.snap"));
    // The name is as long as a name may be: no room for the file that is written first.
    const long = `${"x".repeat(250)}.snap`;
    await writeFile(join(dir, long), before);
    const { stderr, exitCode } = await cli("-c", "1", "--save", long);
    expect({ stderr, exitCode }).toEqual({
      stderr: `sandglass: --save ${long}: the name is too long\n`,
      exitCode: 125,
    });
    expect(await readFile(join(dir, long))).toEqual(before);
  });
});

test.skipIf(process.platform === "win32")(
  "a file that was for its owner alone still is when it is saved again, also through a symlink",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandglass-save-"));
    try {
      const [target, alias] = [join(folder, "a.snap"), join(folder, "alias.snap")];
      await writeFile(target, "old", { mode: 0o600 });
      await symlink("a.snap", alias);
      const snapshot = new Snapshot([]);
      await writeSnapshotFile(alias, snapshot);
      expect((await lstat(alias)).isSymbolicLink()).toBe(true);
      expect((await stat(target)).mode & 0o777).toBe(0o600);
      expect(new Uint8Array(await readFile(target))).toEqual(snapshot.bytes);
      expect((await readdir(folder)).sort()).toEqual(["a.snap", "alias.snap"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
