import { SandboxError, type SandboxErrorCode } from "../errors.ts";
import type { Limits } from "../policy/limits.ts";
import type { CageEvent } from "../protocol/api.ts";
import { nullSchema, runAnswerSchema } from "../protocol/schema.ts";
import type { CageKeeper } from "./cage-keeper.ts";
import type { CageSession } from "./cage-session.ts";
import { callOut } from "./call-out.ts";
import { Deadline } from "./deadline.ts";
import { EventBudget } from "./event-budget.ts";
import type { Execution, Notice } from "./execution.ts";
import type { Progress, RunOptions, WatchEvent } from "./options.ts";
import { encodeStdinChunk, type ParsedRun } from "./parse-options.ts";
import type { PreparedCage } from "./prepared-cage.ts";
import { describeKilled, describeLost, endWithoutAnswer } from "./run-ends.ts";
import { RunRecorder } from "./run-recorder.ts";

/** The cage stops a run at its deadline by itself; when it has not this much later, it is killed. */
const KILL_GRACE_MS = 250;
/** After an interrupt that reaches a computing guest, it has this long to stop before its cage is killed. */
const INTERRUPT_GRACE_MS = 1000;

const nowMs = () => performance.now();

/** A guest waits for one answer at a time; a few more may be left over from reads that were interrupted. */
const MAX_OPEN_QUESTIONS = 16;

/** What a caller can get wrong about a run that only the cage notices: the working directory. */
const CALLERS_ERRORS: ReadonlySet<SandboxErrorCode> = new Set([
  "already-exists",
  "file-limit",
  "invalid-path",
  "name-too-long",
  "not-a-directory",
  "not-found",
  "read-only",
  "symlink-loop",
]);

interface ActiveRun {
  runId: number;
  recorder: RunRecorder;
  options: RunOptions;
  settled: Promise<void>;
  /** Set by an interrupt that came before the guest was started. */
  isCancelled: boolean;
  /** Set once the guest was started. */
  deadline: Deadline | undefined;
  /** Requests for input that are not answered yet. */
  openQuestions: number;
}

/** Runs code in a kept cage, one run after another, and holds its deadline and its budget. */
export class Runner {
  readonly #keeper: CageKeeper;
  readonly #limits: Readonly<Limits>;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #noteBusy: (isBusy: boolean) => void;
  readonly #watchers = new Set<(event: WatchEvent) => void>();
  #queue: Promise<unknown> = Promise.resolve();
  #active: ActiveRun | undefined;
  #lastRunId = 0;
  /** What the cage may send: for the present run, or from its end until the next one. */
  #budget: EventBudget;
  /** What the next run has to be told about the end of the last cage. */
  #lossNotice: Notice | undefined;

  constructor(
    keeper: CageKeeper,
    limits: Readonly<Limits>,
    onProgress: ((progress: Progress) => void) | undefined,
    noteBusy: (isBusy: boolean) => void,
  ) {
    this.#onProgress = onProgress;
    this.#noteBusy = noteBusy;
    this.#keeper = keeper;
    this.#limits = limits;
    this.#budget = new EventBudget(limits.outputBytes, nowMs);
  }

  get isRunning(): boolean {
    return this.#active !== undefined;
  }

