import type { SandboxErrorCode } from "../errors.ts";
import type { Execution, ExecutionStatus } from "../index.ts";

/**
 * The numbers `sandglass run` ends with when the guest did not choose one itself. They follow what shells already
 * know: timeout(1) gives 124, a container that could not run 125, 128 + n means "ended by signal n".
 */
export const EXIT_CODES = {
  ok: 0,
  /** `inspect`: the module does not run here. */
  doesNotRun: 1,
  /** A bad flag, a missing or unreadable file, a program that is not UTF-8, a module that does not run here. Nothing ran. */
  usage: 2,
  timedOut: 124,
  /** The sandbox itself failed. */
  sandboxFailed: 125,
  /** Ctrl-C. */
  interrupted: 130,
  /** Trap, abort or segfault in the guest. */
  crashed: 134,
  /** Out of memory, or killed. */
  killed: 137,
  /** Whoever read stdout has gone away (SIGPIPE). */
  brokenPipe: 141,
  /** SIGHUP: the terminal has gone. */
  hungUp: 129,
  /** SIGTERM. */
  terminated: 143,
  /** stdout and stderr together passed the output limit (SIGXFSZ). */
  outputLimit: 153,
} as const;

const BY_STATUS: Partial<Record<ExecutionStatus, number>> = {
  "timed-out": EXIT_CODES.timedOut,
  "out-of-memory": EXIT_CODES.killed,
  "output-limit": EXIT_CODES.outputLimit,
};

/** What the library calls a module that does not run here, as shells do a file that is no program. */
const NOT_EXECUTABLE = 126;

/** The exit code of a run that gave an `Execution`: the guest's own, unless it was stopped or never ran. */
export function exitCodeOf(execution: Pick<Execution, "status" | "exitCode" | "error">): number {
  if (isInvalidModule(execution)) return EXIT_CODES.usage;
  const fixed = BY_STATUS[execution.status];
  if (fixed !== undefined) return fixed;
  if (execution.status === "completed") return execution.exitCode;
  // A failure never looks like success, whatever the guest says.
  if (execution.exitCode !== 0) return execution.exitCode;
  if (execution.status === "cancelled") return EXIT_CODES.interrupted;
  return execution.status === "crashed" ? EXIT_CODES.crashed : 1;
}

/**
 * Bytes that are no program never ran: that is a mistake in what was given, not a failure of a program. The name alone says
 * nothing, as a guest chooses the names of its errors.
 */
export function isInvalidModule({
  status,
  exitCode,
  error,
}: Pick<Execution, "status" | "exitCode" | "error">): boolean {
  return status === "failed" && exitCode === NOT_EXECUTABLE && error?.name === "InvalidModule";
}

/** Refusals of what the person gave, not failures of the sandbox: their exit code is that of a bad flag. */
const CALLER_CODES: ReadonlySet<SandboxErrorCode> = new Set([
  "invalid-argument",
  "invalid-path",
  "invalid-module",
  "unsupported-language",
]);

/** The exit code of a thrown `SandboxError`. */
export function exitCodeOfError(code: SandboxErrorCode): number {
  if (code === "sandbox-killed") return EXIT_CODES.killed;
  return CALLER_CODES.has(code) ? EXIT_CODES.usage : EXIT_CODES.sandboxFailed;
}
