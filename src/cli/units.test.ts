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

test.each(["", "30", "s", "-1s", "1 s", "1d", "1e3s", "1.s", "NaNs", "9999999999999999h", "1constructor"])(
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
