import { describe, expect, test } from "vitest";
import { SandboxError } from "../errors.ts";
import type { Context } from "./options.ts";
import { parseEnvs, parseFiles, parseRun } from "./parse-options.ts";

const DEFAULTS = { language: "python", timeoutMs: 30_000 } as const;
const context: Context = { id: "c1", language: "javascript" };

/** What a caller without types can hand in. */
const untyped = (value: unknown) => value as never;

function refusalOf(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (error instanceof SandboxError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  return undefined;
}

describe("what a caller got wrong is refused with what to do instead", () => {
  test.each<[string, () => unknown, string, string]>([
    [
      "a file's content",
      () => parseFiles({ "/a": untyped(new ArrayBuffer(1)) }),
      'files["/a"] must be a string or a Uint8Array, not object',
      "Of an ArrayBuffer make new Uint8Array(buffer), of other values JSON.stringify(value).",
    ],
    [
      "a variable's name",
      () => parseEnvs({ "A=B": "1" }),
      '"A=B" is no name for an environment variable',
      "A name has at least one character, and neither = nor NUL.",
    ],
    [
      "a variable's value",
      () => parseEnvs({ PORT: untyped(80) }),
      "envs.PORT must be a string without NUL",
      "Write a number as String(value), and leave out what has no value.",
    ],
    [
      "a context of another language",
      () => parseRun("1", { context, language: "python" }, DEFAULTS),
      "The context is for javascript, the code is python",
      'Leave one of them out, or make another context: createContext({ language: "python" }).',
    ],
    [
      "text where a module is meant",
      () => parseRun("1", { language: "wasi" }, DEFAULTS),
      "Code in wasi must be a module's bytes (Uint8Array)",
      "Read the .wasm file without an encoding.",
    ],
    [
      "bytes where a program is meant",
      () => parseRun(new Uint8Array(), {}, DEFAULTS),
      "Code in python must be a string",
      'Decode its bytes with new TextDecoder(), or name the language "wasi" if they are a module.',
    ],
    [
      "no time limit",
      () => parseRun("1", { timeoutMs: Number.POSITIVE_INFINITY }, DEFAULTS),
      "timeoutMs is Infinity; it must be a whole number of milliseconds from 1 to 2147483647",
      "30 seconds are 30_000; no run is without a limit.",
    ],
    [
      "an argument",
      () => parseRun("1", { args: ["a", untyped(2)] }, DEFAULTS),
      "args[1] must be a string without NUL",
      "Write a number as String(value).",
    ],
    [
      "a terminal with nobody at it",
      () => parseRun("1", { stdin: "a", isStdinTerminal: true }, DEFAULTS),
      "isStdinTerminal needs stdin to be a function: who types is asked",
      "Give stdin as a function that answers a line, or leave isStdinTerminal out.",
    ],
  ])("%s", (_, call, message, hint) => {
    expect(refusalOf(call)).toEqual({ code: "invalid-argument", message, hint });
  });
});
