import { SandboxError } from "../../errors.ts";
import type { RunIo, Runtime, RuntimeHost, RuntimeOutcome, RuntimeRun } from "../runtime.ts";
import { WASM_PAGE_BYTES } from "../wasm-limits.ts";
import { abi } from "./abi.ts";
import { type Ending, GuestExit, GuestSignalled, GuestStopped, isEnding } from "./ended.ts";
import { wasiImports } from "./imports.ts";
import { encode } from "./memory.ts";
import { type LoadedModule, ModuleCache } from "./modules.ts";
import { openPreopens } from "./preopens.ts";
import { createProcess, type WasiProcess } from "./process.ts";
import { hasSuspension, promise } from "./suspension.ts";
import { trapError } from "./trap.ts";

/** A shell's code for a file that was found but is no program. */
const NOT_EXECUTABLE = 126;
/** A shell's code for a process that SIGABRT ended: what a trap is natively. */
const ABORTED = 134;
const SIGNAL_BASE = 128;

/**
 * Runs commands of WASI preview 1 (and of `wasi_unstable`). Each run is a fresh instance: nothing but the filesystem
 * lives on, so a trap loses no state, and contexts differ in nothing.
 *
 * Exit codes: what the guest gave `proc_exit`, a full u32; 134 after a trap; 128 + n after signal n; 126 when the bytes are
 * no module that runs here (`error.name` is "InvalidModule" then).
 */
export function createWasiRuntime(host: RuntimeHost): Runtime {
  const modules = new ModuleCache(Math.floor(host.limits.memoryBytes / WASM_PAGE_BYTES));
  return {
    boot: () => Promise.resolve(),
    async run(run, io) {
      let module: LoadedModule;
      try {
        module = await modules.load(typeof run.code === "string" ? encode(run.code) : run.code);
      } catch (error) {
        if (error instanceof SandboxError) return refused("InvalidModule", error.message);
        throw error;
      }
      return runModule(host, module, run, io);
    },
    disposeContext() {},
    // Each run is an instance of its own: nothing to forget but what only saves time.
    reset: () => Promise.resolve(true),
    dispose: () => modules.clear(),
  };
}

async function runModule(
  host: RuntimeHost,
  module: LoadedModule,
  run: RuntimeRun,
  io: RunIo,
): Promise<RuntimeOutcome> {
  // Suspending costs a second stack and slower calls: only for a guest that may have to wait.
  const mayWait = io.isStdinInteractive || module.structure.imports.some((one) => one.name === "poll_oneoff");
  const process = createProcess(host, run, io, hasSuspension && mayWait);
  const { fds, memory } = process;
  try {
    const missing = openPreopens(host.vfs, fds, run.preopens, run.cwd);
    if (missing !== undefined) {
      return refused("InvalidPreopen", `${missing.path} (preopened as "${missing.name}") is no directory`);
    }
    let trap: unknown;
    try {
      await start(process, module);
    } catch (error) {
      if (!isEnding(error)) trap = error;
    }
    const outcome = outcomeOf(process.ending, trap, module, run.filename);
    const { byteLength } = memory;
    return { ...outcome, ...(byteLength === undefined ? {} : { memoryBytes: byteLength }), stateLost: false };
  } finally {
    fds.closeAll();
  }
}

async function start(process: WasiProcess, module: LoadedModule): Promise<void> {
  const imports = wasiImports(process, module.structure.imports);
  const instance = new WebAssembly.Instance(module.compiled, imports);
  // What they are was checked before the module was compiled: see `assertRunnable`.
  const { memory, _start } = instance.exports as { memory: WebAssembly.Memory; _start: () => void };
  process.memory.attach(memory);
  if (process.canSuspend) await promise(_start)();
  else _start();
}

function outcomeOf(
  ending: Ending | undefined,
  trap: unknown,
  module: LoadedModule,
  filename: string,
): RuntimeOutcome {
  if (ending instanceof GuestExit) return { ended: "exited", exitCode: ending.code };
  if (ending instanceof GuestStopped) return { ended: "stopped", exitCode: SIGNAL_BASE + abi.SIGNAL_KILL };
  if (ending instanceof GuestSignalled) return signalled(ending.signal);
  if (ending !== undefined) return crashed(ending.error, module, filename);
  if (trap === undefined) return { ended: "exited", exitCode: 0 };
  // Instantiation asks for the memory's minimum at once; within the cap, but more than the machine gives.
  if (trap instanceof RangeError && /memory/i.test(trap.message)) {
    return {
      ended: "out-of-memory",
      exitCode: SIGNAL_BASE + abi.SIGNAL_KILL,
      error: { name: "out-of-memory", value: "the module's memory could not be allocated", traceback: "" },
    };
  }
  return crashed(trap, module, filename);
}

function crashed(error: unknown, module: LoadedModule, filename: string): RuntimeOutcome {
  return { ended: "crashed", exitCode: ABORTED, error: trapError(error, module, filename) };
}

/** Signals by which a program says that it is broken, with their names; the others end it as an exit does. */
const CRASHES: Readonly<Record<number, string>> = {
  [abi.SIGNAL_QUIT]: "SIGQUIT",
  [abi.SIGNAL_ILL]: "SIGILL",
  [abi.SIGNAL_TRAP]: "SIGTRAP",
  [abi.SIGNAL_ABRT]: "SIGABRT",
  [abi.SIGNAL_BUS]: "SIGBUS",
  [abi.SIGNAL_FPE]: "SIGFPE",
  [abi.SIGNAL_SEGV]: "SIGSEGV",
  [abi.SIGNAL_SYS]: "SIGSYS",
};

function signalled(signal: number): RuntimeOutcome {
  const exitCode = SIGNAL_BASE + signal;
  const name = CRASHES[signal];
  if (name === undefined) return { ended: "exited", exitCode };
  return { ended: "crashed", exitCode, error: { name: "signal", value: name, traceback: `signal: ${name}` } };
}

function refused(name: string, value: string): RuntimeOutcome {
  return {
    ended: "failed",
    exitCode: NOT_EXECUTABLE,
    error: { name, value, traceback: `${name}: ${value}` },
    stateLost: false,
  };
}
