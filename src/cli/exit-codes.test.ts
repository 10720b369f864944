import { expect, test } from "vitest";
import { exitCodeOf, exitCodeOfError } from "./exit-codes.ts";

test.each([
  ["completed", 0, 0],
  ["failed", 3, 3],
  ["failed", 0, 1],
  ["timed-out", 0, 124],
  ["out-of-memory", 1, 137],
  ["output-limit", 0, 153],
  ["file-limit", 1, 1],
  ["cancelled", 130, 130],
  ["cancelled", 137, 137],
  ["cancelled", 0, 130],
  ["crashed", 3, 3],
  ["crashed", 0, 134],
] as const)("a run that is %s with %i ends the command with %i", (status, exitCode, expected) => {
  expect(exitCodeOf({ status, exitCode })).toBe(expected);
});

test("a module that never ran is a mistake in what was given; a guest's own error of that name is not", () => {
  const error = { name: "InvalidModule", value: "", traceback: "" };
  expect([
    exitCodeOf({ status: "failed", exitCode: 126, error }),
    exitCodeOf({ status: "failed", exitCode: 1, error }),
    exitCodeOf({ status: "failed", exitCode: 126 }),
  ]).toEqual([2, 1, 126]);
});

test("an error is 2 for what the caller gave, 137 for a killed sandbox, 125 for the sandbox's own", () => {
  expect(
    (["invalid-argument", "invalid-module", "sandbox-killed", "cage-unavailable", "internal"] as const).map(
      exitCodeOfError,
    ),
  ).toEqual([2, 2, 137, 125, 125]);
});
