import { Sandbox } from "../../src/index.browser.ts";
import { guestAttacks } from "./guests.attacks.ts";

guestAttacks("browser", Sandbox, { assetsUrl: new URL("/assets/", location.href) });
