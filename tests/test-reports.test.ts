import { describe, expect, it } from "vitest";
import { countPlaywright, countVitest, sumCounts, summaryLine } from "../scripts/test/reports.mjs";

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe("countVitest", () => {
  it("counts tests by their status", () => {
    const report = {
      testResults: [file("passed", "passed", "skipped"), file("failed", "passed", "failed", "todo")],
    };
    expect(countVitest(report, false)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it("counts a file that could not be loaded as one failure", () => {
    expect(countVitest({ testResults: [file("failed"), file("passed", "passed")] }, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it("counts a hook that threw as one failure, its tests as skipped", () => {
    expect(countVitest({ testResults: [file("failed", "skipped", "skipped")] }, false)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 2,
    });
  });

  it("does not call a run green that failed although its tests passed", () => {
    expect(countVitest({ testResults: [file("passed", "passed")] }, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it("counts a status it does not know as a failure", () => {
    expect(countVitest({ testResults: [file("passed", "vanished")] }, true).failed).toBe(1);
  });

  it.each([
    ["no report", undefined],
    ["half a report", {}],
    ["no tests at all", { testResults: [] }],
  ])("counts %s as one failure", (_what, report) => {
    expect(countVitest(report, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("countPlaywright", () => {
  const stats = (expected: number, unexpected: number, flaky: number, skipped: number) => ({
    stats: { expected, unexpected, flaky, skipped },
    errors: [] as unknown[],
  });

  it("counts flaky tests as failed", () => {
    expect(countPlaywright(stats(5, 1, 2, 3), false)).toEqual({ passed: 5, failed: 3, skipped: 3 });
  });

  it("counts errors outside of tests", () => {
    expect(countPlaywright({ ...stats(1, 0, 0, 0), errors: [{}, {}] }, false)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    });
  });

  it.each([
    ["no report", undefined],
    ["a report without stats", { errors: [] }],
    ["no tests at all", stats(0, 0, 0, 0)],
  ])("counts %s as one failure", (_what, report) => {
    expect(countPlaywright(report, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it("does not call a run green that failed although its tests passed", () => {
    expect(countPlaywright(stats(4, 0, 0, 0), false)).toEqual({ passed: 4, failed: 1, skipped: 0 });
  });
});

describe("the last line", () => {
  it("sums every stage and names skips only when there are some", () => {
    const sum = sumCounts([
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 40, failed: 2, skipped: 0 },
    ]);
    expect(summaryLine(sum)).toBe("41 passed, 2 failed");
    expect(summaryLine({ ...sum, skipped: 3 })).toBe("41 passed, 2 failed, 3 skipped");
  });
});
