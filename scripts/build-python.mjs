// Makes what Python starts from: node scripts/build-python.mjs <folder>
//
//   pyodide.asm.wasm     the interpreter, with the exports it needs: what common programs call of it
//   pyodide.rest.wasm    the rest of it, read when a program calls it
//   pyodide.asm.mjs      its glue, without what cannot be reached
//   python_stdlib.zip    as it is
//   python-snapshot.bin  memory of a Python that has booted and imported what programs usually import
//
// Snapshot and cut take some 5 s and are left as they are when they were made from the same inputs. Without Deno there is
// no snapshot, and nothing in the rest.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { slimGlue } from "./python/slim-glue.mjs";
import { trimWasm } from "./python/trim-wasm.mjs";
import { joinSections } from "./wasm/binary.mjs";
import { splitWasm } from "./wasm/split-wasm.mjs";
import { watchCalls } from "./wasm/watch-calls.mjs";

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

const { whole, files } = makeInterpreter();
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);

const stamp = hashInputs();
const deno = findDeno();
const parts = ["pyodide.asm.wasm", "pyodide.rest.wasm"].map((name) => join(folder, name));
if (deno === undefined) {
  // Python starts without it, only slower.
  console.error("no Deno to make the Python snapshot with: npm install deno, or set SANDGLASS_DENO");
  for (const file of [output, stampFile]) rmSync(file, { force: true });
  writeParts({ first: whole, rest: joinSections([]) });
} else if ([output, stampFile, ...parts].every(existsSync) && readFileSync(stampFile, "utf8") === stamp) {
  console.log(`${output} is up to date`);
} else {
  const started = performance.now();
  // Who is interrupted in here leaves nothing that looks finished.
  rmSync(stampFile, { force: true });
  const called = makeSnapshot(deno);
  const made = splitWasm(whole, called);
  writeParts(made);
  writeFileSync(stampFile, stamp);
  const size = (/** @type {number} */ bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    `${output}: ${size(readFileSync(output).length)}, and ${called.size} functions in the first ` +
      `${size(made.first.length)} of the interpreter, in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}

function makeInterpreter() {
  const wasm = readFileSync(join(pyodide, "pyodide.asm.wasm"));
  const original = readFileSync(join(pyodide, "pyodide.asm.mjs"), "utf8");
  const { glue, exports } = slimGlue(original, new WebAssembly.Module(wasm));
  const whole = trimWasm(wasm, exports);
  return {
    whole,
    files: {
      // A snapshot knows what it was made with, interpreter and glue, by the end of this file.
      "pyodide.asm.mjs": `${glue}// ${createHash("sha256").update(whole).update(glue).digest("hex")}\n`,
      "python_stdlib.zip": readFileSync(join(pyodide, "python_stdlib.zip")),
    },
  };
}

/** @param {{ first: Uint8Array, rest: Uint8Array }} made */
function writeParts({ first, rest }) {
  for (const [index, bytes] of [first, rest].entries()) writeFileSync(parts[index] ?? "", bytes);
}

/**
 * @param {string[]} deno
 * @returns {Set<number>} The functions that a start and common programs call.
 */
function makeSnapshot([command, ...first]) {
  const unfinished = `${output}.${process.pid}.tmp`;
  const calls = `${unfinished}.json`;
  const watched = `${unfinished}.wasm`;
  writeFileSync(watched, watchCalls(whole));
  const flags = ["--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"];
  const readable = [scripts, resolve(runtimes, ".."), folder];
  const allowed = [`--allow-read=${readable.join(",")}`, `--allow-write=${folder}`];
  const { status, error } = spawnSync(
    command,
    [...first, "run", ...flags, ...allowed, worker, folder, watched, unfinished, calls],
    { stdio: "inherit", timeout: 120_000 },
  );
  rmSync(watched);
  if (status !== 0) {
    console.error(`the Python snapshot was not made: ${error?.message ?? `Deno ended with ${status}`}`);
    process.exit(1);
  }
  const called = new Set(JSON.parse(readFileSync(calls, "utf8")));
  rmSync(calls);
  renameSync(unfinished, output);
  return called;
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
  hash.update(whole);
  for (const [name, content] of Object.entries(files)) hash.update(name).update(content);
  const sources = readdirSync(join(runtimes, "python")).filter((name) =>
    /(?<!\.test|\.cases|\.testkit)\.ts$/.test(name),
  );
  const own = sources.sort().map((name) => join(runtimes, "python", name));
  const build = [
    "python/common-programs",
    "python/find-called",
    "wasm/binary",
    "wasm/read-calls",
    "wasm/split-wasm",
    "wasm/watch-calls",
  ];
  const made = [...build.map((name) => join(scripts, `${name}.mjs`)), worker];
  for (const file of [...made, join(runtimes, "memory-image.ts"), ...own]) {
    hash.update(file.slice(file.lastIndexOf("/"))).update(readFileSync(file));
  }
  return hash.digest("hex");
}
