import { SandboxError } from "../errors.ts";

/** What one sandbox may use. Every figure is a hard cap, held in the cage and again above the wall. */
export interface Limits {
  /** Wall time of one run, in milliseconds, without the time a person takes to answer its questions. Default 30,000. */
  timeoutMs: number;
  /** Memory of one guest language's interpreter or module, in bytes. Default 512 MiB. */
  memoryBytes: number;
  /** stdout + stderr of one run, in bytes. Default 1 MiB. Rich results have their own cap, `RESULT_BYTES`. */
  outputBytes: number;
  /** Everything stored in the sandbox's filesystem, in bytes. Default 256 MiB. */
  fileBytes: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  timeoutMs: 30_000,
  memoryBytes: 512 * 2 ** 20,
  outputBytes: 2 ** 20,
  fileBytes: 256 * 2 ** 20,
};

/** Rich results of one run, in bytes of their text forms: room for some twenty plots as PNG and SVG. */
export const RESULT_BYTES = 16 * 2 ** 20;

/** A question to a person stops a run's clock, but not for ever: unanswered for this long, the run times out. */
export const INPUT_WAIT_MS = 10 * 60_000;

/** Smallest and largest value each limit accepts. Wasm32 addresses end at 4 GiB; timers at 2^31 - 1 ms. */
export const LIMIT_RANGES: Readonly<Record<keyof Limits, readonly [min: number, max: number]>> = {
  timeoutMs: [1, 2 ** 31 - 1],
  // Python's own start needs 30 MiB (480 pages of 64 KiB declared by pyodide.asm.wasm 314).
  memoryBytes: [2 ** 20, 4 * 2 ** 30],
  outputBytes: [0, 2 ** 30],
  fileBytes: [0, 4 * 2 ** 30],
};

/**
 * Fills the limits that were left out with their defaults.
 *
 * @throws {SandboxError} `invalid-argument` when a limit is unknown, not an integer, or out of its range.
 */
export function parseLimits(
  limits: Partial<Limits> = {},
  defaults: Readonly<Limits> = DEFAULT_LIMITS,
): Limits {
  for (const key of Object.keys(limits)) {
    if (!Object.hasOwn(LIMIT_RANGES, key)) {
      throw new SandboxError(`There is no limit named "${key}"`, {
        code: "invalid-argument",
        hint: `Known limits: ${Object.keys(LIMIT_RANGES).join(", ")}.`,
      });
    }
  }
  const parsed = { ...defaults };
  for (const key of Object.keys(LIMIT_RANGES) as (keyof Limits)[]) {
    const value = limits[key];
    if (value === undefined) continue;
    const [min, max] = LIMIT_RANGES[key];
    if (!Number.isInteger(value) || value < min || value > max) {
      const unit = key === "timeoutMs" ? "milliseconds" : "bytes";
      throw new SandboxError(
        `limits.${key} is ${String(value)}; it must be a whole number of ${unit} from ${min} to ${max}`,
        { code: "invalid-argument" },
      );
    }
    parsed[key] = value;
  }
  return parsed;
}
