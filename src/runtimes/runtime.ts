import type { Language } from "../policy/languages.ts";
import type { CageLimits, MimeBundle } from "../protocol/api.ts";
import type { FileSystem } from "../vfs/filesystem.ts";

/** Why a run is being stopped from outside the guest. */
export type StopReason = "timed-out" | "output-limit" | "cancelled";

/** What a runtime may use of the world: handed in, so that a runtime never asks where it is. */
export interface RuntimeHost {
  readonly vfs: FileSystem;
  readonly limits: CageLimits;
  /** Bytes of an asset by its name in the asset table. Fails with `asset-unavailable`. Resident ones resolve at once. */
  loadAsset(name: string): Promise<Uint8Array>;
  /** As `loadAsset`, but `undefined` for an asset this build does not have (such as a memory snapshot). */
  loadOptionalAsset(name: string): Promise<Uint8Array | undefined>;
  /** An asset that was compiled on its way; `undefined` where it comes as bytes. */
  loadCompiled?(name: string): Promise<WebAssembly.Module | undefined>;
  /** Frees an asset's memory at once: its bytes, wherever they are held, must not be used any more. */
  dropAsset?(name: string): void;
  /** Wall clock, nanoseconds since 1970. */
  nowNs(): bigint;
  /** Monotonic clock, nanoseconds. */
  monotonicNs(): bigint;
  /** Fills `target` with random bytes and returns it. */
  random(target: Uint8Array): Uint8Array;
  /** Tells the caller what the runtime is doing while it boots, in a few words: "Compiling Python". */
  progress(message: string): void;
}

/** One run's streams. The engine counts, caps, batches and forwards; a runtime only calls. */
export interface RunIo {
  /**
   * Takes bytes the guest wrote, and copies them: the caller may reuse `bytes` (a view of guest memory) as soon as it
   * returns. Past the cap they are dropped and `pollStop()` starts to answer "output-limit".
   */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** A rich result: `display(x)` or the value of the last expression (`isMainResult`). */
  result(bundle: MimeBundle, isMainResult: boolean): void;
  /**
   * Up to `maxBytes` of stdin; empty at its end. A plain value when bytes (or the end) are at hand, a promise when a
   * person has to be asked: then the guest must be suspended. Sends buffered output first.
   */
  readStdin(maxBytes: number): Uint8Array | Promise<Uint8Array>;
  /** True when `readStdin` may have to wait for a person. */
  readonly isStdinInteractive: boolean;
  /** True when a person types: programs show prompts then, and none for a pipe. */
  readonly isStdinTerminal: boolean;
  /**
   * Asked often while the guest computes (interrupt checks, back edges, host calls; a few ns when nothing is up):
   * the reason to stop now, or null. Also lets batched output out on its way.
   */
  pollStop(): StopReason | null;
  /** Calls `listener` when a stop arrives while the worker's event loop is free (the guest waits). Returns "unsubscribe". */
  onStop(listener: (reason: StopReason) => void): () => void;
  /** Sends what is buffered. Call before the guest waits or sleeps. */
  flush(): void;
}

export interface RuntimeRun {
  /** Source text, or a module's bytes for `wasi`. */
  code: string | Uint8Array;
  language: Language;
  /** Name for tracebacks and `sys.argv[0]`; an absolute guest path when the code is a file there. */
  filename: string;
  /** argv after the program's own name. */
  args: readonly string[];
  /** The whole environment of the run (sandbox and run merged). */
  envs: Readonly<Record<string, string>>;
  /** Absolute guest path. */
  cwd: string;
  /** WASI only: directories handed to the module, in fd order from 3. */
  preopens?: readonly Preopen[] | undefined;
}

export interface Preopen {
  /** Name the guest sees: "/", "/data", "." or "fs-tests.dir". */
  name: string;
  /** Absolute path in the sandbox's filesystem. */
  path: string;
}

export interface GuestError {
  /** Class of the error as the language names it: "ValueError", "SyntaxError", "trap". */
  name: string;
  value: string;
  /** The user's frames only, as the language prints them, without the runtime's own. */
  traceback: string;
}

export interface RuntimeOutcome {
  /**
   * `exited`: the guest ran to its end or left by itself (exit code 0 or not). `failed`: an uncaught guest error.
   * `stopped`: ended because `pollStop` said so. `out-of-memory`: it hit `memoryBytes` and could not go on.
   * `crashed`: trap, abort or segfault; the runtime is unusable now.
   */
  ended: "exited" | "failed" | "stopped" | "out-of-memory" | "crashed";
  exitCode: number;
  error?: GuestError | undefined;
  /** Size of the guest's linear memory (or heap) after the run, bytes, where it can be known. */
  memoryBytes?: number | undefined;
  /** True when variables and modules of earlier runs are gone and the runtime must be thrown away. */
  stateLost?: boolean | undefined;
}

/** One guest language inside one sandbox. Made by `create…Runtime(host)`, booted at most once, disposed once. */
export interface Runtime {
  /** How the boot went, where there is more than one way. */
  readonly bootInfo?: { fromSnapshot: boolean; note?: string | undefined } | undefined;
  /** Loads and starts the interpreter. Called before the first run; its time is `usage.bootMs`. */
  boot(): Promise<void>;
  /**
   * Runs one piece of code to its end. Never rejects for anything the guest did. Runs of one runtime never overlap.
   *
   * @param contextId - Names a separate set of variables; "default" unless the caller made one. Created on first use.
   */
  run(run: RuntimeRun, io: RunIo, contextId: string): Promise<RuntimeOutcome>;
  /** Does ahead what the next run would wait for, where there is such a thing. */
  ready?(): Promise<void>;
  /** Forgets a context's variables. */
  disposeContext(contextId: string): void;
  /**
   * Back to the state right after boot, in place: variables, modules, patches and open descriptors of every context are
   * gone. False where that cannot be done (after a crash, or where memory is not what it was): the caller throws the
   * runtime away. Called between runs only.
   */
  reset(): Promise<boolean>;
  dispose(): void;
}

export type CreateRuntime = (host: RuntimeHost) => Runtime;
