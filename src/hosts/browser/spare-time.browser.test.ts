import { afterEach, expect, test } from "vitest";
import { spareTime } from "./spare-time.ts";

let isHidden = false;
Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
afterEach(() => {
  isHidden = false;
});
function show(isShown: boolean): void {
  isHidden = !isShown;
  document.dispatchEvent(new Event("visibilitychange"));
}

test("spares go when the tab is hidden and may come back when it is shown", () => {
  const told: boolean[] = [];
  const stop = spareTime.watch((mayKeep) => told.push(mayKeep));
  show(false);
  show(true);
  stop();
  show(false);
  expect(told).toEqual([false, true]);
});

test("a tab that starts hidden keeps none", () => {
  isHidden = true;
  const told: boolean[] = [];
  spareTime.watch((mayKeep) => told.push(mayKeep))();
  expect(told).toEqual([false]);
});

test("a device with less than 2 GiB keeps none; one that does not say does", () => {
  const observed = [0.5, 1, 2, 8, undefined].map((gib) => {
    Object.defineProperty(navigator, "deviceMemory", { configurable: true, value: gib });
    return spareTime.hasMemory(0);
  });
  expect(observed).toEqual([false, false, true, true, true]);
});

test("idle time comes, and is not waited for any more when it is cancelled", async () => {
  const called: string[] = [];
  spareTime.whenIdle(() => called.push("cancelled"))();
  await new Promise<void>((resolve) => void spareTime.whenIdle(resolve));
  expect(called).toEqual([]);
});
