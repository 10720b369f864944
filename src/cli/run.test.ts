import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PROJECT_DIR, runCliProcess, startCli } from "./test-support/spawn-cli.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-cli-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Runs the command in a fresh folder; the answer without the raw bytes. */
async function cli(args: readonly string[], stdin: string | Uint8Array = "") {
  const { stdoutBytes: _bytes, ...outcome } = await runCliProcess(args, { stdin, cwd: dir });
  return outcome;
}

describe("a program", () => {
  test("prints what it prints and nothing else", async () => {
    expect(await cli(["run", "-c", "print(6*7)\n6*8"])).toEqual({ stdout: "42\n", stderr: "", exitCode: 0 });
  });

  test("gets its arguments, its environment and a name, and no variable of the host's", async () => {
    await writeFile(
      join(dir, "args.py"),
      "import os, sys\nprint(sys.argv, os.environ['K'], 'PATH' in os.environ, __file__)\n",
    );
    const outcome = await cli(["run", "args.py", "--env", "K=é=1", "a b", "--", "--json", "-c"]);
    expect(outcome).toEqual({
      stdout: "['/workspace/args.py', 'a b', '--json', '-c'] é=1 False /workspace/args.py\n",
      stderr: "",
      exitCode: 0,
    });
  });

  test("ends the command with its own exit code", async () => {
    expect(await cli(["run", "-c", "import sys; sys.exit(7)"])).toEqual({
      stdout: "",
      stderr: "",
      exitCode: 7,
    });
  });

  test("that fails shows its traceback on stderr, with the file's name", async () => {
    await writeFile(join(dir, "bad.py"), "print('before')\nraise ValueError('é')\n");
    expect(await cli(["run", "bad.py"])).toEqual({
      stdout: "before\n",
      stderr:
        "Traceback (most recent call last):\n  File \"/workspace/bad.py\", line 2, in <module>\n    raise ValueError('é')\nValueError: é\n",
      exitCode: 1,
    });
  });

  test("cannot see its neighbours unless they are mounted", async () => {
    await writeFile(join(dir, "main.py"), "import os\nprint(sorted(os.listdir('.')))\n");
    await writeFile(join(dir, "secret.txt"), "secret");
    expect((await cli(["run", "main.py"])).stdout).toBe("['main.py']\n");
    expect((await cli(["run", "main.py", "--mount", ".:/workspace"])).stdout).toBe(
      "['main.py', 'secret.txt']\n",
    );
  });

  test("in JavaScript and TypeScript runs by its file's ending", async () => {
    await writeFile(join(dir, "main.js"), "console.log([1, 2].map((n) => n * 2)); 5");
    await writeFile(join(dir, "main.ts"), "const n: number = 6; console.log(n * 7); process.exit(3)");
    expect(await cli(["run", "main.js"])).toEqual({ stdout: "[ 2, 4 ]\n", stderr: "", exitCode: 0 });
    expect(await cli(["run", "main.ts"])).toEqual({ stdout: "42\n", stderr: "", exitCode: 3 });
  });
});

describe("stdin", () => {
  test("is no terminal when it is a pipe: programs show no prompts", async () => {
    expect(await cli(["run", "--lang", "js", "-c", "console.log(process.stdin.isTTY)"], "1\n")).toEqual({
      stdout: "undefined\n",
      stderr: "",
      exitCode: 0,
    });
  });

  test("is the program for -, and for a pipe without a program", async () => {
    expect(await cli(["run", "-", "x"], "import sys; print('é', sys.argv)")).toEqual({
      stdout: "é ['<stdin>', 'x']\n",
      stderr: "",
      exitCode: 0,
    });
    expect(await cli(["run"], "print(1)\nprint(input())")).toMatchObject({ stdout: "1\n", exitCode: 1 });
  });

  test("and stdout carry bytes unchanged", async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff);
    const code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())";
    const { stdoutBytes, stderr, exitCode } = await runCliProcess(["run", "-c", code], { stdin: bytes });
    expect({ isSame: stdoutBytes.equals(bytes), stderr, exitCode }).toEqual({
      isSame: true,
      stderr: "",
      exitCode: 0,
    });
  });

  test("is read as the program asks, and output comes as it is printed", async () => {
    const running = startCli(
      ["run", "-c", "name = input('Name: ')\nprint('hello', name)\nprint(input('More? '))"],
      dir,
    );
    await running.printed("Name: ");
    running.child.stdin.write("Ann\n");
    await running.printed("More? ");
    running.child.stdin.end("no\n");
    const { stdout, stderr, exitCode } = await running.outcome;
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: "Name: hello Ann\nMore? no\n",
      stderr: "",
      exitCode: 0,
    });
  });
});

