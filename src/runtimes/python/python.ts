import { SandboxError } from "../../errors.ts";
import { ASSETS } from "../../protocol/assets.ts";
import { decodeImage, type MemoryImage } from "../memory-image.ts";
import type { RunIo, Runtime, RuntimeHost, RuntimeOutcome, RuntimeRun, StopReason } from "../runtime.ts";
import { compileCapped, WASM_PAGE_BYTES } from "../wasm-limits.ts";
import { type Death, describeDeath, outcomeOfDeath } from "./death.ts";
import type { DeviceIo } from "./devices.ts";
import type { CreateEmscriptenModule, EmscriptenModule } from "./emscripten.ts";
import { importGlue } from "./glue-scope.ts";
import { type ImportHooks, wrapImports } from "./imports.ts";
import { begin, furnish, type Interpreter, restart } from "./interpreter.ts";
import { hasJspi } from "./jspi.ts";
import { loadPyodideFromBytes } from "./loader.ts";
import { parseOutcome } from "./outcome.ts";
import { RestOfInterpreter } from "./rest.ts";
import { hasRoom } from "./room.ts";
import { bootOptions, identifyBuild } from "./snapshot.ts";

/** Pages `pyodide.asm.wasm` 314 declares as its least. */
const MIN_PAGES = 480;
/** Time a guest gets to end by itself after a KeyboardInterrupt before the next one is raised. */
const INTERRUPT_AGAIN_NS = 100_000_000n;
const SIGINT = 2;
/**
 * Python guards its C stack, which lies in linear memory; but the engine's own stack, which it cannot see, ends first
 * (984 KB for a suspendable call in V8). Measured: nested `repr` overflows it when it holds 460 KB of Python's C stack
 * in V8's baseline code and 308 KB in optimised code, `functools.cache` 346 and 293 KB, `__getattr__` 567 and 343 KB;
 * `sorted(key=)`, `exec` and `map` come later. This leaves some 450 calls of the first two.
 */
const C_STACK_BYTES = 224 * 1024;
/** What Pyodide logs first when it dies. */
const FATAL_ERROR = "Pyodide has suffered a fatal error";
/** As many as Python's own generator takes from the system at most usefully: its state is 2.5 KB, its seed hashed. */
const SEED_BYTES = 32;

/** CPython 3.14 (Pyodide) on the sandbox's filesystem. */
export function createPythonRuntime(host: RuntimeHost): Runtime {
  return new PythonRuntime(host);
}

/** What a start is made from; the interpreter while it is still being compiled. */
interface StartAssets {
  wasm: Promise<WebAssembly.Module>;
  glue: Uint8Array;
  stdlib: Uint8Array;
  rest: RestOfInterpreter;
}

class PythonRuntime implements Runtime {
  readonly #host: RuntimeHost;
  readonly #hooks: ImportHooks;
  #interpreter: Interpreter | undefined;
  #stopReason: StopReason | null = null;
  #interruptedNs = 0n;
  #isRecursionLimited = false;
  /** Settles when the interpreter dies; its value is how. */
  #death = Promise.withResolvers<Death>();
  #bootInfo: NonNullable<Runtime["bootInfo"]> | undefined;
  #hasDied = false;
  /** What the interpreter said while it started. */
  #log: string[] = [];

