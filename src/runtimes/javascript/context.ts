import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { RunIo, RuntimeHost, RuntimeOutcome, RuntimeRun } from "../runtime.ts";
import { toMimeBundle } from "./bundles.ts";
import { createEngine, type Engine, EngineOutOfMemory } from "./engine.ts";
import { GuestFiles } from "./fs-calls.ts";
import type { HostCalls } from "./host-calls.ts";
import { GuestLink } from "./link.ts";
import { type LoadedFile, ModuleError, ModuleFiles } from "./modules.ts";
import { joinPath } from "./paths.ts";
import {
  type Described,
  describeSourceError,
  excerpt,
  firstFrame,
  toDescribed,
  toGuestError,
  UNDESCRIBED,
  uncaughtText,
} from "./report.ts";
import { RunState } from "./run-state.ts";
import { SourceError } from "./source-error.ts";
import type { OriginalPosition } from "./source-map.ts";
import { TEXT_CALLS, URL_CALLS } from "./text-calls.ts";
import { type Prepared, prepareMain } from "./transform.ts";
import type { Stripped, TypeStripper } from "./typescript.ts";

/** Jobs (promise reactions) run before looking whether the run should end. */
const JOBS_PER_SLICE = 256;
/** Longest the loop goes on without letting the worker hear its messages. */
const MAX_TURN_MS = 50;
/** What the bootstrap leaves a guest at least, whatever its limit: enough to fail in order. */
const MIN_FREE_BYTES = 512 * 1024;
/** Node's exit code for a top-level await that nothing will ever settle. */
const UNSETTLED_EXIT_CODE = 13;
const OUT_OF_MEMORY_EXIT_CODE = 137;
const CRASH_EXIT_CODE = 134;
/** How argv[0] reads, and where the program's own name stands behind it. */
const ARGV0 = "javascript";

/** Thrown inside the run to end it; carries how. */
class Ended {
  readonly outcome: RuntimeOutcome;
  constructor(outcome: RuntimeOutcome) {
    this.outcome = outcome;
  }
}

/** One set of variables: an engine of its own, with what its runs left in it. */
export class GuestContext {
  readonly #host: RuntimeHost;
  readonly #engine: Engine;
  readonly #files: GuestFiles;
  readonly #modules: ModuleFiles;
  readonly #link: GuestLink;
  readonly #stripper: () => TypeStripper | undefined;
  readonly #encoder = new TextEncoder();
  /** Program texts by the name they were evaluated under. */
  readonly #programs = new Map<string, string>();
  /** Real file and insertions of everything evaluated, by the name the engine knows it by. */
  readonly #sources = new Map<
    string,
    Pick<LoadedFile, "file" | "edits" | "isInternal" | "originalPosition">
  >();
  #programCount = 0;
  #state: RunState | undefined;
  /** The last uncaught value, as the guest's side described it. */
  #described: Described | undefined;

  /** Starts an engine and installs the bootstrap in it. */
  static async create(
    host: RuntimeHost,
    module: WebAssembly.Module,
    stripper: () => TypeStripper | undefined,
  ): Promise<GuestContext> {
    let context: GuestContext | undefined;
    const engine = await createEngine(module, {
      memoryBytes: host.limits.memoryBytes,
      nowMs: () => Number(host.nowNs() / 1_000_000n),
      onRejection: (rejection) => {
        const state = context === undefined ? undefined : context.#state;
        if (state) state.noteRejection(rejection);
        else rejection.reason?.dispose();
      },
    });
    context = new GuestContext(host, engine, stripper);
    return context;
  }

