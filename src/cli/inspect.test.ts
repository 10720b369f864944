import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildModule } from "../runtimes/wasi/module-builder.testkit.ts";
import { PROJECT_DIR, runCliProcess, startCli } from "./test-support/spawn-cli.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-cli-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const FIXTURE = join(PROJECT_DIR, "tests/fixtures/wasi/ending.wasm");

/** Inspects a file of these bytes. */
async function inspect(bytes: Uint8Array | string, ...flags: string[]) {
  await writeFile(join(dir, "app.wasm"), bytes);
  const { stdoutBytes: _bytes, ...outcome } = await runCliProcess(["inspect", "app.wasm", ...flags], {
    cwd: dir,
  });
  return outcome;
}

describe("sandglass inspect", () => {
  test("says what a module is, needs, offers and weighs, and ends with 0 when it runs here", async () => {
    const { stdout, stderr, exitCode } = await runCliProcess(["inspect", "app.wasm"], {
      cwd: await put(await readFile(FIXTURE)),
    });
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toMatchInlineSnapshot(`
      "app.wasm runs here: a command of WASI preview 1.

      Size      29.4 KiB (30,149 bytes)
      SHA-256   67d65bbb5a8fcebc3eb24181917c8f27bdef50fcdd42105cd786b0598915614c
      Name      ending.wasm
      Memory    128 KiB (131,072 bytes) at the start, then up to the sandbox's limit
      Code      64 functions, all named
      Table     6 elements, at most 6
      Made by   C99, Debian clang 14.0.6
      Uses      multivalue, mutable-globals, reference-types, sign-ext
      Asks for  arguments, files, process; not for clock, network, random

      Imports (8)
        wasi_snapshot_preview1
          arguments  args_get, args_sizes_get
          files      fd_close, fd_fdstat_get, fd_seek, fd_write
          process    proc_raise, proc_exit

      Exports (2)
          memory     memory
          function   _start

      Sections (13)
            offset         bytes  name
                10            88  type
               101           286  import
               389            65  function
               456             5  table
               463             3  memory
               468             8  global
               478            19  export
               499            11  element
               514        25,617  code
             26134         2,781  data
             28923         1,089  name (custom)
             30024            50  producers (custom)
             30092            57  target_features (custom)
      "
    `);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("says why a module does not run here and what to do, and ends with 1", async () => {
    const bytes = buildModule({
      imports: [
        { module: "env", name: "emscripten_resize_heap", signature: "i:i" },
        { module: "wasi_snapshot_preview1", name: "fd_write", signature: "iiii:i" },
      ],
    });
    const { stdout, ...rest } = await inspect(bytes);
    expect(rest).toEqual({ stderr: "", exitCode: 1 });
    expect(stdout).toMatchInlineSnapshot(`
      "app.wasm does not run here: it was made by Emscripten for JavaScript, and needs
      the JavaScript written beside it: it imports env.emscripten_resize_heap.
        Build it with wasi-sdk instead: clang --target=wasm32-wasi.

      Size      129 bytes
      SHA-256   a05ee09b1bebba097e35e29a9a092ac5811a0313093761ae98c7c04bf7bc8f8c
      Memory    64 KiB (65,536 bytes) at the start, then up to the sandbox's limit
      Code      1 function, without names for a traceback
      Asks for  files, things of another host; not for arguments, clock, network,
                process, random

      Imports (2)
        env
          not here   emscripten_resize_heap
        wasi_snapshot_preview1
          files      fd_write

      Exports (2)
          memory     memory
          function   _start

      Sections (6)
            offset         bytes  name
                10            17  type
                29            64  import
                95             2  function
                99             3  memory
               104            19  export
               125             4  code
      "
    `);
  });

  test("tells what a file is that is no module, and ends with 1", async () => {
    const { stdout, ...rest } = await inspect("(module)");
    expect(rest).toEqual({ stderr: "", exitCode: 1 });
    expect(stdout).toMatchInlineSnapshot(`
      "app.wasm does not run here: it is the text form of WebAssembly (.wat), not a
      WebAssembly binary: it does not begin with \\0asm.
        Make a binary of it first, such as by wat2wasm or wasm-tools parse.

      Size     8 bytes
      SHA-256  1885772b94ca41b360d9bd07535547f4c8ef16cbe7e49d2c8e9780247e26c4de
      "
    `);
  });

  test("prints one JSON object with --json, of a file or of stdin", async () => {
    const bytes = buildModule({ imports: [{ module: "env", name: "log", signature: "i:" }] });
    const file = await inspect(bytes, "--json");
    const piped = await runCliProcess(["inspect", "-", "--json"], { stdin: bytes });
    expect([file.exitCode, piped.exitCode, piped.stdout]).toEqual([1, 1, file.stdout]);
    expect(file.stdout.split("\n").length).toBe(2);
    expect(JSON.parse(file.stdout)).toMatchObject({
      kind: "command",
      bytes: bytes.length,
      imports: [
        { module: "env", name: "log", kind: "function", signature: "i:", need: "unknown", isProvided: false },
      ],
      runsHere: false,
      reason: "it imports env.log, which is not part of WASI preview 1",
    });
  });

  test("judges by the memory that --memory gives, and names that flag", async () => {
    const bytes = buildModule({ memory: { min: 100 } });
    const { stdout, exitCode } = await inspect(bytes, "--memory", "1m", "--json");
    expect([JSON.parse(stdout).reason, JSON.parse(stdout).hint, exitCode]).toEqual([
      "its memory begins at 100 pages (6553600 bytes); the limit is 16 pages (1048576 bytes)",
      "Raise --memory, or build it with a smaller initial memory and static data.",
      1,
    ]);
    expect((await inspect(bytes, "--memory", "8m")).exitCode).toBe(0);
  });

  test("lets no name of the module's write to the terminal, and keeps it short", async () => {
    const name = "\u001b[2J\nrm -rf ~\u009b1m";
    const { stdout } = await inspect(
      buildModule({
        imports: [
          { module: name, name: "x".repeat(5000), signature: ":" },
          ...Array.from({ length: 500 }, (_, index) => ({ module: `m${index}`, name, signature: ":" })),
        ],
      }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout).toContain("  \\x1b[2J rm -rf ~\\x9b1m\n");
    expect(stdout).toContain("  … and 461 more\n");
    expect(stdout.length).toBeLessThan(10_000);
  });

  test.each([
    [["none.wasm"], "none.wasm: there is no such file or folder"],
    [["folder"], "folder is a folder, not a module"],
    [["/dev/null"], "/dev/null is not a file"],
    [
      ["app.wasm", "--memory", "1k"],
      "--memory is 1 KiB (1,024 bytes); it must be from 1 MiB (1,048,576 bytes) to 4 GiB (4,294,967,296 bytes)",
    ],
  ])("%j is refused with one line and exit code 2", async (args, line) => {
    await mkdir(join(dir, "folder"));
    await put(buildModule());
    const { stdout, stderr, exitCode } = await runCliProcess(["inspect", ...args], { cwd: dir });
    expect([stdout, stderr.split("\n")[0], exitCode]).toEqual(["", `sandglass: ${line}`, 2]);
  });

  test("ends quietly when its reader goes away", async () => {
    const running = startCli(["inspect", "-"], dir);
    running.child.stdout.destroy();
    running.child.stdin.end(buildModule());
    const { stderr, exitCode } = await running.outcome;
    expect([stderr, exitCode]).toEqual(["", 141]);
  });
});

async function put(bytes: Uint8Array): Promise<string> {
  await writeFile(join(dir, "app.wasm"), bytes);
  return dir;
}