  constructor(host: RuntimeHost) {
    this.#host = host;
    this.#hooks = {
      devices: undefined,
      umask: 0,
      closeJavaScript: () => {},
      checkSignals: () => this.#checkSignals(),
      onExit: (exitCode) => this.#die({ exitCode }),
    };
  }

  get bootInfo(): Runtime["bootInfo"] {
    return this.#bootInfo;
  }

  async boot(): Promise<void> {
    const host = this.#host;
    const maxPages = Math.floor(host.limits.memoryBytes / WASM_PAGE_BYTES);
    if (maxPages < MIN_PAGES) {
      throw new SandboxError(
        `limits.memoryBytes is ${host.limits.memoryBytes}; Python needs at least ${MIN_PAGES * WASM_PAGE_BYTES}`,
        { code: "invalid-argument", hint: "Raise limits.memoryBytes; the default is 536870912." },
      );
    }
    host.progress("Loading Python");
    // Compiled on other threads, while the rest arrives and the glue is evaluated.
    const wasm = this.#compile(maxPages);
    // A failure is told to whoever awaits it below.
    wasm.catch(() => {});
    const glue = await host.loadAsset(ASSETS.pyodideGlue);
    const firstGlue = this.#evaluate(glue);
    firstGlue.catch(() => {});
    const stdlib = await host.loadAsset(ASSETS.pythonStdlib);
    const rest = new RestOfInterpreter(host);
    host.progress("Starting Python");
    const { module, image } = await this.#start({ wasm, glue, stdlib, rest }, firstGlue);
    await rest.loaded;
    for (const name of [ASSETS.pyodideWasm, ASSETS.pyodideGlue]) host.dropAsset?.(name);
    const interpreter = furnish(module, host, this.#hooks, image);
    begin(interpreter, this.#seed());
    this.#hooks.closeJavaScript();
    this.#interpreter = interpreter;
  }

  #seed(): string {
    return toHex(this.#host.random(new Uint8Array(SEED_BYTES)));
  }

  async #compile(maxPages: number): Promise<WebAssembly.Module> {
    const host = this.#host;
    const compiled = await host.loadCompiled?.(ASSETS.pyodideWasm);
    if (compiled !== undefined) return compiled;
    const wasm = await host.loadAsset(ASSETS.pyodideWasm);
    host.progress("Compiling Python");
    return compileCapped(wasm, maxPages);
  }

  #evaluate(glue: Uint8Array): Promise<CreateEmscriptenModule> {
    return importGlue(glue, this.#host, (text) => this.#onLog(text));
  }

  /** From the snapshot where there is one that fits, else plainly. */
  async #start(
    assets: StartAssets,
    glue: Promise<CreateEmscriptenModule>,
  ): Promise<{ module: EmscriptenModule; image?: MemoryImage }> {
    const identity = identifyBuild(assets);
    const file = await this.#host.loadOptionalAsset(ASSETS.pythonSnapshot);
    let note = "this build has no snapshot";
    if (file !== undefined && !hasJspi()) note = "this engine has no JSPI, which the snapshot needs";
    else if (file !== undefined) {
      const opened = decodeImage(file, identity);
      if (opened.image === undefined) note = opened.note;
      else {
        try {
          const module = await this.#load(assets, glue, identity, opened.image);
          this.#bootInfo = { fromSnapshot: true };
          return { module, image: opened.image };
        } catch (error) {
          note = `the snapshot did not load: ${error instanceof Error ? error.message : String(error)}`;
          // The half-started interpreter is dropped; what killed it does not concern the next one.
          this.#death = Promise.withResolvers<Death>();
          this.#hasDied = false;
          glue = this.#evaluate(assets.glue);
        }
      }
    }
    await assets.rest.loaded;
    const module = await this.#load(assets, glue, identity, undefined);
    this.#bootInfo = { fromSnapshot: false, note };
    return { module };
  }

  async #load(
    { wasm, stdlib, rest }: StartAssets,
    glue: Promise<CreateEmscriptenModule>,
    identity: string,
    image: MemoryImage | undefined,
  ): Promise<EmscriptenModule> {
    this.#log = [];
    const death = this.#death;
    const loading = loadPyodideFromBytes({
      glue,
      wasm,
      rest: () => rest.compile(),
      stdlib,
      ...bootOptions(identity),
      image,
      wrapImports: (imports, settings) => wrapImports(imports, settings, this.#host, this.#hooks),
      onLog: (text) => this.#onLog(text),
      onDeath: (reason) => this.#die({ reason, dump: this.#hooks.devices?.dump }, death),
    });
    const dying = death.promise.then((how) => {
      throw new SandboxError(`Python did not start: ${describeDeath(how)}`, {
        code: "internal",
        hint: this.#log.slice(-3).join("\n") || undefined,
      });
    });
    return await Promise.race([loading, dying]);
  }

  #onLog(text: string): void {
    if (this.#interpreter === undefined) this.#log.push(text);
    // From here on what is written to stdout is CPython's dump of the stack, not the guest's output.
    if (text.startsWith(FATAL_ERROR)) this.#hooks.devices?.beginDump();
  }

  async run(run: RuntimeRun, io: RunIo, contextId: string): Promise<RuntimeOutcome> {
    if (this.#interpreter === undefined || this.#hasDied) {
      throw new SandboxError("Python is not running", { code: "internal" });
    }
    const { module, devices, mounts, calls } = this.#interpreter;
    this.#stopReason = null;
    this.#interruptedNs = 0n;
    this.#isRecursionLimited = false;
    const stopped = Promise.withResolvers<StopReason>();
    const unsubscribe = io.onStop((reason) => {
      this.#stopReason = reason;
      stopped.resolve(reason);
    });
    devices.io = Object.assign(Object.create(io) as RunIo, { stopped: stopped.promise }) satisfies DeviceIo;
    try {
      devices.openStandardStreams();
      mounts.refresh();
      module.FS.chdir(run.cwd);
      const request = JSON.stringify({
        code: typeof run.code === "string" ? run.code : new TextDecoder().decode(run.code),
        filename: run.filename,
        args: run.args,
        envs: {
          HOME: "/home/user",
          TMPDIR: "/tmp",
          LANG: "C.UTF-8",
          TZ: "UTC",
          MPLBACKEND: "agg",
          ...run.envs,
        },
        cwd: run.cwd,
        contextId,
        canWait: module.jspiSupported || !io.isStdinInteractive,
      });
      const answer = calls.callSuspendable("run", request);
      return await Promise.race([
        answer.then(
          (text) => this.#finish(module, text),
          (reason: unknown) => this.#giveUp(module, reason),
        ),
        this.#death.promise.then((death) => outcomeOfDeath(death, module.HEAPU8.length)),
      ]);
    } finally {
      unsubscribe();
      devices.io = undefined;
      io.flush();
    }
  }

  disposeContext(contextId: string): void {
    if (!this.#hasDied) this.#interpreter?.calls.call("dispose_context", contextId);
  }

  async reset(): Promise<boolean> {
    if (this.#interpreter === undefined || this.#hasDied) return false;
    try {
      return restart(this.#interpreter, this.#hooks, this.#seed());
    } catch (reason) {
      this.#die({ reason });
      return false;
    }
  }

  dispose(): void {
    this.#hasDied = true;
    this.#interpreter = undefined;
    this.#hooks.devices = undefined;
  }

  /** The outcome in the runner's answer, after what the run left behind has gone. */
  #finish(module: EmscriptenModule, answer: unknown): RuntimeOutcome | Promise<RuntimeOutcome> {
    const outcome = parseOutcome(answer);
    if (typeof outcome === "string") return this.#giveUp(module, outcome);
    try {
      // What the error held on to ends now; what its end prints is this run's, not the next one's.
      if (outcome.error !== undefined) module._PyGC_Collect();
      if (outcome.ended === "out-of-memory" && !hasRoom(module)) outcome.stateLost = true;
    } catch (reason) {
      return this.#giveUp(module, reason);
    }
    outcome.memoryBytes = module.HEAPU8.length;
    if (this.#stopReason !== null) return { ...outcome, ended: "stopped" };
    return outcome;
  }

  /** The run ended without an outcome: the interpreter trapped, or the runner itself failed. */
  async #giveUp(module: EmscriptenModule, reason: unknown): Promise<RuntimeOutcome> {
    // After a trap the heap cannot be trusted, and is not asked.
    const isTrap =
      this.#hasDied || reason instanceof WebAssembly.RuntimeError || reason instanceof RangeError;
    this.#die({ reason, isOutOfMemory: !isTrap && (reason === "MemoryError" || !hasRoom(module)) });
    // Where a trap was reported before, with the stack it happened on, that report stands.
    return outcomeOfDeath(await this.#death.promise, module.HEAPU8.length);
  }

  #checkSignals(): number {
    const devices = this.#hooks.devices;
    const io = devices?.io;
    if (devices === undefined || io === undefined) return 0;
    if (!this.#isRecursionLimited) {
      this.#isRecursionLimited = true;
      limitRecursion(this.#interpreter!.module);
    }
    const reason = io.pollStop();
    if (reason === null) return 0;
    this.#stopReason = reason;
    if (!devices.isInterruptible) return 0;
    // One interrupt, then time for `finally` and `except`: raised at every check it would end those as well.
    const nowNs = this.#host.monotonicNs();
    if (this.#interruptedNs !== 0n && nowNs - this.#interruptedNs < INTERRUPT_AGAIN_NS) return 0;
    this.#interruptedNs = nowNs;
    return SIGINT;
  }

  #die(death: Death, whose = this.#death): void {
    if (whose === this.#death) this.#hasDied = true;
    whose.resolve(death);
  }
}

/** Makes Python raise RecursionError where the engine's own stack would overflow; see `C_STACK_BYTES`. */
function limitRecursion(module: EmscriptenModule): void {
  const top = module._emscripten_stack_get_base();
  const thread = module._PyThreadState_Get();
  module._PyUnstable_ThreadState_SetStackProtection(thread, top - C_STACK_BYTES, C_STACK_BYTES);
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
