import { expect, test } from "vitest";
import { stringTable } from "./strings.ts";

const ENCODER = new TextEncoder();

test.each([
  [[]],
  [[""]],
  [["a", "", "bc"]],
  [["é", "日本", "😀", "plain"]],
  // What a host's caller may hand over, though no operating system would.
  [["a\0b", "c"]],
  [["\ud800", "x\udc00y", "end"]],
])("each of %j stands where the table says, as UTF-8 with a NUL behind it", (texts) => {
  const { count, bytes, starts } = stringTable(texts);
  expect(count).toBe(texts.length);
  const expected = texts.map((text) => ENCODER.encode(`${text}\0`));
  expect(expected.map(({ length }, index) => bytes.slice(starts[index], starts[index]! + length))).toEqual(
    expected,
  );
  expect(bytes.length).toBe(expected.reduce((sum, { length }) => sum + length, 0));
});
