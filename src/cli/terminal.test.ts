import { expect, test } from "vitest";
import { errorLines, styleFor } from "./terminal.ts";

test("an error is one line and a hint, without colour where there is no terminal", () => {
  expect(errorLines("no such\nfile", "Look.", styleFor(false, {}))).toBe(
    "sandglass: no such file\n  Look.\n",
  );
  expect(errorLines("no", undefined, styleFor(false, {}))).toBe("sandglass: no\n");
});

test("colour is for terminals, unless NO_COLOR or a dumb terminal says no", () => {
  const coloured = "\u001b[1;31msandglass:\u001b[0m no\n\u001b[2m  Look.\u001b[0m\n";
  expect(errorLines("no", "Look.", styleFor(true, { NO_COLOR: "" }))).toBe(coloured);
  expect(errorLines("no", "Look.", styleFor(true, { NO_COLOR: "1" }))).toBe("sandglass: no\n  Look.\n");
  expect(errorLines("no", "Look.", styleFor(true, { TERM: "dumb" }))).toBe("sandglass: no\n  Look.\n");
});

test("a file name cannot write to the terminal through an error line", () => {
  expect(errorLines("\u001b]0;owned\u0007\r\u009b2J.py", undefined, styleFor(false, {}))).toBe(
    "sandglass: \\x1b]0;owned\\x07\\x0d\\x9b2J.py\n",
  );
});

test("a file name cannot turn the order of letters round", () => {
  expect(errorLines("gnp.\u202eexe\u2066\u061c\u2028", undefined, styleFor(false, {}))).toBe(
    "sandglass: gnp.\\u202eexe\\u2066\\u061c\\u2028\n",
  );
});
