import { Sandbox } from "../../src/index.node.ts";
import { hostileAssets } from "./hostile-assets.ts";
import { protocolAttacks } from "./protocol.attacks.ts";

protocolAttacks("server", Sandbox, { assetsUrl: await hostileAssets() });
