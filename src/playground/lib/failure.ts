import { SandboxError } from "../../errors.ts";
import type { Failure } from "../store/run.ts";

/** What a browser must have before a sandbox can be tried at all; `null` when it has everything. */
export function missingFeature(
  scope: { WebAssembly?: unknown; Worker?: unknown } = globalThis,
): Failure | null {
  if (typeof scope.WebAssembly === "undefined") {
    return {
      code: "cage-unavailable",
      message: "This browser has no WebAssembly, which is what the code runs inside.",
      hint: "WebAssembly is switched off by some security modes (such as Lockdown Mode or a strict Tor setting). Allow it for this site, or open the page in another browser.",
    };
  }
  if (typeof scope.Worker === "undefined") {
    return {
      code: "cage-unavailable",
      message: "This browser gives pages no workers, so the code has no place to run.",
      hint: "Allow workers for this site, or open the page in another browser.",
    };
  }
  return null;
}

/** Anything thrown, as sentences: what happened, then what to do. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof SandboxError) {
    return {
      code: error.code,
      message: sentence(error.message),
      hint: PAGE_HINTS[error.code] ?? error.hint ?? DEFAULT_HINTS[error.code] ?? null,
    };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: "internal",
    message: sentence(`Sandglass itself failed. ${message}`),
    hint: "Your files are still in the editor. Press Reset for a fresh sandbox; if it happens again, reload the page.",
  };
}

/** Hints for a reader of this page, where the SDK's own speak to whoever builds with it or there are none. */
const PAGE_HINTS: Readonly<Record<string, string>> = {
  "asset-unavailable": "Check the connection and run again; what was loaded before is kept.",
};

const DEFAULT_HINTS: Readonly<Record<string, string>> = {
  "cage-unavailable":
    "Reload the page; if that does not help, open it in a current Chrome, Edge, Firefox or Safari.",
  "cage-died": "Your files are kept. Run again: a fresh sandbox opens by itself.",
  "sandbox-killed": "Run again: a fresh sandbox opens by itself.",
};

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
