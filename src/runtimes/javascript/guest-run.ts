import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { RuntimeOutcome } from "../runtime.ts";
import { type Engine, EngineOutOfMemory } from "./engine.ts";
import type { GuestSources } from "./guest-sources.ts";
import type { GuestFunction, GuestLink } from "./link.ts";
import {
  describeSourceError,
  excerpt,
  firstFrame,
  toGuestError,
  UNDESCRIBED,
  uncaughtText,
} from "./report.ts";
import type { RunState } from "./run-state.ts";
import type { SourceError } from "./source-error.ts";

/** Jobs (promise reactions) run before looking whether the run should end. */
const JOBS_PER_SLICE = 256;
/** Longest the loop goes on without letting the worker hear its messages. */
const MAX_TURN_MS = 50;
/** Node's exit code for a top-level await that nothing will ever settle. */
const UNSETTLED_EXIT_CODE = 13;
/** 128 + SIGKILL, for a run that is ended from outside or by the memory limit. */
const KILLED_EXIT_CODE = 137;
/** 128 + SIGABRT. */
const CRASH_EXIT_CODE = 134;

/** Thrown inside a run to end it; carries how. */
export class Ended {
  readonly outcome: RuntimeOutcome;
  constructor(outcome: RuntimeOutcome) {
    this.outcome = outcome;
  }
}

export interface GuestRunParts {
  engine: Engine;
  link: GuestLink;
  sources: GuestSources;
  state: RunState;
  /** The guest's memory limit. */
  memoryBytes: number;
  /** Monotonic clock, milliseconds. */
  nowMs(): number;
  usedBytes(): number;
}

/** One run's event loop and its ends. Every method that calls the guest throws `Ended` when the run is over. */
export class GuestRun {
  readonly #engine: Engine;
  readonly #link: GuestLink;
  readonly #sources: GuestSources;
  readonly #state: RunState;
  readonly #memoryBytes: number;
  readonly #nowMs: () => number;
  readonly #usedBytes: () => number;

  constructor(parts: GuestRunParts) {
    this.#engine = parts.engine;
    this.#link = parts.link;
    this.#sources = parts.sources;
    this.#state = parts.state;
    this.#memoryBytes = parts.memoryBytes;
    this.#nowMs = parts.nowMs;
    this.#usedBytes = parts.usedBytes;
  }

  /** Turns until nothing can happen any more: ticks, jobs, timers, immediates, answers, then a wait. */
  async loop(main: QuickJSHandle): Promise<void> {
    const state = this.#state;
    let turnStart = performance.now();
    const breathe = async (): Promise<void> => {
      this.checkEnd();
      if (performance.now() - turnStart < MAX_TURN_MS) return;
      state.io.flush();
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnStart = performance.now();
      this.checkEnd();
    };
    this.#checkMain(main);
    for (;;) {
      await this.#settleJobs(main, breathe);
      state.timers.setNow(this.#nowMs());
      let hasWorked = false;
      for (const id of state.timers.due()) {
        if (!state.timers.take(id)) continue;
        hasWorked = true;
        this.call("fire", id);
        await this.#settleJobs(main, breathe);
      }
      for (const id of state.timers.takeImmediates()) {
        hasWorked = true;
        this.call("fire", id);
        await this.#settleJobs(main, breathe);
      }
      for (let next = state.answers.shift(); next !== undefined; next = state.answers.shift()) {
        hasWorked = true;
        const answer = this.#link.toHandle(next[1]);
        this.call("settle", next[0], answer);
        answer.dispose();
        await this.#settleJobs(main, breathe);
      }
      await breathe();
      if (hasWorked || state.timers.hasImmediates) continue;
      const delayMs = state.timers.nextDelayMs;
      if (delayMs === undefined && !state.isWaiting) break;
      const until = delayMs === undefined ? undefined : this.#nowMs() + delayMs;
      await state.sleep(delayMs);
      turnStart = performance.now();
      // A clock that stands still, as in a repeatable run, must not keep a timer from ever being due.
      if (until !== undefined && state.answers.length === 0) state.timers.setNow(until);
      this.checkEnd();
    }
    this.#checkSettled(main);
  }

  /** Runs ticks and jobs until there are none; then nothing rejected may be left unhandled. */
  async #settleJobs(main: QuickJSHandle, breathe: () => Promise<void>): Promise<void> {
    const state = this.#state;
    const { runtime } = this.#engine;
    for (;;) {
      if (state.hasTicks) {
        state.hasTicks = false;
        this.call("runTicks");
      } else if (runtime.hasPendingJob()) {
        const done = runtime.executePendingJobs(JOBS_PER_SLICE);
        if (done.error) this.fail(done.error);
        done.dispose();
      } else break;
      await breathe();
    }
    this.#checkMain(main);
    for (let reason = state.takeRejection(); reason !== undefined; reason = state.takeRejection()) {
      if (!this.#isTold("unhandledRejection", reason)) this.fail(reason);
    }
  }

  /** Whether the guest listens to a process event, and has been told. */
  #isTold(event: string, value: QuickJSHandle): boolean {
    const { context } = this.#engine;
    const name = context.newString(event);
    const { value: told, error } = this.#link.call("emitProcess", name, value);
    name.dispose();
    if (error) this.fail(error);
    const isTold = context.dump(told!) === true;
    told!.dispose();
    if (isTold) value.dispose();
    return isTold;
  }

