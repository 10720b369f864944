import type { GuestError } from "../runtime.ts";
import type { CallArguments } from "./host-calls.ts";
import type { SourceError } from "./source-error.ts";

/** Longest error value and traceback that leave the guest, in characters. */
const MAX_ERROR_CHARS = 64 * 1024;

/** An uncaught value, as the guest's bootstrap describes it. Every field is the guest's word. */
export interface Described {
  name: string;
  value: string;
  /** The stack with its header; empty for a value that is no error. */
  stack: string;
  /** As `inspect` shows it. */
  text: string;
  isError: boolean;
}

/** The engine's own name of a file read again: "'/workspace/a.js?2'". */
const GENERATION = /\?(?:run)?\d+'/g;

/** What is said of a value that could not be described at all. */
export const UNDESCRIBED: Described = {
  name: "Error",
  value: "a value that cannot be shown was thrown",
  stack: "Error: a value that cannot be shown was thrown",
  text: "Error: a value that cannot be shown was thrown",
  isError: true,
};

/** Takes a description from the guest: name, value, stack, text, isError. */
export function toDescribed(args: CallArguments): Described {
  const text = (index: number): string =>
    (args.optionalText(index) ?? "").slice(0, MAX_ERROR_CHARS).replace(GENERATION, "'");
  return { name: text(0) || "Error", value: text(1), stack: text(2), text: text(3), isError: args.flag(4) };
}

/** What the caller gets of an uncaught value. */
export function toGuestError(described: Described): GuestError {
  const { name, value, stack, text, isError } = described;
  return { name, value, traceback: isError ? text || stack : `Uncaught ${value}` };
}

/** Where the first frame of a stack is: file, line and column. */
export function firstFrame(stack: string): { file: string; line: number; column: number } | undefined {
  const match = /^ {4}at (?:.* \()?(.+?):(\d+):(\d+)\)?$/m.exec(stack);
  if (!match) return undefined;
  return { file: match[1]!, line: Number(match[2]), column: Number(match[3]) };
}

/** The place of an error with its line and a caret under it, as node shows it first. Empty when it is not known. */
export function excerpt(
  at: { file: string; line: number; column: number } | undefined,
  source: string | undefined,
): string {
  const line = at && source?.split("\n", at.line)[at.line - 1];
  if (!at || line === undefined || line.length > 500) return "";
  const indent = line.slice(0, at.column - 1).replace(/[^\t]/g, " ");
  return `${at.file}:${at.line}\n${line}\n${indent}^\n\n`;
}

/** What stderr says of an uncaught value. */
export function uncaughtText(described: Described, place: string): string {
  return described.isError ? `${place}${described.text}\n` : `${place}Uncaught ${described.text}\n`;
}

/** A source that does not parse, for the caller and for stderr. */
export function describeSourceError(
  error: SourceError,
  source: string | undefined,
): { error: GuestError; text: string } {
  const place = excerpt(error, source);
  const at = `    at ${error.file}:${error.line}:${error.column}`;
  const header = `${error.name}: ${error.message}`;
  return {
    error: { name: error.name, value: error.message, traceback: `${place}${header}\n${at}` },
    text: `${place}${header}\n${at}\n`,
  };
}
