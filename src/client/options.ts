import type { Language } from "../policy/languages.ts";
import type { Limits } from "../policy/limits.ts";
import type { FileInfo } from "../protocol/api.ts";
import type { Result } from "./execution.ts";

export type FileContent = string | Uint8Array;

export interface CreateOptions {
  /** Language of `runCode` unless a call says otherwise. Default "python". */
  language?: Language;
  /**
   * Starts the language while the sandbox opens, rather than with its first run; see `sandbox.start`. Default true where
   * `language` is named, else false.
   */
  start?: boolean;
  /** Files to start with, by absolute guest path. */
  files?: Readonly<Record<string, FileContent>>;
  /** Directories (or files) the guest may read but not change. */
  readOnlyPaths?: readonly string[];
  /**
   * The guest's whole environment beside what its language sets itself: name to value, both text without NUL, a name not
   * empty and without `=`. Nothing of the host's own environment is passed on. Default none.
   */
  envs?: Readonly<Record<string, string>>;
  /** What it may use at most: `timeoutMs` in milliseconds, the others in bytes. Each that is left out has its default. */
  limits?: Partial<Limits>;
  /**
   * Keeps so many cages like this one's ready for the sandboxes that come next (0 to 16; see `Sandbox.prepare`). Holds
   * until another call says otherwise. Default: as it is; at first 0.
   */
  spares?: number;
  /** Nothing can be granted yet: any key but an empty object is refused. */
  permissions?: Readonly<Record<string, never>>;
  /** Where the asset folder is: a URL in a browser, a directory or file: URL on a server. Default: beside the library. */
  assetsUrl?: string | URL;
  /** Called with a few words while something loads or starts. */
  onProgress?: (progress: Progress) => void;
  /** Gives up opening the sandbox: `create` rejects with the signal's reason. No effect once it is open. */
  signal?: AbortSignal;
}

/** Which cages to keep ready, and how many (default 1): what `create` is going to be called with. */
export interface SpareOptions extends Pick<CreateOptions, "language" | "limits" | "assetsUrl" | "spares"> {
  /**
   * False: only where nothing has to be loaded for it, as on a reader's later visit to a page; else nothing is kept ready.
   * Default true. On a server everything is there.
   */
  download?: boolean;
}

/** How a language's start went. */
export interface StartInfo {
  /** Milliseconds; 0 when it ran already, or was being started by somebody else. */
  bootMs: number;
  /** True when the language came from its memory snapshot, false after a plain start; absent for `wasi`. */
  fromSnapshot?: boolean;
  /** Why the slower way was taken. */
  note?: string;
}

export interface Progress {
  message: string;
  /** Bytes loaded so far and in all, while assets load. */
  loadedBytes?: number;
  totalBytes?: number;
}

/** Where stdin comes from: bytes known beforehand, or a function asked for each piece (null or undefined ends it). */
export type StdinSource = string | Uint8Array | (() => StdinChunk | Promise<StdinChunk>);
export type StdinChunk = string | Uint8Array | null | undefined;

export interface RunOptions {
  /** Default: the context's, else the sandbox's. */
  language?: Language;
  /** From `createContext()`; the default context otherwise. */
  context?: Context;
  /** Added to the sandbox's own for this run, and stronger than those of the same name. Default none. */
  envs?: Readonly<Record<string, string>>;
  /** argv after the program's name, text without NUL. Default none. */
  args?: readonly string[];
  /** Name in tracebacks and argv[0]. Default /workspace/main.py (.js .ts .wasm). */
  filename?: string;
  /** Absolute guest path; made when it is not there. Default /workspace. */
  cwd?: string;
  /** Default: none; reading finds its end at once. */
  stdin?: StdinSource;
  /** Whether the program sees a terminal there, and so prompts. Default: when `stdin` is a function; never without one. */
  isStdinTerminal?: boolean;
  /** Milliseconds, 1 to 2,147,483,647, in place of the sandbox's `limits.timeoutMs` for this run. */
  timeoutMs?: number;
  /** Ends the run as `cancelled`. */
  signal?: AbortSignal;
  /**
   * WASI: directories handed to the module, in the order of their descriptors from 3. `name` is what the module sees and
   * its libc resolves paths against (such as "/data" or "."), `path` the absolute guest path of a directory that is there;
   * where none is, the run ends as `failed` with exit code 126. An empty list hands over nothing. Default: `/workspace` and
   * `/tmp` under their own names, and `cwd` as ".". Other languages see every file and take no notice.
   */
  preopens?: readonly { name: string; path: string }[];
  onStdout?: (text: string) => void;
  onStderr?: (text: string) => void;
  /** Both streams' bytes exactly as written, in the order they were written. */
  onOutput?: (chunk: { stream: "stdout" | "stderr"; bytes: Uint8Array }) => void;
  onResult?: (result: Result) => void;
  onProgress?: (progress: Progress) => void;
}

/** A separate set of variables in one sandbox; files are shared. */
export interface Context {
  readonly id: string;
  readonly language: Language;
}

/** A change of one path under a watched directory. */
export interface WatchEvent {
  path: string;
  type: "created" | "modified" | "removed";
}

/** One path that differs between two states of the files, with what it was and what it is now. */
export interface DiffEntry {
  path: string;
  type: "added" | "removed" | "modified";
  before?: Pick<FileInfo, "type" | "bytes">;
  after?: Pick<FileInfo, "type" | "bytes">;
}
