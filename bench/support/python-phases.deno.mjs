// Starts one Python in a worker and prints its steps as JSON: [name, wall ms, thread ms] since the assets were there.
import { DEFAULT_LIMITS } from "../../src/policy/limits.ts";
import { createPythonRuntime } from "../../src/runtimes/python/python.ts";
import { createInitialTree } from "../../src/vfs/initial-tree.ts";
import { Vfs } from "../../src/vfs/vfs.ts";

const { Deno } = globalThis;

if (globalThis.WorkerGlobalScope === undefined) {
  const folder = new URL("../../dist/assets/", import.meta.url);
  const { assets } = JSON.parse(Deno.readTextFileSync(new URL("manifest.json", folder)));
  const names = [
    "pyodide.asm.wasm",
    "pyodide.rest.wasm",
    "pyodide.asm.mjs",
    "python_stdlib.zip",
    "python-snapshot.bin",
  ];
  const bytes = Object.fromEntries(
    names
      .filter((name) => assets[name])
      .map((name) => [name, Deno.readFileSync(new URL(assets[name].file, folder))]),
  );
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => {
    console.log(JSON.stringify(data));
    Deno.exit(0);
  };
  worker.postMessage(bytes);
} else {
  for (const name of ["Deno", "process", "Buffer"]) delete globalThis[name];
  globalThis.onmessage = async ({ data }) => globalThis.postMessage(await measure(data));
}

function threadMs() {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

async function measure(assets) {
  const marks = [];
  const [startMs, startThreadMs] = [performance.now(), threadMs()];
  const mark = (name) => marks.push([name, performance.now() - startMs, threadMs() - startThreadMs]);
  for (const name of ["compile", "instantiate"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      mark(`${name} begins`);
      const result = await original(...given);
      mark(`${name} is done`);
      return result;
    };
  }
  const nowNs = () => BigInt(Math.round(performance.now() * 1e6));
  const vfs = new Vfs({ fileBytes: DEFAULT_LIMITS.fileBytes, nowNs });
  createInitialTree(vfs);
  const runtime = createPythonRuntime({
    vfs,
    limits: DEFAULT_LIMITS,
    loadAsset: async (name) => assets[name],
    loadOptionalAsset: async (name) => assets[name],
    nowNs,
    monotonicNs: nowNs,
    random: (target) => target,
    progress: () => {},
  });
  await runtime.boot();
  mark(runtime.bootInfo.fromSnapshot ? "restored" : "booted plainly");
  const program = {
    code: "print(1)",
    language: "python",
    filename: "/workspace/main.py",
    args: [],
    envs: {},
    cwd: "/workspace",
  };
  for (const which of ["first", "second"]) {
    const io = {
      write: () => mark(`${which} output`),
      result: () => {},
      isStdinInteractive: false,
      isStdinTerminal: false,
      readStdin: () => new Uint8Array(),
      pollStop: () => null,
      onStop: () => () => {},
      flush: () => {},
    };
    await runtime.run(program, io, "default");
    mark(`${which} run`);
  }
  for (const which of ["first", "second"]) {
    await runtime.reset();
    mark(`${which} reset`);
  }
  return marks;
}
