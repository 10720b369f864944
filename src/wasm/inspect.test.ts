import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { buildModule, type ModuleParts } from "../runtimes/wasi/module-builder.testkit.ts";
import { TestIo, testHost } from "../runtimes/wasi/wasi.testkit.ts";
import { createWasiRuntime } from "../runtimes/wasi/wasi.ts";
import { inspectModule } from "./inspect.ts";
import { PREVIEW1, SIGNATURES } from "./preview1.ts";

const from = (name: string, signature: string, module = PREVIEW1) => ({ module, name, signature });

describe("inspectModule", () => {
  test("says what a module needs, offers and weighs", async () => {
    const bytes = buildModule({
      imports: [
        from("fd_write", "iiii:i"),
        from("random_get", "ii:i"),
        from("sock_shutdown", "ii:i", "wasi_unstable"),
      ],
      memory: { min: 2, max: 5 },
    });
    expect(await inspectModule(bytes)).toEqual({
      bytes: bytes.length,
      sha256: await digest(bytes),
      imports: [
        { ...from("fd_write", "iiii:i"), kind: "function", need: "files", isProvided: true },
        { ...from("random_get", "ii:i"), kind: "function", need: "random", isProvided: true },
        {
          ...from("sock_shutdown", "ii:i", "wasi_unstable"),
          kind: "function",
          need: "network",
          isProvided: true,
        },
      ],
      needs: ["files", "network", "random"],
      exports: [
        { name: "memory", kind: "memory", index: 0 },
        { name: "_start", kind: "function", index: 3 },
      ],
      sections: [
        { name: "type", isCustom: false, offset: 10, bytes: 24 },
        { name: "import", isCustom: false, offset: 36, bytes: 101 },
        { name: "function", isCustom: false, offset: 139, bytes: 2 },
        { name: "memory", isCustom: false, offset: 143, bytes: 4 },
        { name: "export", isCustom: false, offset: 149, bytes: 19 },
        { name: "code", isCustom: false, offset: 170, bytes: 4 },
      ],
      memory: { minBytes: 131_072, maxBytes: 327_680 },
      runsHere: true,
    });
  });

  test("reads what Debian's compiler wrote, with its custom sections", async () => {
    const url = new URL("../../tests/fixtures/wasi/ending.wasm", import.meta.url);
    const { needs, runsHere, sections } = await inspectModule(await readFile(url));
    expect([needs, runsHere, sections.filter((one) => one.isCustom).map((one) => one.name)]).toEqual([
      ["arguments", "files", "process"],
      true,
      ["name", "producers", "target_features"],
    ]);
  });

  test("knows the 45 functions of preview 1, and sock_accept, which came later", () => {
    expect(Object.keys(SIGNATURES).length).toBe(46);
  });
});

