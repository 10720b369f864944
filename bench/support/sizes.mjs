// @ts-check
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const ASSETS = fileURLToPath(new URL("../../dist/assets", import.meta.url));
/** What `npm start` compresses with. */
const QUALITY = 5;
/** What a plain `loadPyodide` fetches. */
const PYODIDE_FILES = [
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm",
  "python_stdlib.zip",
  "pyodide-lock.json",
];

/**
 * Bytes of what a cage is given, beside those of plain Pyodide: as they are, and as they are sent.
 *
 * @returns {{ who: string, file: string, bytes: number, sent: number }[]}
 */
export function describeSizes() {
  /** @type {{ assets: Record<string, { file: string }> }} */
  const { assets } = JSON.parse(readFileSync(join(ASSETS, "manifest.json"), "utf8"));
  const pyodide = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
  return [
    ...Object.entries(assets).map(([name, { file }]) => sizeOf("Sandglass", name, join(ASSETS, file))),
    ...PYODIDE_FILES.map((name) => sizeOf("plain Pyodide", name, join(pyodide, name))),
  ];
}

/**
 * @param {string} who
 * @param {string} name
 * @param {string} path
 */
function sizeOf(who, name, path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  // An archive is compressed already.
  const sent = name.endsWith(".zip") ? content.length : brotliCompressSync(content, { params }).length;
  return { who, file: name, bytes: content.length, sent };
}
