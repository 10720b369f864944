import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { MemoryImage } from "../memory-image.ts";
import type { RunIo, RuntimeHost, RuntimeOutcome, RuntimeRun } from "../runtime.ts";
import { createEngine, type Engine, type EngineAddresses } from "./engine.ts";
import { GuestFiles } from "./fs-calls.ts";
import { Ended, GuestRun } from "./guest-run.ts";
import { GuestSources } from "./guest-sources.ts";
import type { HostCalls } from "./host-calls.ts";
import { GuestLink, type LinkAddresses } from "./link.ts";
import { ModuleFiles } from "./modules.ts";
import { joinPath } from "./paths.ts";
import { RunState } from "./run-state.ts";
import { SourceError } from "./source-error.ts";
import { TEXT_CALLS, URL_CALLS } from "./text-calls.ts";
import { type Prepared, prepareMain } from "./transform.ts";
import type { Stripped, TypeStripper } from "./typescript.ts";

/** What the bootstrap leaves a guest at least, whatever its limit: enough to fail in order. */
const MIN_FREE_BYTES = 512 * 1024;
/** Most random bytes of one request. */
const MAX_RANDOM_BYTES = 2 ** 24;
/** How argv[0] reads: the program's own name stands behind it. */
const ARGV0 = "javascript";

/** What the host has to know of a context whose memory it has. */
export interface ContextAddresses {
  engine: EngineAddresses;
  link: LinkAddresses;
  /** Names of what each module of ours exports. */
  builtins: Record<string, string[]>;
}

/** A context that has just started. */
export interface ContextImage {
  memory: MemoryImage;
  addresses: ContextAddresses;
}

/** One set of variables: an engine of its own, with what its runs left in it. */
export class GuestContext {
  readonly #host: RuntimeHost;
  readonly #engine: Engine;
  readonly #files: GuestFiles;
  readonly #modules: ModuleFiles;
  readonly #sources: GuestSources;
  readonly #link: GuestLink;
  readonly #builtins: Record<string, string[]>;
  readonly #stripper: () => TypeStripper | undefined;
  readonly #encoder = new TextEncoder();
  #state: RunState | undefined;

  /** Starts an engine and installs the bootstrap in it; or has both from an image. */
  static async create(
    host: RuntimeHost,
    module: WebAssembly.Module,
    stripper: () => TypeStripper | undefined,
    image?: ContextImage,
  ): Promise<GuestContext> {
    let context: GuestContext | undefined;
    const engine = await createEngine(
      module,
      {
        memoryBytes: host.limits.memoryBytes,
        nowMs: () => Number(host.nowNs() / 1_000_000n),
        onRejection: (rejection) => {
          const state = context === undefined ? undefined : context.#state;
          if (state) state.noteRejection(rejection);
          else rejection.reason?.dispose();
        },
      },
      image && { memory: image.memory, addresses: image.addresses.engine },
    );
    context = new GuestContext(host, engine, stripper, image?.addresses);
    return context;
  }

