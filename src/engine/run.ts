import { RESULT_BYTES } from "../policy/limits.ts";
import type { CageEvent, ExecutionStatus, MimeBundle, RunAnswer, RunRequest } from "../protocol/api.ts";
import { MIME_FORMATS } from "../protocol/api.ts";
import { bundleBytes, isJson } from "../protocol/json.ts";
import type { RunIo, Runtime, RuntimeOutcome } from "../runtimes/runtime.ts";
import type { FileSystem } from "../vfs/filesystem.ts";
import { OutputCollector } from "./output.ts";
import { Stdin } from "./stdin.ts";
import { createStopSignal, type StopSignal } from "./stop-signal.ts";

/** Exit codes of runs that were ended from outside, as a shell would show them. 153 is 128 + SIGXFSZ. */
const EXIT_CODES = {
  "timed-out": 124,
  "output-limit": 153,
  cancelled: 130,
  "out-of-memory": 137,
  crashed: 134,
} as const;

/** Results of one run; with its output they stay below the events that the host takes at once (`EventBudget`). */
const MAX_RESULTS = 10_000;

export interface RunDependencies {
  runtime: Runtime;
  fs: FileSystem;
  emit: (event: CageEvent, transfer?: Transferable[]) => void;
  interruptFlag?: Int32Array | undefined;
  nowMs: () => number;
}

/** A run in progress: what the engine can do to it from outside, and its end. */
export interface ActiveRun {
  readonly runId: number;
  readonly stop: StopSignal;
  readonly stdin: Stdin;
  readonly finished: Promise<Omit<RunAnswer, "artifacts" | "changes" | "executionCount">>;
}

/** Joins one runtime to one run's streams, limits and stop signal. */
export function startRun(
  request: RunRequest,
  { runtime, fs, emit, interruptFlag, nowMs }: RunDependencies,
): ActiveRun {
  const { runId, limits } = request;
  const stop = createStopSignal({
    timeoutMs: limits.timeoutMs,
    flag: interruptFlag,
    nowMs,
    onLook: () => output.flushIfDue(),
  });
  const output = new OutputCollector({
    runId,
    limitBytes: limits.outputBytes,
    emit,
    nowMs,
    onLimit: () => stop.stop("output-limit"),
  });
  const stdin = new Stdin({
    runId,
    source: request.stdin,
    emit,
    onAsk: () => stop.pause(),
    onAnswer: () => stop.resume(),
  });
  let results = 0;
  let resultBytes = 0;

  const io: RunIo = {
    write: (stream, bytes) => output.write(stream, bytes),
    result(shown, isMainResult) {
      const bundle = keepKnownForms(shown);
      if (Object.keys(bundle).length === 0) return;
      results += 1;
      resultBytes += bundleBytes(bundle);
      if (resultBytes > RESULT_BYTES || results > MAX_RESULTS) return stop.stop("output-limit");
      output.flush();
      emit({ type: "result", runId, bundle, isMainResult });
    },
    readStdin(maxBytes) {
      if (stdin.isInteractive) output.flush();
      return stdin.read(maxBytes);
    },
    isStdinInteractive: stdin.isInteractive,
    isStdinTerminal: request.stdin === "terminal",
    pollStop: () => stop.poll(),
    onStop: (listener) => stop.onStop(listener),
    flush() {
      output.flush();
      stop.expectWait();
    },
  };

  async function finish() {
    const refusalsBefore = fs.quotaRefusals;
    try {
      const outcome = await runtime.run(
        {
          code: request.code,
          language: request.language,
          filename: request.filename,
          args: request.args,
          envs: request.envs,
          cwd: request.cwd,
          preopens: request.preopens,
        },
        io,
        request.contextId,
      );
      output.flush();
      const hitFileLimit = fs.quotaRefusals > refusalsBefore;
      const status = statusOf(outcome, stop, hitFileLimit);
      return {
        status,
        exitCode: exitCodeOf(status, outcome),
        error: outcome.error,
        usage: {
          memoryBytes: outcome.memoryBytes,
          stdoutBytes: output.bytesByStream.stdout,
          stderrBytes: output.bytesByStream.stderr,
          fileBytes: fs.usage().bytes,
        },
        stateLost: outcome.stateLost ?? outcome.ended === "crashed",
      };
    } finally {
      output.dispose();
      stop.dispose();
    }
  }

  return { runId, stop, stdin, finished: finish() };
}

/** A run that was asked to stop counts as stopped, however the guest took it. */
function statusOf(outcome: RuntimeOutcome, stop: StopSignal, hitFileLimit: boolean): ExecutionStatus {
  if (outcome.ended === "crashed") return "crashed";
  if (stop.reason !== null) return stop.reason;
  if (outcome.ended === "out-of-memory") return "out-of-memory";
  const hasFailed = outcome.ended === "failed" || outcome.exitCode !== 0;
  if (hasFailed && hitFileLimit) return "file-limit";
  return hasFailed ? "failed" : "completed";
}

function exitCodeOf(status: ExecutionStatus, outcome: RuntimeOutcome): number {
  if (status === "completed") return 0;
  if (status === "failed" || status === "file-limit") return outcome.exitCode === 0 ? 1 : outcome.exitCode;
  return EXIT_CODES[status];
}

/** A guest can show anything; the host ends a cage that sends it what is no bundle. */
function keepKnownForms(shown: MimeBundle): MimeBundle {
  const forms: [string, unknown][] = MIME_FORMATS.filter((format) => Object.hasOwn(shown, format)).map(
    (format) => [format, shown[format]],
  );
  return Object.fromEntries(
    forms.filter(([format, value]) => (format === "json" ? isJson(value) : typeof value === "string")),
  );
}