describe("mounts", () => {
  test("carry files, folders and symlinks in; read-only ones refuse a change", async () => {
    await mkdir(join(dir, "data/sub"), { recursive: true });
    await writeFile(join(dir, "data/sub/a.txt"), "α");
    await symlink("sub/a.txt", join(dir, "data/link"));
    await symlink("/etc/passwd", join(dir, "data/out"));
    const code = [
      "import os",
      "print(open('/data/link').read(), os.readlink('/data/out'), os.path.exists('/data/out'))",
      "try: open('/data/new', 'w')",
      "except OSError as error: print(error.strerror)",
    ].join("\n");
    expect(await cli(["run", "-c", code, "--mount", "data:/data"])).toEqual({
      stdout: "α /etc/passwd False\nRead-only file system\n",
      stderr: "",
      exitCode: 0,
    });
    expect(await readdir(join(dir, "data"))).toEqual(["link", "out", "sub"]);
  });

  test("that are writable take changes back, also from a program that fails", async () => {
    await mkdir(join(dir, "data"));
    await writeFile(join(dir, "data/a"), "a");
    await writeFile(join(dir, "data/b"), "b");
    const code = [
      "import os",
      "open('/data/a', 'w').write('A')",
      "os.remove('/data/b')",
      "os.makedirs('/data/new'); open('/data/new/c', 'w').write('c')",
      "os.symlink('new/c', '/data/l'); os.symlink('/etc/passwd', '/data/trap')",
      "raise SystemExit(4)",
    ].join("\n");
    expect(await cli(["run", "-c", code, "--mount", "data:/data:rw"])).toEqual({
      stdout: "",
      stderr: "sandglass: /data/trap was not written back: it is a symlink that leads out of the mount\n",
      exitCode: 4,
    });
    expect(await readdir(join(dir, "data"))).toEqual(["a", "l", "new"]);
    expect([await readFile(join(dir, "data/a"), "utf8"), await readlink(join(dir, "data/l"))]).toEqual([
      "A",
      "new/c",
    ]);
  });

  test("are a module's preopens under the very names given", async () => {
    await mkdir(join(dir, "tree"));
    await writeFile(join(dir, "tree/a.txt"), "one two\n");
    const module = join(PROJECT_DIR, "tests/fixtures/wasi/wordcount.wasm");
    for (const name of ["fs-tests.dir", "/data", "/"]) {
      const { stdout, exitCode } = await cli(["run", module, "--mount", `tree:${name}`, name]);
      const path = name === "/" ? "/" : `${name}/`;
      expect([stdout.split("\n")[0]?.replace("//", "/"), exitCode]).toEqual([
        `     1      2      8 ${path}a.txt`,
        0,
      ]);
    }
  });
});

