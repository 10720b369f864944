// Runs the cases in Deno, which has JSPI: prints { title: ObservedRun[] } as JSON. Arguments: Pyodide's folder and,
// unless a plain boot is wanted, the snapshot file.
import { PYTHON_CASES } from "./python.cases.ts";
import { PythonBench } from "./python.testkit.ts";

const { args, readFileSync, stdout, exit } = globalThis.Deno;
const [pyodide, snapshot, only] = args;
const assets = new Map();
for (const name of ["pyodide.asm.wasm", "pyodide.asm.mjs", "python_stdlib.zip"]) {
  assets.set(name, readFileSync(`${pyodide}/${name}`));
}
if (snapshot) assets.set("python-snapshot.bin", readFileSync(snapshot));

const bench = new PythonBench(async (name) => assets.get(name));
const observed = {};
for (const one of PYTHON_CASES) {
  if (only !== undefined && !one.title.includes(only)) continue;
  try {
    observed[one.title] = await bench.observe(one);
  } catch (error) {
    observed[one.title] = `${error?.stack}`;
    bench.reset();
  }
}
const bytes = new TextEncoder().encode(JSON.stringify(observed));
for (let sent = 0; sent < bytes.length; ) sent += stdout.writeSync(bytes.subarray(sent));
exit(0);
