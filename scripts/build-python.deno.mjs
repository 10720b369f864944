// The part of build-python.mjs that runs in Deno: its argument is the folder with the interpreter; the snapshot goes to
// the file named second. Python is booted in a worker without Deno's own globals, as in a cage, so that Pyodide takes its
// browser path.
import { buildSnapshot } from "../src/runtimes/python/snapshot.ts";

if (globalThis.WorkerGlobalScope === undefined) {
  const { args, readFileSync, writeFileSync, exit } = globalThis.Deno;
  const [folder, output] = args;
  const read = (name) => readFileSync(`${folder}/${name}`);
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => {
    writeFileSync(output, data);
    exit(0);
  };
  worker.postMessage({
    wasm: read("pyodide.asm.wasm"),
    glue: read("pyodide.asm.mjs"),
    stdlib: read("python_stdlib.zip"),
  });
} else {
  for (const name of ["Deno", "process", "Buffer"]) delete globalThis[name];
  globalThis.onmessage = async ({ data }) => globalThis.postMessage(await buildSnapshot(data));
}