describe("--out", () => {
  test("gets what the program made or changed, and the run's exit code stays", async () => {
    const code =
      "import os; os.mkdir('d'); open('d/x', 'w').write('é'); open('/tmp/t', 'w').write('t'); raise SystemExit(2)";
    expect(await cli(["run", "-c", code, "--out", "o/p"])).toEqual({ stdout: "", stderr: "", exitCode: 2 });
    expect(await readdir(join(dir, "o"), { recursive: true })).toEqual(["p", "p/d", "p/d/x"]);
    expect(await readFile(join(dir, "o/p/d/x"), "utf8")).toBe("é");
  });

  test("is not made when there is nothing to put in it", async () => {
    const code = "open('/tmp/t', 'w').write('t'); open('gone', 'w').close(); __import__('os').remove('gone')";
    expect(await cli(["run", "-c", code, "--out", "o/p"])).toEqual({ stdout: "", stderr: "", exitCode: 0 });
    expect(await readdir(dir)).toEqual([]);
  });

  test("the sales report writes the three expected files, byte for byte", async () => {
    const example = join(PROJECT_DIR, "examples/sales-report");
    const { stdout, stderr, exitCode } = await cli([
      "run",
      join(example, "main.py"),
      "--mount",
      `${join(example, "movies.csv")}:/workspace/movies.csv`,
      "--out",
      "out",
    ]);
    const expected = (name: string) => readFile(join(example, "expected", name));
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: (await expected("stdout.txt")).toString(),
      stderr: "",
      exitCode: 0,
    });
    expect(await readdir(join(dir, "out"))).toEqual(["chart.svg", "report.html", "summary.json"]);
    for (const name of ["chart.svg", "report.html", "summary.json"]) {
      expect((await readFile(join(dir, "out", name))).equals(await expected(name))).toBe(true);
    }
  });
});

describe("limits", () => {
  /** What was stopped says where it was; the last two lines say why. */
  const lastLines = (stderr: string) => stderr.split("\n").slice(-3, -1);

  test("time: a program that loops is stopped with 124, and what it printed stays", async () => {
    const code = "print('on', flush=True)\nwhile True: pass";
    const { stdout, stderr, exitCode } = await cli(["run", "-c", code, "--timeout", "500ms"]);
    expect({ stdout, stderr: lastLines(stderr), exitCode }).toEqual({
      stdout: "on\n",
      stderr: ["sandglass: timed out: it ran longer than 500 ms", "  Raise --timeout if it needs more time."],
      exitCode: 124,
    });
  });

  test("output: a program that floods is stopped with 153, and what fits is there", async () => {
    const { stdout, stderr, exitCode } = await cli([
      "run",
      "-c",
      "while True: print('x' * 99)",
      "--output-limit",
      "64k",
    ]);
    expect({ bytes: stdout.length, stderr: lastLines(stderr), exitCode }).toEqual({
      bytes: 65_536,
      stderr: [
        "sandglass: stopped: it wrote more than 64 KiB (65,536 bytes)",
        "  Raise --output-limit, or write to a file and use --out.",
      ],
      exitCode: 153,
    });
  });

  test("memory: an allocation that never fits does not end the host", async () => {
    const code = "console.log('before'); const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1));";
    const outcome = await cli(["run", "--lang", "javascript", "-c", code, "--memory", "64m"]);
    expect({ ...outcome, stderr: lastLines(outcome.stderr)[0] }).toEqual({
      stdout: "before\n",
      stderr: "sandglass: out of memory: the limit is 64 MiB (67,108,864 bytes)",
      exitCode: 137,
    });
  });
});

test("files: a program that takes a refusal and ends itself is told as that, with its own exit code", async () => {
  const code = "try { require('fs').writeFileSync('big', 'x'.repeat(200_000)) } catch { process.exit(3) }";
  expect(await cli(["run", "--lang", "js", "-c", code, "--file-limit", "100k"])).toEqual({
    stdout: "",
    stderr:
      "sandglass: the program ended itself with exit code 3 after it was refused room: its files may have 100 KiB (102,400 bytes)\n" +
      "  Raise --file-limit, or store less.\n",
    exitCode: 3,
  });
});

