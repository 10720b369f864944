import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import { type Limits, parseLimits } from "../policy/limits.ts";
import { parseGuestPath } from "../policy/paths.ts";
import type { ArchiveFormat, FileInfo } from "../protocol/api.ts";
import { ASSETS_BY_LANGUAGE } from "../protocol/assets.ts";
import { bytesSchema, changedSchema, fileInfosSchema } from "../protocol/schema.ts";
import { CageKeeper } from "./cage-keeper.ts";
import type { EntrySource } from "./entry-tree.ts";
import type { Execution } from "./execution.ts";
import { diffEntries, entriesFromFiles } from "./file-image.ts";
import { Files } from "./files.ts";
import type { SandboxHost } from "./host.ts";
import type {
  Context,
  CreateOptions,
  DiffEntry,
  Progress,
  RunOptions,
  SpareOptions,
  StartInfo,
} from "./options.ts";
import { parseEnvs, parseFiles, parseLanguage, parseRun, refuseUnknownOptions } from "./parse-options.ts";
import { Runner } from "./runner.ts";
import { Snapshot } from "./snapshot.ts";
import { type SpareKind, SparePool } from "./spares.ts";

/**
 * A place to run code that nobody here wrote. It starts from nothing: no files, no network, no environment but what is
 * given. Runs queue one after another; variables persist between runs of one context. When a cage has to be killed, the
 * next call opens another one with the files of the last completed work.
 *
 * This is the host-free part; `Sandbox` of the entry point in use is this with its host's cage.
 */
export class SandboxCore {
  /** @internal Where cages come from; each host's entry point sets its own. */
  static readonly host: SandboxHost = {
    openCage() {
      throw new SandboxError("This build of the library has no host", {
        code: "cage-unavailable",
        hint: 'Import Sandbox from "sandglass": the package names the entry for a browser or a server.',
      });
    },
    spareTime: { whenIdle: () => () => {}, hasMemory: () => false, watch: () => () => {} },
  };

  /**
   * Opens a sandbox. It holds nothing but what the options give it.
   *
   * @throws {SandboxError} `cage-unavailable` where none can be opened, `invalid-argument` for a wrong option,
   *   `file-limit` when the files do not fit.
   */
  static async create(options: CreateOptions = {}): Promise<SandboxCore> {
    return new this(options).#open();
  }

  /**
   * Keeps cages ready, so that the next `create` with the same language, limits and `assetsUrl` takes milliseconds: each
   * with its language started, used by one sandbox, and replaced when there is time. Resolves when they wait. They are
   * given up when memory is short or the tab is hidden, and keep no process alive. One, when `spares` is left out.
   *
   * @throws {SandboxError} `invalid-argument` for `spares` outside 0 to 16; `cage-unavailable` and what else opening one
   *   ends with.
   */
  static async prepare(options: SpareOptions = {}): Promise<void> {
    refuseUnknownOptions("prepare", options);
    const kind = kindOf(options);
    const { download = true, spares = 1 } = options;
    if (typeof download !== "boolean") {
      throw new SandboxError(`download is ${String(download)}; it must be true or false`, {
        code: "invalid-argument",
        hint: "False keeps a spare only where nothing has to be loaded for it.",
      });
    }
    // biome-ignore lint/complexity/noThisInStatic: each host's entry point is a subclass with a host of its own.
    const { host } = this;
    const isAtHand = () => host.isAtHand?.(ASSETS_BY_LANGUAGE[kind.language], kind.assetsUrl) ?? true;
    if (!download && !(await isAtHand())) return;
    const pool = poolOf(host);
    pool.keep(kind, spares);
    await pool.fill(kind);
  }

