import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { RuntimeOutcome, RuntimeRun } from "../runtime.ts";
import { buildModule } from "./module-builder.testkit.ts";
import { WASI_CASES } from "./wasi.cases.ts";
import { expectedOf, fill, runWasiCase, TestIo, testHost } from "./wasi.testkit.ts";
import { createWasiRuntime } from "./wasi.ts";

describe("fixtures", () => {
  for (const one of WASI_CASES) {
    test(`${one.fixture}: ${one.title}`, async () => {
      const expected = await expectedOf(one, read);
      expect(await runWasiCase(one, await fixture(one.fixture))).toEqual(expected);
    });
  }
});

describe("a run", () => {
  test("names the functions of a trap, innermost first, at their offsets in the file", async () => {
    const { outcome } = await run("ending", { args: ["divide"] });
    const bytes = await fixture("ending");
    expect(outcome).toEqual({
      ended: "crashed",
      exitCode: 134,
      memoryBytes: 131_072,
      stateLost: false,
      error: {
        name: "trap",
        value: "integer divide by zero",
        traceback: expect.stringMatching(
          /^trap: integer divide by zero\n {2}at divide \(ending\.wasm:0x[0-9a-f]+\)\n {2}at main \(/,
        ),
      },
    });
    const offset = Number.parseInt(/0x([0-9a-f]+)/.exec(outcome.error!.traceback)![1]!, 16);
    // i32.div_s: the file itself has the instruction where the traceback says.
    expect(bytes[offset]).toBe(0x6d);
  });

  test("leaves nothing behind but files: the next run is a fresh instance", async () => {
    const host = testHost();
    const runtime = createWasiRuntime(host);
    const ending = await fixture("ending");
    const first = await runtime.run(command(ending, { args: ["unreachable"] }), new TestIo(), "default");
    const io = new TestIo();
    const second = await runtime.run(command(ending), io, "default");
    expect([first.ended, first.stateLost, second, io.text("stdout")]).toEqual([
      "crashed",
      false,
      { ended: "exited", exitCode: 0, memoryBytes: 131_072, stateLost: false },
      "before\nafter\n",
    ]);
  });

  test("compiles the same bytes once", async () => {
    const compiled: number[] = [];
    const { compile } = WebAssembly;
    WebAssembly.compile = (bytes) => {
      compiled.push(bytes.byteLength);
      return compile(bytes);
    };
    try {
      const runtime = createWasiRuntime(testHost());
      for (let turn = 0; turn < 3; turn++) {
        await runtime.run(command(await fixture("cat")), new TestIo(), "default");
      }
      expect(compiled.length).toBe(1);
    } finally {
      WebAssembly.compile = compile;
    }
  });

  test("whose memory the machine cannot give is out of memory, not a crash", async () => {
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class {
      constructor() {
        throw new RangeError(
          "WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance",
        );
      }
    } as unknown as typeof Instance; // A constructor that only fails has none of an instance's members.
    try {
      const { outcome } = await run("cat");
      expect(outcome).toEqual({
        ended: "out-of-memory",
        exitCode: 137,
        stateLost: false,
        error: { name: "out-of-memory", value: "the module's memory could not be allocated", traceback: "" },
      });
    } finally {
      WebAssembly.Instance = Instance;
    }
  });

  test("that is stopped before a host call ends there", async () => {
    const io = new TestIo();
    io.stop("timed-out");
    const { outcome } = await run("ending", {}, io);
    expect([outcome.ended, io.text("stdout")]).toEqual(["stopped", ""]);
  });

  test("that sleeps is woken by a stop", async () => {
    const io = new TestIo();
    const flushed = io.flush.bind(io);
    io.flush = () => {
      flushed();
      // The guest is about to sleep: what was buffered is sent, and the stop arrives.
      io.stop("cancelled");
    };
    const { outcome } = await run("clocks", {}, io);
    expect([outcome.ended, io.flushes, io.listeners]).toEqual(["stopped", 1, 0]);
  });

  test("lets go of every inode it held", async () => {
    const host = testHost();
    const before = host.vfs.usage();
    const runtime = createWasiRuntime(host);
    await runtime.run(command(await fixture("descriptors")), new TestIo(), "default");
    for (const path of ["/workspace/one", "/workspace/two", "/workspace/flags", "/workspace/list"]) {
      host.vfs.remove(path);
    }
    expect(host.vfs.usage()).toEqual(before);
  });

  test("cannot change what is read-only", async () => {
    const host = testHost();
    fill(host.vfs, { "/workspace/orders.csv": "region,product,amount\nN,tea,1\n" });
    host.vfs.setReadOnly("/workspace");
    const io = new TestIo();
    const outcome = await createWasiRuntime(host).run(
      command(await fixture("aggregate"), { args: ["orders.csv", "out.json"] }),
      io,
      "default",
    );
    expect([outcome.exitCode, io.text("stderr")]).toEqual([1, "out.json: Read-only file system\n"]);
  });

  test("whose clock stands still sleeps all the same, and wakes", async () => {
    const host = testHost();
    host.monotonicNs = () => 5n;
    host.nowNs = () => 1_700_000_000_000_000_000n;
    const io = new TestIo();
    const outcome = await createWasiRuntime(host).run(command(await fixture("clocks")), io, "default");
    expect([outcome.ended, io.text("stdout").includes("slept 30 ms: 0, under 2 s: 1")]).toEqual([
      "exited",
      true,
    ]);
  });

  test("that catches what unwinds it ends with the exit code it gave first", async () => {
    // try { proc_exit(3) } catch_all {}; proc_exit(9)
    const code = [0x06, 0x40, 0x41, 3, 0x10, 0, 0x19, 0x0b, 0x41, 9, 0x10, 0];
    const module = buildModule({
      imports: [{ module: "wasi_snapshot_preview1", name: "proc_exit", signature: "i:" }],
      start: { code },
    });
    const outcome = await createWasiRuntime(testHost()).run(command(module), new TestIo(), "default");
    expect([outcome.ended, outcome.exitCode]).toEqual(["exited", 3]);
  });

  test("whose calls come before its memory is known gets EFAULT, and throws nothing", async () => {
    // if (random_get(0, 4) != 21) unreachable, at instantiation; the same again as _start, where it succeeds.
    const code = [0x41, 0, 0x41, 4, 0x10, 0, 0x41, 21, 0x47, 0x04, 0x40, 0x00, 0x0b];
    const module = buildModule({
      imports: [{ module: "wasi_snapshot_preview1", name: "random_get", signature: "ii:i" }],
      start: { code, isInitial: true },
    });
    const outcome = await createWasiRuntime(testHost()).run(command(module), new TestIo(), "default");
    expect([outcome.ended, outcome.error?.value, outcome.memoryBytes]).toEqual([
      "crashed",
      "unreachable",
      65_536,
    ]);
  });

  test("with a preopen that is no directory is refused", async () => {
    const { outcome } = await run("cat", { preopens: [{ name: "/data", path: "/nowhere" }] });
    expect(outcome).toEqual({
      ended: "failed",
      exitCode: 126,
      stateLost: false,
      error: {
        name: "InvalidPreopen",
        value: '/nowhere (preopened as "/data") is no directory',
        traceback: 'InvalidPreopen: /nowhere (preopened as "/data") is no directory',
      },
    });
  });

  test("that asks a person where no module can be suspended says so and gets ENOTSUP", async () => {
    // Node 20 has no JavaScript Promise Integration; hosts that have it are asked in the interactive tests.
    if ("Suspending" in WebAssembly) return;
    const { outcome, io } = await run("cat", {}, new TestIo({ answers: ["x\n"] }));
    expect([outcome.exitCode, io.text("stderr")]).toEqual([
      1,
      "sandglass: this program asked for input, but this host cannot suspend a module while a person types " +
        "(no WebAssembly.Suspending)\nread: Not supported\n",
    ]);
  });
});

async function run(
  name: string,
  options: Partial<RuntimeRun> = {},
  io = new TestIo(),
): Promise<{ outcome: RuntimeOutcome; io: TestIo }> {
  const outcome = await createWasiRuntime(testHost()).run(
    command(await fixture(name), { filename: `${name}.wasm`, ...options }),
    io,
    "default",
  );
  return { outcome, io };
}

function command(code: Uint8Array, options: Partial<RuntimeRun> = {}): RuntimeRun {
  return {
    code,
    language: "wasi",
    filename: "main.wasm",
    args: [],
    envs: {},
    cwd: "/workspace",
    ...options,
  };
}

const fixture = (name: string): Promise<Uint8Array> => read(`${name}.wasm`);

async function read(name: string): Promise<Uint8Array> {
  return readFile(fileURLToPath(new URL(`../../../tests/fixtures/wasi/${name}`, import.meta.url)));
}
