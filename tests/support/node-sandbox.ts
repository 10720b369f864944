import { fileURLToPath } from "node:url";
import { Sandbox } from "../../src/index.node.ts";

/** Where the build puts what a cage is given. */
const ASSETS_DIR = fileURLToPath(new URL("../../dist/assets", import.meta.url));

/** `Sandbox` of the server, run from its sources: the asset folder is not beside them. */
export const NodeSandbox = {
  create: (options: Parameters<typeof Sandbox.create>[0] = {}) =>
    Sandbox.create({ assetsUrl: ASSETS_DIR, ...options }),
};