describe("what is refused before anything runs is one line with exit code 2", () => {
  test.each([
    [["run", "none.py"], "none.py: there is no such file or folder"],
    [["run", "none"], "none: there is no such file or folder"],
    [["run", "folder"], "folder is a folder, not a program"],
    [["run", "folder", "--lang", "python"], "folder is a folder, not a program"],
    [["run", "Makefile"], "cannot tell the language of Makefile"],
    [["run", "ok.py", "-c", "1"], "there are two programs: -c and ok.py"],
    [["run", "latin1.py"], "latin1.py is not UTF-8: byte 0xE9 at offset 5"],
    [["run", "ok.py", "--mount", "none:/data"], "--mount none: there is no such file or folder"],
    [
      ["run", "ok.py", "--memory", "1k"],
      "--memory is 1 KiB (1,024 bytes); it must be from 1 MiB (1,048,576 bytes) to 4 GiB (4,294,967,296 bytes)",
    ],
    [["run", "ok.py", "--timeout", "9999h"], "--timeout is 9,999 h; the most is 596.5 h"],
    [["run", "ok.py", "--out", "ok.py"], "--out ok.py: DIR/ok.py is not a folder"],
  ])("%j", async (args, line) => {
    await mkdir(join(dir, "folder"));
    await writeFile(join(dir, "ok.py"), "print('ran')");
    await writeFile(join(dir, "Makefile"), "all:");
    await writeFile(join(dir, "latin1.py"), Buffer.from("# café", "latin1"));
    const outcome = await cli([...args, ...(args.includes("--out") ? [] : ["--out", "out"])]);
    const [first] = outcome.stderr.split("\n");
    expect({ ...outcome, stderr: first }).toEqual({
      stdout: "",
      stderr: `sandglass: ${line.replace("DIR", dir)}`,
      exitCode: 2,
    });
    expect(await readdir(dir)).not.toContain("out");
  });

  const header = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  test.each([
    [
      "empty.wasm",
      new Uint8Array(),
      "Invalid WebAssembly module at byte 0: not a WebAssembly file but an empty file: it does not begin with \\0asm",
    ],
    [
      "truncated.wasm",
      Uint8Array.of(...header, 1, 0x7f),
      "Invalid WebAssembly module at byte 10: it ends too early: 127 bytes more are needed at byte 10",
    ],
  ])("a broken module: %s", async (name, bytes, line) => {
    await writeFile(join(dir, name), bytes);
    const outcome = await cli(["run", name]);
    const hint = `  What it needs and what to do about it: sandglass inspect ${name}`;
    expect(outcome).toEqual({ stdout: "", stderr: `sandglass: ${line}\n${hint}\n`, exitCode: 2 });
    const json = await cli(["run", name, "--json"]);
    expect([json.exitCode, JSON.parse(json.stdout).exitCode]).toEqual([2, 2]);
  });

  test("but not a program that failed, whatever it calls its errors", async () => {
    const code = "throw Object.assign(new Error('mine'), { name: 'InvalidModule' })";
    const { stderr, exitCode } = await cli(["run", "--lang", "js", "-c", code]);
    expect({ isShown: stderr.includes("InvalidModule: mine"), exitCode }).toEqual({
      isShown: true,
      exitCode: 1,
    });
    expect(stderr).not.toContain("sandglass inspect");
  });
});

describe("--json", () => {
  test("prints one object and nothing else", async () => {
    const code =
      "import sys; print('out'); print('err', file=sys.stderr); open('f', 'w').write('x'); display(1); 6*7";
    const { stdout, stderr, exitCode } = await cli(["run", "-c", code, "--json"]);
    const execution = JSON.parse(stdout);
    expect({ stderr, exitCode, lines: stdout.split("\n").length }).toEqual({
      stderr: "",
      exitCode: 0,
      lines: 2,
    });
    expect(execution).toMatchObject({
      status: "completed",
      exitCode: 0,
      logs: { stdout: ["out\n"], stderr: ["err\n"] },
      text: "42",
      results: [
        { text: "1", isMainResult: false },
        { text: "42", isMainResult: true },
      ],
      artifacts: [{ path: "/workspace/f", bytes: 1 }],
    });
  });

  test("keeps bytes that are not text as Base64, and the exit code of the failure", async () => {
    const code = "import sys; sys.stdout.buffer.write(b'\\xff\\x00'); sys.exit(3)";
    const { stdout, exitCode } = await cli(["run", "-c", code, "--json"]);
    expect([JSON.parse(stdout).logs.stdoutBase64, JSON.parse(stdout).exitCode, exitCode]).toEqual([
      "/wA=",
      3,
      3,
    ]);
  });
});

