import type * as v from "valibot";
import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import { type Limits, parseLimits } from "../policy/limits.ts";
import { parseGuestPath } from "../policy/paths.ts";
import type {
  ArchiveFormat,
  CageEvent,
  Changed,
  ExecutionStatus,
  FileInfo,
  Reply,
  RunAnswer,
  WireTreeEntry,
  WorkerApi,
} from "../protocol/api.ts";
import { ASSETS_BY_LANGUAGE } from "../protocol/assets.ts";
import {
  bootAnswerSchema,
  bytesSchema,
  changedSchema,
  createAnswerSchema,
  fileInfosSchema,
  nullSchema,
  runAnswerSchema,
} from "../protocol/schema.ts";
import type { OpenCage } from "./cage.ts";
import { CageSession, type SessionEnd } from "./cage-session.ts";
import { EventBudget } from "./event-budget.ts";
import type { Execution, Notice } from "./execution.ts";
import { diffEntries, entriesFromFiles, FileImage } from "./file-image.ts";
import { type FileAccess, Files } from "./files.ts";
import type { Context, CreateOptions, DiffEntry, RunOptions, WatchEvent } from "./options.ts";
import {
  encodeStdinChunk,
  type ParsedRun,
  parseEnvs,
  parseFiles,
  parseLanguage,
  parseRun,
} from "./parse-options.ts";
import { RunRecorder } from "./run-recorder.ts";
import { Snapshot } from "./snapshot.ts";

/** The cage stops a run at its deadline by itself; when it has not this much later, it is killed. */
const KILL_GRACE_MS = 250;
/** A language that has not started by then never will. A plain Pyodide boot takes 4–7 s on two slow cores. */
const BOOT_TIMEOUT_MS = 120_000;
/** After `interrupt()` a guest has this long to stop before its cage is killed. */
const INTERRUPT_GRACE_MS = 1000;
/** Room in the host's copy of the files for what the cage counts differently. */
const IMAGE_SLACK_BYTES = 2 ** 20;

/** Exit codes of runs whose cage is gone, as a shell would show them. */
const EXIT_CODES: Readonly<Record<SessionEnd["cause"], { status: ExecutionStatus; exitCode: number }>> = {
  "timed-out": { status: "timed-out", exitCode: 124 },
  "output-limit": { status: "output-limit", exitCode: 153 },
  cancelled: { status: "cancelled", exitCode: 130 },
  killed: { status: "cancelled", exitCode: 137 },
  "out-of-memory": { status: "out-of-memory", exitCode: 137 },
  died: { status: "crashed", exitCode: 134 },
  "protocol-violation": { status: "crashed", exitCode: 134 },
};

type Answer<M extends keyof WorkerApi> = Awaited<ReturnType<WorkerApi[M]>> extends Reply<infer T> ? T : never;
type Clock = () => number;

interface ActiveRun {
  runId: number;
  recorder: RunRecorder;
  options: RunOptions;
  settled: Promise<void>;
  /** Set by an interrupt that came before the guest was started. */
  isCancelled: boolean;
}

/**
 * A place to run code that nobody here wrote. It starts from nothing: no files, no network, no environment but what is
 * given. Runs queue one after another; variables persist between runs of one context. When a cage has to be killed, the
 * next call opens another one with the files of the last completed work.
 *
 * This is the host-free part; `Sandbox` of the entry point in use is this with its host's cage.
 */
export class SandboxCore {
  /** @internal Where cages come from; each host's entry point sets its own. */
  static readonly openCage: OpenCage = () => {
    throw new SandboxError("This build of the library has no host", { code: "cage-unavailable" });
  };

  /**
   * Opens a sandbox. It holds nothing but what the options give it.
   *
   * @throws {SandboxError} `cage-unavailable` where none can be opened, `invalid-argument` for a wrong option,
   *   `file-limit` when the files do not fit.
   */
  static async create(options: CreateOptions = {}): Promise<SandboxCore> {
    // biome-ignore lint/complexity/noThisInStatic: the subclass that is called carries the cage.
    return new this(options).#open();
  }

