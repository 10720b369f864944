import type { ExecutionStatus, FileInfo, MimeBundle } from "../protocol/api.ts";
import { MIME_FORMATS } from "../protocol/api.ts";

/** One rich value: the same thing in several forms. Text forms are strings; `png`, `jpeg` and `pdf` are base64. */
export class Result implements MimeBundle {
  declare readonly text?: string;
  declare readonly html?: string;
  declare readonly markdown?: string;
  declare readonly svg?: string;
  declare readonly png?: string;
  declare readonly jpeg?: string;
  declare readonly pdf?: string;
  declare readonly latex?: string;
  declare readonly json?: unknown;
  declare readonly javascript?: string;
  /** True for the value of the last expression, false for what `display()` showed. */
  readonly isMainResult: boolean;

  constructor(bundle: MimeBundle, isMainResult: boolean) {
    for (const format of MIME_FORMATS) {
      if (bundle[format] !== undefined)
        Object.defineProperty(this, format, { value: bundle[format], enumerable: true });
    }
    this.isMainResult = isMainResult;
  }

  /** Names of the forms that are there, richest last: `["text", "png"]`. */
  formats(): (keyof MimeBundle)[] {
    return MIME_FORMATS.filter((format) => this[format] !== undefined);
  }
}

/** How the guest's own code failed. */
export interface ExecutionError {
  /** Class of the error as the language names it, such as "ValueError". */
  name: string;
  value: string;
  /** The user's frames only. */
  traceback: string;
}

/** What a run used: measured, never guessed. A figure that cannot be known is absent. */
export interface ExecutionUsage {
  /** From the call to the result, milliseconds. */
  wallMs: number;
  /** Opening the cage and starting the language, when this run had to; milliseconds. */
  bootMs?: number;
  /** Waiting for a person to answer; not counted against `timeoutMs`. Absent when nobody was asked. */
  waitMs?: number;
  /** The guest's linear memory or heap after the run, bytes. */
  memoryBytes?: number;
  /** Bytes that arrived on each stream. */
  stdoutBytes: number;
  stderrBytes: number;
  /** Bytes stored in the sandbox's filesystem after the run. */
  fileBytes?: number;
  /** True when the run's language came from its memory snapshot, false after a plain start; absent for `wasi`. */
  fromSnapshot?: boolean;
}

/** Something the reader should know although the run itself may be fine. */
export interface Notice {
  code: "state-lost" | "files-rolled-back" | "interrupt-killed";
  message: string;
}

/** One line of the record of what a run did. Times are milliseconds from the start of the run. */
export interface TraceEvent {
  atMs: number;
  type: "run-started" | "boot" | "output" | "result" | "input" | "file" | "limit" | "run-ended";
  /**
   * Plain data, by `type`:
   * - `run-started`: `language`, `filename`, `timeoutMs` (milliseconds)
   * - `boot`, when this run had to start its language: `language`, `ms` (milliseconds), `note` (why it took the slower way, or null)
   * - `output`, for each piece: `stream` ("stdout" or "stderr"), `bytes` (a count; the text is in `logs`)
   * - `result`: `formats` (names, with spaces between), `isMainResult`
   * - `input`, for each question: `requestId` (a number)
   * - `file`, for each artifact, at the end: `path`, `bytes`
   * - `limit`, where one was reached and the run did not complete: `status`
   * - `run-ended`: `status`, `exitCode`
   */
  detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** Everything one `runCode` call gave. */
export interface Execution {
  status: ExecutionStatus;
  /**
   * The guest's own exit code; where it had no chance to give one, the shell's number for what happened:
   * 124 timed out, 137 out of memory, 153 output limit, 130 cancelled, 134 crashed, 126 a module that does not run here
   * (`error.name` is "InvalidModule" then).
   */
  exitCode: number;
  logs: { stdout: string[]; stderr: string[] };
  /** The last expression as text, when there was one. */
  text?: string;
  results: Result[];
  error?: ExecutionError;
  /** Files the run created or changed, except under /tmp. */
  artifacts: FileInfo[];
  usage: ExecutionUsage;
  notices: Notice[];
  trace: TraceEvent[];
  /** 1 for the first run of a context, counting up; 0 when the run never started. */
  executionCount: number;
}
