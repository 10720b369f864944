import fc from "fast-check";
import { expect, test } from "vitest";
import { checkName, checkPath, isPlainPath, splitPath } from "./names.ts";

test.each(["/a", "/workspace/file.txt", "/a b/c-d_e/~", "/__proto__/x"])(
  "%j needs no closer look",
  (path) => {
    expect(isPlainPath(path)).toBe(true);
  },
);

test.each([
  ...[
    "",
    "a",
    "/",
    "//a",
    "/a/",
    "/a//b",
    "/.",
    "/..",
    "/a/..",
    "/.hidden",
    "/a\0b",
    "/é",
    "/a/𝄞",
    "/\ud800",
  ],
  `/${"x".repeat(255)}`,
])("%j is looked at more closely", (path) => {
  expect(isPlainPath(path)).toBe(false);
});

test("what needs no closer look would have come through it", () => {
  const unit = fc.oneof(fc.constantFrom("/", ".", "a", "\0", "é", "\ud800"), fc.string({ maxLength: 3 }));
  let plain = 0;
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
      const path = `/${units.join("")}`;
      if (!isPlainPath(path)) return;
      plain += 1;
      const names = splitPath(path);
      expect(`/${names.join("/")}`).toBe(path);
      expect(names.includes(".") || names.includes("..")).toBe(false);
      checkPath(path);
      for (const name of names) checkName(name);
    }),
    { numRuns: 5000 },
  );
  expect(plain).toBeGreaterThan(100);
});
