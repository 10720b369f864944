// Makes the memory snapshot Python starts from: node scripts/build-python-snapshot.mjs <output file>
// Takes some 10 s; does nothing when the file there was made from the same inputs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const scripts = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const worker = join(scripts, "build-python-snapshot.deno.mjs");
const runtimes = resolve(scripts, "../src/runtimes");
const pyodide = dirname(require.resolve("pyodide/package.json"));

const output = process.argv[2];
if (output === undefined) {
  console.error("usage: node scripts/build-python-snapshot.mjs <output file>");
  process.exit(2);
}
const deno = findDeno();
if (deno === undefined) {
  // Python starts without it, only slower.
  console.error("no Deno to make the Python snapshot with: npm install deno, or set SANDGLASS_DENO");
  process.exit(0);
}

const stamp = hashInputs();
const stampFile = `${output}.stamp`;
if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
  console.log(`${output} is up to date`);
  process.exit(0);
}

mkdirSync(dirname(resolve(output)), { recursive: true });
const started = performance.now();
const unfinished = `${output}.${process.pid}.tmp`;
const flags = ["--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"];
const readable = [worker, resolve(runtimes, ".."), pyodide];
const allowed = [`--allow-read=${readable.join(",")}`, `--allow-write=${dirname(resolve(output))}`];
const [command, ...first] = deno;
const { status, error } = spawnSync(
  command,
  [...first, "run", ...flags, ...allowed, worker, pyodide, resolve(unfinished)],
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

/** Command and first arguments that run Deno. */
function findDeno() {
  if (process.env.SANDGLASS_DENO) return [process.env.SANDGLASS_DENO];
  try {
    return [process.execPath, join(dirname(require.resolve("deno/package.json")), "bin.cjs")];
  } catch {
    return undefined;
  }
}

/** Everything the snapshot depends on: Pyodide's files and the runtime's sources (tests aside). */
function hashInputs() {
  const hash = createHash("sha256");
  const files = ["pyodide.asm.wasm", "pyodide.asm.mjs", "python_stdlib.zip"].map((name) =>
    join(pyodide, name),
  );
  const sources = readdirSync(join(runtimes, "python")).filter((name) =>
    /(?<!\.test|\.cases)\.ts$/.test(name),
  );
  files.push(worker, ...sources.sort().map((name) => join(runtimes, "python", name)));
  for (const file of files) hash.update(file.slice(file.lastIndexOf("/"))).update(readFileSync(file));
  return hash.digest("hex");
}
