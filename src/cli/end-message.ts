import type { Execution } from "../index.ts";
import type { Limits } from "../policy/limits.ts";
import { formatBytes } from "./units.ts";

/** What stderr says about how a run ended, beyond what the program said itself. */
export interface EndMessage {
  message: string;
  hint?: string;
}

/** One line for a run that was stopped; `undefined` where the program's own words (a traceback) are enough. */
export function endMessage(execution: Execution, limits: Limits): EndMessage | undefined {
  switch (execution.status) {
    case "completed":
    case "failed":
      return undefined;
    case "timed-out":
      return {
        message: `timed out: it ran longer than ${limits.timeoutMs.toLocaleString("en-US")} ms`,
        hint: "Raise --timeout if it needs more time.",
      };
    case "out-of-memory":
      return {
        message: `out of memory: the limit is ${formatBytes(limits.memoryBytes)}`,
        hint: "Raise --memory, or hold less at a time.",
      };
    case "output-limit":
      return {
        message: `stopped: it wrote more than ${formatBytes(limits.outputBytes)}`,
        hint: "Raise --output-limit, or write to a file and use --out.",
      };
    case "file-limit": {
      // Nobody stopped it: it was refused room, and went on to fail or to end itself.
      const ended = execution.error ? "failed" : `ended itself with exit code ${execution.exitCode}`;
      return {
        message: `the program ${ended} after it was refused room: its files may have ${formatBytes(limits.fileBytes)}`,
        hint: "Raise --file-limit, or store less.",
      };
    }
    case "cancelled":
      return { message: "interrupted" };
    case "crashed":
      return { message: `the program crashed${execution.error ? `: ${execution.error.value}` : ""}` };
  }
}

/** One line about displayed values a terminal cannot show; `undefined` when there are none. */
export function richResultsMessage(execution: Execution): EndMessage | undefined {
  const shown = execution.results.filter((result) => !result.isMainResult);
  if (shown.length === 0) return undefined;
  const formats = [...new Set(shown.flatMap((result) => result.formats()))].filter(
    (format) => format !== "text",
  );
  const kinds = formats.length > 0 ? ` (${formats.join(", ")})` : "";
  return {
    message: `displayed ${shown.length === 1 ? "1 value" : `${shown.length} values`}${kinds}`,
    hint: "--json gives them whole.",
  };
}
