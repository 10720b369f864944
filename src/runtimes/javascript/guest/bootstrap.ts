import { BUFFER } from "./buffer.ts";
import { CONSOLE } from "./console.ts";
import { DISPLAY } from "./display.ts";
import { FINISH } from "./finish.ts";
import { FS } from "./fs.ts";
import { HOST_LINK } from "./host-link.ts";
import { INSPECT } from "./inspect.ts";
import { INSPECT_ENTRIES } from "./inspect-entries.ts";
import { INSPECT_LAYOUT } from "./inspect-layout.ts";
import { INTL } from "./intl.ts";
import { MODULES } from "./modules.ts";
import { PATH } from "./path.ts";
import { PRIMORDIALS } from "./primordials.ts";
import { PROCESS } from "./process.ts";
import { STACKS } from "./stacks.ts";
import { TIMERS } from "./timers.ts";
import { WEB } from "./web.ts";

/** Name the bootstrap is evaluated under; its frames are never shown. */
export const BOOTSTRAP_NAME = "sandglass:bootstrap";

/**
 * Everything that makes the bare engine a place a program expects: one function of the host's five functions, giving
 * the functions the host calls. Runs once per context, before any guest code.
 */
export const BOOTSTRAP = [
  "(function (hostCall, hostWrite, hostPromiseState, hostPromiseResult, hostEvaluate) {",
  '"use strict";',
  PRIMORDIALS,
  STACKS,
  HOST_LINK,
  INSPECT,
  INSPECT_ENTRIES,
  INSPECT_LAYOUT,
  BUFFER,
  CONSOLE,
  TIMERS,
  WEB,
  INTL,
  PATH,
  PROCESS,
  FS,
  DISPLAY,
  MODULES,
  FINISH,
  "})",
].join("\n");