  /** Opens a sandbox with the files of a snapshot, taken on any host. */
  static async restore(snapshot: Snapshot, options: Omit<CreateOptions, "files"> = {}): Promise<SandboxCore> {
    // biome-ignore lint/complexity/noThisInStatic: the subclass that is called carries the cage.
    return new this(options, snapshot.entries).#open();
  }

  readonly id: string = crypto.randomUUID();
  readonly language: Language;
  readonly limits: Readonly<Limits>;
  /** The files; see `Files`. */
  readonly files: Files;

  readonly #openCage: OpenCage;
  readonly #options: CreateOptions;
  readonly #envs: Record<string, string>;
  readonly #readOnlyPaths: string[];
  readonly #initialEntries: readonly WireTreeEntry[];
  readonly #watchers = new Set<(event: WatchEvent) => void>();
  readonly #nowMs: Clock = () => performance.now();
  #image: FileImage;
  #session: Promise<CageSession> | undefined;
  #booted = new Set<Language>();
  #queue: Promise<unknown> = Promise.resolve();
  #run: ActiveRun | undefined;
  /** What the cage may send: for the present run, or from its end until the next one. */
  #budget: EventBudget;
  #lastRunId = 0;
  #contextCount = 0;
  #isKilled = false;
  /** What the next run has to be told about the end of the last cage. */
  #lossNotice: Notice | undefined;

  /** @internal */
  constructor(options: CreateOptions, entries?: readonly WireTreeEntry[]) {
    refuseUnknownPermissions(options.permissions);
    this.#openCage = (this.constructor as typeof SandboxCore).openCage;
    this.#options = options;
    this.language = parseLanguage(options.language ?? "python");
    this.limits = parseLimits(options.limits);
    this.#envs = parseEnvs(options.envs);
    this.#readOnlyPaths = (options.readOnlyPaths ?? []).map(parseGuestPath);
    this.#initialEntries =
      entries ?? entriesFromFiles(parseFiles(options.files), BigInt(Date.now()) * 1_000_000n);
    this.#image = new FileImage(this.limits.fileBytes + IMAGE_SLACK_BYTES, this.#initialEntries);
    this.#budget = new EventBudget(this.limits.outputBytes, this.#nowMs);
    const access: FileAccess = {
      ask: (method, answer, ...args) => this.#ask(method, answer, ...args),
      keep: (changed) => this.#keep(changed),
      watch: (listener) => {
        this.#watchers.add(listener);
        return () => this.#watchers.delete(listener);
      },
    };
    this.files = new Files(access);
  }