describe("signals", () => {
  test("Ctrl-C interrupts the program, and the command ends with 130", async () => {
    const running = startCli(["run", "-c", "print('on', flush=True)\nwhile True: pass"], dir);
    await running.printed("on");
    running.child.kill("SIGINT");
    const { stdout, exitCode } = await running.outcome;
    expect({ stdout, exitCode }).toEqual({ stdout: "on\n", exitCode: 130 });
  });

  test("a program may take Ctrl-C as it likes", async () => {
    const code =
      "try:\n  print('on', flush=True)\n  while True: pass\nexcept KeyboardInterrupt: print('stopped')";
    const running = startCli(["run", "-c", code], dir);
    await running.printed("on");
    running.child.kill("SIGINT");
    const { stdout, exitCode } = await running.outcome;
    expect({ stdout, exitCode }).toEqual({ stdout: "on\nstopped\n", exitCode: 130 });
  });

  test("a second Ctrl-C ends a program that does not listen, at once and with one line", async () => {
    const code = [
      "while True:",
      "  try:",
      "    print('on', flush=True)",
      "    while True: pass",
      "  except BaseException: print('no', flush=True)",
    ].join("\n");
    const running = startCli(["run", "-c", code], dir);
    await running.printed("on");
    running.child.kill("SIGINT");
    await running.printed("no");
    running.child.kill("SIGINT");
    const { stderr, exitCode } = await running.outcome;
    expect({ stderr, exitCode }).toEqual({ stderr: "sandglass: interrupted\n", exitCode: 130 });
  });

  test("two Ctrl-C in a row say it once, however they fall", async () => {
    for (const code of ["print('on', flush=True)\nwhile True: pass", "print('on', flush=True)\ninput()"]) {
      const running = startCli(["run", "-c", code], dir);
      await running.printed("on");
      running.child.kill("SIGINT");
      running.child.kill("SIGINT");
      const { stderr, exitCode } = await running.outcome;
      expect([stderr.match(/^sandglass: .*$/gm), exitCode]).toEqual([["sandglass: interrupted"], 130]);
    }
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s ends it with %i", async (signal, expected) => {
    const running = startCli(["run", "--lang", "javascript", "-c", "console.log('on'); for (;;);"], dir);
    await running.printed("on");
    running.child.kill(signal);
    expect((await running.outcome).exitCode).toBe(expected);
  });

  test("a reader that goes away ends the program quietly", async () => {
    const running = startCli(
      ["run", "-c", "import time\nwhile True:\n  print('x', flush=True)\n  time.sleep(0.01)"],
      dir,
    );
    await running.printed("x");
    running.child.stdout.destroy();
    const { stderr, exitCode } = await running.outcome;
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 141 });
  });
});

test("--version and --help answer without starting anything", async () => {
  const { version } = JSON.parse(await readFile(join(PROJECT_DIR, "package.json"), "utf8"));
  expect(await cli(["--version"])).toEqual({ stdout: `sandglass ${version}\n`, stderr: "", exitCode: 0 });
  const help = await cli(["--help"]);
  expect({ ...help, stdout: help.stdout.split("\n")[2] }).toEqual({
    stdout: "Usage: sandglass run [FILE | -] [-c CODE] [--lang LANGUAGE] [FLAGS] [--] [ARGS...]",
    stderr: "",
    exitCode: 0,
  });
});