  private constructor(
    host: RuntimeHost,
    engine: Engine,
    stripper: () => TypeStripper | undefined,
    addresses: ContextAddresses | undefined,
  ) {
    this.#host = host;
    this.#engine = engine;
    this.#stripper = stripper;
    this.#files = new GuestFiles(host.vfs, (target) => host.random(target));
    engine.runtime.setInterruptHandler(() => this.#state?.shouldEnd() ?? false);
    const handlers = {
      findCall: this.#callFinder(),
      write: (stream: "stdout" | "stderr", text: string) =>
        this.#state?.io.write(stream, this.#encoder.encode(text)),
      evaluate: (kind: string, name: string, text: string) =>
        this.#sources.evaluate(kind, name, text, () => this.#state?.forgetLastRejection()),
      onHostError: (error: unknown) => {
        if (this.#state) this.#state.hostError ??= error;
      },
    };
    this.#link = new GuestLink(engine, handlers, addresses?.link);
    this.#builtins =
      addresses?.builtins ??
      (JSON.parse(this.#link.callForText("builtinNames") ?? "{}") as Record<string, string[]>);
    this.#modules = new ModuleFiles(host.vfs, () => this.#requireStripper(), this.#builtins);
    this.#sources = new GuestSources(host.vfs, engine.context, this.#modules, () => this.#files.cwd);
    engine.runtime.setMemoryLimit(Math.max(host.limits.memoryBytes, this.#usedBytes() + MIN_FREE_BYTES));
  }

  /** For an image of this context, before anything ran in it: its memory and what the host has to know of it. */
  capture(): { memory: Uint8Array<ArrayBuffer>; addresses: ContextAddresses } {
    const { memory, addresses } = this.#engine;
    return {
      memory: new Uint8Array(memory.buffer.slice(0)),
      addresses: { engine: addresses, link: this.#link.addresses, builtins: this.#builtins },
    };
  }

  /** Runs one program to its end. Never rejects for anything the guest did. */
  async run(run: RuntimeRun, io: RunIo): Promise<RuntimeOutcome> {
    const state = new RunState(io);
    this.#state = state;
    const guestRun = new GuestRun({
      engine: this.#engine,
      link: this.#link,
      sources: this.#sources,
      state,
      memoryBytes: this.#host.limits.memoryBytes,
      nowMs: () => this.#nowMs(),
      usedBytes: () => this.#usedBytes(),
    });
    let outcome: RuntimeOutcome;
    try {
      outcome = await this.#runToEnd(run, guestRun, state);
    } catch (error) {
      outcome = error instanceof Ended ? error.outcome : guestRun.crash(error);
    }
    io.flush();
    if (!outcome.stateLost) this.#clear(state);
    this.#state = undefined;
    return { ...outcome, memoryBytes: this.#engine.memoryBytes() };
  }

  async #runToEnd(run: RuntimeRun, guestRun: GuestRun, state: RunState): Promise<RuntimeOutcome> {
    this.#files.begin(run.cwd);
    const isFresh = this.#sources.beginRun();
    const source = typeof run.code === "string" ? run.code : new TextDecoder().decode(run.code);
    let prepared: Prepared;
    let stripped: Stripped | undefined;
    try {
      if (run.language === "typescript") stripped = this.#requireStripper().strip(source, run.filename);
      const isKnownValue = stripped ? this.#modules.isKnownValue : undefined;
      prepared = prepareMain(stripped?.code ?? source, run.filename, isKnownValue);
      this.#sources.checkImports(prepared, stripped?.originalPosition, run.filename);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      guestRun.failSource(error, source);
    }
    const { edits } = prepared;
    const entry = { file: run.filename, edits, originalPosition: stripped?.originalPosition };
    const name = this.#sources.addProgram(source, entry);
    const filename = joinPath(run.cwd, run.filename);
    const argv = [ARGV0, filename, ...run.args];
    const config = {
      argv,
      env: { ...run.envs },
      isInteractive: state.io.isStdinInteractive,
      isTerminal: state.io.isStdinTerminal,
      isFresh,
      filename,
    };
    state.timers.setNow(this.#nowMs());
    guestRun.call("begin", JSON.stringify(config));
    const main = this.#start(prepared, name, guestRun);
    try {
      await guestRun.loop(main);
    } finally {
      main.dispose();
    }
    guestRun.call("showMainResult");
    const exitCode = guestRun.callNumber("finishRun");
    guestRun.checkEnd();
    return { ended: "exited", exitCode };
  }

  /** Evaluates the program up to its first wait; the handle is its promise (or its namespace, when it had none). */
  #start(prepared: Prepared, name: string, guestRun: GuestRun): QuickJSHandle {
    const { context } = this.#engine;
    if (prepared.kind === "module")
      return guestRun.take(context.evalCode(prepared.text, name, { type: "module" }));
    const program = guestRun.take(context.evalCode(prepared.text, name, { type: "global" }));
    const started = context.callFunction(program, context.undefined);
    program.dispose();
    return guestRun.take(started);
  }

  /** Forgets what the run left pending. */
  #clear(state: RunState): void {
    try {
      this.#engine.dropJobs();
      for (let reason = state.takeRejection(); reason; reason = state.takeRejection()) reason.dispose();
      this.#files.closeAll();
      this.#state = undefined;
      const { value, error } = this.#link.call("drop");
      value?.dispose();
      error?.dispose();
    } catch {
      // A context that cannot even be cleared shows it in its next run.
    }
  }

  /** Finds a request by its name: the context's own, or the present run's. */
  #callFinder(): (name: string) => HostCalls[string] | undefined {
    const calls: HostCalls = { ...this.#ownCalls(), ...TEXT_CALLS, ...URL_CALLS, ...this.#files.calls };
    const find = (from: HostCalls | undefined, name: string) =>
      from && Object.hasOwn(from, name) ? from[name] : undefined;
    return (name) => find(calls, name) ?? find(this.#state?.calls, name) ?? find(this.#sources.calls, name);
  }

  #ownCalls(): HostCalls {
    const host = this.#host;
    const startNs = host.monotonicNs();
    const nowMs = () => Number(host.nowNs() / 1_000_000n);
    const elapsedMs = () => Number(host.monotonicNs() - startNs) / 1e6;
    return {
      "clock.monotonic": elapsedMs,
      "clock.monotonicNs": () => {
        const ns = host.monotonicNs();
        return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
      },
      "clock.now": nowMs,
      "clock.origin": () => nowMs() - elapsedMs(),
      random: (args) => host.random(new Uint8Array(Math.min(args.size(0), MAX_RANDOM_BYTES))),
      "process.memory": () => ({
        heapUsed: this.#usedBytes(),
        heapTotal: this.#engine.memoryBytes(),
        limit: host.limits.memoryBytes,
      }),
    };
  }

  #requireStripper(): TypeStripper {
    const stripper = this.#stripper();
    if (!stripper) throw new SourceError("TypeScript is not available here", "", 1, 1);
    return stripper;
  }

  /** Bytes the engine has given out to the guest. */
  #usedBytes(): number {
    const { context, runtime } = this.#engine;
    return runtime
      .computeMemoryUsage()
      .consume((usage) => context.getProp(usage, "memory_used_size"))
      .consume((size) => context.getNumber(size));
  }

  #nowMs(): number {
    return Number(this.#host.monotonicNs() / 1000n) / 1000;
  }
}
