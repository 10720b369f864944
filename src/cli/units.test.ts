import { expect, test } from "vitest";
import { formatBytes, parseByteCount, parseDurationMs } from "./units.ts";

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["2m", 120_000],
  ["1.5h", 5_400_000],
  ["0.25S", 250],
])("a duration of %s is %i ms", (text, ms) => {
  expect(parseDurationMs("--timeout", text)).toBe(ms);
});

test.each([
  ["0b", 0],
  ["64k", 65_536],
  ["512m", 536_870_912],
  ["1.5g", 1_610_612_736],
  ["2MB", 2_097_152],
  ["2MiB", 2_097_152],
])("a size of %s is %i bytes", (text, bytes) => {
  expect(parseByteCount("--memory", text)).toBe(bytes);
});

test.each(["", "30", "s", "-1s", "1 s", "1d", "1e3s", "1.s", "NaNs", "1constructor"])(
  "a duration of %j is refused with an example",
  (text) => {
    expect(() => parseDurationMs("--timeout", text)).toThrow(
      expect.objectContaining({
        message: `--timeout needs a number and a unit, not "${text}"`,
        hint: "Write it as 30s, 500ms or 2m.",
        exitCode: 2,
      }),
    );
  },
);

test.each([
  ["9999h", "--timeout is 9,999 h; the most is 596.5 h"],
  ["36000.5m", "--timeout is 36,000.5 m; the most is 35,791.3 m"],
  ["3000000S", "--timeout is 3,000,000 s; the most is 2,147,483.6 s"],
  ["2147483648ms", "--timeout is 2,147,483,648 ms; the most is 2,147,483,647 ms"],
  ["99999999999999999h", "--timeout is 99,999,999,999,999,999 h; the most is 596.5 h"],
  ["0s", "--timeout is 0 s; the least is 1 ms"],
  ["0.0001s", "--timeout is 0.0001 s; the least is 1 ms"],
])("a duration of %s is out of range, told in its own unit", (text, message) => {
  expect(() => parseDurationMs("--timeout", text)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
});

test.each(["2147483647ms", "596.5h"])("the longest time there is can be asked for: %s", (text) => {
  expect(parseDurationMs("--timeout", text)).toBeLessThanOrEqual(2_147_483_647);
});

test("a size is refused with the words that were given", () => {
  expect(() => parseByteCount("--memory", "12qb")).toThrow(
    expect.objectContaining({ message: '--memory needs a number and a unit, not "12qb"', exitCode: 2 }),
  );
});

test("a size is shown with its exact figure", () => {
  expect([0, 1, 1023, 1024, 1_500_000, 512 * 2 ** 20, 3 * 2 ** 30].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "1,023 bytes",
    "1 KiB (1,024 bytes)",
    "1.4 MiB (1,500,000 bytes)",
    "512 MiB (536,870,912 bytes)",
    "3 GiB (3,221,225,472 bytes)",
  ]);
});
