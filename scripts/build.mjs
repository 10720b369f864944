/**
 * Builds what is shipped and served: `node scripts/build.mjs [--assets] [--lib] [--app]`, everything without a flag.
 *
 *   dist/assets      what a cage is given, with manifest.json (files, sizes, SHA-256)
 *   dist/lib         the library and the command line, by tsc
 *   dist/playground  the page, by Vite
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as rolldown from "rolldown";
import { build } from "vite";
import { buildJavaScript } from "./build-javascript.mjs";
import { bundleEngine } from "./bundle-engine.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !["--assets", "--lib", "--app"].includes(flag));
if (unknown) {
  console.error(`build: unknown flag ${unknown}; known: --assets --lib --app`);
  process.exit(2);
}
const wants = (flag) => flags.length === 0 || flags.includes(flag);

if (wants("--assets")) await step("assets", buildAssets);
if (wants("--lib")) await step("lib", buildLib);
if (wants("--app")) await step("app", () => build({ root, logLevel: "warn" }));

async function step(name, work) {
  const start = performance.now();
  await work();
  console.error(`built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** One self-contained script of a cage's supervising thread. Left readable, as all that stands next to the guest. */
async function bundle(entry, format) {
  const result = await rolldown.build({
    input: join(root, entry),
    platform: "browser",
    write: false,
    logLevel: "warn",
    transform: { target: "es2022" },
    output: { format, codeSplitting: false, comments: { legal: true, annotation: false, jsdoc: false } },
  });
  const [chunk, ...others] = result.output;
  if (others.length > 0) throw new Error(`${entry} made ${others.length + 1} files; one is needed`);
  return chunk.code;
}

/** The cage document with its script inside and the script's hash in its policy. */
async function buildCage() {
  const script = await bundle("workers/cage.browser.ts", "iife");
  const hash = createHash("sha256").update(script).digest("base64");
  return readFileSync(join(root, "cage.html"), "utf8")
    .replace("%BOOTSTRAP_HASH%", () => `sha256-${hash}`)
    .replace('"%BOOTSTRAP%";', () => script);
}

async function buildAssets() {
  const contents = {
    ...(await bundleEngine(root, ["python", "javascript", "wasi"])),
    "cage.html": await buildCage(),
    "cage.deno.js": await bundle("workers/cage.deno.ts", "es"),
    ...(await buildJavaScript(root)),
    "strip-types.wasm": readFileSync(join(root, "node_modules/@swc/wasm-typescript-esm/wasm_bg.wasm")),
  };
  const made = join(root, ".cache/python");
  execFileSync(process.execPath, [join(root, "scripts/build-python.mjs"), made], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (const name of [
    "pyodide.asm.wasm",
    "pyodide.rest.wasm",
    "pyodide.asm.mjs",
    "python_stdlib.zip",
    "python-snapshot.bin",
  ]) {
    if (existsSync(join(made, name))) contents[name] = readFileSync(join(made, name));
  }

  const dir = join(root, "dist/assets");
  mkdirSync(dir, { recursive: true });
  const assets = Object.fromEntries(
    Object.entries(contents).map(([name, content]) => {
      const bytes = Buffer.from(content);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const file = nameWithHash(name, sha256);
      if (!existsSync(join(dir, file))) writeFileSync(join(dir, file), bytes);
      return [name, { file, bytes: bytes.length, sha256 }];
    }),
  );
  writeFileSync(join(dir, "manifest.json"), `${JSON.stringify({ version, assets }, null, 1)}\n`);
  const kept = new Set(["manifest.json", ...Object.values(assets).map(({ file }) => file)]);
  for (const file of readdirSync(dir)) if (!kept.has(file)) rmSync(join(dir, file));
}

/** What stands at such an address never changes, so it may be cached for good: `quickjs.1a2b3c4d.wasm`. */
function nameWithHash(name, sha256) {
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}.${sha256.slice(0, 8)}${name.slice(dot)}`;
}

function buildLib() {
  rmSync(join(root, "dist/lib"), { recursive: true, force: true });
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  return bundleCommand(join(root, "dist/lib/cli"));
}

/**
 * The command with its libraries in a few files: of sixty, Node takes 45 ms longer to find and load each. What starts the
 * cage's process is in the first, so that it starts while the rest is read. As CommonJS, which Node has ready 4 ms before
 * what loads modules.
 */
async function bundleCommand(dir) {
  const { output } = await rolldown.build({
    input: { main: join(dir, "main.js") },
    platform: "node",
    write: false,
    logLevel: "warn",
    transform: { define: { "import.meta.url": "fileUrl" } },
    output: {
      format: "cjs",
      strict: true,
      intro: 'const fileUrl = require("node:url").pathToFileURL(__filename).href;',
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name].cjs",
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  });
  rmSync(dir, { recursive: true });
  mkdirSync(dir);
  for (const { fileName, code } of output) writeFileSync(join(dir, fileName), code);
  chmodSync(join(dir, "main.cjs"), 0o755);
}
