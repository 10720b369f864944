import type { ExecutionStatus, RunAnswer } from "../protocol/api.ts";
import type { SessionEnd } from "./cage-session.ts";
import type { Notice } from "./execution.ts";

/** What a run is called whose cage is gone, and its exit code as a shell would show it. */
const ENDS: Readonly<Record<SessionEnd["cause"], { status: ExecutionStatus; exitCode: number }>> = {
  "timed-out": { status: "timed-out", exitCode: 124 },
  "output-limit": { status: "output-limit", exitCode: 153 },
  cancelled: { status: "cancelled", exitCode: 130 },
  killed: { status: "cancelled", exitCode: 137 },
  "out-of-memory": { status: "out-of-memory", exitCode: 137 },
  died: { status: "crashed", exitCode: 134 },
  "protocol-violation": { status: "crashed", exitCode: 134 },
};

const WORDS: Readonly<Record<ExecutionStatus, string>> = {
  completed: "ended the interpreter",
  failed: "ended the interpreter",
  "timed-out": "timed out",
  "out-of-memory": "ran out of memory",
  "output-limit": "printed more than its limit",
  "file-limit": "was refused room for its files",
  cancelled: "was stopped",
  crashed: "crashed",
};

/** A run that came to no answer: nothing is known of it but how it ended. */
export function endWithoutAnswer(status: ExecutionStatus, exitCode: number) {
  return { status, exitCode, artifacts: [], usage: {}, executionCount: 0 };
}

/** An end that only the host knows of: the notices for this run, and the one for the next. */
export function describeKilled(end: SessionEnd) {
  const { status, exitCode } = ENDS[end.cause];
  const words = WORDS[status];
  const notices: Notice[] = [
    {
      code: "state-lost",
      message: `The run ${words} and its cage was ended: ${end.detail}. Variables and imports are lost.`,
    },
    { code: "files-rolled-back", message: "Files are as they were before this run." },
  ];
  const next: Notice = {
    code: "state-lost",
    message: `The run before this one ${words} and its cage was ended. This one started in a fresh one, with the files of the last completed work.`,
  };
  const error = status === "crashed" ? { error: { name: "CageDied", value: end.detail, traceback: "" } } : {};
  return { answer: { ...endWithoutAnswer(status, exitCode), ...error }, notices, next };
}

/** A run that answered, but whose interpreter is gone. */
export function describeLost({ status }: Pick<RunAnswer, "status">): { notice: Notice; next: Notice } {
  const words = WORDS[status];
  return {
    notice: {
      code: "state-lost",
      message: `The run ${words}. Variables and imports are lost; files are kept.`,
    },
    next: {
      code: "state-lost",
      message: `The run before this one ${words}. This one started without its variables and imports; files are kept.`,
    },
  };
}
