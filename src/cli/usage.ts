import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { suggest } from "./suggest.ts";

/** A command line that cannot be meant: one line, a hint, exit code 2. */
export function usage(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: EXIT_CODES.usage, hint });
}

/** A flag that does not exist, with the one that was probably meant; `otherwise` is the hint when none is near. */
export function unknownFlag(flag: string, known: readonly string[], otherwise: string): CliError {
  const near = suggest(flag, known);
  return usage(`there is no flag ${flag}`, near === undefined ? otherwise : `Did you mean ${near}?`);
}

/** `--flag=value` is `--flag value`. A short flag keeps what follows it: `-c=1` is not a value of `-c`. */
export function splitFlag(word: string): [flag: string, value: string | undefined] {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}
