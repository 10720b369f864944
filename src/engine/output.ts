import type { CageEvent } from "../protocol/api.ts";

type Stream = "stdout" | "stderr";

/** A chunk is sent when it reaches this size: large enough for few messages, small enough to arrive while it runs. */
const CHUNK_BYTES = 64 * 1024;
/** Output waits at most this long for company, if anything in the run looks at the clock. */
const MAX_DELAY_MS = 12;

/**
 * Chunks up to here keep the order of the two streams exactly. A guest that goes on changing streams would pass what the
 * host takes in a run (20,000 events at once, `EventBudget`); after this many, each stream is collected by itself.
 */
const ORDERED_CHUNKS = 8000;

/** Buffers of runs that have ended: most print a line, and making a buffer for it would cost more than printing. */
const spares: Uint8Array<ArrayBuffer>[] = [];
const NO_BYTES = new Uint8Array(0);
/** While output waits anyway, the clock is read at every so many writes; between them the run's polls look at it. */
const WRITES_PER_LOOK = 8;

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
  /** A whole chunk from the first write on, until `dispose`. */
  readonly #buffers: Record<Stream, Uint8Array<ArrayBuffer>> = { stdout: NO_BYTES, stderr: NO_BYTES };
  readonly #lengths = { stdout: 0, stderr: 0 };
  #stream: Stream = "stdout";
  #chunks = 0;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writesLeft = 0;
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
    this.#writesLeft = this.#isWaiting ? this.#writesLeft - 1 : 0;
    if (stream !== this.#stream) {
      if (this.#chunks < ORDERED_CHUNKS) this.flush();
      this.#stream = stream;
    }
    while (rest.length > 0) {
      const taken = Math.min(rest.length, CHUNK_BYTES - this.#lengths[stream]);
      this.#append(stream, taken === rest.length ? rest : rest.subarray(0, taken));
      if (this.#lengths[stream] === CHUNK_BYTES) this.flush();
      if (taken === rest.length) break;
      rest = rest.subarray(taken);
    }
    if (this.#writesLeft <= 0) {
      this.#writesLeft = WRITES_PER_LOOK;
      this.flushIfDue();
    }
    if (this.#timer === undefined && this.#isWaiting)
      this.#timer = setTimeout(() => this.flush(), MAX_DELAY_MS);
    if (this.#isFull) {
      this.flush();
      this.#options.onLimit();
    }
  }

  /** Sends what has waited long enough; called from interrupt checks, where timers cannot fire. */
  flushIfDue(): void {
    if (this.#isWaiting && this.#options.nowMs() - this.#lastSentMs >= MAX_DELAY_MS) this.flush();
  }

  flush(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isWaiting) return;
    this.#lastSentMs = this.#options.nowMs();
    const { runId, emit } = this.#options;
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#lengths[stream] === 0) continue;
      const bytes = this.#buffers[stream].slice(0, this.#lengths[stream]);
      this.#lengths[stream] = 0;
      this.#chunks += 1;
      emit({ type: "output", runId, stream, bytes }, [bytes.buffer]);
    }
  }

  /** Sends the rest and gives the buffers back. What is written later is collected as before. */
  dispose(): void {
    this.flush();
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#buffers[stream] !== NO_BYTES && spares.length < 2) spares.push(this.#buffers[stream]);
      this.#buffers[stream] = NO_BYTES;
    }
  }

  #append(stream: Stream, bytes: Uint8Array): void {
    const buffer = this.#buffers[stream];
    if (buffer === NO_BYTES) {
      this.#buffers[stream] = spares.pop() ?? new Uint8Array(CHUNK_BYTES);
      this.#buffers[stream].set(bytes);
    } else buffer.set(bytes, this.#lengths[stream]);
    this.#lengths[stream] += bytes.length;
  }

  get #isWaiting(): boolean {
    return this.#lengths.stdout + this.#lengths.stderr > 0;
  }
}
