import { readFile } from "node:fs/promises";
import { NodeSandbox } from "../support/node-sandbox.ts";
import { languageContract } from "./contract.ts";
import { JAVASCRIPT, PYTHON, TYPESCRIPT, WASI } from "./programs.ts";

const host = {
  name: "the server",
  create: NodeSandbox.create,
  fixture: async (name: string) =>
    new Uint8Array(await readFile(new URL(`../fixtures/wasi/${name}.wasm`, import.meta.url))),
};
for (const programs of [PYTHON, JAVASCRIPT, TYPESCRIPT, WASI]) languageContract(programs, host);
