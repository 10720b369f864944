// Makes what Python starts from: node scripts/build-python.mjs <folder>
//
//   pyodide.asm.wasm     the interpreter, with the exports it needs
//   pyodide.asm.mjs      its glue, without what cannot be reached
//   python_stdlib.zip    as it is
//   python-snapshot.bin  memory of a Python that has booted and imported what programs usually import
//
// The snapshot takes some 10 s and is left as it is when it was made from the same inputs. Without Deno there is none.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { slimGlue } from "./python/slim-glue.mjs";
import { trimWasm } from "./python/trim-wasm.mjs";

const scripts = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const worker = join(scripts, "build-python.deno.mjs");
const runtimes = resolve(scripts, "../src/runtimes");
const pyodide = dirname(require.resolve("pyodide/package.json"));

if (process.argv[2] === undefined) {
  console.error("usage: node scripts/build-python.mjs <folder>");
  process.exit(2);
}
const folder = resolve(process.argv[2]);
const output = join(folder, "python-snapshot.bin");
const stampFile = `${output}.stamp`;
mkdirSync(folder, { recursive: true });

const files = makeInterpreter();
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);

const stamp = hashInputs();
const deno = findDeno();
if (deno === undefined) {
  // Python starts without it, only slower.
  console.error("no Deno to make the Python snapshot with: npm install deno, or set SANDGLASS_DENO");
  rmSync(output, { force: true });
} else if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
  console.log(`${output} is up to date`);
} else makeSnapshot(deno);

/** @returns {Record<string, Uint8Array | string>} */
function makeInterpreter() {
  const wasm = readFileSync(join(pyodide, "pyodide.asm.wasm"));
  const original = readFileSync(join(pyodide, "pyodide.asm.mjs"), "utf8");
  const { glue, exports } = slimGlue(original, new WebAssembly.Module(wasm));
  const trimmed = trimWasm(wasm, exports);
  return {
    "pyodide.asm.wasm": trimmed,
    // A snapshot knows what it was made with, interpreter and glue, by the end of this file.
    "pyodide.asm.mjs": `${glue}// ${createHash("sha256").update(trimmed).update(glue).digest("hex")}\n`,
    "python_stdlib.zip": readFileSync(join(pyodide, "python_stdlib.zip")),
  };
}

/** @param {string[]} deno */
function makeSnapshot([command, ...first]) {
  const started = performance.now();
  const unfinished = `${output}.${process.pid}.tmp`;
  const flags = ["--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"];
  const readable = [worker, resolve(runtimes, ".."), folder];
  const allowed = [`--allow-read=${readable.join(",")}`, `--allow-write=${folder}`];
  const { status, error } = spawnSync(
    command,
    [...first, "run", ...flags, ...allowed, worker, folder, unfinished],
    { stdio: "inherit", timeout: 120_000 },
  );
  if (status !== 0) {
    console.error(`the Python snapshot was not made: ${error?.message ?? `Deno ended with ${status}`}`);
    process.exit(1);
  }
  renameSync(unfinished, output);
  writeFileSync(stampFile, stamp);
  const mebibytes = (readFileSync(output).length / 2 ** 20).toFixed(1);
  console.log(`${output}: ${mebibytes} MiB in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Command and first arguments that run Deno. */
function findDeno() {
  if (process.env.SANDGLASS_DENO) return [process.env.SANDGLASS_DENO];
  try {
    return [process.execPath, join(dirname(require.resolve("deno/package.json")), "bin.cjs")];
  } catch {
    return undefined;
  }
}

/** Everything the snapshot depends on: the interpreter's files and the runtime's sources (tests aside). */
function hashInputs() {
  const hash = createHash("sha256");
  for (const [name, content] of Object.entries(files)) hash.update(name).update(content);
  const sources = readdirSync(join(runtimes, "python")).filter((name) =>
    /(?<!\.test|\.cases|\.testkit)\.ts$/.test(name),
  );
  const own = sources.sort().map((name) => join(runtimes, "python", name));
  for (const file of [worker, join(runtimes, "memory-image.ts"), ...own]) {
    hash.update(file.slice(file.lastIndexOf("/"))).update(readFileSync(file));
  }
  return hash.digest("hex");
}
