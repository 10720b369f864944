import type { Limits } from "../../policy/limits.ts";
import { DEFAULT_LIMITS } from "../../policy/limits.ts";
import type { MimeBundle } from "../../protocol/api.ts";
import { ASSETS } from "../../protocol/assets.ts";
import { createInitialTree } from "../../vfs/initial-tree.ts";
import { Vfs } from "../../vfs/vfs.ts";
import type { RunIo, Runtime, RuntimeHost, RuntimeOutcome, StopReason } from "../runtime.ts";
import { createPythonRuntime } from "./python.ts";

/** One run of a case: code in, everything it shows out. */
export interface PythonRun {
  code: string;
  filename?: string;
  args?: string[];
  envs?: Record<string, string>;
  cwd?: string;
  contextId?: string;
  /** What stdin holds; nothing by default. */
  stdin?: string;
  /** Lines a person types, each when asked. After the last one the input ends. */
  answers?: string[];
  /** The run is stopped after a time, or once it waits: asleep, or for a person whose answers have run out. */
  stop?: { reason: StopReason; at: number | "waiting" };
  /** Written by the host before this run. */
  hostFiles?: Record<string, string>;
  expect: ObservedRun;
}

/** What a run showed. Absent means: nothing on that stream, no result, ended by itself with exit code 0. */
export interface ObservedRun {
  stdout?: string;
  stderr?: string;
  /** Instead of `stdout` where it is not text. */
  stdoutBytes?: number[];
  results?: [bundle: MimeBundle, isMainResult: boolean][];
  outcome?: Partial<RuntimeOutcome>;
}

export interface PythonCase {
  title: string;
  /** Other limits than the defaults; such a case gets an interpreter of its own. */
  limits?: Partial<Limits>;
  runs: PythonRun[];
}

/** Files an interpreter is made of; the last is optional. */
export const PYTHON_FILES = [
  ASSETS.pyodideWasm,
  ASSETS.pyodideRest,
  ASSETS.pyodideGlue,
  ASSETS.pythonStdlib,
  ASSETS.pythonSnapshot,
] as const;

export type LoadAsset = (name: string) => Promise<Uint8Array | undefined>;

/** Time a fixed clock shows: 2026-01-02T03:04:05.678Z. */
const NOW_NS = 1_767_323_045_678_000_000n;

/** Runs cases one after another, in one interpreter as long as none ends it, each on a filesystem as new. */
export class PythonBench {
  /** Time of each boot so far. */
  readonly bootMs: number[] = [];
  readonly #loadAsset: LoadAsset;
  #runtime: Runtime | undefined;
  #vfs = createVfs(DEFAULT_LIMITS.fileBytes);

  constructor(loadAsset: LoadAsset) {
    this.#loadAsset = loadAsset;
  }

  /** What the present interpreter says about its boot. */
  get bootInfo(): Runtime["bootInfo"] {
    return this.#runtime?.bootInfo;
  }

  /** Every random byte, instead of ones that count up. */
  seedAlways: number | undefined;

  /** Starts an interpreter with the default limits. */
  async start(): Promise<void> {
    await this.#boot(DEFAULT_LIMITS);
  }