  /** Opens the first cage, so that `create` fails where there can be none. */
  async #open(): Promise<this> {
    await this.#openSession();
    return this;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /**
   * Runs code to its end, after the runs that were asked for before. Never throws for anything the guest does.
   *
   * @param code - Source text, or the bytes of a module when the language is `wasi`.
   * @throws {SandboxError} `invalid-argument` and the like before anything starts; `cage-unavailable`; `sandbox-killed`.
   */
  async runCode(code: string | Uint8Array, options: RunOptions = {}): Promise<Execution> {
    this.#refuseKilled();
    const run = parseRun(code, options, { language: this.language, timeoutMs: this.limits.timeoutMs });
    const result = this.#queue.then(() => this.#execute(run, options));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** A second set of variables, kept apart from the default one. Files are shared. */
  async createContext({ language }: { language?: Language } = {}): Promise<Context> {
    this.#refuseKilled();
    this.#contextCount += 1;
    return { id: `context-${this.#contextCount}`, language: parseLanguage(language ?? this.language) };
  }

  /** The files as they were after the last completed work. */
  async snapshot(): Promise<Snapshot> {
    return new Snapshot(this.#image.entries());
  }

  /** A second sandbox with the same options and the present files; variables are not carried over. */
  async fork(): Promise<SandboxCore> {
    this.#refuseKilled();
    const { files: _files, ...options } = this.#options;
    const Class = this.constructor as typeof SandboxCore;
    return new Class(options, this.#image.entries()).#open();
  }

  /** What is different from a snapshot, or from the files the sandbox started with; /tmp is left out. */
  async diff(snapshot?: Snapshot): Promise<DiffEntry[]> {
    const before = snapshot?.entries ?? this.#startEntries ?? this.#initialEntries;
    return diffEntries(before, this.#image.entries()).filter(({ path }) => !path.startsWith("/tmp/"));
  }

  /** A directory as a ZIP file; equal trees give equal bytes. */
  exportZip(path = "/workspace"): Promise<Uint8Array> {
    return this.#exportArchive("zip", path);
  }

  /** A directory as a tar file with symlinks, hard links and times. */
  exportTar(path = "/workspace"): Promise<Uint8Array> {
    return this.#exportArchive("tar", path);
  }

  /**
   * Unpacks a ZIP file into a directory: everything or nothing.
   *
   * @throws {SandboxError} `invalid-archive` naming the entry that is refused; `file-limit` when it does not fit.
   */
  importZip(bytes: Uint8Array, path = "/workspace"): Promise<FileInfo[]> {
    return this.#importArchive("zip", bytes, path);
  }

  /** As `importZip`, for tar. */
  importTar(bytes: Uint8Array, path = "/workspace"): Promise<FileInfo[]> {
    return this.#importArchive("tar", bytes, path);
  }

  /**
   * Stops the current run. Variables are kept where the guest can be reached (shared memory, or the guest was waiting);
   * elsewhere the cage is ended, and the files of the last completed work are kept.
   */
  async interrupt(): Promise<{ stateKept: boolean }> {
    const run = this.#run;
    if (!run) return { stateKept: true };
    run.isCancelled = true;
    const session = await this.#session;
    if (!session) return { stateKept: true };
    session.cage.interrupt();
    session.call("stopRun", nullSchema, run.runId).catch(() => {});
    const killTimer = setTimeout(
      () => {
        if (this.#run === run)
          session.kill({ cause: "cancelled", detail: "the run was interrupted and did not stop" });
      },
      session.cage.canInterrupt ? INTERRUPT_GRACE_MS : KILL_GRACE_MS,
    );
    await run.settled;
    clearTimeout(killTimer);
    return { stateKept: session.isAlive };
  }

  /** Ends the sandbox now. A run in progress settles as cancelled; later calls are refused with `sandbox-killed`. */
  async kill(): Promise<void> {
    if (this.#isKilled) return;
    this.#isKilled = true;
    const session = await this.#session?.catch(() => undefined);
    session?.kill({ cause: "killed", detail: "the sandbox was killed" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  // -- cages ----------------------------------------------------------------------------------------------------------

  /** The tree a fresh sandbox starts with, standard directories included: what `diff()` compares with. */
  #startEntries: readonly WireTreeEntry[] | undefined;

  #openSession(): Promise<CageSession> {
    this.#refuseKilled();
    this.#session ??= this.#startSession().catch((error) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #startSession(): Promise<CageSession> {
    const cage = await this.#openCage({
      memoryBytes: this.limits.memoryBytes,
      fileBytes: this.limits.fileBytes,
      assetsUrl: this.#options.assetsUrl,
      onProgress: this.#options.onProgress,
    });
    if (this.#isKilled) cage.kill();
    const session = new CageSession(cage, (event) => this.#handleEvent(session, event));
    session.ended.then(() => {
      this.#session = undefined;
      this.#booted.clear();
    });
    try {
      const answer = await session.call("create", createAnswerSchema, {
        limits: this.limits,
        envs: this.#envs,
        entries: this.#image.entries(),
        readOnlyPaths: this.#readOnlyPaths,
      });
      this.#image.apply(answer.changes);
    } catch (error) {
      session.kill({ cause: "killed", detail: "the sandbox could not be created" });
      throw error;
    }
    this.#startEntries ??= this.#image.entries();
    return session;
  }

  async #ask<M extends keyof WorkerApi>(
    method: M,
    answer: v.GenericSchema<unknown, Answer<M>>,
    ...args: Parameters<WorkerApi[M]>
  ): Promise<Answer<M>> {
    const session = await this.#openSession();
    try {
      return await session.call(method, answer, ...args);
    } catch (error) {
      // A run that had to be killed took the cage with it while this waited: ask the next cage.
      const isOthersFault = error instanceof SandboxError && error.code === "cage-died" && !this.#isKilled;
      if (!isOthersFault) throw error;
      return (await this.#openSession()).call(method, answer, ...args);
    }
  }

  #keep<T>({ value, changes }: Changed<T>): T {
    this.#image.apply(changes);
    return value;
  }

  async #exportArchive(format: ArchiveFormat, path: string): Promise<Uint8Array> {
    return this.#ask("exportArchive", bytesSchema, format, parseGuestPath(path));
  }

  async #importArchive(format: ArchiveFormat, bytes: Uint8Array, path: string): Promise<FileInfo[]> {
    return this.#keep(
      await this.#ask("importArchive", changedSchema(fileInfosSchema), format, parseGuestPath(path), bytes),
    );
  }

  #refuseKilled(): void {
    if (this.#isKilled) {
      throw new SandboxError("The sandbox was killed", {
        code: "sandbox-killed",
        hint: "Create another one.",
      });
    }
  }

  // -- runs -----------------------------------------------------------------------------------------------------------

  async #execute(run: ParsedRun, options: RunOptions): Promise<Execution> {
    const recorder = new RunRecorder(options, this.#nowMs);
    if (options.signal?.aborted) return recorder.finish(neverStarted("cancelled"));
    this.#refuseKilled();
    this.#lastRunId += 1;
    const runId = this.#lastRunId;
    let settle = () => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const active: ActiveRun = { runId, recorder, options, settled, isCancelled: false };
    this.#run = active;
    this.#budget = new EventBudget(this.limits.outputBytes, this.#nowMs);
    const abort = () => void this.interrupt();
    options.signal?.addEventListener("abort", abort, { once: true });
    try {
      const execution = await this.#executeIn(run, active);
      if (recorder.callbackError) throw recorder.callbackError.error;
      return execution;
    } finally {
      options.signal?.removeEventListener("abort", abort);
      this.#run = undefined;
      this.#budget = new EventBudget(this.limits.outputBytes, this.#nowMs);
      settle();
    }
  }

  async #executeIn(run: ParsedRun, active: ActiveRun): Promise<Execution> {
    const { recorder, options } = active;
    recorder.trace("run-started", {
      language: run.language,
      filename: run.filename,
      timeoutMs: run.timeoutMs,
    });
    const session = await this.#openSession();
    if (this.#lossNotice) recorder.notices.push(this.#lossNotice);
    this.#lossNotice = undefined;
    let killTimer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.#boot(session, run.language, recorder, options);
      if (active.isCancelled) return recorder.finish(neverStarted("cancelled"));
      killTimer = setTimeout(
        () => session.kill({ cause: "timed-out", detail: `the run did not stop at its ${run.timeoutMs} ms` }),
        run.timeoutMs + KILL_GRACE_MS,
      );
      const answer = await session.call("run", runAnswerSchema, {
        runId: active.runId,
        contextId: run.contextId,
        language: run.language,
        code: run.code,
        filename: run.filename,
        args: run.args,
        envs: run.envs,
        cwd: run.cwd,
        stdin: run.stdin,
        limits: { timeoutMs: run.timeoutMs, outputBytes: this.limits.outputBytes },
        preopens: run.preopens,
      });
      clearTimeout(killTimer);
      this.#image.apply(answer.changes);
      if (answer.stateLost) this.#endAfterLoss(session, answer, recorder);
      return recorder.finish(answer);
    } catch (error) {
      clearTimeout(killTimer);
      if (session.isAlive) {
        const isViolation = error instanceof SandboxError && error.code === "protocol-violation";
        if (!isViolation) throw error;
        session.kill({ cause: "protocol-violation", detail: error.message });
      }
      return this.#finishAfterKill(await session.ended, recorder);
    }
  }

  async #boot(
    session: CageSession,
    language: Language,
    recorder: RunRecorder,
    options: RunOptions,
  ): Promise<void> {
    if (this.#booted.has(language)) return;
    const startMs = this.#nowMs();
    const onProgress = options.onProgress ?? this.#options.onProgress;
    const timer = setTimeout(
      () =>
        session.kill({
          cause: "died",
          detail: `${language} did not start within ${BOOT_TIMEOUT_MS / 1000} s`,
        }),
      BOOT_TIMEOUT_MS,
    );
    try {
      await session.cage.provide(ASSETS_BY_LANGUAGE[language], (progress) =>
        onProgress?.({ ...progress, message: `Loading ${language}` }),
      );
      const answer = await session.call("boot", bootAnswerSchema, language);
      this.#booted.add(language);
      if (!answer.booted) return;
      recorder.bootMs = Math.round((this.#nowMs() - startMs) * 1000) / 1000;
      recorder.fromSnapshot = answer.fromSnapshot;
      recorder.trace("boot", { language, ms: recorder.bootMs, note: answer.note ?? null });
    } finally {
      clearTimeout(timer);
    }
  }

  /** The run answered, but its interpreter is gone: its files are kept, its cage is not. */
  #endAfterLoss(session: CageSession, answer: RunAnswer, recorder: RunRecorder): void {
    session.kill({ cause: "died", detail: "the interpreter was lost" });
    const why =
      answer.status === "completed" || answer.status === "failed"
        ? "ended the interpreter"
        : statusWords(answer.status);
    recorder.notices.push({
      code: "state-lost",
      message: `The run ${why}. Variables and imports are lost; files are kept.`,
    });
    this.#lossNotice = {
      code: "state-lost",
      message: `The run before this one ${why}. This one started without its variables and imports; files are kept.`,
    };
  }

  /** The cage is gone with the run in it: only the host knows how that came. */
  #finishAfterKill(end: SessionEnd, recorder: RunRecorder): Execution {
    const { status, exitCode } = EXIT_CODES[end.cause];
    const why = statusWords(status);
    recorder.notices.push(
      {
        code: "state-lost",
        message: `The run ${why} and its cage was ended: ${end.detail}. Variables and imports are lost.`,
      },
      { code: "files-rolled-back", message: "Files are as they were before this run." },
    );
    this.#lossNotice = {
      code: "state-lost",
      message: `The run before this one ${why} and its cage was ended. This one started in a fresh one, with the files of the last completed work.`,
    };
    const error =
      status === "crashed" ? { error: { name: "CageDied", value: end.detail, traceback: "" } } : {};
    return recorder.finish({ ...neverStarted(status), exitCode, ...error });
  }