  /**
   * Opens a sandbox with the files of a snapshot, taken on any host.
   *
   * @throws {SandboxError} `invalid-argument` for what is no `Snapshot`; otherwise as `create`.
   */
  static async restore(snapshot: Snapshot, options: Omit<CreateOptions, "files"> = {}): Promise<SandboxCore> {
    if (!(snapshot instanceof Snapshot)) {
      throw new SandboxError("restore was given no Snapshot", {
        code: "invalid-argument",
        hint: "One comes from sandbox.snapshot(), Snapshot.parse(bytes), or a store's load(), which gives undefined for an unknown name.",
      });
    }
    if ("files" in options) {
      throw new SandboxError("restore has no option files: the snapshot's are the files", {
        code: "invalid-argument",
        hint: "Write more with sandbox.files once it is open.",
      });
    }
    return new this(options, snapshot.tree).#open();
  }

  /** 32 hexadecimal digits, random. */
  readonly id: string = createId();
  readonly language: Language;
  readonly limits: Readonly<Limits>;
  /** The files; see `Files`. */
  readonly files: Files;

  readonly #options: CreateOptions;
  readonly #keeper: CageKeeper;
  readonly #runner: Runner;
  #contextCount = 0;

  /**
   * @internal
   * @param isKnownToFit - The entries have been in a sandbox with the same options.
   */
  constructor(options: CreateOptions, entries?: EntrySource, isKnownToFit = false) {
    refuseUnknownOptions("create", options);
    refuseUnknownPermissions(options.permissions);
    this.#options = options;
    this.language = parseLanguage(options.language ?? "python");
    this.limits = parseLimits(options.limits);
    const { host } = this.constructor as typeof SandboxCore;
    const spares = poolOf(host);
    if (options.spares !== undefined) spares.keep(kindOf(options), options.spares);
    const readOnlyPaths = (options.readOnlyPaths ?? []).map(parseGuestPath);
    const given = entries ?? entriesFromFiles(parseFiles(options.files), BigInt(Date.now()) * 1_000_000n);
    const isEmpty = Array.isArray(given) && given.length === 0;
    this.#keeper = new CageKeeper({
      host,
      spares,
      limits: this.limits,
      language: this.language,
      startsAtOnce: options.start ?? options.language !== undefined,
      envs: parseEnvs(options.envs),
      readOnlyPaths,
      assetsUrl: options.assetsUrl,
      entries: given,
      isKnownToFit: (isKnownToFit || isEmpty) && readOnlyPaths.length === 0,
      onProgress: options.onProgress,
      onEvent: (session, event) => this.#runner.handleEvent(session, event),
    });
    this.#runner = new Runner(this.#keeper, this.limits, options.onProgress, (isBusy) =>
      spares.noteBusy(isBusy),
    );
    this.files = new Files({
      ask: (method, answer, ...args) => this.#keeper.ask(method, answer, ...args),
      keep: (changed) => this.#keeper.keep(changed),
      watch: (listener) => this.#runner.watch(listener),
    });
  }

  /** Opens the first cage, so that `create` fails where there can be none, and so that it can be given up meanwhile. */
  async #open(): Promise<this> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const giveUp = () => void this.#keeper.kill();
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      await this.#keeper.open();
      signal?.throwIfAborted();
      return this;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  get isRunning(): boolean {
    return this.#runner.isRunning;
  }

  /**
   * Runs code to its end, after the runs that were asked for before. Never throws for anything the guest does.
   *
   * @param code - Source text, or the bytes of a module when the language is `wasi`.
   * @throws {SandboxError} `invalid-argument` and the like before anything starts; `cage-unavailable`; `sandbox-killed`.
   */
  async runCode(code: string | Uint8Array, options: RunOptions = {}): Promise<Execution> {
    this.#keeper.refuseKilled();
    const defaults = { language: this.language, timeoutMs: this.limits.timeoutMs };
    return this.#runner.run(parseRun(code, options, defaults), options);
  }

  /**
   * Starts a language now rather than with its first run, so that the run finds it there. At once when it runs already.
   *
   * @returns how long it took, and whether the language came from its memory snapshot (and if not, why).
   * @throws {SandboxError} `unsupported-language`, `invalid-argument` where a limit is below what the language needs.
   */
  async start(
    language: Language = this.language,
    { onProgress }: { onProgress?: (progress: Progress) => void } = {},
  ): Promise<StartInfo> {
    const boot = await this.#keeper.start(parseLanguage(language), onProgress);
    return {
      bootMs: boot.booted ? boot.ms : 0,
      ...(boot.fromSnapshot === undefined ? {} : { fromSnapshot: boot.fromSnapshot }),
      ...(boot.note === undefined ? {} : { note: boot.note }),
    };
  }

  /**
   * Back to the files the sandbox started with and to fresh interpreters, after the runs that were asked for before: in
   * milliseconds, in place. Between runs of one trust domain only: code that broke out of its interpreter is still there.
   * For somebody else's code take another sandbox.
   *
   * @returns `inPlace` false when it could not be done in place and another cage was opened instead.
   */
  async reset(): Promise<{ inPlace: boolean }> {
    this.#keeper.refuseKilled();
    return { inPlace: await this.#runner.reset() };
  }

  /** A second set of variables, kept apart from the default one. Files are shared. */
  async createContext({ language }: { language?: Language } = {}): Promise<Context> {
    this.#keeper.refuseKilled();
    this.#contextCount += 1;
    return { id: `context-${this.#contextCount}`, language: parseLanguage(language ?? this.language) };
  }

  /** The files as they were after the last completed work. */
  async snapshot(): Promise<Snapshot> {
    await this.#keeper.settled();
    return new Snapshot(this.#keeper.image.tree);
  }

  /** A second sandbox with the same options and the present files; variables are not carried over. */
  async fork(): Promise<SandboxCore> {
    this.#keeper.refuseKilled();
    await this.#keeper.settled();
    const { files: _files, ...options } = this.#options;
    const Class = this.constructor as typeof SandboxCore;
    return new Class(options, this.#keeper.image.tree, true).#open();
  }

  /** What is different from a snapshot, or from the files the sandbox started with; /tmp is left out. */
  async diff(snapshot?: Snapshot): Promise<DiffEntry[]> {
    await this.#keeper.settled();
    const before = snapshot?.tree ?? this.#keeper.startTree;
    return diffEntries(before, this.#keeper.image.tree).filter(({ path }) => !path.startsWith("/tmp/"));
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
   * @throws {SandboxError} `invalid-archive` naming the entry that is refused, or the numbers when it does not fit.
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
  interrupt(): Promise<{ stateKept: boolean }> {
    return this.#runner.interrupt();
  }

  /** Ends the sandbox now. A run in progress settles as cancelled; later calls are refused with `sandbox-killed`. */
  kill(): Promise<void> {
    return this.#keeper.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #exportArchive(format: ArchiveFormat, path: string): Promise<Uint8Array> {
    return this.#keeper.ask("exportArchive", bytesSchema, format, parseGuestPath(path));
  }

  async #importArchive(format: ArchiveFormat, bytes: Uint8Array, path: string): Promise<FileInfo[]> {
    const schema = changedSchema(fileInfosSchema);
    return this.#keeper.keep(
      await this.#keeper.ask("importArchive", schema, format, parseGuestPath(path), bytes),
    );
  }
}

/** `crypto.randomUUID` exists in secure contexts only; a page on a local network may not be one. */
function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One pool for each host, whatever class its sandboxes are of. */
const pools = new WeakMap<SandboxHost, SparePool>();

function poolOf(host: SandboxHost): SparePool {
  const pool = pools.get(host) ?? new SparePool(host);
  pools.set(host, pool);
  return pool;
}

function kindOf({ language = "python", limits, assetsUrl }: SpareOptions): SpareKind {
  const { memoryBytes, fileBytes } = parseLimits(limits);
  return { memoryBytes, fileBytes, assetsUrl, language: parseLanguage(language) };
}

function refuseUnknownPermissions(permissions: unknown): void {
  const keys = Object.keys(permissions ?? {});
  if (keys.length === 0) return;
  throw new SandboxError(`The permission "${keys[0]}" is not yet available`, {
    code: "invalid-argument",
    hint: "Nothing beyond files, environment and stdin can be granted yet.",
  });
}
