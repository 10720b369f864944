import { LIMIT_RANGES } from "../policy/limits.ts";
import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What timers can count: the sandbox's own bound, told in the unit that was written. */
const MAX_DURATION_MS = LIMIT_RANGES.timeoutMs[1];
const BYTES_PER_UNIT: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/**
 * Reads a duration such as `500ms`, `30s`, `1.5m` or `1h`, in whole milliseconds.
 *
 * @throws {CliError} for anything else; a bare number too, as `30` could mean seconds or milliseconds; and for a time that
 *   is no limit's.
 */
export function parseDurationMs(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/i.exec(text);
  const unit = match?.[2]?.toLowerCase() ?? "";
  if (match && Number(match[1]) * MS_PER_UNIT[unit]! > MAX_DURATION_MS) {
    const most = Math.floor((MAX_DURATION_MS / MS_PER_UNIT[unit]!) * 10) / 10;
    throw new CliError(
      `${flag} is ${grouped(match[1]!)} ${unit}; the most is ${most.toLocaleString("en-US")} ${unit}`,
      { exitCode: EXIT_CODES.usage },
    );
  }
  const ms = parse(flag, text, MS_PER_UNIT, "30s, 500ms or 2m");
  if (ms > 0) return ms;
  throw new CliError(`${flag} is ${match![1]} ${unit}; the least is 1 ms`, { exitCode: EXIT_CODES.usage });
}

/** The digits as they were given, in groups: a number may be too large to be read and written again. */
function grouped(digits: string): string {
  return digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");
}

/**
 * Reads a size such as `64k`, `512m` or `1g` (powers of 1,024; `mb` and `mib` mean the same), in whole bytes.
 *
 * @throws {CliError} for anything else.
 */
export function parseByteCount(flag: string, text: string): number {
  const short = text.replace(/^([\d.]+)([kmg])i?b$/i, "$1$2");
  return parse(flag, short, BYTES_PER_UNIT, "512m, 64k or 1g", text);
}

function parse(
  flag: string,
  text: string,
  units: Readonly<Record<string, number>>,
  examples: string,
  shown = text,
): number {
  const match = /^(\d+(?:\.\d+)?)([a-z]+)$/i.exec(text);
  const factor = match && units[match[2]!.toLowerCase()];
  const value =
    match && factor !== undefined && factor !== null ? Math.round(Number(match[1]) * factor) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new CliError(`${flag} needs a number and a unit, not "${shown}"`, {
      exitCode: EXIT_CODES.usage,
      hint: `Write it as ${examples}.`,
    });
  }
  return value;
}

/** "1,234 bytes" for small, "12.3 MiB (12,897,484 bytes)" for large: the reader gets both the feel and the figure. */
export function formatBytes(bytes: number): string {
  const exact = bytes === 1 ? "1 byte" : `${bytes.toLocaleString("en-US")} bytes`;
  for (const [unit, size] of [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const) {
    if (bytes >= size) return `${Number((bytes / size).toFixed(1))} ${unit} (${exact})`;
  }
  return exact;
}
