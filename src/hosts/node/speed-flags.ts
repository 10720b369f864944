/**
 * Where an error is made, V8 wants to know the line of every call on the stack; left to itself it then reads those scripts
 * a second time, from their first character. One error while the engine was evaluated took 25 ms of 40.
 */
const KEEP_LINES = "--no-enable-lazy-source-positions";

/**
 * V8 compiles a function that is called often again, on assumptions, and when one fails goes back to the first code, which
 * it has thrown away: for CPython's interpreter loop, 5–6 ms in the middle of somebody's run, some 200 ms after a spare
 * had rehearsed. Without assumptions programs are as fast.
 */
const NO_GOING_BACK = "--no-wasm-deopt";

/** What Deno 2.9 says, and ends with exit code 1, when its V8 has no such flag. */
const UNKNOWN_FLAG = /did not recognize flag/;

const plainDenos = new Set<string>();

/** V8's flags that a Deno is given to be faster; none once it was seen not to know one of them. */
export function speedFlagsOf(deno: string): readonly string[] {
  return plainDenos.has(deno) ? [] : [KEEP_LINES, NO_GOING_BACK];
}

/**
 * Takes note of why a Deno did not start.
 *
 * @param flags - What it was given.
 * @returns whether it is worth another try, without them.
 */
export function noteUnknownFlag(deno: string, flags: readonly string[], message: string): boolean {
  if (flags.length === 0 || !UNKNOWN_FLAG.test(message)) return false;
  plainDenos.add(deno);
  return true;
}

/** The line of a process's stderr that says why it ended: the last one, but for flags, which are told of first. */
export function lastWords(stderr: string): string {
  const lines = stderr.trim().split("\n");
  return lines.find((line) => UNKNOWN_FLAG.test(line)) ?? lines.at(-1) ?? "";
}
