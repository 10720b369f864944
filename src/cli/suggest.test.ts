import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const KNOWN = ["--timeout", "--memory", "--mount", "--out", "--env", "-c"];

test.each([
  ["--tiemout", "--timeout"],
  ["--mont", "--mount"],
  ["--OUT", "--out"],
  ["--memroy", "--memory"],
  ["--colour", undefined],
  ["-x", "-c"],
  ["--zz", undefined],
])("for %s it suggests %s", (word, expected) => {
  expect(suggest(word, KNOWN)).toBe(expected);
});
