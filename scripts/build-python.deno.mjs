// The part of build-python.mjs that runs in Deno. Arguments: the folder with the glue and the library, the interpreter with
// its calls watched, and the files for the snapshot and for the list of functions (JSON) that a start from it and common
// programs call. Python is booted in a worker without Deno's own globals, as in a cage, so that Pyodide takes its browser
// path.
import { buildSnapshot } from "../src/runtimes/python/snapshot.ts";
import { COMMON_PROGRAMS } from "./python/common-programs.mjs";
import { runPrograms } from "./python/find-called.mjs";
import { calledIn, isWatch } from "./wasm/watch-calls.mjs";

if (globalThis.WorkerGlobalScope === undefined) {
  const { args, readFileSync, writeFileSync, writeTextFileSync, exit } = globalThis.Deno;
  const [folder, watched, snapshotFile, callsFile] = args;
  const read = (name) => readFileSync(`${folder}/${name}`);
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => {
    writeFileSync(snapshotFile, data.snapshot);
    writeTextFileSync(callsFile, JSON.stringify(data.called));
    exit(0);
  };
  worker.postMessage({
    wasm: readFileSync(watched),
    glue: read("pyodide.asm.mjs"),
    stdlib: read("python_stdlib.zip"),
  });
} else {
  for (const name of ["Deno", "process", "Buffer"]) delete globalThis[name];
  globalThis.onmessage = async ({ data: { wasm, glue, stdlib } }) => {
    const instances = hideWatches();
    const snapshot = await buildSnapshot({ wasm, glue, stdlib });
    // A first boot calls what a restored one does not.
    instances.length = 0;
    await runPrograms(
      {
        "pyodide.asm.wasm": wasm,
        "pyodide.asm.mjs": glue,
        "python_stdlib.zip": stdlib,
        "python-snapshot.bin": snapshot,
        "pyodide.rest.wasm": new Uint8Array(),
      },
      COMMON_PROGRAMS,
    );
    globalThis.postMessage({ snapshot, called: instances.flatMap(calledIn) });
  };
}

/** Keeps the notes of which functions are called from the glue, which makes something of everything exported. */
function hideWatches() {
  const instances = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (module, imports) => {
    const { exports } = await instantiate(module, imports);
    instances.push(exports);
    return { exports: Object.fromEntries(Object.entries(exports).filter(([name]) => !isWatch(name))) };
  };
  return instances;
}
