import type { Observation } from "./observe.ts";

const NAMES_IN_DENO =
  "Deno's stack traces give every WebAssembly frame the function index 0, so the server names each frame of a trap after " +
  "the first function; the offsets are right on both hosts.";

/** What may differ between the hosts, and why. A difference that is not here is a bug; so is one here that is gone. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, { fields: (keyof Observation)[]; reason: string }>> =
  {
    "wasi/ending by unreachable": { fields: ["error"], reason: NAMES_IN_DENO },
    "wasi/ending by division": { fields: ["error"], reason: NAMES_IN_DENO },
    "wasi/ending by memory access": { fields: ["error"], reason: NAMES_IN_DENO },
    "wasi/ending by stack": { fields: ["error"], reason: NAMES_IN_DENO },
  };
