import type { Observation } from "./observe.ts";

/**
 * What may differ between the hosts, and why: `{ "wasi/greet": { fields: ["error"], reason: "..." } }`. A difference that is
 * not here is a bug; so is one here that is gone. There is none.
 */
export const KNOWN_DIFFERENCES: Readonly<Record<string, { fields: (keyof Observation)[]; reason: string }>> =
  {};
