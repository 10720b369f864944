import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CliError } from "./cli-error.ts";
import { loadProgram } from "./program.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sandglass-program-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const bytes = (...values: number[]) => new Uint8Array(values);
const noStdin = () => Promise.reject(new Error("stdin was read"));

async function loadFile(
  name: string,
  content: Uint8Array,
  language: "python" | "wasi" | undefined = "python",
) {
  const path = join(dir, name);
  await writeFile(path, content);
  return loadProgram({ from: "file", path }, language, 1000, noStdin);
}

test("a file runs as /workspace/<name>, without its byte order mark", async () => {
  const content = bytes(0xef, 0xbb, 0xbf, 0x31);
  expect(await loadFile("häuser 1.py", content)).toEqual({
    language: "python",
    code: "1",
    filename: "/workspace/häuser 1.py",
    file: { path: "/workspace/häuser 1.py", bytes: content },
  });
});

test("a module is bytes and takes no room in the sandbox's files", async () => {
  expect(await loadFile("m.wasm", bytes(0, 0x61, 0x73, 0x6d), "wasi")).toEqual({
    language: "wasi",
    code: bytes(0, 0x61, 0x73, 0x6d),
    filename: "/workspace/m.wasm",
  });
});

test("stdin and -c have names that are no paths", async () => {
  const fromStdin = loadProgram({ from: "stdin" }, "python", 10, async () => bytes(0x32));
  expect(await fromStdin).toEqual({ language: "python", code: "2", filename: "<stdin>" });
  expect(await loadProgram({ from: "code", code: "3" }, "python", 10, noStdin)).toEqual({
    language: "python",
    code: "3",
    filename: "<string>",
  });
});

test.each([
  ["a stray byte", [0x61, 0xe9, 0x62], "0xE9 at offset 1"],
  ["a cut character", [0x61, 0x62, 0xc3], "0xC3 at offset 2"],
  [
    "a bad byte after a replacement character that is really there",
    [0xef, 0xbf, 0xbd, 0x61, 0xff],
    "0xFF at offset 4",
  ],
  [
    "a bad byte after a byte order mark and an emoji",
    [0xef, 0xbb, 0xbf, 0xf0, 0x9f, 0x98, 0x80, 0x80],
    "0x80 at offset 7",
  ],
])("text with %s is refused with the offset", async (_what, content, where) => {
  await expect(loadFile("a.py", bytes(...content))).rejects.toMatchObject({
    message: `${dir}/a.py is not UTF-8: byte ${where}`,
    exitCode: 2,
  });
});

test("a missing file, a folder and a file over the limit are one line with exit code 2", async () => {
  const load = (path: string) => loadProgram({ from: "file", path }, "python", 1000, noStdin);
  await expect(load(join(dir, "none.py"))).rejects.toMatchObject({
    message: `${dir}/none.py: there is no such file or folder`,
    exitCode: 2,
  });
  await expect(load(dir)).rejects.toMatchObject({
    message: `${dir} is a folder, not a program`,
    exitCode: 2,
  });
  await expect(loadFile("big.py", new Uint8Array(1001))).rejects.toMatchObject({
    message: `${dir}/big.py has 1,001 bytes; the sandbox's files may have 1,000 bytes`,
    exitCode: 2,
  });
});

test("a file whose language nobody said is refused once it is found to be a file", async () => {
  const load = (path: string) => loadProgram({ from: "file", path }, undefined, 1000, noStdin);
  await writeFile(join(dir, "Makefile"), "all:");
  await writeFile(join(dir, "a.sh"), "ls");
  const refusals = ["none", ".", "Makefile", "a.sh"].map((name) =>
    load(name === "." ? dir : join(dir, name)).catch((error: CliError) => [error.message, error.hint]),
  );
  expect(await Promise.all(refusals)).toEqual([
    [`${dir}/none: there is no such file or folder`, undefined],
    [`${dir} is a folder, not a program`, undefined],
    [
      `cannot tell the language of ${dir}/Makefile`,
      "Say it with --lang (python, javascript, typescript, wasi), or use one of the endings .py .js .mjs .ts .mts .wasm",
    ],
    [".sh programs are not yet available", "Runs now: .py .js .mjs .ts .mts .wasm"],
  ]);
});

test("the hint for text that is not UTF-8 speaks of modules only where one may be meant", async () => {
  const hintOf = async (name: string, ...content: number[]) =>
    loadFile(name, bytes(...content)).catch((error: CliError) => error.hint);
  expect([
    await hintOf("a.py", 0xff),
    await hintOf("a", 0xff),
    await hintOf("a.py", 0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0xff),
  ]).toEqual([
    "Save it as UTF-8.",
    "Save it as UTF-8, or say with --lang what it is.",
    "It is a WebAssembly module: give --lang wasi.",
  ]);
});

test("-c has no modules to run", async () => {
  await expect(loadProgram({ from: "code", code: "x" }, "wasi", 10, noStdin)).rejects.toMatchObject({
    message: "-c takes source text, and wasi runs modules",
    exitCode: 2,
  });
});