describe("a module that cannot run here", () => {
  const refused: [title: string, parts: ModuleParts, reason: string][] = [
    [
      "that imports from elsewhere",
      { imports: [from("emscripten_resize_heap", "i:i", "env"), from("abort", ":", "env")] },
      "it imports env.emscripten_resize_heap, which is not part of WASI preview 1 (and 1 more)",
    ],
    [
      "that imports its memory",
      { imports: [{ module: "env", name: "memory", kind: "memory" }], memory: null },
      "it imports env.memory, which is not part of WASI preview 1",
    ],
    [
      "that imports what preview 1 does not have",
      { imports: [from("fd_fork", "i:i")] },
      "it imports wasi_snapshot_preview1.fd_fork, which WASI preview 1 does not have",
    ],
    [
      "that imports a name of every object",
      { imports: [from("constructor", ":")] },
      "it imports wasi_snapshot_preview1.constructor, which WASI preview 1 does not have",
    ],
    [
      "that imports a function as something else",
      { imports: [{ module: PREVIEW1, name: "fd_write", kind: "memory" }], memory: null },
      "it imports wasi_snapshot_preview1.fd_write as a memory; it is a function",
    ],
    [
      "that imports a function by another type",
      { imports: [from("fd_write", "iIii:i")] },
      "it imports wasi_snapshot_preview1.fd_write with parameters or results of other types than WASI preview 1 gives it",
    ],
    [
      "that is a library",
      { start: { name: "_initialize" } },
      'it exports "_initialize" but no "_start": a library (reactor), not a program',
    ],
    ["without a start", { start: null }, 'it exports no function "_start": not a WASI command'],
    [
      "whose start takes parameters",
      { start: { signature: "i:" } },
      '"_start" takes parameters or returns something',
    ],
    ["that keeps its memory to itself", { exportMemoryAs: "heap" }, 'it exports no memory named "memory"'],
  ];
  for (const [title, parts, reason] of refused) {
    test(`${title} is refused, naming it`, async () => {
      const bytes = buildModule(parts);
      expect([(await inspectModule(bytes)).reason, await failure(bytes)]).toEqual([
        reason,
        `This WebAssembly module cannot run here: ${reason}`,
      ]);
    });
  }

  const good = buildModule({ imports: [from("proc_exit", "i:")] });
  const malformed: [title: string, bytes: Uint8Array, message: string][] = [
    ["nothing at all", new Uint8Array(), "byte 0: not a WebAssembly file: it does not begin with \\0asm"],
    [
      "text",
      new TextEncoder().encode("print('hello')"),
      "byte 0: not a WebAssembly file: it does not begin with \\0asm",
    ],
    [
      "a component",
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      "byte 4: a WebAssembly component (WASI preview 2 or later), not a preview 1 module",
    ],
    [
      "another version",
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
      "byte 4: not a WebAssembly module of version 1",
    ],
    [
      "a truncated module",
      good.subarray(0, good.length - 3),
      `byte ${good.length - 3}: it ends too early: 4 bytes more are needed at byte ${good.length - 4}`,
    ],
    ["an unknown section", Uint8Array.of(...good.subarray(0, 8), 77, 0), "byte 8: an unknown section 77"],
    [
      "a section that claims four thousand million types",
      Uint8Array.of(...good.subarray(0, 8), 1, 5, 255, 255, 255, 255, 15),
      "byte 15: it ends too early: 1 bytes more are needed at byte 15",
    ],
  ];
  for (const [title, bytes, message] of malformed) {
    test(`${title} is refused at its offset`, async () => {
      expect(await failure(bytes)).toBe(`Invalid WebAssembly module at ${message}`);
    });
  }

  test("a module cut anywhere is refused or runs, and throws nothing else", async () => {
    for (let length = 0; length < good.length; length++) {
      expect(await failure(good.subarray(0, length))).toMatch(/^(Invalid|This) WebAssembly module/);
    }
  });

  test("code that does not validate is refused at its offset in the file", async () => {
    const bytes = buildModule({ start: { code: [0x6a] } });
    expect(await failure(bytes)).toMatch(
      new RegExp(`^Invalid WebAssembly module at byte ${bytes.length - 2}: `),
    );
  });

  test("a memory that begins above the limit is refused with both numbers", async () => {
    expect(await failure(buildModule({ memory: { min: 20_000 } }))).toMatch(
      /20000 pages \(1310720000 bytes\).*8192 pages \(536870912 bytes\)/,
    );
  });
});

/** The one line of a run that did not start. */
async function failure(code: Uint8Array): Promise<string> {
  const outcome = await createWasiRuntime(testHost()).run(
    { code, language: "wasi", filename: "m.wasm", args: [], envs: {}, cwd: "/workspace" },
    new TestIo(),
    "default",
  );
  expect([outcome.ended, outcome.exitCode, outcome.error?.name]).toEqual(["failed", 126, "InvalidModule"]);
  expect(outcome.error!.value).not.toContain("\n");
  return outcome.error!.value;
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}