  #checkMain(main: QuickJSHandle): void {
    const found = this.#engine.context.getPromiseState(main);
    if (found.type === "rejected") this.fail(found.error);
    if (found.type === "fulfilled" && !found.notAPromise) found.value.dispose();
    this.checkEnd();
  }

  #checkSettled(main: QuickJSHandle): void {
    const found = this.#engine.context.getPromiseState(main);
    if (found.type === "fulfilled" && !found.notAPromise) found.value.dispose();
    if (found.type !== "pending") return;
    this.#print("Warning: Detected unsettled top-level await\n");
    throw new Ended({ ended: "exited", exitCode: UNSETTLED_EXIT_CODE });
  }

  call(name: GuestFunction, ...args: (string | number | QuickJSHandle)[]): void {
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
    if (error) this.fail(error);
    this.checkEnd();
  }

  callNumber(name: GuestFunction): number {
    const { value, error } = this.#link.call(name);
    if (error) this.fail(error);
    const number = this.#engine.context.getNumber(value!);
    value!.dispose();
    return number;
  }

  take(result: { error?: QuickJSHandle | undefined; value?: QuickJSHandle }): QuickJSHandle {
    if (result.error) this.fail(result.error);
    return result.value!;
  }

  /** Ends the run when something other than an exception says so. */
  checkEnd(): void {
    const state = this.#state;
    if (state.hostError !== undefined) throw new Ended(this.crash(state.hostError));
    if (state.exitCode !== undefined) throw new Ended({ ended: "exited", exitCode: state.exitCode });
    if (state.stopReason === null) state.stopReason = state.io.pollStop();
    if (state.stopReason !== null) throw new Ended({ ended: "stopped", exitCode: KILLED_EXIT_CODE });
  }

  /** Ends the run by an uncaught value, which is disposed. */
  fail(thrown: QuickJSHandle): never {
    const state = this.#state;
    // An interrupt is an exception too; why it happened counts for more.
    if (state.exitCode !== undefined || state.stopReason !== null || state.hostError !== undefined) {
      thrown.dispose();
      this.checkEnd();
    }
    const isNull = this.#engine.context.sameValue(thrown, this.#engine.context.null);
    state.described = undefined;
    const { value, error } = this.#link.call("describe", thrown);
    for (const handle of [thrown, value, error]) handle?.dispose();
    this.checkEnd();
    // Without the memory even for an error, the engine throws null.
    const isOutOfMemory = isNull && this.#usedBytes() > this.#memoryBytes * 0.9;
    const described = state.described ?? UNDESCRIBED;
    if (isOutOfMemory || (described.name === "InternalError" && described.value === "out of memory")) {
      throw new Ended(outOfMemory(this.#memoryBytes));
    }
    const unparsed =
      described.name === "SyntaxError" ? this.#sources.findUnparsed(described.value) : undefined;
    if (unparsed) this.failSource(unparsed, this.#sources.textOf(unparsed.file));
    const at = firstFrame(described.stack);
    this.#print(uncaughtText(described, excerpt(at, at && this.#sources.textOf(at.file))));
    throw new Ended({ ended: "failed", exitCode: 1, error: toGuestError(described) });
  }

  /** Ends the run by source that does not parse or imports what is not there. */
  failSource(sourceError: SourceError, source: string | undefined): never {
    const { error, text } = describeSourceError(sourceError, source);
    this.#print(text);
    throw new Ended({ ended: "failed", exitCode: 1, error });
  }

  /** What became of the run when the engine itself broke: its stack or memory was exhausted, or the host has a bug. */
  crash(error: unknown): RuntimeOutcome {
    if (error instanceof EngineOutOfMemory) return outOfMemory(this.#memoryBytes);
    const isOverflow = error instanceof RangeError;
    const value = isOverflow
      ? "Maximum call stack size exceeded"
      : `the engine stopped: ${error instanceof Error ? error.message : String(error)}`;
    const name = isOverflow ? "RangeError" : "InternalError";
    const header = `${name}: ${value}`;
    this.#print(`${header}\n`);
    const guestError = { name, value, traceback: header };
    return { ended: "crashed", exitCode: CRASH_EXIT_CODE, error: guestError, stateLost: true };
  }

  #print(text: string): void {
    this.#state.io.write("stderr", new TextEncoder().encode(text));
  }
}

function outOfMemory(memoryBytes: number): RuntimeOutcome {
  const value = `out of memory (limit ${memoryBytes} bytes)`;
  const error = { name: "InternalError", value, traceback: `InternalError: ${value}` };
  return { ended: "out-of-memory", exitCode: KILLED_EXIT_CODE, error, stateLost: true };
}
