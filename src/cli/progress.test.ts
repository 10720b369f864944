import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgressLine, PROGRESS_DELAY_MS } from "./progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WIPE = "\r\u001b[2K";

test("a quick start shows nothing", () => {
  const written: string[] = [];
  const line = createProgressLine((text) => written.push(text));
  line.show("Starting Python");
  vi.advanceTimersByTime(PROGRESS_DELAY_MS - 1);
  line.stop();
  vi.advanceTimersByTime(10_000);
  line.show("late");
  expect(written).toEqual([]);
});

test("a slow start shows the latest words, follows them, and wipes the line at its end", () => {
  const written: string[] = [];
  const line = createProgressLine((text) => written.push(text));
  line.show("Loading");
  line.show("Compiling Python");
  vi.advanceTimersByTime(PROGRESS_DELAY_MS);
  line.show("Starting Python");
  line.stop();
  line.stop();
  expect(written).toEqual([`${WIPE}Compiling Python …`, `${WIPE}Starting Python …`, WIPE]);
});
