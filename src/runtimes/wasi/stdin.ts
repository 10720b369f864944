import type { RunIo } from "../runtime.ts";

const EMPTY = new Uint8Array(0);
/** Bytes asked for at once, so that `poll_oneoff` can learn whether there is input without losing any. */
const CHUNK_BYTES = 65_536;

/** The guest's stdin: bytes at hand, and the one question to a person that may be open. */
export class StdinSource {
  readonly isTerminal: boolean;
  readonly #io: RunIo;
  #buffer: Uint8Array = EMPTY;
  /** The last answer was the end of input; the next read reports it. */
  #atEnd = false;
  #pending: Promise<void> | undefined;

  constructor(io: RunIo) {
    this.#io = io;
    this.isTerminal = io.isStdinTerminal;
  }

  /** Bytes that a read gets without waiting. */
  get available(): number {
    return this.#buffer.length;
  }

  /** The end was reached and not read yet. */
  get atEnd(): boolean {
    return this.#atEnd && this.#buffer.length === 0;
  }

  /** Nothing when a read would not wait; else a promise that ends when it no longer would. Rejects when input fails. */
  ready(wantedBytes = 1): Promise<void> | undefined {
    if (this.#buffer.length > 0 || this.#atEnd) return undefined;
    if (this.#pending !== undefined) return this.#pending;
    const answer = this.#io.readStdin(Math.max(wantedBytes, CHUNK_BYTES));
    if (answer instanceof Uint8Array) {
      this.#receive(answer);
      return undefined;
    }
    this.#pending = answer.then(
      (bytes) => {
        this.#pending = undefined;
        this.#receive(bytes);
      },
      (error: unknown) => {
        this.#pending = undefined;
        throw error;
      },
    );
    return this.#pending;
  }

  /** Moves bytes into `target`. 0 is the end of input (once: a person may go on after it). */
  take(target: Uint8Array): number {
    const length = Math.min(target.length, this.#buffer.length);
    if (length === 0) {
      if (target.length > 0) this.#atEnd = false;
      return 0;
    }
    target.set(this.#buffer.subarray(0, length));
    this.#buffer = this.#buffer.subarray(length);
    return length;
  }

  #receive(bytes: Uint8Array): void {
    if (bytes.length === 0) this.#atEnd = true;
    else this.#buffer = bytes;
  }
}
