/** One timer the guest has started. */
interface Timer {
  id: number;
  dueMs: number;
  delayMs: number;
  repeats: boolean;
  keepsAlive: boolean;
}

/**
 * When the guest's timers are due: by time, then in the order they were started. The clock is read once per turn, as
 * node does, so that timers started in one turn fire by their delays alone.
 */
export class Timers {
  readonly #timers = new Map<number, Timer>();
  #immediates: number[] = [];
  #nowMs = 0;

  /** Starts a turn at a time; never goes back. */
  setNow(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms);
  }

  start(id: number, kind: "timeout" | "interval" | "immediate", delayMs: number): void {
    if (kind === "immediate") this.#immediates.push(id);
    else {
      // Delays are 1 ms at least; the shortest counts as due at once, so that it comes before any immediate.
      const dueMs = this.#nowMs + (delayMs <= 1 ? 0 : delayMs);
      this.#timers.set(id, { id, dueMs, delayMs, repeats: kind === "interval", keepsAlive: true });
    }
  }

  clear(id: number): void {
    if (!this.#timers.delete(id)) this.#immediates = this.#immediates.filter((each) => each !== id);
  }

  setKeepsAlive(id: number, keepsAlive: boolean): void {
    const timer = this.#timers.get(id);
    if (timer) timer.keepsAlive = keepsAlive;
  }

  refresh(id: number): void {
    const timer = this.#timers.get(id);
    if (timer) timer.dueMs = this.#nowMs + timer.delayMs;
  }

  /** Timers that are due now, in order. Takes nothing away: a timer cleared by an earlier one must not fire. */
  due(): number[] {
    return [...this.#timers.values()]
      .filter((timer) => timer.dueMs <= this.#nowMs)
      .sort((a, b) => a.dueMs - b.dueMs || a.id - b.id)
      .map((timer) => timer.id);
  }

  /** Takes a due timer off, or sets a repeating one again. False when it was cleared meanwhile. */
  take(id: number): boolean {
    const timer = this.#timers.get(id);
    if (!timer) return false;
    if (timer.repeats) timer.dueMs = this.#nowMs + Math.max(1, timer.delayMs);
    else this.#timers.delete(id);
    return true;
  }

  /** Immediates started before now; those started meanwhile wait for the next turn. */
  takeImmediates(): number[] {
    const taken = this.#immediates;
    this.#immediates = [];
    return taken;
  }

  get hasImmediates(): boolean {
    return this.#immediates.length > 0;
  }

  /** Milliseconds until the next timer, or undefined when none keeps the run alive. */
  get nextDelayMs(): number | undefined {
    let next: number | undefined;
    let isAlive = false;
    for (const timer of this.#timers.values()) {
      isAlive ||= timer.keepsAlive;
      if (next === undefined || timer.dueMs < next) next = timer.dueMs;
    }
    return isAlive && next !== undefined ? Math.max(0, next - this.#nowMs) : undefined;
  }

  clearAll(): void {
    this.#timers.clear();
    this.#immediates = [];
  }
}
