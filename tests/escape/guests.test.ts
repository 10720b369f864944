import { join } from "node:path";
import { Sandbox } from "../../src/index.node.ts";
import { guestAttacks } from "./guests.attacks.ts";

guestAttacks("server", Sandbox, { assetsUrl: join(import.meta.dirname, "../../dist/assets") });
