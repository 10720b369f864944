import * as sdk from "../index.browser.ts";
import { session } from "./session.ts";

type SandglassGlobal = typeof sdk & {
  /** The page's open sandbox; `null` before the first run. */
  readonly sandbox: sdk.Sandbox | null;
};

declare global {
  var sandglass: SandglassGlobal;
}

/** Puts the SDK and the page's sandbox on `globalThis.sandglass`, for demos, tests and a curious reader's console. */
export function exposeGlobal(): void {
  const exposed = Object.defineProperty({ ...sdk }, "sandbox", {
    get: () => session.sandbox,
    enumerable: true,
  });
  globalThis.sandglass = exposed as SandglassGlobal;
}
