import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { RunIo, StopReason } from "../runtime.ts";
import { toMimeBundle } from "./bundles.ts";
import type { Rejection } from "./engine.ts";
import { fsFault } from "./fs-errors.ts";
import { type CallArguments, GuestFault, type HostCalls } from "./host-calls.ts";
import { type Described, toDescribed } from "./report.ts";
import { Timers } from "./timers.ts";

/** Read at once from stdin when a guest wants all of it. */
const STDIN_CHUNK_BYTES = 65_536;

/** Everything one run adds to a context and leaves nothing of: its streams, timers, waits, and how it is to end. */
export class RunState {
  readonly io: RunIo;
  readonly timers = new Timers();
  /** Answers for requests of the guest's that were made to wait, in the order they came. */
  readonly answers: [id: number, answer: Uint8Array][] = [];
  /** Promises rejected and not handled so far, by identity. */
  readonly #rejections = new Map<bigint, Rejection>();
  hasTicks = false;
  exitCode: number | undefined;
  stopReason: StopReason | null = null;
  /** Failure of the host itself (no memory for an answer, a bug): ends the run and the context. */
  hostError: unknown;
  /** The last uncaught value, as the guest's side described it. */
  described: Described | undefined;
  #waits = 0;
  #wake: (() => void) | undefined;
  readonly #decoder = new TextDecoder();

  constructor(io: RunIo) {
    this.io = io;
  }

  /**
   * Keeps a rejected promise until somebody handles it. Of promises rejected with one and the same object only the last
   * counts: the engine makes a promise of its own for a module that throws, which no guest can ever handle.
   */
  noteRejection(rejection: Rejection): void {
    for (const [promise, known] of this.#rejections) {
      const isSame = rejection.reasonId !== undefined && known.reasonId === rejection.reasonId;
      if (promise !== rejection.promise && (rejection.isHandled || !isSame)) continue;
      known.reason?.dispose();
      this.#rejections.delete(promise);
    }
    if (!rejection.isHandled) this.#rejections.set(rejection.promise, rejection);
  }

  /** Forgets the newest rejection: of a module whose error went to whoever asked for it. */
  forgetLastRejection(): void {
    const last = [...this.#rejections.keys()].at(-1);
    if (last === undefined) return;
    this.#rejections.get(last)?.reason?.dispose();
    this.#rejections.delete(last);
  }

  /** The reason of one promise that is still unhandled, for the caller to dispose; undefined when there is none. */
  takeRejection(): QuickJSHandle | undefined {
    for (const [promise, { reason }] of this.#rejections) {
      this.#rejections.delete(promise);
      return reason;
    }
    return undefined;
  }

  /** Whether the guest must not go on. Asked by the engine's interrupt handler. */
  shouldEnd(): boolean {
    if (this.exitCode !== undefined || this.stopReason !== null || this.hostError !== undefined) return true;
    this.stopReason = this.io.pollStop();
    return this.stopReason !== null;
  }

  /** Whether something outside the guest may still answer. */
  get isWaiting(): boolean {
    return this.#waits > 0;
  }

  /** Sleeps until a time has passed, an answer came, or the run is stopped. */
  async sleep(ms: number | undefined): Promise<void> {
    this.io.flush();
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      const unsubscribe = this.io.onStop((reason) => {
        this.stopReason ??= reason;
        done();
      });
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#wake = () => {
        unsubscribe();
        done();
      };
      if (this.answers.length > 0) this.#wake();
    }).finally(() => {
      this.#wake?.();
      this.#wake = undefined;
    });
  }

  readonly calls: HostCalls = {
    result: (args) => {
      const bundle = toMimeBundle(args);
      if (bundle) this.io.result(bundle, args.flag(0));
    },
    uncaught: (args) => {
      this.described = toDescribed(args);
    },
    exit: (args) => {
      this.exitCode = args.size(0) & 255;
    },
    "ticks.pending": () => {
      this.hasTicks = true;
    },
    "timer.start": (args) => {
      const kind = args.text(1);
      this.timers.start(
        args.size(0),
        kind === "interval" || kind === "immediate" ? kind : "timeout",
        args.number(2),
      );
    },
    "timer.clear": (args) => this.timers.clear(args.size(0)),
    "timer.ref": (args) => this.timers.setKeepsAlive(args.size(0), args.flag(1)),
    "timer.refresh": (args) => this.timers.refresh(args.size(0)),
    "stdin.next": (args) => this.#readLater(args),
    "stdin.readNow": (args) => this.#readNow(args.size(0)),
    "stdin.readAll": () => {
      const parts: Uint8Array[] = [];
      for (
        let part = this.#readNow(STDIN_CHUNK_BYTES);
        part.length > 0;
        part = this.#readNow(STDIN_CHUNK_BYTES)
      ) {
        parts.push(part);
      }
      return concat(parts);
    },
    "stdin.decode": (args) => this.#decoder.decode(args.bytes, { stream: !args.flag(0) }),
    "out.bytes": (args) => {
      this.io.write(args.size(0) === 1 ? "stderr" : "stdout", args.bytes);
      return args.bytes.length;
    },
  };

  #readNow(maxBytes: number): Uint8Array {
    const bytes = this.io.isStdinInteractive ? undefined : this.io.readStdin(Math.max(1, maxBytes));
    if (bytes instanceof Uint8Array) return bytes;
    const { message, fields } = fsFault("EAGAIN", "read");
    throw new GuestFault("Error", `${message} (a person types this input: use \`await input()\`)`, fields);
  }

  #readLater(args: CallArguments): void {
    const id = args.size(0);
    const bytes = this.io.readStdin(Math.min(Math.max(1, args.size(1)), STDIN_CHUNK_BYTES));
    if (bytes instanceof Uint8Array) {
      this.answers.push([id, bytes]);
      return;
    }
    this.#waits++;
    const settle = (answer: Uint8Array): void => {
      this.#waits--;
      this.answers.push([id, answer]);
      this.#wake?.();
    };
    bytes.then(settle, () => settle(new Uint8Array()));
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
