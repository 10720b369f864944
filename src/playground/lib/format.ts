/** How figures are written everywhere on the page: KB/MB with one decimal (of 1024), milliseconds below a second. */

const UNITS = ["bytes", "KB", "MB", "GB"] as const;

/** `0 bytes`, `1 byte`, `812 bytes`, `3.2 KB`, `84.0 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return "1 byte";
  let unit = 0;
  let value = bytes;
  // 1023.95 would be written as 1024.0: move on to the next unit before that.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${Math.round(value)} bytes` : `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** A limit, without needless decimals: `512 MB`, `1.5 MB`. */
export function formatByteLimit(bytes: number): string {
  return formatBytes(bytes).replace(".0 ", " ");
}

/** `84.0 of 512 MB`, and `1.7 KB of 256 MB` where the limit's unit would show nothing. */
export function formatBytesOf(used: number, limit: number): string {
  const [usedText, usedUnit] = formatBytes(used).split(" ");
  const limitText = formatByteLimit(limit);
  if (used === 0) return `0 of ${limitText}`;
  return limitText.endsWith(` ${usedUnit}`)
    ? `${usedText} of ${limitText}`
    : `${usedText} ${usedUnit} of ${limitText}`;
}

/** `412 ms`, `3.2 s`, `2 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A limit, without needless decimals: `30 s`, `1.5 s`, `500 ms`. */
export function formatMsLimit(ms: number): string {
  return formatMs(ms).replace(".0 ", " ");
}

/** `3.2 of 30 s`, and `91 ms of 30 s` below a second. */
export function formatMsOf(usedMs: number, limitMs: number): string {
  const [usedText, ...usedUnit] = formatMs(usedMs).split(" ");
  const limitText = formatMsLimit(limitMs);
  return usedUnit.length === 1 && limitText.endsWith(` ${usedUnit[0]}`)
    ? `${usedText} of ${limitText}`
    : `${formatMs(usedMs)} of ${limitText}`;
}

/** `1 file`, `3 files`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? singular : many}`;
}
