import type { Execution, ExecutionStatus, Progress } from "../../index.ts";
import { formatByteLimit, formatMs, formatMsLimit, plural } from "../lib/format.ts";
import type { RunView } from "../store/run.ts";
import { LANGUAGE_NAMES } from "./language-names.ts";

const ENDINGS: Readonly<Record<ExecutionStatus, string>> = {
  completed: "Completed",
  failed: "Failed",
  "timed-out": "Timed out",
  "out-of-memory": "Ran out of memory",
  "output-limit": "Stopped at the output limit",
  "file-limit": "Failed at the files limit",
  cancelled: "Stopped",
  crashed: "Crashed",
};

/** How a run ended, in words. */
export function endingOf(status: ExecutionStatus): string {
  return ENDINGS[status];
}

/** Good, bad, or somebody's decision: chooses the sign and the colour. */
export function toneOf(status: ExecutionStatus): "good" | "bad" | "limit" | "neutral" {
  if (status === "completed") return "good";
  if (status === "cancelled") return "neutral";
  return status === "failed" || status === "crashed" ? "bad" : "limit";
}

/** What a reader can do about a limit. */
export function adviceFor(status: ExecutionStatus, run: RunView): string | null {
  const { limits } = run;
  switch (status) {
    case "timed-out":
      return `It was still running after ${formatMsLimit(limits.timeoutMs)}. Look for a loop that never ends, or give it more time under Allowed.`;
    case "out-of-memory":
      return `It wanted more than ${formatByteLimit(limits.memoryBytes)} of memory. Work through the data in pieces, or raise the limit under Allowed.`;
    case "output-limit":
      return `It printed more than ${formatByteLimit(limits.outputBytes)}; what fits is kept. Write large results to a file, or raise the limit under Allowed.`;
    case "file-limit":
      return `It was refused room: its files may take ${formatByteLimit(limits.fileBytes)}. Remove some, or raise the limit under Allowed.`;
    default:
      return null;
  }
}

/** The program's own time: loading the language and waiting for the reader are not part of it. */
export function programMs({ usage }: Execution): number {
  return Math.max(usage.wallMs - (usage.bootMs ?? 0) - (usage.waitMs ?? 0), 0);
}

/** `Python 14.2 of 21.0 MB`, or the words that came. */
export function progressWords(progress: Progress | null, run: RunView): string {
  const name = LANGUAGE_NAMES[run.language];
  if (progress === null) return `Opening the sandbox`;
  const { message, loadedBytes, totalBytes } = progress;
  if (loadedBytes !== undefined && totalBytes !== undefined && totalBytes > 0) {
    const unit = 2 ** 20;
    return `${name} ${(loadedBytes / unit).toFixed(1)} of ${(totalBytes / unit).toFixed(1)} MB`;
  }
  return message;
}

/** One line on the present state, for the status line and for screen readers. */
export function statusLine(run: RunView | null): string {
  if (run === null) return "Ready";
  if (run.failure !== null) return run.failure.code === "stopped" ? "Stopped" : "The sandbox failed";
  if (run.execution !== null) {
    const { status, exitCode } = run.execution;
    return `${endingOf(status)} in ${formatMs(programMs(run.execution))}, exit code ${exitCode}`;
  }
  if (run.phase === "stopping") return "Stopping";
  if (run.phase === "preparing") return progressWords(run.progress, run);
  return run.input !== null ? "Waiting for input" : "Running";
}

/** What a run gave, values and files together: the figure is the same wherever it stands. */
export function resultCount(run: Pick<RunView, "results" | "execution"> | null): number {
  return (run?.results.length ?? 0) + (run?.execution?.artifacts.length ?? 0);
}

/** `2 results`, `3 files`, `4 results, 3 of them files`. */
export function resultWords(run: Pick<RunView, "results" | "execution">): string {
  const all = resultCount(run);
  const files = run.execution?.artifacts.length ?? 0;
  if (files === 0) return plural(all, "result");
  return files === all
    ? plural(all, "file")
    : `${plural(all, "result")}, ${files} of them ${files === 1 ? "a file" : "files"}`;
}
