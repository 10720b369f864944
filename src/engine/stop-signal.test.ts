import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createStopSignal, type StopSignalOptions } from "./stop-signal.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A signal on a clock that only `advance` moves, and how often it was read. */
function create(options: Partial<StopSignalOptions> = {}) {
  const clock = { nowMs: 0, reads: 0 };
  const stop = createStopSignal({
    timeoutMs: 1000,
    nowMs: () => {
      clock.reads += 1;
      return clock.nowMs;
    },
    ...options,
  });
  return { stop, clock };
}

/** Polls until it says to stop, each time after `stepMs`; answers the time that took. */
function pollUntilStopped({ stop, clock }: ReturnType<typeof create>, stepMs: number): number {
  while (stop.poll() === null) clock.nowMs += stepMs;
  return clock.nowMs;
}

describe("a guest that polls", () => {
  test.each([
    [0.001, 0.1],
    [0.2, 13],
    [1, 2],
    [20, 20],
  ])("every %d ms is stopped at most %d ms after its deadline", (stepMs, lateMs) => {
    const signal = create();
    expect(pollUntilStopped(signal, stepMs)).toBeLessThanOrEqual(1000 + lateMs);
    expect(signal.stop.reason).toBe("timed-out");
    signal.stop.dispose();
  });

  test("a hundred thousand times a second has the clock read at one poll in 64", () => {
    const { stop, clock } = create();
    const before = clock.reads;
    for (let poll = 0; poll < 6400; poll++) stop.poll();
    expect(clock.reads - before).toBeLessThanOrEqual(110);
    stop.dispose();
  });

  test("and then waits is looked at at once", () => {
    const { stop, clock } = create();
    for (let poll = 0; poll < 1000; poll++) stop.poll();
    stop.expectWait();
    clock.nowMs = 1000;
    expect(stop.poll()).toBe("timed-out");
    stop.dispose();
  });

  test("hears the shared flag at the very next poll", () => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const { stop } = create({ flag });
    for (let poll = 0; poll < 1000; poll++) stop.poll();
    Atomics.store(flag, 0, 1);
    expect(stop.poll()).toBe("cancelled");
    stop.dispose();
  });

  test("lets out what is due whenever the clock is looked at", () => {
    let looks = 0;
    const { stop, clock } = create({ onLook: () => looks++ });
    for (let poll = 0; poll < 12; poll++) {
      clock.nowMs += 12;
      stop.poll();
    }
    expect(looks).toBe(12);
    stop.dispose();
  });
});
