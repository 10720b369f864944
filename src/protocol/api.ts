import type { Language } from "../policy/languages.ts";
import type { Limits } from "../policy/limits.ts";
import type { WireError } from "./errors.ts";

/**
 * Requests from the host into the cage (over comlink, in this direction only). Every method answers with a `Reply`:
 * nothing is thrown across the wall, because comlink's thrown errors lose their class, code and cause.
 */
export interface WorkerApi {
  /** Starts a language's interpreter if it is not running yet. Of its assets, those named are waited for. */
  boot(language: Language, assets: readonly string[]): Promise<Reply<BootAnswer>>;
  /** Hands the cage its one sandbox; before that, one of ours may have rehearsed. */
  create(options: CreateRequest): Promise<Reply<CreateAnswer>>;
  /** Back to the moment after `create`, languages still started. */
  reset(): Promise<Reply<ResetAnswer>>;
  run(request: RunRequest): Promise<Reply<RunAnswer>>;
  /** Answers an `input-request` event. `null` is the end of input. */
  provideInput(requestId: number, bytes: Uint8Array | null): Promise<Reply<null>>;
  /** Asks the running code to stop; heard only when the guest waits. Shared memory is the other way. */
  stopRun(runId: number): Promise<Reply<null>>;
  disposeContext(contextId: string): Promise<Reply<null>>;

  readFile(path: string): Promise<Reply<Uint8Array>>;
  writeFiles(files: readonly FileWrite[]): Promise<Reply<Changed<FileInfo[]>>>;
  list(path: string, depth: number): Promise<Reply<FileInfo[]>>;
  makeDir(path: string): Promise<Reply<Changed<boolean>>>;
  rename(from: string, to: string): Promise<Reply<Changed<FileInfo>>>;
  remove(path: string): Promise<Reply<Changed<null>>>;
  /** `null` when there is nothing at the path. */
  stat(path: string): Promise<Reply<FileInfo | null>>;
  exportArchive(format: ArchiveFormat, path: string): Promise<Reply<Uint8Array>>;
  importArchive(format: ArchiveFormat, path: string, bytes: Uint8Array): Promise<Reply<Changed<FileInfo[]>>>;
}

export type Reply<T> = { ok: true; value: T } | { ok: false; error: WireError };

/** An answer together with what it changed in the filesystem, so that the host's copy is never behind. */
export interface Changed<T> {
  value: T;
  changes: WireTreeDelta;
}

export type ArchiveFormat = "zip" | "tar";

/** The limits that a cage is built for; the others belong to a run. */
export type CageLimits = Pick<Limits, "memoryBytes" | "fileBytes">;

export interface CreateRequest {
  envs: Record<string, string>;
  /** Initial files, or a snapshot's, packed (`tree-pack.ts`). */
  entries: readonly Uint8Array[];
  /** Directories the guest may not change. */
  readOnlyPaths: readonly string[];
  /** A sandbox of ours, reset before it makes room for the one the cage is for. */
  isRehearsal: boolean;
}

export interface CreateAnswer {
  /** What the cage added to the files it was given: /workspace, /tmp and home. */
  changes: WireTreeDelta;
}

export interface ResetAnswer {
  /** False when something could not be brought back: the cage must be thrown away. */
  isClean: boolean;
}

export interface BootAnswer {
  /** False when the interpreter was already there. */
  booted: boolean;
  /** True when the language came from a memory snapshot, false for a plain start; absent where there is one way only. */
  fromSnapshot?: boolean | undefined;
  /** Why the slower way was taken. */
  note?: string | undefined;
}

export interface FileWrite {
  path: string;
  bytes: Uint8Array;
  mode?: number | undefined;
}

export interface RunRequest {
  runId: number;
  contextId: string;
  language: Language;
  code: string | Uint8Array;
  filename: string;
  args: string[];
  envs: Record<string, string>;
  cwd: string;
  /** Bytes known beforehand; "terminal" and "pipe" ask by `input-request` events; null is an empty stdin. */
  stdin: Uint8Array | "terminal" | "pipe" | null;
  limits: Pick<Limits, "timeoutMs" | "outputBytes">;
  preopens?: { name: string; path: string }[] | undefined;
}

/** How a run ended, seen from inside the cage. The host adds what only it can know. */
export interface RunAnswer {
  status: ExecutionStatus;
  exitCode: number;
  error?: { name: string; value: string; traceback: string } | undefined;
  artifacts: FileInfo[];
  usage: RunUsage;
  /** True when the interpreter is gone: the next run starts a fresh one in a fresh cage. */
  stateLost: boolean;
  executionCount: number;
  changes: WireTreeDelta;
}

export type ExecutionStatus =
  | "completed"
  | "failed"
  | "timed-out"
  | "out-of-memory"
  | "output-limit"
  | "file-limit"
  | "cancelled"
  | "crashed";

/** Measured inside the cage. A figure that cannot be known is absent. */
export interface RunUsage {
  /** The guest's linear memory or heap after the run. */
  memoryBytes?: number | undefined;
  stdoutBytes: number;
  stderrBytes: number;
  /** Bytes stored in the sandbox's filesystem after the run. */
  fileBytes: number;
}

/** One value in several forms, as Jupyter's MIME bundles. Text forms are strings; png, jpeg and pdf are base64. */
export interface MimeBundle {
  text?: string | undefined;
  html?: string | undefined;
  markdown?: string | undefined;
  svg?: string | undefined;
  png?: string | undefined;
  jpeg?: string | undefined;
  pdf?: string | undefined;
  latex?: string | undefined;
  json?: unknown;
  javascript?: string | undefined;
}
export const MIME_FORMATS = [
  "text",
  "html",
  "markdown",
  "svg",
  "png",
  "jpeg",
  "pdf",
  "latex",
  "json",
  "javascript",
] as const satisfies readonly (keyof MimeBundle)[];

export interface FileInfo {
  path: string;
  name: string;
  type: "file" | "directory" | "symlink";
  bytes: number;
  mode: number;
  /** Milliseconds since 1970. */
  modifiedMs: number;
  /** A symlink's target. */
  target?: string | undefined;
  /** Hex; on artifacts only. */
  sha256?: string | undefined;
  /** On artifacts only. */
  mimeType?: string | undefined;
}

export interface WireTreeEntry {
  path: string;
  type: "file" | "directory" | "symlink";
  mode: number;
  mtimeNs: bigint;
  bytes?: Uint8Array | undefined;
  target?: string | undefined;
  linkTo?: string | undefined;
}

export interface WireTreeDelta {
  removed: string[];
  entries: WireTreeEntry[];
}

/** Events from the cage: plain data, parsed against a schema, sized and counted by the host before use. */
export type CageEvent =
  | { type: "output"; runId: number; stream: "stdout" | "stderr"; bytes: Uint8Array }
  | { type: "result"; runId: number; bundle: MimeBundle; isMainResult: boolean }
  | { type: "input-request"; runId: number; requestId: number }
  | { type: "progress"; message: string }
  | { type: "files-changed"; changes: FileChange[] };

export interface FileChange {
  path: string;
  type: "created" | "modified" | "removed";
}

/** What crosses between the host and the worker: replies and events on one ordered stream. */
export type FromWorker = { channel: "reply"; message: unknown } | { channel: "event"; event: CageEvent };
