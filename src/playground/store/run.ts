import { createStore } from "zustand/vanilla";
import type { Execution, Progress, Result } from "../../index.ts";
import type { Language } from "../../policy/languages.ts";
import type { Limits } from "../../policy/limits.ts";
import { ConsoleBuffer, type ConsoleItem, type ConsoleStream } from "../lib/console-buffer.ts";

/** The sandbox itself failed; not the guest's code. */
export interface Failure {
  message: string;
  hint: string | null;
  code: string;
}

/** A guest waits for a line. `submit(null)` ends its input. */
export interface InputRequest {
  submit(text: string | null): void;
}

/**
 * preparing: the sandbox opens, or the language loads. running: the guest's code runs. stopping: a stop was asked for.
 * ended: there is an execution or a failure.
 */
export type RunPhase = "preparing" | "running" | "stopping" | "ended";

/** One run as the page shows it. */
export interface RunView {
  number: number;
  path: string;
  language: Language;
  limits: Limits;
  phase: RunPhase;
  /** performance.now() when the guest's code began; `null` while preparing. */
  startedAtMs: number | null;
  /** Time the language took to start, when this run waited for it. */
  bootMs: number | null;
  progress: Progress | null;
  items: readonly ConsoleItem[];
  droppedCharacters: number;
  results: readonly Result[];
  /** Bytes of output that have arrived. */
  outputBytes: number;
  input: InputRequest | null;
  /** performance.now() when the program began to wait for the reader; `null` while it does not. */
  askedAtMs: number | null;
  /** Time of waits that are over. */
  waitedMs: number;
  execution: Execution | null;
  failure: Failure | null;
}

export interface RunStore {
  /** `null` before the first run and after a reset. */
  run: RunView | null;
  /** Runs begun since the page was opened. */
  count: number;
}

export const runs = createStore<RunStore>(() => ({ run: null, count: 0 }));

/** Output arrives in bursts; the page takes in the first piece at once and what follows at most this often. */
const FLUSH_EVERY_MS = 40;
/** A program that has said nothing for so long is no longer about to. */
const FIRST_SIGN_MS = 1000;

/**
 * Writes one run into the store. A later run, or a reset, makes an earlier recorder silent: whatever a dying sandbox
 * still says never appears under the next program's name.
 */
export class RunRecorder {
  static #last = 0;
  static #current: RunRecorder | undefined;
  readonly number: number;
  readonly #buffer = new ConsoleBuffer();
  readonly #results: Result[] = [];
  #outputBytes = 0;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #flushedAtMs = Number.NEGATIVE_INFINITY;

  constructor(start: Pick<RunView, "path" | "language" | "limits">) {
    this.number = ++RunRecorder.#last;
    RunRecorder.#current = this;
    runs.setState({
      count: this.number,
      run: {
        ...start,
        number: this.number,
        phase: "preparing",
        startedAtMs: null,
        bootMs: null,
        progress: null,
        items: [],
        droppedCharacters: 0,
        results: [],
        outputBytes: 0,
        input: null,
        askedAtMs: null,
        waitedMs: 0,
        execution: null,
        failure: null,
      },
    });
  }

  get isCurrent(): boolean {
    return runs.getState().run?.number === this.number;
  }

  progress(progress: Progress): void {
    this.#set({ progress });
  }

  /** The guest's own code begins now; `bootMs` when its language had to be waited for. */
  started(bootMs: number | null): void {
    const run = runs.getState().run;
    if (this.isCurrent && run?.startedAtMs === null) {
      this.#set({
        startedAtMs: performance.now(),
        bootMs,
        progress: null,
        phase: run.phase === "preparing" ? "running" : run.phase,
      });
    }
  }

  stopping(): void {
    this.#set({ phase: "stopping", input: null });
  }

  /** Counts what arrived; the text itself comes by `output`, which holds back half a character. */
  addOutputBytes(bytes: number): void {
    this.#outputBytes += bytes;
  }

  output(stream: ConsoleStream, text: string): void {
    this.#buffer.append(stream, text);
    this.#flushSoon();
  }

  result(result: Result): void {
    this.#results.push(result);
    this.#buffer.addResult(this.#results.length - 1);
    this.#flushSoon();
  }

  waitForInput(request: InputRequest | null): void {
    this.#flush();
    const { askedAtMs, waitedMs } = runs.getState().run ?? { askedAtMs: null, waitedMs: 0 };
    const nowMs = performance.now();
    if (request !== null) this.#set({ input: request, askedAtMs: askedAtMs ?? nowMs });
    else this.#set({ input: null, askedAtMs: null, waitedMs: waitedMs + nowMs - (askedAtMs ?? nowMs) });
  }

  finish(execution: Execution): void {
    this.#flush();
    this.#set({
      execution,
      phase: "ended",
      input: null,
      progress: null,
      // The execution has the last word: nothing the page counted stands beside it.
      results: execution.results.length >= this.#results.length ? execution.results : this.#results,
    });
  }

  fail(failure: Failure): void {
    this.#flush();
    this.#set({ failure, phase: "ended", input: null, progress: null });
  }

  /** Empties the console; the run goes on. */
  static clearConsole(): void {
    const recorder = RunRecorder.#current;
    if (recorder === undefined) return;
    recorder.#buffer.clear();
    recorder.#flush();
  }

  #flushSoon(): void {
    const waitMs = Math.max(0, this.#flushedAtMs + FLUSH_EVERY_MS - performance.now());
    this.#flushTimer ??= setTimeout(() => this.#flush(), waitMs);
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushedAtMs = performance.now();
    this.#set({
      items: this.#buffer.items,
      droppedCharacters: this.#buffer.droppedCharacters,
      results: [...this.#results],
      outputBytes: this.#outputBytes,
    });
  }

  #set(part: Partial<RunView>): void {
    const run = runs.getState().run;
    if (run !== null && run.number === this.number) runs.setState({ run: { ...run, ...part } });
  }
}

/** True from the press on Run until its end line. */
export function isBusy(run: RunView | null): boolean {
  return run !== null && run.phase !== "ended";
}

/** Waits for the reader to answer a program that asks; `null` when they end its input. */
export function askForInput(recorder: RunRecorder): Promise<string | null> {
  return new Promise((resolve) => {
    recorder.waitForInput({
      submit: (text) => {
        recorder.waitForInput(null);
        if (text !== null) recorder.output("input", text);
        resolve(text);
      },
    });
  });
}

/** Resolves when no run is about to show its first sign: a line, a result, a question, or its end. */
export function firstSign(): Promise<void> {
  const isAwaited = ({ run }: RunStore) =>
    run !== null && isBusy(run) && run.items.length === 0 && run.results.length === 0 && run.input === null;
  return new Promise((resolve) => {
    const look = (store: RunStore) => {
      if (isAwaited(store)) return;
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(() => look({ run: null, count: 0 }), FIRST_SIGN_MS);
    const unsubscribe = runs.subscribe(look);
    look(runs.getState());
  });
}