  private constructor(host: RuntimeHost, engine: Engine, stripper: () => TypeStripper | undefined) {
    this.#host = host;
    this.#engine = engine;
    this.#stripper = stripper;
    this.#files = new GuestFiles(host.vfs, (target) => host.random(target));
    engine.runtime.setInterruptHandler(() => this.#state?.shouldEnd() ?? false);
    this.#link = new GuestLink(engine.context, {
      calls: this.#calls(),
      write: (stream, text) => this.#state?.io.write(stream, this.#encoder.encode(text)),
      evaluate: (kind, name, text) => this.#evaluateFile(kind, name, text),
      onHostError: (error) => {
        if (this.#state) this.#state.hostError ??= error;
      },
    });
    this.#modules = new ModuleFiles(host.vfs, () => this.#requireStripper(), this.#builtinNames());
    engine.runtime.setModuleLoader(
      (name) => this.#loadModule(name),
      (base, specifier) => this.#moduleName(base, specifier),
    );
    const used = this.#usedBytes();
    engine.runtime.setMemoryLimit(Math.max(host.limits.memoryBytes, used + MIN_FREE_BYTES));
  }

  /** Runs one program to its end. Never rejects for anything the guest did. */
  async run(run: RuntimeRun, io: RunIo): Promise<RuntimeOutcome> {
    const state = new RunState(io);
    this.#state = state;
    this.#unparsed = [];
    let outcome: RuntimeOutcome;
    try {
      outcome = await this.#runToEnd(run, state);
    } catch (error) {
      outcome = error instanceof Ended ? error.outcome : this.#crash(error);
    } finally {
      io.flush();
    }
    if (!outcome.stateLost) this.#clear(state);
    this.#state = undefined;
    return { ...outcome, memoryBytes: this.#engine.memoryBytes() };
  }

  async #runToEnd(run: RuntimeRun, state: RunState): Promise<RuntimeOutcome> {
    const file = run.filename;
    const source = typeof run.code === "string" ? run.code : new TextDecoder().decode(run.code);
    let prepared: Prepared;
    let stripped: Stripped | undefined;
    try {
      stripped = run.language === "typescript" ? this.#requireStripper().strip(source, file) : undefined;
      prepared = stripped
        ? prepareMain(stripped.code, file, this.#modules.isKnownValue)
        : prepareMain(source, file);
      this.#checkImports(prepared, stripped?.originalPosition, file, run.cwd);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      throw this.#failSource(error, source);
    }
    const name = this.#nameProgram(file, source);
    this.#sources.set(name, { file, edits: prepared.edits, originalPosition: stripped?.originalPosition });
    this.#begin(run);
    const main = this.#start(prepared, name);
    try {
      await this.#loop(main, state);
      this.#emitMainResult(state);
    } finally {
      main.dispose();
    }
    const code = this.#callNumber("finishRun");
    this.#checkEnd(state);
    return { ended: "exited", exitCode: code };
  }

  /** A name of the program's own: stack frames of an earlier program of the same file must not be mixed up with it. */
  #nameProgram(file: string, source: string): string {
    this.#programCount++;
    const name =
      this.#programs.has(file) && this.#programs.get(file) !== source
        ? `${file}?run${this.#programCount}`
        : file;
    this.#programs.set(name, source);
    return name;
  }

