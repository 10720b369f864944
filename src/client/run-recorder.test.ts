import { expect, test } from "vitest";
import { RunRecorder } from "./run-recorder.ts";

test.each([
  ["completed", false],
  ["failed", false],
  ["cancelled", false],
  ["crashed", false],
  ["timed-out", true],
  ["out-of-memory", true],
  ["output-limit", true],
  ["file-limit", true],
] as const)("a run that is %s has a limit in its trace: %s", (status, hasLimit) => {
  const recorder = new RunRecorder({}, () => 0);
  const { trace } = recorder.finish({ status, exitCode: 1, artifacts: [], usage: {}, executionCount: 1 });
  expect(trace).toEqual([
    ...(hasLimit ? [{ atMs: 0, type: "limit", detail: { status } }] : []),
    { atMs: 0, type: "run-ended", detail: { status, exitCode: 1 } },
  ]);
});
