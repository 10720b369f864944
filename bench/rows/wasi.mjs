// @ts-check
import { openWasiSides } from "../support/wasi/sides.mjs";

/** What a program does in a loop: the guest's kind of work, how often, and the words for it. */
const WORK = /** @type {const} */ ([
  ["write", 1_000_000, "1,000,000 writes of 10 bytes to a file"],
  ["stdout", 1_000_000, "1,000,000 writes of 10 bytes to stdout"],
  ["append", 40_000, "40,000 appends of 100 bytes"],
  ["write-chunks", 1600, "100 MiB written"],
  ["read-chunks", 1600, "100 MiB read"],
  ["open-close", 100_000, "100,000 times open and close"],
  ["stat", 100_000, "100,000 stat"],
  ["list", 10_000, "10,000 files listed"],
  ["create", 10_000, "10,000 files of 100 bytes created"],
  ["start:hello", 1, "hello from a cached module, started a thousand times before"],
  ["start:environment", 1000, "… with 1,000 arguments and 1,000 variables"],
]);

/** What must not take longer for each one when there are more of them. */
const SLOPES = /** @type {const} */ ([
  ["append", "append of 100 bytes"],
  ["create", "file created"],
  ["list", "file listed"],
  ["start:environment", "argument and variable"],
]);
const SLOPE_COUNTS = [1000, 10_000, 100_000];
const SLOPE_COLUMNS = ["Sandglass, Node", "Sandglass, Deno", "node:wasi"];

/** Preview 1's calls, hot: our host in the engines it ships in, beside the other hosts and the same C built natively. */
export default async function open() {
  const { sides, versions, close } = await openWasiSides();
  /**
   * @param {string} kind
   * @param {number} count
   * @param {number} scale
   */
  const measured = (kind, count, scale) =>
    sides.map(({ column, measure }) => ({
      column,
      measure: async () => (await measure(kind, count)) * scale,
    }));
  const rows = WORK.map(([kind, count, name]) => ({
    name,
    unit: "ms",
    sides: measured(kind, count, 1),
    versions,
  }));
  const slopes = SLOPES.flatMap(([kind, what]) =>
    SLOPE_COUNTS.map((count) => ({
      name: `each ${what}, of ${count.toLocaleString("en")}`,
      unit: "µs",
      sides: measured(kind, count, 1000 / count).filter(({ column }) => SLOPE_COLUMNS.includes(column)),
      versions,
    })),
  );
  const all = [...rows, ...slopes];
  return all.map((row, index) => (index === all.length - 1 ? { ...row, close } : row));
}
