import type { Language } from "../policy/languages.ts";

/** Names of the files a cage may be given, as they stand in the asset folder's manifest. */
export const ASSETS = {
  engine: "sandbox.worker.js",
  /** The engine's part for a language: text of a function's body. */
  pythonScript: "python.js",
  javascriptScript: "javascript.js",
  wasiScript: "wasi.js",
  browserCage: "cage.html",
  serverCage: "cage.deno.js",
  /** What of the interpreter a start and most programs call, and the rest. */
  pyodideWasm: "pyodide.asm.wasm",
  pyodideRest: "pyodide.rest.wasm",
  pyodideGlue: "pyodide.asm.mjs",
  pythonStdlib: "python_stdlib.zip",
  /** Memory of a Python with the common standard library already imported; optional. */
  pythonSnapshot: "python-snapshot.bin",
  quickjsWasm: "quickjs.wasm",
  /** Memory of a JavaScript engine that has evaluated our bootstrap; optional. */
  javascriptSnapshot: "javascript-snapshot.bin",
  stripTypesWasm: "strip-types.wasm",
} as const;
export type AssetName = (typeof ASSETS)[keyof typeof ASSETS];

/** What each language needs in the cage before its first run. The host provides them; the cage asks for nothing. */
export const ASSETS_BY_LANGUAGE: Readonly<Record<Language, readonly AssetName[]>> = {
  python: [
    ASSETS.pythonScript,
    ASSETS.pyodideGlue,
    ASSETS.pyodideWasm,
    ASSETS.pythonStdlib,
    ASSETS.pythonSnapshot,
    ASSETS.pyodideRest,
  ],
  javascript: [ASSETS.javascriptScript, ASSETS.quickjsWasm, ASSETS.javascriptSnapshot],
  typescript: [ASSETS.javascriptScript, ASSETS.quickjsWasm, ASSETS.javascriptSnapshot, ASSETS.stripTypesWasm],
  wasi: [ASSETS.wasiScript],
};

/** Compiled by the cage's supervising thread, while its worker starts, with the memory limit written in. */
export const COMPILED_AHEAD: readonly AssetName[] = [ASSETS.pyodideWasm, ASSETS.quickjsWasm];

/** Assets a build may lack: everything works without them, only slower. */
export const OPTIONAL_ASSETS: readonly AssetName[] = [ASSETS.pythonSnapshot, ASSETS.javascriptSnapshot];

/** `manifest.json` of an asset folder. */
export interface AssetManifest {
  version: string;
  assets: Record<string, { file: string; bytes: number; sha256: string }>;
}
