import { type CreateOptions, Sandbox } from "../../src/index.browser.ts";
import { languageContract } from "./contract.ts";
import { JAVASCRIPT, PYTHON, TYPESCRIPT, WASI } from "./programs.ts";

const host = {
  name: "the page",
  create: (options: CreateOptions) =>
    Sandbox.create({ assetsUrl: new URL("/assets/", location.href), ...options }),
  fixture: async (name: string) => {
    const response = await fetch(new URL(`../fixtures/wasi/${name}.wasm`, import.meta.url));
    return new Uint8Array(await response.arrayBuffer());
  },
};
for (const programs of [PYTHON, JAVASCRIPT, TYPESCRIPT, WASI]) languageContract(programs, host);
