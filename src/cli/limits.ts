import { SandboxError } from "../errors.ts";
import { type Limits, parseLimits } from "../policy/limits.ts";
import { formatBytes } from "./units.ts";
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

/** Words of the library, with its options by the names that they have here, and their figures in the units of the flags. */
export function withFlags(text: string): string {
  let isBytes = false;
  const named = text.replace(/\blimits\.(\w+)/g, (option, name: string) => {
    if (!Object.hasOwn(FLAGS, name)) return option;
    if (name !== "timeoutMs") isBytes = true;
    return FLAGS[name as keyof Limits];
  });
  if (!isBytes) return named;
  return named
    .replace("a whole number of bytes from", "from")
    .replace(/\b\d{4,}\b/g, (digits) => formatBytes(Number(digits)));
}
