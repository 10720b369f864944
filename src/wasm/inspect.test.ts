import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assetFile } from "../../tests/support/assets.ts";
import { SandboxError } from "../errors.ts";
import { buildModule, type ModuleParts } from "../runtimes/wasi/module-builder.testkit.ts";
import { TestIo, testHost } from "../runtimes/wasi/wasi.testkit.ts";
import { createWasiRuntime } from "../runtimes/wasi/wasi.ts";
import { inspectWith } from "./inspect.ts";
import { PREVIEW1, SIGNATURES } from "./preview1.ts";

const from = (name: string, signature: string, module = PREVIEW1) => ({ module, name, signature });

/** The bytes of a file, judged by the engine that would run it. */
const inspect = (bytes: Uint8Array, options = {}) => inspectWith("cage", bytes, options);

describe("an inspected module", () => {
  test("says what it needs, offers and weighs", async () => {
    const bytes = buildModule({
      imports: [
        from("fd_write", "iiii:i"),
        from("random_get", "ii:i"),
        from("sock_shutdown", "ii:i", "wasi_unstable"),
      ],
      memory: { min: 2, max: 5 },
    });
    const given = { kind: "function", isProvided: true };
    expect(await inspect(bytes)).toEqual({
      kind: "command",
      bytes: bytes.length,
      sha256: await digest(bytes),
      imports: [
        { ...from("fd_write", "iiii:i"), ...given, need: "files" },
        { ...from("random_get", "ii:i"), ...given, need: "random" },
        { ...from("sock_shutdown", "ii:i", "wasi_unstable"), ...given, need: "network" },
      ],
      importCount: 3,
      needs: ["files", "network", "random"],
      exports: [
        { name: "memory", kind: "memory", index: 0 },
        { name: "_start", kind: "function", index: 3 },
      ],
      exportCount: 2,
      sections: [
        { name: "type", isCustom: false, offset: 10, bytes: 24 },
        { name: "import", isCustom: false, offset: 36, bytes: 101 },
        { name: "function", isCustom: false, offset: 139, bytes: 2 },
        { name: "memory", isCustom: false, offset: 143, bytes: 4 },
        { name: "export", isCustom: false, offset: 149, bytes: 19 },
        { name: "code", isCustom: false, offset: 170, bytes: 4 },
      ],
      sectionCount: 6,
      memory: { minBytes: 131_072, maxBytes: 327_680, isImported: false, isShared: false },
      tables: [],
      functionCount: 1,
      namedFunctionCount: 0,
      producers: [],
      proposals: [],
      missingProposals: [],
      isValid: true,
      runsHere: true,
    });
  });

  test("tells of its tables, its start function, and the memory it imports", async () => {
    const bytes = module(
      section(1, [1, 0x60, 0, 0]),
      section(2, [1, ...name("env"), ...name("memory"), 2, 3, 1, 2]),
      section(3, [1, 0]),
      section(4, [2, 0x70, 0, 7, 0x70, 1, 8, 9]),
      section(8, [0]),
      section(10, [1, 2, 0, 0x0b]),
    );
    const { memory, tables, startFunction, proposals, functionCount, isValid } = await inspect(bytes);
    expect({ memory, tables, startFunction, proposals, functionCount, isValid }).toEqual({
      memory: { minBytes: 65_536, maxBytes: 131_072, isImported: true, isShared: true },
      tables: [
        { min: 7, isImported: false },
        { min: 8, max: 9, isImported: false },
      ],
      startFunction: 0,
      proposals: ["atomics"],
      functionCount: 1,
      isValid: true,
    });
  });

  test("says by which tools and proposals it was made, and whether it has names", async () => {
    const bytes = module(
      custom("name", [0, ...sized(name("app")), 1, ...sized([2, 0, ...name("main"), 1, ...name("x")])]),
      custom("producers", [
        2,
        ...[...name("language"), 1, ...name("C11"), ...name("")],
        ...[...name("processed-by"), 1, ...name("clang"), ...name("19.1.7")],
      ]),
      custom("target_features", [
        3,
        0x2b,
        ...name("simd128"),
        0x2d,
        ...name("gc"),
        0x2b,
        ...name("bulk-memory"),
      ]),
    );
    const { name: own, namedFunctionCount, producers, proposals } = await inspect(bytes);
    expect({ own, namedFunctionCount, producers, proposals }).toEqual({
      own: "app",
      namedFunctionCount: 2,
      producers: [
        { role: "language", name: "C11", version: "" },
        { role: "processed-by", name: "clang", version: "19.1.7" },
      ],
      proposals: ["bulk-memory", "simd128"],
    });
  });

  test("that real compilers wrote is read with its custom sections", async () => {
    const { needs, kind, runsHere, sections } = await inspect(await fixture("ending"));
    expect([needs, kind, runsHere, sections.filter((one) => one.isCustom).map((one) => one.name)]).toEqual([
      ["arguments", "files", "process"],
      "command",
      true,
      ["name", "producers", "target_features"],
    ]);
  });

  test("that npm's packages carry is told by its maker", async () => {
    const kinds: unknown[] = [];
    for (const asset of ["quickjs", "strip-types", "pyodide.asm"]) {
      const { kind, reason } = await inspect(await readFile(assetFile(`${asset}.wasm`)));
      kinds.push([asset, kind, reason?.split(":")[0]]);
    }
    expect(kinds).toEqual([
      [
        "quickjs",
        "emscripten",
        "it was made by Emscripten for JavaScript, and needs the JavaScript written beside it",
      ],
      [
        "strip-types",
        "wasm-bindgen",
        "it was made by wasm-bindgen for JavaScript, and needs the JavaScript written beside it",
      ],
      [
        "pyodide.asm",
        "emscripten",
        "it was made by Emscripten for JavaScript, and needs the JavaScript written beside it",
      ],
    ]);
  });

  test.each([
    ["simd128", [1, 5, 1, 0x60, 1, 0x7b, 0]],
    ["atomics", [5, 4, 1, 3, 1, 1]],
    ["memory64", [5, 3, 1, 4, 1]],
    ["multimemory", [5, 5, 2, 0, 0, 0, 0]],
    ["gc", [1, 3, 1, 0x5f, 0]],
    ["exception-handling", [1, 4, 1, 0x60, 0, 0, 13, 3, 1, 0, 0]],
    ["reference-types", [1, 5, 1, 0x60, 1, 0x6f, 0]],
    ["multivalue", [1, 6, 1, 0x60, 0, 2, 0x7f, 0x7f]],
    ["mutable-globals", [2, 8, 1, ...name("e"), ...name("g"), 3, 0x7f, 1]],
    ["bulk-memory", [12, 1, 0]],
    // (func (local v128)), (func (local externref)): the type itself says nothing.
    ["simd128", [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 1, 1, 0x7b, 0x0b]],
    ["reference-types", [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 1, 1, 0x6f, 0x0b]],
  ])("needs %s where its types, sections and variables show it", async (proposal, bytes) => {
    expect((await inspect(module(bytes))).proposals).toEqual([proposal]);
  });

  test("needs a proposal this engine lacks: no verdict where another engine will run it, else a reason", async () => {
    const { validate } = WebAssembly;
    // An engine without SIMD: every module that has a v128 is refused.
    WebAssembly.validate = (bytes) => !new Uint8Array(bytes as ArrayBuffer).includes(0x7b);
    try {
      const bytes = buildModule();
      const vector = Uint8Array.from([
        ...bytes.subarray(0, 8),
        ...custom("target_features", [1, 0x2b, ...name("simd128")]),
        ...bytes.subarray(8),
        ...custom("x", [0x7b]),
      ]);
      const [here, elsewhere] = [await inspectWith("cage", vector), await inspectWith("other", vector)];
      expect([here.runsHere, here.isValid, here.missingProposals, here.reason]).toEqual([
        false,
        false,
        ["simd128"],
        "it needs simd128, which this JavaScript engine does not have",
      ]);
      expect([elsewhere.runsHere, "isValid" in elsewhere, elsewhere.missingProposals]).toEqual([
        true,
        false,
        ["simd128"],
      ]);
    } finally {
      WebAssembly.validate = validate;
    }
  });

  test("whose code an engine refuses does not run here", async () => {
    const { kind, isValid, runsHere, reason } = await inspect(buildModule({ start: { code: [0x6a] } }));
    expect({ kind, isValid, runsHere, reason }).toEqual({
      kind: "command",
      isValid: false,
      runsHere: false,
      reason: "its code is not valid: the engine refuses to compile it",
    });
  });

  test("whose memory begins above the limit is refused with both numbers, and runs under a higher one", async () => {
    const bytes = buildModule({ memory: { min: 20_000 } });
    expect(await inspect(bytes)).toMatchObject({
      kind: "command",
      runsHere: false,
      reason:
        "its memory begins at 20000 pages (1310720000 bytes); the limit is 8192 pages (536870912 bytes)",
      hint: "Raise limits.memoryBytes, or build it with a smaller initial memory and static data.",
    });
    expect((await inspect(bytes, { memoryBytes: 2 ** 31 })).runsHere).toBe(true);
  });

  test("stays as it was when its bytes change meanwhile, and may lie in shared memory", async () => {
    const bytes = buildModule();
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const before = await digest(bytes);
    const inspecting = inspect(bytes);
    bytes.fill(0);
    expect([
      (await inspecting).sha256,
      (await inspect(shared)).sha256,
      (await inspect(shared)).isValid,
    ]).toEqual([before, before, true]);
  });

  test("knows the 45 functions of preview 1, and sock_accept, which came later", () => {
    expect(Object.keys(SIGNATURES).length).toBe(46);
  });
});