  /** Runs after the runs that were asked for before. */
  run(run: ParsedRun, options: RunOptions): Promise<Execution> {
    const result = this.#queue.then(() => this.#execute(run, options));
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Back to the start, after the runs that were asked for before.
   *
   * @returns whether it was in place.
   */
  reset(): Promise<boolean> {
    const result = this.#queue.then(async () => {
      const isInPlace = await this.#keeper.reset();
      this.#lossNotice = undefined;
      return isInPlace;
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  watch(listener: (event: WatchEvent) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Stops the present run: by the shared flag, by a message to a guest that waits, and in the end by a kill. */
  async interrupt(): Promise<{ stateKept: boolean }> {
    const run = this.#active;
    if (!run) return { stateKept: true };
    run.isCancelled = true;
    const session = await this.#keeper.session;
    if (!session) return { stateKept: true };
    session.cage.interrupt();
    session.call("stopRun", nullSchema, run.runId).catch(() => {});
    const graceMs = session.cage.canInterrupt ? INTERRUPT_GRACE_MS : KILL_GRACE_MS;
    const killTimer = setTimeout(
      () => session.kill({ cause: "cancelled", detail: "the run was interrupted and did not stop" }),
      graceMs,
    );
    await run.settled;
    clearTimeout(killTimer);
    return { stateKept: session.isAlive };
  }

  handleEvent(session: CageSession, event: CageEvent): void {
    const breach = this.#budget.charge(event);
    if (breach) return session.kill({ cause: breach, detail: "the cage sent more than it may" });
    if (event.type === "files-changed") {
      for (const watcher of [...this.#watchers]) {
        for (const change of event.changes) callOut(() => watcher(change));
      }
      return;
    }
    // Nothing else is owed to a cage that talks between runs.
    const run = this.#active;
    if (!run) return;
    if (event.type === "progress") {
      // Of a start before the guest's: told to who waits for that.
      if (!run.deadline) return;
      return callOut(() => (run.options.onProgress ?? this.#onProgress)?.({ message: event.message }));
    }
    if (event.runId !== run.runId) return;
    if (event.type === "output") run.recorder.output(event);
    else if (event.type === "result") run.recorder.result(event);
    else if (run.openQuestions < MAX_OPEN_QUESTIONS) this.#answerInput(session, run, event.requestId);
    else session.kill({ cause: "protocol-violation", detail: "the cage asked for input without waiting" });
  }

  async #execute(run: ParsedRun, options: RunOptions): Promise<Execution> {
    const recorder = new RunRecorder(options, nowMs);
    if (options.signal?.aborted) return recorder.finish(endWithoutAnswer("cancelled", 130));
    this.#keeper.refuseKilled();
    this.#lastRunId += 1;
    let settle = () => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const active: ActiveRun = {
      runId: this.#lastRunId,
      recorder,
      options,
      settled,
      isCancelled: false,
      openQuestions: 0,
      deadline: undefined,
    };
    this.#active = active;
    this.#noteBusy(true);
    this.#budget = new EventBudget(this.#limits.outputBytes, nowMs);
    const abort = () => void this.interrupt();
    options.signal?.addEventListener("abort", abort, { once: true });
    try {
      const { language, filename, timeoutMs } = run;
      recorder.trace("run-started", { language, filename, timeoutMs });
      let execution: Execution | undefined;
      // Not more than twice: a cage after the first one is filled before it is given out.
      while (!execution) execution = await this.#executeIn(await this.#keeper.open(), run, active);
      if (recorder.callbackError) throw recorder.callbackError.error;
      return execution;
    } finally {
      options.signal?.removeEventListener("abort", abort);
      this.#active = undefined;
      this.#noteBusy(false);
      this.#budget = new EventBudget(this.#limits.outputBytes, nowMs);
      settle();
    }
  }

  /** @returns nothing when the cage was gone before it had the files: then nothing was run. */
  async #executeIn(cage: PreparedCage, run: ParsedRun, active: ActiveRun): Promise<Execution | undefined> {
    const { session } = cage;
    const { recorder, options } = active;
    const { language, filename, timeoutMs } = run;
    if (this.#lossNotice) recorder.notices.push(this.#lossNotice);
    this.#lossNotice = undefined;
    try {
      const boot = await this.#keeper.boot(cage, language, options.onProgress);
      recorder.boot({ language, ...boot });
      if (active.isCancelled) return recorder.finish(endWithoutAnswer("cancelled", 130));
      const detail = `the run did not stop at its ${timeoutMs} ms`;
      const expire = () => session.kill({ cause: "timed-out", detail });
      const deadline = new Deadline(timeoutMs + KILL_GRACE_MS, expire);
      active.deadline = deadline;
      // The files may still be on their way.
      deadline.pause();
      cage.filled.then(() => deadline.resume());
      const answer = await session.call("run", runAnswerSchema, {
        runId: active.runId,
        contextId: run.contextId,
        language,
        code: run.code,
        filename,
        args: run.args,
        envs: run.envs,
        cwd: run.cwd,
        stdin: run.stdin,
        limits: { timeoutMs, outputBytes: this.#limits.outputBytes },
        preopens: run.preopens,
      });
      await this.#keeper.keep({ value: answer, changes: answer.changes });
      if (answer.stateLost) {
        session.kill({ cause: "died", detail: "the interpreter was lost" });
        const { notice, next } = describeLost(answer);
        recorder.notices.push(notice);
        this.#lossNotice = next;
      }
      return recorder.finish(answer);
    } catch (error) {
      // What the cage needs could not be had: nothing was run, and the caller is told why.
      if (!active.deadline && error instanceof SandboxError && error.code === "asset-unavailable")
        throw error;
      if (session.isAlive) {
        // Before the guest was started, and for what the caller asked of the files, the caller is told.
        if (!(error instanceof SandboxError) || !active.deadline || CALLERS_ERRORS.has(error.code))
          throw error;
        const cause = error.code === "protocol-violation" ? error.code : "died";
        session.kill({ cause, detail: error.message });
      }
      const end = await session.ended;
      const hasBegun = await cage.filled;
      if (!hasBegun && !active.isCancelled && !this.#keeper.isKilled) {
        active.deadline?.clear();
        active.deadline = undefined;
        return undefined;
      }
      const { answer, notices, next } = describeKilled(end);
      recorder.notices.push(...notices);
      this.#lossNotice = next;
      return recorder.finish(answer);
    } finally {
      active.deadline?.clear();
    }
  }

  async #answerInput(session: CageSession, run: ActiveRun, requestId: number): Promise<void> {
    const { stdin } = run.options;
    run.openQuestions += 1;
    run.recorder.trace("input", { requestId });
    let bytes: Uint8Array | null = null;
    run.deadline?.pause();
    const askedAtMs = nowMs();
    try {
      if (typeof stdin === "function") bytes = encodeStdinChunk(await stdin());
    } catch (error) {
      run.recorder.callbackError ??= { error };
    }
    run.deadline?.resume();
    if (typeof stdin === "function") run.recorder.waited(nowMs() - askedAtMs);
    if (session.isAlive) await session.call("provideInput", nullSchema, requestId, bytes).catch(() => {});
    run.openQuestions -= 1;
  }
}
