import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { INPUT_WAIT_MS } from "../policy/limits.ts";
import { Deadline } from "./deadline.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(ms: number) {
  const expired = vi.fn();
  return { deadline: new Deadline(ms, expired), expired };
}

test("expires once, at its time", () => {
  const { expired } = start(100);
  vi.advanceTimersByTime(99);
  expect(expired).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(10_000);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("a pause does not count, whether asked for once or twice", () => {
  const { deadline, expired } = start(100);
  vi.advanceTimersByTime(60);
  deadline.pause();
  deadline.pause();
  vi.advanceTimersByTime(5000);
  deadline.resume();
  deadline.resume();
  vi.advanceTimersByTime(39);
  expect(expired).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(1);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("a pause that nobody ends expires in the end", () => {
  const { deadline, expired } = start(100);
  deadline.pause();
  vi.advanceTimersByTime(INPUT_WAIT_MS);
  expect(expired).toHaveBeenCalledTimes(1);
});

test("a cleared deadline never comes", () => {
  const { deadline, expired } = start(100);
  deadline.clear();
  vi.advanceTimersByTime(1000);
  expect(expired).toHaveBeenCalledTimes(0);
});

test("an answer that comes after the end starts no clock", () => {
  const { deadline, expired } = start(100);
  deadline.pause();
  deadline.clear();
  deadline.resume();
  deadline.pause();
  vi.advanceTimersByTime(INPUT_WAIT_MS * 2);
  expect(expired).toHaveBeenCalledTimes(0);
});
