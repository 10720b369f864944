import { RESULT_BYTES } from "../policy/limits.ts";
import type { CageEvent } from "../protocol/api.ts";
import { bundleBytes } from "../protocol/json.ts";

/** Events a run may send at once, and then for each second it has run. Batched output makes about 100 a second. */
const BURST_EVENTS = 20_000;
const EVENTS_PER_SECOND = 2_000;

/** A view may carry a far larger buffer with it; a frame of the server's pipe adds less than this to its output. */
const MAX_VIEW_OVERHEAD_BYTES = 4096;

/** Why a cage is ended when it sends more than its run was given; null while it keeps to it. */
export type BudgetBreach = "output-limit" | "protocol-violation" | null;

/** Counts what one run's events weigh. The cage counts too, but a hostile one does not have to. */
export class EventBudget {
  readonly #outputBytes: number;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #events = 0;
  #output = 0;
  #results = 0;

  constructor(outputBytes: number, nowMs: () => number) {
    this.#outputBytes = outputBytes;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  charge(event: CageEvent): BudgetBreach {
    this.#events += 1;
    const elapsedSeconds = (this.#nowMs() - this.#startMs) / 1000;
    if (this.#events > BURST_EVENTS + EVENTS_PER_SECOND * elapsedSeconds) return "protocol-violation";
    if (event.type === "output") {
      if (event.bytes.buffer.byteLength - event.bytes.length > MAX_VIEW_OVERHEAD_BYTES)
        return "protocol-violation";
      this.#output += event.bytes.length;
    }
    if (event.type === "result") this.#results += bundleBytes(event.bundle);
    return this.#output > this.#outputBytes || this.#results > RESULT_BYTES ? "output-limit" : null;
  }
}
