import { INPUT_WAIT_MS } from "../policy/limits.ts";

/** A run's deadline above the wall. Its clock stands still while a person is asked, though not for ever. */
export class Deadline {
  readonly #onExpire: () => void;
  #timer: ReturnType<typeof setTimeout>;
  #expiresAtMs: number;
  #leftMs: number | undefined;
  #isOver = false;

  constructor(ms: number, onExpire: () => void) {
    this.#onExpire = onExpire;
    this.#expiresAtMs = performance.now() + ms;
    this.#timer = setTimeout(onExpire, ms);
  }

  pause(): void {
    if (this.#isOver || this.#leftMs !== undefined) return;
    this.#leftMs = Math.max(0, this.#expiresAtMs - performance.now());
    this.#expireAfter(INPUT_WAIT_MS);
  }

  resume(): void {
    if (this.#isOver || this.#leftMs === undefined) return;
    this.#expireAfter(this.#leftMs);
    this.#leftMs = undefined;
  }

  /** The run is over: an answer that comes later must not start a clock that ends somebody else's run. */
  clear(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #expireAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#expiresAtMs = performance.now() + ms;
    this.#timer = setTimeout(this.#onExpire, ms);
  }
}
