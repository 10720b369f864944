import { join } from "node:path";
import { sandboxContract } from "./client/sandbox.contract.ts";
import { sparesContract } from "./client/spares.contract.ts";
import { Sandbox } from "./index.node.ts";

const base = { assetsUrl: join(import.meta.dirname, "../dist/assets") };
sandboxContract("the server", Sandbox, base);
sparesContract("the server", Sandbox, base);
