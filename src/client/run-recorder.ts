import type { BootAnswer, CageEvent, ExecutionStatus, RunAnswer } from "../protocol/api.ts";
import { type Execution, type ExecutionUsage, type Notice, Result, type TraceEvent } from "./execution.ts";
import type { RunOptions } from "./options.ts";

const LIMIT_STATUSES: ReadonlySet<ExecutionStatus> = new Set([
  "timed-out",
  "out-of-memory",
  "output-limit",
  "file-limit",
]);

/** Collects what one run sends into an `Execution`, and passes it on to the caller as it comes. */
export class RunRecorder {
  readonly #options: RunOptions;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  readonly #decoders = { stdout: createDecoder(), stderr: createDecoder() };
  readonly #logs: Execution["logs"] = { stdout: [], stderr: [] };
  readonly #bytes = { stdout: 0, stderr: 0 };
  readonly #results: Result[] = [];
  readonly #trace: TraceEvent[] = [];
  readonly notices: Notice[] = [];
  #bootMs: number | undefined;
  #fromSnapshot: boolean | undefined;
  #waitMs: number | undefined;
  /** The first error thrown by one of the caller's own callbacks. */
  callbackError: { error: unknown } | undefined;

  constructor(options: RunOptions, nowMs: () => number) {
    this.#options = options;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  trace(type: TraceEvent["type"], detail: TraceEvent["detail"]): void {
    this.#trace.push({ atMs: round(this.#nowMs() - this.#startMs), type, detail });
  }

  /** The language runs; `booted` when this run had to start it. */
  boot({ language, ms, booted, fromSnapshot, note }: BootAnswer & { language: string; ms: number }): void {
    this.#fromSnapshot = fromSnapshot;
    if (!booted) return;
    this.#bootMs = round(ms);
    this.trace("boot", { language, ms: this.#bootMs, note: note ?? null });
  }

  /** A person has answered, or the question is over. */
  waited(ms: number): void {
    this.#waitMs = round((this.#waitMs ?? 0) + ms);
  }

  output({ stream, bytes }: Extract<CageEvent, { type: "output" }>): void {
    this.#bytes[stream] += bytes.length;
    this.trace("output", { stream, bytes: bytes.length });
    this.#tell(() => this.#options.onOutput?.({ stream, bytes }));
    this.#text(stream, this.#decoders[stream].decode(bytes, { stream: true }));
  }

  result({ bundle, isMainResult }: Extract<CageEvent, { type: "result" }>): void {
    const result = new Result(bundle, isMainResult);
    this.#results.push(result);
    this.trace("result", { formats: result.formats().join(" "), isMainResult });
    this.#tell(() => this.#options.onResult?.(result));
  }

  /** The run's end as the cage reported it, or as the host knows it when the cage is gone. */
  finish(
    answer: Omit<RunAnswer, "changes" | "stateLost" | "usage"> & { usage: Partial<RunAnswer["usage"]> },
  ): Execution {
    for (const stream of ["stdout", "stderr"] as const) this.#text(stream, this.#decoders[stream].decode());
    for (const { path, bytes } of answer.artifacts) this.trace("file", { path, bytes });
    if (LIMIT_STATUSES.has(answer.status)) this.trace("limit", { status: answer.status });
    this.trace("run-ended", { status: answer.status, exitCode: answer.exitCode });
    const text = this.#results.findLast((result) => result.isMainResult)?.text;
    return {
      status: answer.status,
      exitCode: answer.exitCode,
      logs: this.#logs,
      ...(text === undefined ? {} : { text }),
      results: this.#results,
      ...(answer.error ? { error: answer.error } : {}),
      artifacts: answer.artifacts,
      usage: this.#usage(answer.usage),
      notices: this.notices,
      trace: this.#trace,
      executionCount: answer.executionCount,
    };
  }

  #usage({ memoryBytes, fileBytes }: Partial<RunAnswer["usage"]>): ExecutionUsage {
    return {
      wallMs: round(this.#nowMs() - this.#startMs),
      ...(this.#bootMs === undefined ? {} : { bootMs: this.#bootMs }),
      ...(this.#waitMs === undefined ? {} : { waitMs: this.#waitMs }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      stdoutBytes: this.#bytes.stdout,
      stderrBytes: this.#bytes.stderr,
      ...(fileBytes === undefined ? {} : { fileBytes }),
      ...(this.#fromSnapshot === undefined ? {} : { fromSnapshot: this.#fromSnapshot }),
    };
  }

  #text(stream: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    this.#logs[stream].push(text);
    this.#tell(() => (stream === "stdout" ? this.#options.onStdout : this.#options.onStderr)?.(text));
  }

  /** A caller's callback that throws must not end the run half-way; its error is thrown when the run is over. */
  #tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.callbackError ??= { error };
    }
  }
}

/** A byte order mark is the guest's output like any other. */
const createDecoder = () => new TextDecoder("utf-8", { ignoreBOM: true });

const round = (ms: number) => Math.round(ms * 1000) / 1000;
