import { SandboxError } from "../errors.ts";
import { type Limits, parseLimits } from "../policy/limits.ts";
import { usage } from "./usage.ts";

const FLAGS: Readonly<Record<keyof Limits, string>> = {
  timeoutMs: "--timeout",
  memoryBytes: "--memory",
  outputBytes: "--output-limit",
  fileBytes: "--file-limit",
};

/**
 * The limits in full.
 *
 * @throws {CliError} exit code 2: a value out of its range, told by the name of its flag.
 */
export function limitsOf(given: Partial<Limits>): Limits {
  try {
    return parseLimits(given);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw usage(withFlags(error.message), error.hint);
  }
}

/** Words of the library, with its options by the names that they have here. */
export function withFlags(text: string): string {
  return text.replace(/\blimits\.(\w+)/g, (option, name: string) =>
    Object.hasOwn(FLAGS, name) ? FLAGS[name as keyof Limits] : option,
  );
}