  /** Runs in the interpreter as it is, on the files as they are. */
  run(run: PythonRun): Promise<ObservedRun> {
    return observeRun(this.#runtime!, run, "default");
  }

  /** Resets interpreter and files; false when the interpreter could not be. */
  async resetInPlace(): Promise<boolean> {
    this.#vfs.restore(createVfs(DEFAULT_LIMITS.fileBytes).snapshot());
    return await this.#runtime!.reset();
  }

  /** Ends the present interpreter; the next case starts one. */
  reset(): void {
    this.#runtime?.dispose();
    this.#runtime = undefined;
  }

  async observe(one: PythonCase, onBoot?: (info: Runtime["bootInfo"]) => void): Promise<ObservedRun[]> {
    if (one.limits !== undefined) this.reset();
    const limits = { ...DEFAULT_LIMITS, ...one.limits };
    let runtime = this.#runtime ?? (await this.#boot(limits));
    onBoot?.(runtime.bootInfo);
    this.#vfs.restore(createVfs(DEFAULT_LIMITS.fileBytes).snapshot());
    const observed: ObservedRun[] = [];
    let hasLostState = false;
    for (const run of one.runs) {
      // As a sandbox does: what lost its state is thrown away, and the next run gets a new one.
      if (hasLostState) runtime = await this.#boot(limits);
      for (const [path, text] of Object.entries(run.hostFiles ?? {})) {
        this.#vfs.writeFile(path, new TextEncoder().encode(text));
      }
      const seen = await observeRun(runtime, run, one.title);
      observed.push(seen);
      hasLostState = seen.outcome?.stateLost === true;
      if (hasLostState) this.reset();
    }
    if (one.limits !== undefined) this.reset();
    return observed;
  }

  async #boot(limits: Limits): Promise<Runtime> {
    this.#vfs = createVfs(limits.fileBytes);
    const runtime = createPythonRuntime(createHost(this.#vfs, limits, this.#loadAsset, this.seedAlways));
    const start = performance.now();
    await runtime.boot();
    this.bootMs.push(Math.round(performance.now() - start));
    this.#runtime = runtime;
    return runtime;
  }
}

function createVfs(fileBytes: number): Vfs {
  const vfs = new Vfs({ fileBytes, nowNs: () => NOW_NS });
  createInitialTree(vfs);
  return vfs;
}

/** A host whose wall clock stands still and whose random bytes count up. */
function createHost(vfs: Vfs, limits: Limits, loadAsset: LoadAsset, seed: number | undefined): RuntimeHost {
  let next = 0;
  return {
    vfs,
    limits,
    loadAsset: async (name) => {
      const bytes = await loadAsset(name);
      if (bytes === undefined) throw new Error(`no asset ${name}`);
      return bytes;
    },
    loadOptionalAsset: loadAsset,
    nowNs: () => NOW_NS,
    monotonicNs: () => BigInt(Math.round(performance.now() * 1e6)),
    random: (target) => {
      for (let index = 0; index < target.length; index++) target[index] = seed ?? next++ & 0xff;
      return target;
    },
    progress: () => {},
  };
}

async function observeRun(runtime: Runtime, run: PythonRun, title: string): Promise<ObservedRun> {
  const written: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  const results: [MimeBundle, boolean][] = [];
  const answers = [...(run.answers ?? [])];
  const input = new TextEncoder().encode(run.stdin ?? "");
  let inputOffset = 0;
  let stopReason: StopReason | null = null;
  const listeners = new Set<(reason: StopReason) => void>();
  const at = run.stop?.at;
  const deadline = typeof at === "number" ? performance.now() + at : Number.POSITIVE_INFINITY;
  const stop = (): void => {
    stopReason = run.stop!.reason;
    for (const listener of listeners) listener(stopReason);
  };
  const timers = typeof at === "number" ? [setTimeout(stop, at)] : [];
  const waits = (): void => {
    if (at === "waiting") timers.push(setTimeout(stop, 5));
  };
  const io: RunIo = {
    write: (stream, bytes) => void written[stream].push(bytes),
    result: (bundle, isMainResult) => void results.push([bundle, isMainResult]),
    isStdinInteractive: run.answers !== undefined,
    isStdinTerminal: run.answers !== undefined,
    readStdin: (maxBytes) => {
      if (run.answers === undefined) {
        const bytes = input.slice(inputOffset, inputOffset + maxBytes);
        inputOffset += bytes.length;
        return bytes;
      }
      const answer = answers.shift();
      if (answer !== undefined) return Promise.resolve(new TextEncoder().encode(answer));
      waits();
      return run.stop === undefined ? Promise.resolve(new Uint8Array()) : new Promise(() => {});
    },
    // A busy guest keeps the timer from firing: the clock is asked as well.
    pollStop: () => {
      if (stopReason === null && performance.now() > deadline) stopReason = run.stop!.reason;
      return stopReason;
    },
    onStop: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // Called before the guest sleeps.
    flush: waits,
  };
  const outcome = await runtime.run(
    {
      code: run.code,
      language: "python",
      filename: run.filename ?? "/workspace/main.py",
      args: run.args ?? [],
      envs: run.envs ?? {},
      cwd: run.cwd ?? "/workspace",
    },
    io,
    run.contextId ?? title,
  );
  for (const timer of timers) clearTimeout(timer);
  return summarise(written, results, outcome);
}

function summarise(
  written: Record<"stdout" | "stderr", Uint8Array[]>,
  results: [MimeBundle, boolean][],
  outcome: RuntimeOutcome,
): ObservedRun {
  const seen: ObservedRun = {};
  const { ended, exitCode, error, stateLost } = outcome;
  const stdout = concat(written.stdout);
  const stderr = concat(written.stderr);
  if (stdout.length > 0) {
    try {
      seen.stdout = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(stdout);
    } catch {
      seen.stdoutBytes = [...stdout];
    }
  }
  if (stderr.length > 0) seen.stderr = new TextDecoder().decode(stderr);
  if (results.length > 0) seen.results = results;
  const summary: Partial<RuntimeOutcome> = {};
  if (ended !== "exited") summary.ended = ended;
  if (exitCode !== 0) summary.exitCode = exitCode;
  if (error !== undefined) summary.error = error;
  if (stateLost !== undefined) summary.stateLost = stateLost;
  if (Object.keys(summary).length > 0) seen.outcome = summary;
  return seen;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
