import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PROJECT_DIR, runCliProcess, startCli } from "../../src/cli/test-support/spawn-cli.ts";

// The way hosts of WASI are put to the test from outside: a module, folders of the host, variables and arguments go in; exit
// code, streams and the folders come out.
const FIXTURES = join(PROJECT_DIR, "tests/fixtures/wasi");
const fixture = (name: string) => join(FIXTURES, `${name}.wasm`);
const expected = (name: string) => readFile(join(FIXTURES, `${name}.expected.txt`), "utf8");

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-mounted-"));
  await mkdir(join(dir, "fs-tests.dir"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function run(...args: string[]) {
  const { stdout, stderr, exitCode } = await runCliProcess(["run", ...args], { cwd: dir });
  return { stdout, stderr, exitCode };
}

/** Everything below the mounted folder: contents, targets, and "/" behind folders. */
async function hostTree(): Promise<Record<string, string>> {
  const root = join(dir, "fs-tests.dir");
  const tree: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isDirectory()) tree[`${name}/`] = "";
    else if (entry.isSymbolicLink()) tree[name] = `-> ${await readlink(path)}`;
    else tree[name] = await readFile(path, "utf8");
  }
  return tree;
}

const MOUNT = ["--mount", "fs-tests.dir:fs-tests.dir:rw"];

describe("a folder mounted under the name fs-tests.dir", () => {
  test.each(["cookies", "offsets", "rights", "slashes", "symlinks", "times"])(
    "is a preopen in which every call answers as it must, and is left as it was: %s",
    async (name) => {
      await writeFile(join(dir, "fs-tests.dir/kept"), "as it was");
      const outcome = await run(fixture(name), ...MOUNT);
      const stdout = await expected(name);
      expect(outcome).toEqual({ stdout, stderr: "", exitCode: 0 });
      expect(await hostTree()).toEqual({ kept: "as it was" });
    },
  );

  test("is the root of a program that is mounted at /", async () => {
    const outcome = await run(fixture("symlinks"), "--mount", "fs-tests.dir:/:rw");
    expect(outcome).toEqual({ stdout: await expected("symlinks"), stderr: "", exitCode: 0 });
  });

  test("stands beside others, in the order given", async () => {
    await mkdir(join(dir, "other"));
    await writeFile(join(dir, "fs-tests.dir/a"), "a");
    const outcome = await run(fixture("preopens"), ...MOUNT, "--mount", "other:/:rw");
    expect(outcome).toEqual({ stdout: await expected("preopens"), stderr: "", exitCode: 0 });
    expect([await hostTree(), await readFile(join(dir, "other/c"), "utf8")]).toEqual([{}, "a"]);
  });

  test("gets back what the program left there, and its exit code stays", async () => {
    expect(await run(fixture("renumber"), ...MOUNT)).toEqual({
      stdout: await expected("renumber"),
      stderr: "",
      exitCode: 33,
    });
    expect(await hostTree()).toEqual({ "dir/": "", "dir/file": "still open" });
  });

  test("gives files, modes, symlinks and folders as they are on the host, and takes changes back", async () => {
    const root = join(dir, "fs-tests.dir");
    await mkdir(join(root, "notes/deep"), { recursive: true });
    await writeFile(join(root, "notes/one.txt"), "tea\nno\n");
    await writeFile(join(root, "notes/deep/ü.txt"), "green tea\n");
    await writeFile(join(root, "run.sh"), "#!/bin/sh\n");
    await chmod(join(root, "run.sh"), 0o755);
    await symlink("notes/one.txt", join(root, "link"));
    const outcome = await run(
      fixture("sift"),
      ...MOUNT,
      "--env",
      "SIFT_LIMIT=2",
      "--",
      "-n",
      "-o",
      "fs-tests.dir/report.json",
      "tea",
      "fs-tests.dir/link",
      "fs-tests.dir/notes",
    );
    expect(outcome).toEqual({
      stdout: "fs-tests.dir/link:1:tea\nfs-tests.dir/notes/deep/ü.txt:1:green tea\n",
      stderr: "",
      exitCode: 0,
    });
    const report = (await hostTree())["report.json"];
    expect(JSON.parse(report ?? "")["fs-tests.dir/notes/deep/ü.txt"]).toEqual({
      lines: 1,
      matches: 1,
      words: { green: 1, tea: 1 },
    });
    expect(await hostTree()).toEqual({
      link: "-> notes/one.txt",
      "notes/": "",
      "notes/deep/": "",
      "notes/deep/ü.txt": "green tea\n",
      "notes/one.txt": "tea\nno\n",
      "report.json": report,
      "run.sh": "#!/bin/sh\n",
    });
  });

  test("without :rw can be read and not changed", async () => {
    await writeFile(join(dir, "fs-tests.dir/notes"), "tea\n");
    const outcome = await run(
      fixture("sift"),
      "--mount",
      "fs-tests.dir:fs-tests.dir",
      "--",
      "-o",
      "fs-tests.dir/report.json",
      "tea",
      "fs-tests.dir/notes",
    );
    expect(outcome).toEqual({
      stdout: "fs-tests.dir/notes:tea\n",
      stderr: "sift: fs-tests.dir/report.json: Read-only file system (os error 69)\n",
      exitCode: 2,
    });
    expect(await hostTree()).toEqual({ notes: "tea\n" });
  });
});

describe("a program without mounts", () => {
  test("is handed no directory", async () => {
    expect(await run(fixture("nothing"))).toEqual({
      stdout: await expected("nothing"),
      stderr: "",
      exitCode: 0,
    });
  });

  test("keeps its working directory where what it makes is brought out", async () => {
    const outcome = await run(
      fixture("sift"),
      "--out",
      "out",
      "--",
      "-o",
      "report.json",
      "-c",
      "x",
      "missing",
    );
    expect([outcome.exitCode, await readdir(join(dir, "out"))]).toEqual([2, ["report.json"]]);
  });

  test("gets arguments and variables byte for byte, and none where none are given", async () => {
    const given = ["--env", "a=text", "--env", 'b=escap " ing', "--env", "c=new\nline"];
    expect(await run(fixture("arguments"), ...given, "--", "first", 'the "second" arg', "", "3 ☃")).toEqual({
      stdout:
        '5 arguments\n0 [/workspace/arguments.wasm] 25\n1 [first] 5\n2 [the "second" arg] 16\n3 [] 0\n4 [3 ☃] 5\n' +
        '3 variables\n[a=text] 6\n[b=escap " ing] 13\n[c=new\nline] 10\n',
      stderr: "",
      exitCode: 0,
    });
    expect(await run(fixture("arguments"))).toEqual({
      stdout: "1 arguments\n0 [/workspace/arguments.wasm] 25\n0 variables\n",
      stderr: "",
      exitCode: 0,
    });
  });

  test("that polls a stdin nobody writes to and nobody closes comes back when its clock is due", async () => {
    const { child, outcome } = startCli(["run", fixture("patience")], dir);
    const { stdout, exitCode } = await outcome;
    child.stdin.end();
    expect([stdout, exitCode]).toEqual(["1 event, type 0, ok\nstdin: nothing yet\n", 0]);
  });
});
