import { join } from "node:path";
import { sandboxContract } from "./client/sandbox.contract.ts";
import { Sandbox } from "./index.node.ts";

sandboxContract("the server", Sandbox, { assetsUrl: join(import.meta.dirname, "../dist/assets") });
