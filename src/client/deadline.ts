import { INPUT_WAIT_MS } from "../policy/limits.ts";

/** A run's deadline above the wall. Its clock stands still while a person is asked, though not for ever. */
export class Deadline {
  readonly #onExpire: () => void;
  #timer: ReturnType<typeof setTimeout>;
  #expiresAtMs: number;
  #leftMs: number | undefined;

  constructor(ms: number, onExpire: () => void) {
    this.#onExpire = onExpire;
    this.#expiresAtMs = performance.now() + ms;
    this.#timer = setTimeout(onExpire, ms);
  }

  pause(): void {
    if (this.#leftMs !== undefined) return;
    this.#leftMs = Math.max(0, this.#expiresAtMs - performance.now());
    this.#expireAfter(INPUT_WAIT_MS);
  }

  resume(): void {
    if (this.#leftMs === undefined) return;
    this.#expireAfter(this.#leftMs);
    this.#leftMs = undefined;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #expireAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#expiresAtMs = performance.now() + ms;
    this.#timer = setTimeout(this.#onExpire, ms);
  }
}
