import { Sandbox } from "../../src/index.browser.ts";
import { protocolAttacks } from "./protocol.attacks.ts";

protocolAttacks("browser", Sandbox, { assetsUrl: new URL("/hostile-assets/", location.href) });