  #begin(run: RuntimeRun): void {
    this.#files.begin(run.cwd);
    const filename = joinPath(run.cwd, run.filename);
    const config = {
      argv: [ARGV0, filename, ...run.args],
      env: { ...run.envs },
      isInteractive: this.#state!.io.isStdinInteractive,
      isFresh: this.#modules.beginRun(),
      filename,
    };
    this.#state!.timers.setNow(this.#monotonicMs());
    this.#call("begin", JSON.stringify(config));
  }

  /** Evaluates the program up to its first wait; the handle is its promise (or its namespace, when it had none). */
  #start(prepared: Prepared, name: string): QuickJSHandle {
    const { context } = this.#engine;
    const isModule = prepared.kind === "module";
    const evaluated = context.evalCode(prepared.text, name, {
      type: isModule ? "module" : "global",
      strict: isModule,
    });
    const value = this.#take(evaluated);
    if (isModule) return value;
    const result = context.callFunction(value, context.undefined);
    value.dispose();
    return this.#take(result);
  }

  /** Turns until nothing can happen any more: ticks, jobs, timers, immediates, answers, then a wait. */
  async #loop(main: QuickJSHandle, state: RunState): Promise<void> {
    let turnStart = performance.now();
    const breathe = async (): Promise<void> => {
      this.#checkEnd(state);
      if (performance.now() - turnStart < MAX_TURN_MS) return;
      state.io.flush();
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnStart = performance.now();
      this.#checkEnd(state);
    };
    this.#checkMain(main, state);
    for (;;) {
      await this.#settleJobs(main, state, breathe);
      state.timers.setNow(this.#monotonicMs());
      let hasWorked = false;
      for (const id of state.timers.due()) {
        if (!state.timers.take(id)) continue;
        hasWorked = true;
        this.#call("fire", id);
        await this.#settleJobs(main, state, breathe);
      }
      for (const id of state.timers.takeImmediates()) {
        hasWorked = true;
        this.#call("fire", id);
        await this.#settleJobs(main, state, breathe);
      }
      for (let next = state.answers.shift(); next !== undefined; next = state.answers.shift()) {
        hasWorked = true;
        const answer = this.#link.toHandle(next[1]);
        this.#call("settle", next[0], answer);
        answer.dispose();
        await this.#settleJobs(main, state, breathe);
      }
      await breathe();
      if (hasWorked || state.timers.hasImmediates) continue;
      const delayMs = state.timers.nextDelayMs;
      if (delayMs === undefined && !state.isWaiting) break;
      const until = delayMs === undefined ? undefined : this.#monotonicMs() + delayMs;
      await state.sleep(delayMs);
      turnStart = performance.now();
      // A clock that stands still, as in a repeatable run, must not keep a timer from ever being due.
      if (until !== undefined && state.answers.length === 0) state.timers.setNow(until);
      this.#checkEnd(state);
    }
    this.#checkSettled(main, state);
  }

  /** Runs ticks and jobs until there are none; then nothing rejected may be left unhandled. */
  async #settleJobs(main: QuickJSHandle, state: RunState, breathe: () => Promise<void>): Promise<void> {
    const { runtime } = this.#engine;
    for (;;) {
      if (state.hasTicks) {
        state.hasTicks = false;
        this.#call("runTicks");
      } else if (runtime.hasPendingJob()) {
        const done = runtime.executePendingJobs(JOBS_PER_SLICE);
        if (done.error) this.#fail(done.error);
        done.dispose();
      } else break;
      await breathe();
    }
    this.#checkMain(main, state);
    for (let reason = state.takeRejection(); reason !== undefined; reason = state.takeRejection()) {
      if (!this.#isTold("unhandledRejection", reason)) this.#fail(reason);
    }
  }

  /** Whether the guest listens to a process event, and has been told. */
  #isTold(event: string, value: QuickJSHandle): boolean {
    const { context } = this.#engine;
    const name = context.newString(event);
    const { value: told, error } = this.#link.call("emitProcess", name, value);
    name.dispose();
    if (error) this.#fail(error);
    const isTold = context.dump(told!) === true;
    told!.dispose();
    if (isTold) value.dispose();
    return isTold;
  }

  #checkMain(main: QuickJSHandle, state: RunState): void {
    const found = this.#engine.context.getPromiseState(main);
    if (found.type === "rejected") this.#fail(found.error);
    if (found.type === "fulfilled" && !found.notAPromise) found.value.dispose();
    this.#checkEnd(state);
  }

  #checkSettled(main: QuickJSHandle, state: RunState): void {
    const found = this.#engine.context.getPromiseState(main);
    if (found.type === "fulfilled" && !found.notAPromise) found.value.dispose();
    if (found.type !== "pending") return;
    this.#print(state, "Warning: Detected unsettled top-level await\n");
    throw new Ended({ ended: "exited", exitCode: UNSETTLED_EXIT_CODE });
  }

  #emitMainResult(state: RunState): void {
    const { value, error } = this.#link.call("showMainResult");
    value?.dispose();
    error?.dispose();
    this.#checkEnd(state);
  }

  // -- calls into the guest -----------------------------------------------------------------------------------------

  #call(name: Parameters<GuestLink["call"]>[0], ...args: (string | number | QuickJSHandle)[]): void {
    const { context } = this.#engine;
    const handles = args.map((arg) =>
      typeof arg === "string"
        ? context.newString(arg)
        : typeof arg === "number"
          ? context.newNumber(arg)
          : arg,
    );
    const { value, error } = this.#link.call(name, ...handles);
    for (const [i, handle] of handles.entries()) if (handle !== args[i]) handle.dispose();
    value?.dispose();
    if (error) this.#fail(error);
    if (this.#state) this.#checkEnd(this.#state);
  }

  #callNumber(name: Parameters<GuestLink["call"]>[0]): number {
    const { value, error } = this.#link.call(name);
    if (error) this.#fail(error);
    const number = this.#engine.context.getNumber(value!);
    value!.dispose();
    return number;
  }

  #take(result: { error?: QuickJSHandle | undefined; value?: QuickJSHandle }): QuickJSHandle {
    if (result.error) this.#fail(result.error);
    return result.value!;
  }

  // -- ends ---------------------------------------------------------------------------------------------------------

  /** Ends the run when something other than an exception says so. */
  #checkEnd(state: RunState): void {
    if (state.hostError !== undefined) throw this.#endByHost(state.hostError);
    if (state.exitCode !== undefined) throw new Ended({ ended: "exited", exitCode: state.exitCode });
    if (state.stopReason === null) state.stopReason = state.io.pollStop();
    if (state.stopReason !== null) throw new Ended({ ended: "stopped", exitCode: OUT_OF_MEMORY_EXIT_CODE });
  }

  #isMemoryFull(): boolean {
    const { memoryBytes } = this.#host.limits;
    return this.#usedBytes() > memoryBytes * 0.9;
  }

  #endByHost(error: unknown): Ended {
    return error instanceof EngineOutOfMemory ? this.#outOfMemory() : new Ended(this.#crash(error));
  }

  #outOfMemory(): Ended {
    const limit = this.#host.limits.memoryBytes;
    const value = `out of memory (limit ${limit} bytes)`;
    return new Ended({
      ended: "out-of-memory",
      exitCode: OUT_OF_MEMORY_EXIT_CODE,
      error: { name: "InternalError", value, traceback: `InternalError: ${value}` },
      stateLost: true,
    });
  }

  /** Ends the run by an uncaught value, which is disposed. */
  #fail(thrown: QuickJSHandle): never {
    const state = this.#state!;
    // An interrupt is an exception too; why it happened counts for more.
    if (state.exitCode !== undefined || state.stopReason !== null || state.hostError !== undefined) {
      thrown.dispose();
      this.#checkEnd(state);
    }
    const isNull = this.#engine.context.sameValue(thrown, this.#engine.context.null);
    this.#described = undefined;
    const { value, error } = this.#link.call("describe", thrown);
    for (const handle of [thrown, value, error]) handle?.dispose();
    this.#checkEnd(state);
    // Without the memory even for an error, the engine throws null.
    const isOutOfMemory = isNull && this.#isMemoryFull();
    const described = this.#described ?? UNDESCRIBED;
    if (isOutOfMemory || (described.name === "InternalError" && described.value === "out of memory")) {
      throw this.#outOfMemory();
    }
    const unparsed = this.#unparsed.find((each) => described.value.endsWith(placeOf(each)));
    if (unparsed && described.name === "SyntaxError")
      throw this.#failSource(unparsed, this.#sourceOf(unparsed.file));
    const at = firstFrame(described.stack);
    this.#print(state, uncaughtText(described, excerpt(at, at && this.#sourceOf(at.file))));
    throw new Ended({ ended: "failed", exitCode: 1, error: toGuestError(described) });
  }

  /** Static imports are checked before the engine sees them: it would not say where they stand. */
  #checkImports(
    prepared: Prepared,
    originalPosition: OriginalPosition | undefined,
    file: string,
    cwd: string,
  ): void {
    for (const { specifier, line, column } of prepared.imports) {
      try {
        this.#modules.resolve(specifier, joinPath(cwd, file), cwd);
      } catch (error) {
        if (!(error instanceof ModuleError)) throw error;
        const at = originalPosition?.(line, column) ?? [line, column];
        throw new SourceError(error.message, file, ...at, "Error");
      }
    }
  }

  #failSource(error: SourceError, source: string | undefined): Ended {
    const { error: guestError, text } = describeSourceError(error, source);
    this.#print(this.#state!, text);
    return new Ended({ ended: "failed", exitCode: 1, error: guestError });
  }

  /** The engine itself broke: its own stack or code was exhausted, or the host has a bug. Nothing in it is usable. */
  #crash(error: unknown): RuntimeOutcome {
    if (error instanceof EngineOutOfMemory) return this.#outOfMemory().outcome;
    const isOverflow = error instanceof RangeError;
    const value = isOverflow
      ? "Maximum call stack size exceeded"
      : `the engine stopped: ${error instanceof Error ? error.message : String(error)}`;
    const name = isOverflow ? "RangeError" : "InternalError";
    if (this.#state) this.#print(this.#state, `${name}: ${value}\n`);
    return {
      ended: "crashed",
      exitCode: CRASH_EXIT_CODE,
      error: { name, value, traceback: `${name}: ${value}` },
      stateLost: true,
    };
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

  #print(state: RunState, text: string): void {
    state.io.write("stderr", this.#encoder.encode(text));
  }

  #sourceOf(file: string): string | undefined {
    const program = [...this.#programs].filter(([name]) => name.replace(/\?run\d+$/, "") === file).at(-1);
    if (program) return program[1];
    try {
      return new TextDecoder().decode(this.#host.vfs.readFile(file));
    } catch {
      return undefined;
    }
  }

  // -- what the guest asks for --------------------------------------------------------------------------------------

  #calls(): HostCalls {
    const host = this.#host;
    const startNs = host.monotonicNs();
    const own: HostCalls = {
      "clock.monotonic": () => Number(host.monotonicNs() - startNs) / 1e6,
      "clock.monotonicNs": () => {
        const ns = host.monotonicNs();
        return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
      },
      "clock.now": () => Number(host.nowNs() / 1_000_000n),
      "clock.origin": () => Number(host.nowNs() / 1_000_000n) - Number(host.monotonicNs() - startNs) / 1e6,
      random: (args) => host.random(new Uint8Array(Math.min(args.size(0), 2 ** 24))),
      "process.memory": () => ({
        heapUsed: this.#usedBytes(),
        heapTotal: this.#engine.memoryBytes(),
        limit: host.limits.memoryBytes,
      }),
      result: (args) => {
        const bundle = toMimeBundle(args);
        if (bundle) this.#state?.io.result(bundle, args.flag(0));
      },
      uncaught: (args) => {
        this.#described = toDescribed(args);
      },
      "module.resolve": (args) => this.#modules.resolve(args.text(0), args.text(1), this.#files.cwd),
      "module.load": (args) => {
        const loaded = this.#modules.loadCommon(args.text(0));
        this.#sources.set(loaded.name, loaded);
        return loaded;
      },
      source: (args) => {
        const { file, edits, isInternal, originalPosition } = this.#sources.get(args.text(0)) ?? {};
        return file === undefined
          ? null
          : { file, edits, isInternal, isRewritten: originalPosition !== undefined };
      },
      "source.position": (args) => {
        const at = [args.number(1), args.number(2)] as const;
        return this.#sources.get(args.text(0))?.originalPosition?.(...at) ?? at;
      },
    };
    const fixed: HostCalls = { ...own, ...TEXT_CALLS, ...URL_CALLS, ...this.#files.calls };
    // A run's own calls change with the run: looked up when they are made.
    return new Proxy(fixed, {
      get: (calls, name) =>
        typeof name === "string" ? (own_(calls, name) ?? own_(this.#state?.calls, name)) : undefined,
    });
  }

  #loadModule(name: string): string | { error: Error } {
    if (name === UNRESOLVED) return { error: asError(this.#resolveError) };
    try {
      const loaded = this.#modules.loadModule(name);
      this.#sources.set(loaded.name, loaded);
      return loaded.text;
    } catch (error) {
      if (error instanceof SourceError) this.#unparsed.push(error);
      return { error: asError(error) };
    }
  }
  /** Imported files of this run that did not parse. */
  #unparsed: SourceError[] = [];

  #moduleName(base: string, specifier: string): string {
    try {
      // A name the host made up itself, as for require() of an ES module.
      if (base === MODULE_ENTRY) return specifier;
      const importer = this.#modules.pathOf(base);
      return this.#modules.nameOf(this.#modules.resolve(specifier, importer, this.#files.cwd));
    } catch (error) {
      // An error of the normalizer is lost in the engine; the loader's is not.
      this.#resolveError = error;
      return UNRESOLVED;
    }
  }
  #resolveError: unknown;

  #evaluateFile(kind: string, name: string, text: string): QuickJSHandle {
    const { context } = this.#engine;
    if (kind !== "module") return this.#engineResult(context.evalCode(text, name, { type: "global" }));
    const entry = `import * as module from ${JSON.stringify(name)}; export { module };`;
    const result = context.evalCode(entry, MODULE_ENTRY, { type: "module" });
    if (result.error) this.#state?.forgetLastRejection();
    return this.#engineResult(result);
  }

  #engineResult(result: { error?: QuickJSHandle | undefined; value?: QuickJSHandle }): QuickJSHandle {
    if (result.error) throw result.error;
    return result.value!;
  }

  #requireStripper(): TypeStripper {
    const stripper = this.#stripper();
    if (!stripper)
      throw new SourceError("TypeScript files can be imported from TypeScript programs only", "", 1, 1);
    return stripper;
  }

  #builtinNames(): Record<string, string[]> {
    const parsed: unknown = JSON.parse(this.#link.callForText("builtinNames") ?? "{}");
    return parsed as Record<string, string[]>;
  }

  #numberOf(object: QuickJSHandle, key: string): number {
    return this.#engine.context
      .getProp(object, key)
      .consume((value) => this.#engine.context.getNumber(value));
  }

  /** Bytes the engine has given out to the guest. */
  #usedBytes(): number {
    return this.#engine.runtime
      .computeMemoryUsage()
      .consume((usage) => this.#numberOf(usage, "memory_used_size"));
  }

  #monotonicMs(): number {
    return Number(this.#host.monotonicNs() / 1000n) / 1000;
  }
}

/** Name of the made-up modules that stand between require() and an ES module. */
const MODULE_ENTRY = "sandglass:require";
/** Stands for a specifier that leads nowhere until the loader says why. */
const UNRESOLVED = "sandglass:unresolved";

function own_(calls: HostCalls | undefined, name: string): HostCalls[string] | undefined {
  return calls && Object.hasOwn(calls, name) ? calls[name] : undefined;
}

function placeOf({ file, line, column }: SourceError): string {
  return ` (${file}:${line}:${column})`;
}

function asError(error: unknown): Error {
  if (error instanceof SourceError) {
    const located = new Error(error.message + placeOf(error));
    located.name = "SyntaxError";
    return located;
  }
  return error instanceof Error ? error : new Error(String(error));
}
