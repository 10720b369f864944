// Boots Python in the ways a boot can go wrong, in Deno. Arguments: Pyodide's folder, the file for the answer (what each
// gave, as JSON), and the snapshot file.
import { PythonBench } from "./python.testkit.ts";

const { args, readFileSync, writeTextFileSync, exit } = globalThis.Deno;
const [pyodide, answerFile, snapshotFile] = args;
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

observed.tooSmall = await bootWith(snapshot, { memoryBytes: 2 ** 20 }).then(
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

writeTextFileSync(answerFile, JSON.stringify(observed));
exit(0);