  // -- events ---------------------------------------------------------------------------------------------------------

  #handleEvent(session: CageSession, event: CageEvent): void {
    const breach = this.#budget.charge(event);
    if (breach) return session.kill({ cause: breach, detail: "the cage sent more than it may" });
    if (event.type === "files-changed") return this.#tellWatchers(event.changes);
    // Nothing else is owed to a cage that talks between runs.
    const run = this.#run;
    if (!run) return;
    if (event.type === "progress") {
      return (run.options.onProgress ?? this.#options.onProgress)?.({ message: event.message });
    }
    if (event.runId !== run.runId) return;
    if (event.type === "output") run.recorder.output(event);
    else if (event.type === "result") run.recorder.result(event);
    else this.#answerInput(session, run, event.requestId);
  }

  #tellWatchers(changes: readonly WatchEvent[]): void {
    for (const watcher of [...this.#watchers]) for (const change of changes) watcher(change);
  }

  async #answerInput(session: CageSession, run: ActiveRun, requestId: number): Promise<void> {
    const { stdin } = run.options;
    run.recorder.trace("input", { requestId });
    let bytes: Uint8Array | null = null;
    try {
      if (typeof stdin === "function") bytes = encodeStdinChunk(await stdin());
    } catch (error) {
      run.recorder.callbackError ??= { error };
    }
    if (session.isAlive) await session.call("provideInput", nullSchema, requestId, bytes).catch(() => {});
  }
}

function neverStarted(status: ExecutionStatus) {
  return { status, exitCode: 130, artifacts: [], usage: {}, executionCount: 0 };
}

function statusWords(status: ExecutionStatus): string {
  const words: Partial<Record<ExecutionStatus, string>> = {
    "timed-out": "timed out",
    "out-of-memory": "ran out of memory",
    "output-limit": "printed more than its limit",
    "file-limit": "stored more than its limit",
    cancelled: "was stopped",
    crashed: "crashed",
  };
  return words[status] ?? status;
}

function refuseUnknownPermissions(permissions: unknown): void {
  const keys = Object.keys(permissions ?? {});
  if (keys.length === 0) return;
  throw new SandboxError(`The permission "${keys[0]}" is not yet available`, {
    code: "invalid-argument",
    hint: "Nothing beyond files, environment and stdin can be granted yet.",
  });
}
