import type { StopReason } from "../runtimes/runtime.ts";

/** Where the wish to stop comes from, and the one answer a run gets: the first reason wins. */
export interface StopSignal {
  readonly reason: StopReason | null;
  /** Looks at the deadline and the shared flag too; cheap enough for every interrupt check. */
  poll(): StopReason | null;
  stop(reason: StopReason): void;
  /** Calls back once when a reason arrives while the event loop is free. */
  onStop(listener: (reason: StopReason) => void): () => void;
  dispose(): void;
}

export interface StopSignalOptions {
  timeoutMs: number;
  /** Shared with the thread that hears the host while this one computes; 1 means "stop". Absent where memory cannot be shared. */
  flag?: Int32Array | undefined;
  nowMs: () => number;
}

/** How often a waiting guest looks at the shared flag; nobody wakes this thread when it is set. */
const FLAG_POLL_MS = 20;

export function createStopSignal({ timeoutMs, flag, nowMs }: StopSignalOptions): StopSignal {
  const deadline = nowMs() + timeoutMs;
  const listeners = new Set<(reason: StopReason) => void>();
  let reason: StopReason | null = null;
  if (flag) Atomics.store(flag, 0, 0);

  function stop(why: StopReason): void {
    if (reason !== null) return;
    reason = why;
    for (const listener of [...listeners]) listener(why);
    listeners.clear();
  }
  function poll(): StopReason | null {
    if (reason !== null) return reason;
    if (flag && Atomics.load(flag, 0) !== 0) stop("cancelled");
    else if (nowMs() >= deadline) stop("timed-out");
    return reason;
  }
  const deadlineTimer = setTimeout(() => stop("timed-out"), timeoutMs);
  const flagTimer = flag && setInterval(poll, FLAG_POLL_MS);

  return {
    get reason() {
      return reason;
    },
    poll,
    stop,
    onStop(listener) {
      if (reason !== null) {
        const why = reason;
        queueMicrotask(() => listener(why));
        return () => {};
      }
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      clearTimeout(deadlineTimer);
      clearInterval(flagTimer);
      listeners.clear();
    },
  };
}
