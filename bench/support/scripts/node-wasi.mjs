// @ts-check
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const wasi = new WASI({ version: "preview1", args: ["hello", "hello", "1"], returnOnExit: true });
const module = await WebAssembly.compile(await readFile(process.argv[2] ?? ""));
const instance = await WebAssembly.instantiate(
  module,
  /** @type {WebAssembly.Imports} */ (wasi.getImportObject()),
);
wasi.start(instance);
