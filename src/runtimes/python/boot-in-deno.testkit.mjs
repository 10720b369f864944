// Boots Python in the ways a boot can go wrong, in Deno: prints what each gave as JSON. Arguments: Pyodide's folder and
// the snapshot file.
import { DEFAULT_LIMITS } from "../../policy/limits.ts";
import { createHost, createVfs, PythonBench } from "./python.testkit.ts";
import { createPythonRuntime } from "./python.ts";

const { args, readFileSync, stdout, exit } = globalThis.Deno;
const [pyodide, snapshotFile] = args;
const names = ["pyodide.asm.wasm", "pyodide.asm.mjs", "python_stdlib.zip"];
const files = new Map(names.map((name) => [name, readFileSync(`${pyodide}/${name}`)]));
const snapshot = readFileSync(snapshotFile);
const print = [{ code: "print(6*7)", expect: {} }];

async function bootWith(snapshotBytes, limits, runs = print) {
  const bench = new PythonBench(async (name) =>
    name === "python-snapshot.bin" ? snapshotBytes : files.get(name),
  );
  let bootInfo;
  const observed = await bench.observe({ title: "boot", limits, runs }, (info) => {
    bootInfo = info;
  });
  return { bootInfo, observed };
}

const foreign = snapshot.slice();
foreign[4] ^= 0xff;
const damaged = snapshot.slice();
damaged.fill(0xff, 32, 100);
const observed = {
  good: await bootWith(snapshot),
  foreign: await bootWith(foreign),
  damaged: await bootWith(damaged),
  notASnapshot: await bootWith(new Uint8Array(100)),
  small: await bootWith(snapshot, { memoryBytes: 34 * 2 ** 20 }),
};

const tooSmall = { ...DEFAULT_LIMITS, memoryBytes: 2 ** 20 };
const runtime = createPythonRuntime(
  createHost(createVfs(2 ** 20), tooSmall, async (name) => files.get(name)),
);
observed.tooSmall = await runtime.boot().then(
  () => "booted",
  (error) => [error.code, error.message],
);

// Last, because it cannot be undone.
delete WebAssembly.Suspending;
delete WebAssembly.promising;
observed.withoutJspi = await bootWith(snapshot, undefined, [
  { code: "import time; time.sleep(0.01); print(input())", stdin: "at hand\n", expect: {} },
  { code: "try: input('? ')\nexcept RuntimeError as error: print(error)", answers: ["never"], expect: {} },
]);

const bytes = new TextEncoder().encode(JSON.stringify(observed));
for (let sent = 0; sent < bytes.length; ) sent += stdout.writeSync(bytes.subarray(sent));
exit(0);
