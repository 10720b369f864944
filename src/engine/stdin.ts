import type { CageEvent } from "../protocol/api.ts";

const EMPTY = new Uint8Array(0);

export interface StdinOptions {
  runId: number;
  source: Uint8Array | "terminal" | "pipe" | null;
  emit: (event: CageEvent) => void;
  /** Called when a person is asked, and when the answer is there. */
  onAsk: () => void;
  onAnswer: () => void;
}

/** One run's stdin: known bytes are handed out at once; otherwise the host is asked, one request at a time. */
export class Stdin {
  /** Somebody has to be asked. */
  readonly isInteractive: boolean;
  readonly #options: StdinOptions;
  #rest: Uint8Array;
  #isEnded: boolean;
  #lastRequestId = 0;
  #answer: ((bytes: Uint8Array | null) => void) | undefined;

  constructor(options: StdinOptions) {
    this.#options = options;
    this.isInteractive = typeof options.source === "string";
    this.#rest = options.source instanceof Uint8Array ? options.source : EMPTY;
    this.#isEnded = !this.isInteractive;
  }

  read(maxBytes: number): Uint8Array | Promise<Uint8Array> {
    if (this.#rest.length > 0 || this.#isEnded || maxBytes <= 0) return this.#take(maxBytes);
    return new Promise((resolve) => {
      this.#answer = (bytes) => {
        this.#answer = undefined;
        this.#options.onAnswer();
        if (bytes === null || bytes.length === 0) this.#isEnded = true;
        else this.#rest = bytes;
        resolve(this.#take(maxBytes));
      };
      this.#lastRequestId += 1;
      this.#options.onAsk();
      this.#options.emit({
        type: "input-request",
        runId: this.#options.runId,
        requestId: this.#lastRequestId,
      });
    });
  }

  /** The host's answer. One that nobody waits for is dropped. */
  provide(requestId: number, bytes: Uint8Array | null): void {
    if (requestId === this.#lastRequestId) this.#answer?.(bytes);
  }

  #take(maxBytes: number): Uint8Array {
    const taken = this.#rest.slice(0, Math.max(0, maxBytes));
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
}
