import { expect, test } from "vitest";
import { EventBudget } from "./event-budget.ts";

const output = (length: number) => ({
  type: "output" as const,
  runId: 1,
  stream: "stdout" as const,
  bytes: new Uint8Array(length),
});

test("output up to its limit passes, the first byte over it is a breach", () => {
  const budget = new EventBudget(100, () => 0);
  expect([budget.charge(output(60)), budget.charge(output(40)), budget.charge(output(1))]).toEqual([
    null,
    null,
    "output-limit",
  ]);
});

test("rich results have a cap of their own of 16 MiB", () => {
  const budget = new EventBudget(0, () => 0);
  const result = (length: number) => ({
    type: "result" as const,
    runId: 1,
    bundle: { png: "x".repeat(length) },
    isMainResult: false,
  });
  expect([budget.charge(result(16 * 2 ** 20)), budget.charge(result(1))]).toEqual([null, "output-limit"]);
});

test("a flood of small events is a breach; the same number over time is not", () => {
  const flood = new EventBudget(100, () => 0);
  const event = { type: "progress" as const, message: "x" };
  let sent = 0;
  while (flood.charge(event) === null) sent += 1;
  expect(sent).toBe(20_000);

  let nowMs = 0;
  const steady = new EventBudget(100, () => nowMs);
  for (let i = 0; i < 40_000; i += 1) {
    nowMs += 1;
    expect(steady.charge(event)).toBe(null);
  }
});

test("a small view on a large buffer is a breach: the whole buffer came with it", () => {
  const budget = new EventBudget(100, () => 0);
  const view = new Uint8Array(1_000_000).subarray(0, 1);
  expect(budget.charge({ type: "output", runId: 1, stream: "stdout", bytes: view })).toBe(
    "protocol-violation",
  );
});