describe("a file that is no module is answered, not thrown", () => {
  const text = (source: string) => new TextEncoder().encode(source);
  const good = buildModule({ imports: [from("proc_exit", "i:")] });
  const notBegun = "it does not begin with \\0asm";
  test.each<[string, Uint8Array, kind: string, reason: string]>([
    [
      "nothing at all",
      new Uint8Array(),
      "not-wasm",
      `it is an empty file, not a WebAssembly binary: ${notBegun}`,
    ],
    [
      "one byte",
      Uint8Array.of(0),
      "not-wasm",
      `it is some other binary file, not a WebAssembly binary: ${notBegun}`,
    ],
    [
      "a GIF by another name",
      text("GIF89a\u0001"),
      "not-wasm",
      `it is a GIF image, not a WebAssembly binary: ${notBegun}`,
    ],
    [
      "the text form, after comments",
      text(";; hello\n(; a block ;)\n  (module (func))"),
      "not-wasm",
      `it is the text form of WebAssembly (.wat), not a WebAssembly binary: ${notBegun}`,
    ],
    [
      "a page that says 404",
      text("<!DOCTYPE html><title>404"),
      "not-wasm",
      `it is a web page, not a WebAssembly binary: ${notBegun}`,
    ],
    ["a script", text("print('hello')"), "not-wasm", `it is text, not a WebAssembly binary: ${notBegun}`],
    [
      "text whose look ends inside a character",
      text("é".repeat(400)),
      "not-wasm",
      `it is text, not a WebAssembly binary: ${notBegun}`,
    ],
    [
      "a Linux program",
      Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1),
      "not-wasm",
      `it is a program for Linux (ELF), not a WebAssembly binary: ${notBegun}`,
    ],
    [
      "a component",
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      "component",
      "it is a component (WASI preview 2 or later); this sandbox runs modules of preview 1",
    ],
    [
      "half a header",
      good.subarray(0, 6),
      "damaged",
      "Invalid WebAssembly module at byte 4: not a WebAssembly module of version 1",
    ],
    [
      "a module cut short",
      good.subarray(0, good.length - 3),
      "damaged",
      `Invalid WebAssembly module at byte ${good.length - 3}: it ends too early: 4 bytes more are needed at byte ${good.length - 4}`,
    ],
    [
      "a section twice",
      module(section(1, [0]), section(1, [0])),
      "damaged",
      "Invalid WebAssembly module at byte 11: a second type section",
    ],
    [
      "a count of four thousand million",
      module([1, 5, 255, 255, 255, 255, 15]),
      "damaged",
      "Invalid WebAssembly module at byte 10: 4294967295 entries; engines take at most 1000000",
    ],
    [
      "a number of six bytes",
      module([1, 6, 128, 128, 128, 128, 128, 0]),
      "damaged",
      "Invalid WebAssembly module at byte 10: a number that is too long",
    ],
    [
      "a name that is not UTF-8",
      module(section(7, [1, 1, 255, 0, 0])),
      "damaged",
      "Invalid WebAssembly module at byte 11: a name that is not UTF-8",
    ],
  ])("%s", async (_what, bytes, kind, reason) => {
    const found = await inspect(bytes);
    expect([found.kind, found.reason, found.runsHere, found.hint === undefined]).toEqual([
      kind,
      reason,
      false,
      false,
    ]);
    expect([found.bytes, found.sha256]).toEqual([bytes.length, await digest(bytes)]);
  });

  test("what is no bytes is the caller's mistake", async () => {
    const error = await inspect("(module)" as never).catch((thrown: unknown) => thrown);
    expect([
      error instanceof SandboxError,
      (error as SandboxError).code,
      (error as SandboxError).message,
    ]).toEqual([true, "invalid-argument", "inspectModule takes a Uint8Array, not string"]);
    await expect(inspect(good, { memoryBytes: 1 })).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

describe("a hostile file", () => {
  test("of any random bytes behind the magic is answered", async () => {
    const header = fc.constantFrom([], [1], [1, 0, 0, 0], [0x0d, 0, 1, 0]);
    const property = fc.asyncProperty(header, fc.uint8Array({ maxLength: 300 }), async (version, rest) => {
      const found = await inspect(Uint8Array.of(0, 0x61, 0x73, 0x6d, ...version, ...rest));
      expect(found.runsHere).toBe(false);
      expect(JSON.stringify(found).length).toBeLessThan(100_000);
    });
    await fc.assert(property, { numRuns: 500 });
  });

  test("made of a real one with some bytes changed is answered", async () => {
    const bytes = new Uint8Array(await fixture("aggregate"));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
      const changed = bytes.slice();
      for (const [at, value] of changes) changed[at] = value;
      expect((await inspect(changed)).bytes).toBe(bytes.length);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test("of a hundred thousand empty sections, or of one endless name, gives a small answer", async () => {
    const many = new Uint8Array(8 + 300_000);
    many.set(module());
    for (let at = 8; at < many.length; at += 3) many.set([0, 1, 0], at);
    const found = await inspect(many);
    expect([found.sectionCount, found.sections.length, JSON.stringify(found).length < 100_000]).toEqual([
      100_000,
      1000,
      true,
    ]);
    const long = module(custom("a".repeat(1_000_000), []));
    expect((await inspect(long)).sections).toEqual([
      { name: `${"a".repeat(1000)}…`, isCustom: true, offset: long.length, bytes: 0 },
    ]);
  });

  test("of two hundred thousand imports is counted, and ten thousand are listed", async () => {
    const item = [...name("a"), ...name("b"), 3, 0x7f, 0];
    const body = new Uint8Array(3 + 200_000 * item.length);
    body.set(leb(200_000));
    for (let index = 0; index < 200_000; index++) body.set(item, 3 + index * item.length);
    const { importCount, imports } = await inspect(module([2, ...leb(body.length)], body));
    expect([importCount, imports.length]).toEqual([200_000, 10_000]);
  });
});

describe("a module that cannot run here", () => {
  const refused: [title: string, parts: ModuleParts, reason: string][] = [
    [
      "that imports from elsewhere",
      { imports: [from("emscripten_resize_heap", "i:i", "env"), from("abort", ":", "env")] },
      "it was made by Emscripten for JavaScript, and needs the JavaScript written beside it: it imports env.emscripten_resize_heap (and 1 more)",
    ],
    [
      "by wasm-bindgen",
      { imports: [from("__wbindgen_throw", "ii:", "wbg")] },
      "it was made by wasm-bindgen for JavaScript, and needs the JavaScript written beside it: it imports wbg.__wbindgen_throw",
    ],
    [
      "by Go for JavaScript",
      { imports: [from("runtime.wasmExit", "i:", "gojs")] },
      "it was made by Go for JavaScript, and needs Go's wasm_exec.js: it imports gojs.runtime.wasmExit",
    ],
    [
      "by AssemblyScript",
      { imports: [from("abort", "iiii:", "env")] },
      "it was made by AssemblyScript for JavaScript: it imports env.abort",
    ],
    [
      "for Node",
      { imports: [from("napi_create_object", "ii:i", "env")] },
      "it is an add-on for Node.js (Node-API), not a program: it imports env.napi_create_object",
    ],
    [
      "for threads",
      { imports: [from("thread-spawn", "i:i", "wasi")] },
      "it starts threads (wasi-threads), which this sandbox does not have: it imports wasi.thread-spawn",
    ],
    [
      "for WASIX",
      { imports: [from("proc_fork", "ii:i", "wasix_32v1")] },
      "it is made for WASIX, which has calls that WASI does not have: it imports wasix_32v1.proc_fork",
    ],
    [
      "from inside a component",
      { imports: [from("get-random-u64", ":I", "wasi:random/random@0.2.0")] },
      "it is the inside of a component (WASI preview 2 or later): it imports wasi:random/random@0.2.0.get-random-u64",
    ],
    [
      "that imports from a host of its own",
      { imports: [from("log", "i:", "host")] },
      "it imports host.log, which is not part of WASI preview 1",
    ],
    [
      "that asks for more memory than there may be",
      { memory: { min: 20_000 } },
      "its memory begins at 20000 pages (1310720000 bytes); the limit is 8192 pages (536870912 bytes)",
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
      expect([(await inspect(bytes)).reason, await failure(bytes)]).toEqual([
        reason,
        `This WebAssembly module cannot run here: ${reason}`,
      ]);
    });
  }

  const good = buildModule({ imports: [from("proc_exit", "i:")] });
  const malformed: [title: string, bytes: Uint8Array, message: string][] = [
    [
      "nothing at all",
      new Uint8Array(),
      "byte 0: not a WebAssembly file but an empty file: it does not begin with \\0asm",
    ],
    [
      "text",
      new TextEncoder().encode("print('hello')"),
      "byte 0: not a WebAssembly file but text: it does not begin with \\0asm",
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
      "byte 10: 4294967295 entries; engines take at most 1000000",
    ],
    [
      "a section that claims one type more than it holds",
      Uint8Array.of(...good.subarray(0, 8), 1, 1, 1),
      "byte 11: it ends too early: 1 byte more is needed at byte 11",
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

async function digest(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toString("hex");
}

const fixture = (name: string) =>
  readFile(new URL(`../../tests/fixtures/wasi/${name}.wasm`, import.meta.url));

/** A binary of sections, well-formed or not. */
function module(...sections: (readonly number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const parts = [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], ...sections];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function section(id: number, body: readonly number[]): number[] {
  return [id, ...sized(body)];
}

function custom(title: string, body: readonly number[]): number[] {
  return section(0, [...name(title), ...body]);
}

function name(text: string): number[] {
  return sized([...new TextEncoder().encode(text)]);
}

function sized(bytes: readonly number[]): number[] {
  return [...leb(bytes.length), ...bytes];
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
