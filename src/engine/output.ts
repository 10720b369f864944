import type { CageEvent } from "../protocol/api.ts";

type Stream = "stdout" | "stderr";

/** A chunk is sent when it reaches this size: large enough for few messages, small enough to arrive while it runs. */
const CHUNK_BYTES = 64 * 1024;
/** Output waits at most this long for company, if anything in the run looks at the clock. */
const MAX_DELAY_MS = 12;

export interface OutputOptions {
  runId: number;
  limitBytes: number;
  emit: (event: CageEvent, transfer?: Transferable[]) => void;
  nowMs: () => number;
  /** Called once, when the first byte did not fit. */
  onLimit: () => void;
}

/** Collects what a guest writes: counts it, drops what is over the cap, keeps the order, and sends it in few messages. */
export class OutputCollector {
  readonly bytesByStream: Record<Stream, number> = { stdout: 0, stderr: 0 };
  readonly #options: OutputOptions;
  #buffer = new Uint8Array(CHUNK_BYTES);
  #length = 0;
  #stream: Stream = "stdout";
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFull = false;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  write(stream: Stream, bytes: Uint8Array): void {
    if (this.#isFull || bytes.length === 0) return;
    const room = this.#options.limitBytes - this.bytesByStream.stdout - this.bytesByStream.stderr;
    let rest = bytes;
    if (bytes.length > room) {
      this.#isFull = true;
      rest = bytes.subarray(0, room);
    }
    this.bytesByStream[stream] += rest.length;
    if (stream !== this.#stream) {
      this.flush();
      this.#stream = stream;
    }
    while (rest.length > 0) {
      const taken = Math.min(rest.length, CHUNK_BYTES - this.#length);
      this.#buffer.set(rest.subarray(0, taken), this.#length);
      this.#length += taken;
      rest = rest.subarray(taken);
      if (this.#length === CHUNK_BYTES) this.flush();
    }
    this.flushIfDue();
    if (this.#length > 0 && this.#timer === undefined)
      this.#timer = setTimeout(() => this.flush(), MAX_DELAY_MS);
    if (this.#isFull) {
      this.flush();
      this.#options.onLimit();
    }
  }

  /** Sends what has waited long enough; called from interrupt checks, where timers cannot fire. */
  flushIfDue(): void {
    if (this.#length > 0 && this.#options.nowMs() - this.#lastSentMs >= MAX_DELAY_MS) this.flush();
  }

  flush(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#length === 0) return;
    const bytes = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    this.#lastSentMs = this.#options.nowMs();
    const { runId, emit } = this.#options;
    emit({ type: "output", runId, stream: this.#stream, bytes }, [bytes.buffer]);
  }
}
