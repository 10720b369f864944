import type { Limits } from "../../policy/limits.ts";

/** The time limit is given with each run; only the others belong to the sandbox. */
export function sameLimits(a: Limits, b: Limits): boolean {
  return a.memoryBytes === b.memoryBytes && a.outputBytes === b.outputBytes && a.fileBytes === b.fileBytes;
}
