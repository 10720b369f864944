import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readFunctionBodies, readModule } from "../../wasm/module-reader.ts";
import { PREVIEW1 } from "./abi.ts";
import { buildModule } from "./module-builder.testkit.ts";
import { type LoadedModule, ModuleCache } from "./modules.ts";
import { trapError } from "./trap.ts";
import { TestIo, testHost } from "./wasi.testkit.ts";
import { createWasiRuntime } from "./wasi.ts";

/** Pages that a memory may have; a module that names no maximum gets longer by being told. */
const MAX_PAGES = 300;
/** Two functions imported, then one that begins with no locals and traps at once. */
const TRAPPING = buildModule({
  imports: [
    { module: PREVIEW1, name: "proc_exit", signature: "i:" },
    { module: PREVIEW1, name: "sched_yield", signature: ":i" },
  ],
  start: { code: [0x00] },
});
/** Where its `unreachable` is: before the `end` of the last function. */
const UNREACHABLE = TRAPPING.length - 2;

test("a frame is named by where it is, whatever index the engine gives it", async () => {
  const code = await readFile(new URL("../../../tests/fixtures/wasi/ending.wasm", import.meta.url));
  const { error } = await createWasiRuntime(testHost()).run(
    { code, language: "wasi", filename: "m.wasm", args: ["divide"], envs: {}, cwd: "/workspace" },
    new TestIo(),
    "default",
  );
  const places = [...error!.traceback.matchAll(/^ {2}at (.+) \(m\.wasm:0x([0-9a-f]+)\)$/gm)];
  expect(places.map(([, name]) => name)).toEqual([
    "divide",
    "main",
    "__main_void",
    "__original_main",
    "_start",
    "_start.command_export",
  ]);

  // The same frames as Deno prints them.
  const module = await load(code);
  const inDeno = stackOf(
    module,
    places.map(([, , offset]) => Number.parseInt(offset!, 16)),
  );
  expect(trapError(trapWith("divide by zero", inDeno), module, "m.wasm")).toEqual(error);
});

test("a function without a name is told by its index, imported ones counted first, at its offset in the file", async () => {
  const module = await load(TRAPPING);
  expect(module.shiftBytes).toBe(2);
  // The body: no locals, unreachable, end. Before it stands its length, behind it the file ends.
  const stack = stackOf(
    module,
    [-2, -1, 0, 1, 2].map((step) => UNREACHABLE + step),
  );
  const at = (name: string, offset: number): string => `  at ${name} (m.wasm:0x${offset.toString(16)})`;
  expect(trapError(trapWith("unreachable", stack), module, "m.wasm")).toEqual({
    name: "trap",
    value: "unreachable",
    traceback: [
      "trap: unreachable",
      at("function[?]", UNREACHABLE - 2),
      at("function[2]", UNREACHABLE - 1),
      at("function[2]", UNREACHABLE),
      at("function[2]", UNREACHABLE + 1),
      at("function[?]", UNREACHABLE + 2),
    ].join("\n"),
  });
});

test("a body that claims more than its section holds is refused", () => {
  const bytes = TRAPPING.slice();
  // The body's length, before its three bytes.
  bytes[UNREACHABLE - 2] = 4;
  expect(() => readFunctionBodies(bytes, readModule(bytes))).toThrow(
    `Invalid WebAssembly module at byte ${bytes.length}: it ends too early: 4 bytes more are needed at byte ${bytes.length - 3}`,
  );
});

function load(bytes: Uint8Array): Promise<LoadedModule> {
  return new ModuleCache(MAX_PAGES).load(bytes);
}

/** A stack trace as Deno prints it: every index 0, offsets in what was compiled. */
function stackOf({ shiftBytes }: LoadedModule, offsets: readonly number[]): string {
  return offsets
    .map((offset) => `    at wasm://wasm/0a:wasm-function[0]:0x${(offset + shiftBytes).toString(16)}`)
    .join("\n");
}

function trapWith(message: string, stack: string): Error {
  const error = new WebAssembly.RuntimeError(message);
  error.stack = stack;
  return error;
}
