import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSpareTime } from "./spare-time.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("there is memory for what leaves the reserve untouched", () => {
  const spareTime = createSpareTime(() => 1000, 300);
  expect([spareTime.hasMemory(700), spareTime.hasMemory(701)]).toEqual([true, false]);
});

test("spares go when free memory falls below the reserve, and may come back once, when there is enough", () => {
  let free = 1000;
  const spareTime = createSpareTime(() => free, 300);
  const told: boolean[] = [];
  const stop = spareTime.watch((mayKeep) => told.push(mayKeep));
  for (const next of [300, 299, 100, 299, 300, 1000]) {
    free = next;
    vi.advanceTimersByTime(2000);
  }
  expect(told).toEqual([false, true]);
  stop();
  free = 0;
  vi.advanceTimersByTime(4000);
  expect(told).toEqual([false, true]);
});

test("a caller that waits no more is not called back", () => {
  const spareTime = createSpareTime(() => 1000, 300);
  const called: string[] = [];
  spareTime.whenIdle(() => called.push("kept"));
  spareTime.whenIdle(() => called.push("cancelled"))();
  vi.advanceTimersByTime(1000);
  expect(called).toEqual(["kept"]);
});
