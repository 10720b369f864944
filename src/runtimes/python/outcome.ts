import type { RuntimeOutcome } from "../runtime.ts";

const ENDINGS: readonly RuntimeOutcome["ended"][] = ["exited", "failed", "out-of-memory"];
/** Of words that should have been an outcome so many characters are shown. */
const MAX_SHOWN = 200;

/** What the runner answered: how the run ended or, when it failed itself, that in words. */
export function parseOutcome(answer: unknown): RuntimeOutcome | string {
  if (typeof answer !== "string") return "no answer";
  try {
    const value: unknown = JSON.parse(answer);
    if (isOutcome(value)) return value;
  } catch {
    // Then it is words.
  }
  return answer.slice(0, MAX_SHOWN);
}

/** The guest can reach into the runner: the shape is looked at, the words are its own affair. */
function isOutcome(value: unknown): value is RuntimeOutcome {
  if (typeof value !== "object" || value === null) return false;
  const { ended, exitCode, error } = value as Partial<RuntimeOutcome>;
  if (ended === undefined || !ENDINGS.includes(ended) || !Number.isInteger(exitCode)) return false;
  return error === undefined || (typeof error === "object" && error !== null);
}
