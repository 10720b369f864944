#!/usr/bin/env node
// @ts-check
/**
 * `npm run bench`: every row of `bench/rows/` once, the sides of each in turn (A B C A B C), so that a busy moment of the
 * machine falls on all. Prints tables and writes all figures to `bench/results/`.
 *
 *   node bench/run.mjs [--rounds N] [NAME…]
 *
 * A NAME picks the files of `bench/rows/` whose name has it in it: `npm run bench -- wasi`.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { median, tables } from "./support/figures.mjs";
import { describeMachine } from "./support/machine.mjs";

/**
 * One side of a comparison.
 *
 * @typedef {object} Side
 * @property {string} column Whose figure it is, as the table's head.
 * @property {string} [label] What is measured, where the row's name does not say it for all sides alike.
 * @property {() => Promise<number>} measure One measurement, in the row's unit. A side that fails is shown with its
 *   reason and not asked again.
 */

/**
 * One row: what we do (the first side) against what the reader would do without us. A file in `rows/` exports a function
 * as its default, which opens a row or a list of rows.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {readonly Side[]} sides
 * @property {Record<string, string>} versions Of what took part.
 * @property {() => Promise<void>} [close]
 */

/**
 * @typedef {object} SideResult
 * @property {string} column
 * @property {string | undefined} label
 * @property {number} median NaN when the side failed.
 * @property {number} ratio The median by that of the first side: how many times as long.
 * @property {readonly number[]} all
 * @property {string | undefined} failure
 *
 * @typedef {{ name: string, unit: string, sides: SideResult[], versions: Record<string, string> }} RowResult
 */

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("bench: --rounds needs a whole number of at least 1");
  process.exit(2);
}
/** A side that takes longer is measured twice at most: its figure is far from every other, and the reader waits. */
const SLOW_MS = 4000;

const wanted = [...positionals, values.only].filter((name) => name !== "");
const files = readdirSync(new URL("rows/", import.meta.url))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
  .sort();
if (files.length === 0) {
  console.error(`bench: no file in bench/rows/ has ${wanted.join(" or ")} in its name`);
  process.exit(2);
}
const machine = describeMachine();
/** @type {RowResult[]} */
const results = [];
for (const file of files) {
  /** @type {Row | Row[]} */
  const opened = await (await import(new URL(`rows/${file}`, import.meta.url).href)).default();
  const rows = [opened].flat();
  try {
    for (const row of rows) results.push(await run(row));
  } finally {
    for (const row of rows) await row.close?.();
  }
}

const report = { startedAt: new Date().toISOString(), rounds, machine, rows: results };
const folder = new URL("results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const resultFile = new URL(`${report.startedAt.replaceAll(":", "-")}.json`, folder);
writeFileSync(resultFile, `${JSON.stringify(report, null, 2)}\n`);

console.log(tables(results));
console.log(`\nMedians of ${rounds} rounds after one that is not counted, the sides in turn [least–most].`);
console.log("×: how many times as long as the first column's.");
console.log(`${machine.cpu}, ${machine.cores} cores; load before: ${machine.load}`);
const versions = Object.assign({ node: process.version }, ...results.map((result) => result.versions));
console.log(
  Object.entries(versions)
    .map((pair) => pair.join(" "))
    .join(", "),
);

/**
 * @param {Row} row
 * @returns {Promise<RowResult>}
 */
async function run({ name, unit, sides, versions }) {
  const states = sides.map((side) => ({
    side,
    /** @type {number[]} */
    figures: [],
    /** @type {string | undefined} */
    failure: undefined,
    isSlow: false,
  }));
  for (let round = 0; round <= rounds; round += 1) {
    tell(`${name}: ${round === 0 ? "warming up" : `round ${round} of ${rounds}`}`);
    for (const state of states) {
      if (state.failure !== undefined || (state.isSlow && round > 1)) continue;
      const startMs = performance.now();
      try {
        const figure = await state.side.measure();
        // The first of each fills the caches of the disk, the browser and the server.
        if (round > 0) state.figures.push(figure);
      } catch (error) {
        state.failure = error instanceof Error ? error.message : String(error);
      }
      state.isSlow ||= performance.now() - startMs > SLOW_MS;
    }
  }
  tell("");
  const reference = states[0]?.failure === undefined ? median(states[0]?.figures ?? []) : Number.NaN;
  return {
    name,
    unit,
    versions,
    sides: states.map(({ side, figures, failure }) => {
      const middle = failure === undefined ? median(figures) : Number.NaN;
      return {
        column: side.column,
        label: side.label,
        median: middle,
        ratio: middle / reference,
        all: figures,
        failure,
      };
    }),
  };
}

/**
 * What is going on, on one line of a terminal; nothing goes to a file.
 *
 * @param {string} words
 */
function tell(words) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${words}`);
}
