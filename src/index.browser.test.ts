import { sandboxContract } from "./client/sandbox.contract.ts";
import { Sandbox } from "./index.browser.ts";

sandboxContract("the page", Sandbox, { assetsUrl: new URL("/assets/", location.href) });
