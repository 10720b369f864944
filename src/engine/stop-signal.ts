import { INPUT_WAIT_MS } from "../policy/limits.ts";
import type { StopReason } from "../runtimes/runtime.ts";

/** Where the wish to stop comes from, and the one answer a run gets: the first reason wins. */
export interface StopSignal {
  readonly reason: StopReason | null;
  /** Looks at the deadline and the shared flag too; cheap enough for every interrupt check and every host call. */
  poll(): StopReason | null;
  /** Makes the next `poll` look at the clock: what comes may take long. */
  expectWait(): void;
  stop(reason: StopReason): void;
  /** Stops the clock while a person is asked. A guest that computes meanwhile (it polls) starts it again. */
  pause(): void;
  resume(): void;
  /** Calls back once when a reason arrives while the event loop is free. */
  onStop(listener: (reason: StopReason) => void): () => void;
  dispose(): void;
}

export interface StopSignalOptions {
  timeoutMs: number;
  /** Shared with the thread that hears the host while this one computes; 1 means "stop". Absent where memory cannot be shared. */
  flag?: Int32Array | undefined;
  nowMs: () => number;
  /** Called whenever a poll looks at the clock: for what else is due by time while the guest computes. */
  onLook?: () => void;
}

/** How often a waiting guest looks at the shared flag; nobody wakes this thread when it is set. */
const FLAG_POLL_MS = 20;

/** A guest that asks may finish what it was doing; one that still polls after this long computes. */
const SETTLE_MS = 250;

/**
 * Reading a clock costs more than the rest of a host call (50 to 250 ns), so a guest that polls all the time has it read
 * about once in this time, and at least at every so many polls.
 */
const CLOCK_EVERY_MS = 0.25;
const MAX_POLLS_PER_LOOK = 64;

export function createStopSignal({ timeoutMs, flag, nowMs, onLook }: StopSignalOptions): StopSignal {
  let deadlineMs = nowMs() + timeoutMs;
  /** What was left of the time when the clock was stopped; undefined while it runs. */
  let leftMs: number | undefined;
  let pausedAtMs = 0;
  const listeners = new Set<(reason: StopReason) => void>();
  let reason: StopReason | null = null;
  let pollsLeft = 1;
  let pollsPerLook = 1;
  let lastLookMs = nowMs();
  if (flag) Atomics.store(flag, 0, 0);

  function stop(why: StopReason): void {
    if (reason !== null) return;
    reason = why;
    for (const listener of [...listeners]) listener(why);
    listeners.clear();
  }
  function pollFlag(): void {
    if (flag && Atomics.load(flag, 0) !== 0) stop("cancelled");
  }
  function poll(): StopReason | null {
    if (reason !== null) return reason;
    pollFlag();
    pollsLeft -= 1;
    if (pollsLeft <= 0) lookAtClock();
    return reason;
  }
  function lookAtClock(): void {
    const now = nowMs();
    const isQuick = now - lastLookMs < CLOCK_EVERY_MS;
    pollsPerLook = isQuick ? Math.min(pollsPerLook * 2, MAX_POLLS_PER_LOOK) : Math.max(1, pollsPerLook >> 1);
    // After a long silence nothing is known about the next one.
    if (now - lastLookMs > MAX_POLLS_PER_LOOK * CLOCK_EVERY_MS) pollsPerLook = 1;
    pollsLeft = pollsPerLook;
    lastLookMs = now;
    if (leftMs !== undefined && now - pausedAtMs > SETTLE_MS) resume();
    if (now >= deadlineMs) stop("timed-out");
    onLook?.();
  }
  function expireAfter(ms: number): void {
    clearTimeout(deadlineTimer);
    deadlineMs = nowMs() + ms;
    deadlineTimer = setTimeout(() => stop("timed-out"), ms);
  }
  function pause(): void {
    if (leftMs !== undefined || reason !== null) return;
    pausedAtMs = nowMs();
    leftMs = Math.max(0, deadlineMs - pausedAtMs);
    expireAfter(INPUT_WAIT_MS);
  }
  function resume(): void {
    if (leftMs === undefined) return;
    expireAfter(leftMs);
    leftMs = undefined;
  }
  let deadlineTimer = setTimeout(() => stop("timed-out"), timeoutMs);
  const flagTimer = flag && setInterval(pollFlag, FLAG_POLL_MS);

  return {
    get reason() {
      return reason;
    },
    poll,
    expectWait() {
      pollsLeft = 1;
    },
    stop,
    pause,
    resume,
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
