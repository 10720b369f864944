import type { StopReason } from "../runtime.ts";

/** Unwinds the guest after `proc_exit`. */
export class GuestExit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** Unwinds the guest after a stop from outside. */
export class GuestStopped {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    this.reason = reason;
  }
}

/** Unwinds the guest after `proc_raise` of a signal that ends a process. */
export class GuestSignalled {
  readonly signal: number;

  constructor(signal: number) {
    this.signal = signal;
  }
}

/** Unwinds the guest after it used up the stack inside a call of ours, as if it had trapped there. */
export class GuestCrashed {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

export type Ending = GuestExit | GuestStopped | GuestSignalled | GuestCrashed;

export function isEnding(error: unknown): error is Ending {
  return (
    error instanceof GuestExit ||
    error instanceof GuestStopped ||
    error instanceof GuestSignalled ||
    error instanceof GuestCrashed
  );
}
