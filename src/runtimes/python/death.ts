import type { RuntimeOutcome } from "../runtime.ts";
import { PythonFailure } from "./calls.ts";
import { isUserFile } from "./errors.py.ts";
import { BrokenInterpreter } from "./rest.ts";

/** How the interpreter ended for good: by `os._exit`, by a trap or abort, or by a failure of our own code in it. */
export interface Death {
  exitCode?: number | undefined;
  /** What was thrown, or the failure in words. */
  reason?: unknown;
  /** No memory was left to go on with. */
  isOutOfMemory?: boolean | undefined;
  /** CPython's own dump of the Python stack ("most recent call first"), when it could still make one. */
  dump?: string | undefined;
}

/** What a shell shows for SIGABRT, SIGKILL and SIGSEGV. */
const EXIT_ABORTED = 134;
const EXIT_KILLED = 137;
const EXIT_SEGFAULT = 139;
/** Lines of the dump that are kept; a stack overflow has thousands of one kind. */
const MAX_DUMP_LINES = 20;

/** The outcome of the run in which the interpreter died. */
export function outcomeOfDeath(death: Death, memoryBytes: number | undefined): RuntimeOutcome {
  const lost = { memoryBytes, stateLost: true };
  if (death.exitCode !== undefined) return { ended: "exited", exitCode: death.exitCode & 0xff, ...lost };
  if (death.isOutOfMemory) {
    const value = "no memory was left to run in";
    const error = { name: "MemoryError", value, traceback: `MemoryError: ${value}\n` };
    return { ended: "out-of-memory", exitCode: EXIT_KILLED, error, ...lost };
  }
  const value = describeDeath(death);
  const isAbort = value === ABORTED || value.startsWith(RUNTIME_FAILED);
  const traceback = `${toTraceback(death.dump ?? "")}Fatal Python error: ${value}\n`;
  return {
    ended: "crashed",
    exitCode: isAbort ? EXIT_ABORTED : EXIT_SEGFAULT,
    error: { name: "FatalError", value, traceback },
    ...lost,
  };
}

const ABORTED = "aborted";
const RUNTIME_FAILED = "the runtime failed";

/** In a few words, without the engine's own frames. */
export function describeDeath(death: Death): string {
  if (death.exitCode !== undefined) return `exit code ${death.exitCode}`;
  const { reason } = death;
  if (typeof reason === "string") return `${RUNTIME_FAILED}: ${reason}`;
  if (reason instanceof PythonFailure) return RUNTIME_FAILED;
  if (reason instanceof BrokenInterpreter) return `${RUNTIME_FAILED}: ${reason.message}`;
  const message = reason instanceof Error ? reason.message : String(reason ?? "");
  // Engines word these two differently; the guest sees the same words on every host.
  if (message === "" || message.startsWith("unreachable") || message.startsWith("Aborted(")) return ABORTED;
  if (reason instanceof RangeError && message.includes("call stack")) return "stack overflow";
  if (message.includes("out of bounds")) return "segmentation fault (memory access out of bounds)";
  if (message.includes("table") || message.includes("signature") || message.includes("null function")) {
    return "segmentation fault (call of a bad function pointer)";
  }
  return message;
}

/** The dump turned round, so that it reads as every traceback does, with the user's frames only. */
function toTraceback(dump: string): string {
  const frames: string[] = [];
  for (const line of dump.split("\n")) {
    const match = /^ {2}File "(.*)", line \d+ in .*$/.exec(line);
    if (match !== null && isUserFile(match[1]!)) frames.push(line);
  }
  if (frames.length === 0) return "";
  const shown = frames.slice(0, MAX_DUMP_LINES).reverse();
  if (frames.length > shown.length)
    shown.unshift(`  [${frames.length - shown.length} outer frames not shown]`);
  return `Traceback (most recent call last):\n${shown.join("\n")}\n`;
}
