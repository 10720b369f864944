import { expect, test } from "vitest";
import { type Execution, Result } from "../index.ts";
import { DEFAULT_LIMITS } from "../policy/limits.ts";
import { endMessage, richResultsMessage } from "./end-message.ts";

const execution = (given: Partial<Execution>): Execution => ({
  status: "completed",
  exitCode: 0,
  logs: { stdout: [], stderr: [] },
  results: [],
  artifacts: [],
  usage: { wallMs: 1, stdoutBytes: 0, stderrBytes: 0 },
  notices: [],
  trace: [],
  executionCount: 1,
  ...given,
});

test.each([
  ["completed", undefined],
  ["failed", undefined],
  ["timed-out", "timed out: it ran longer than 30,000 ms"],
  ["out-of-memory", "out of memory: the limit is 512 MiB (536,870,912 bytes)"],
  ["output-limit", "stopped: it wrote more than 1 MiB (1,048,576 bytes)"],
  [
    "file-limit",
    "the program failed after it was refused room: its files may have 256 MiB (268,435,456 bytes)",
  ],
  ["cancelled", "interrupted"],
  ["crashed", "the program crashed: abort"],
] as const)("a run that is %s ends with: %s", (status, message) => {
  const error = { name: "Crash", value: "abort", traceback: "" };
  expect(endMessage(execution({ status, error }), DEFAULT_LIMITS)?.message).toBe(message);
});

test("a program that met the files limit and then chose its own exit code is not said to have been stopped", () => {
  expect(endMessage(execution({ status: "file-limit", exitCode: 3 }), DEFAULT_LIMITS)).toEqual({
    message:
      "the program ended itself with exit code 3 after it was refused room: its files may have 256 MiB (268,435,456 bytes)",
    hint: "Raise --file-limit, or store less.",
  });
});

test("displayed values are counted with their forms; the last expression is not among them", () => {
  const results = [
    new Result({ text: "a", svg: "<svg/>" }, false),
    new Result({ text: "b", svg: "<svg/>", png: "" }, false),
    new Result({ text: "c", html: "<b>" }, true),
  ];
  expect(richResultsMessage(execution({ results }))?.message).toBe("displayed 2 values (svg, png)");
  expect(richResultsMessage(execution({ results: results.slice(2) }))).toBeUndefined();
  expect(richResultsMessage(execution({ results: [new Result({ text: "a" }, false)] }))?.message).toBe(
    "displayed 1 value",
  );
});
