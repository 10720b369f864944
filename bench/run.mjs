#!/usr/bin/env node
// @ts-check
/**
 * `npm run bench`: every row of `bench/rows/` once, the two sides of each in turn (A B A B), so that a busy moment of
 * the machine falls on both. Prints a table and writes all figures to `bench/results/`.
 *
 *   node bench/run.mjs [--rounds N] [--only NAME]
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { median, table } from "./support/figures.mjs";
import { describeMachine } from "./support/machine.mjs";

/**
 * One side of a comparison.
 *
 * @typedef {object} Side
 * @property {string} label What is measured, in words a reader can repeat.
 * @property {() => Promise<number>} measure One measurement, in the row's unit.
 */

/**
 * One row: what we do against what the reader would do without us. A file in `rows/` exports `open` as its default.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {Side} subject
 * @property {Side} baseline
 * @property {Record<string, string>} versions Of what took part.
 * @property {() => Promise<void>} close
 */

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("bench: --rounds needs a whole number of at least 1");
  process.exit(2);
}

const files = readdirSync(new URL("rows/", import.meta.url))
  .filter((file) => file.includes(values.only))
  .sort();
const machine = describeMachine();
const results = [];
for (const file of files) {
  /** @type {Row} */
  const row = await (await import(new URL(`rows/${file}`, import.meta.url).href)).default();
  try {
    results.push(await run(row));
  } finally {
    await row.close();
  }
}

const report = { startedAt: new Date().toISOString(), rounds, machine, rows: results };
const folder = new URL("results/", import.meta.url);
mkdirSync(folder, { recursive: true });
const resultFile = new URL(`${report.startedAt.replaceAll(":", "-")}.json`, folder);
writeFileSync(resultFile, `${JSON.stringify(report, null, 2)}\n`);

console.log(table(results));
console.log(`\nMedians of ${rounds} rounds after one that is not counted, the sides in turn.`);
console.log(`${machine.cpu}, ${machine.cores} cores; load before: ${machine.load}`);
const versions = Object.assign({ node: process.version }, ...results.map((result) => result.versions));
console.log(
  Object.entries(versions)
    .map((pair) => pair.join(" "))
    .join(", "),
);

/** @param {Row} row */
async function run({ name, unit, subject, baseline, versions }) {
  /** @type {Record<"subject" | "baseline", number[]>} */
  const figures = { subject: [], baseline: [] };
  for (let round = 0; round <= rounds; round += 1) {
    tell(`${name}: ${round === 0 ? "warming up" : `round ${round} of ${rounds}`}`);
    const subjectValue = await subject.measure();
    const baselineValue = await baseline.measure();
    // The first of each fills the caches of the disk, the browser and the server.
    if (round === 0) continue;
    figures.subject.push(subjectValue);
    figures.baseline.push(baselineValue);
  }
  tell("");
  const ratio = median(figures.baseline) / median(figures.subject);
  return {
    name,
    unit,
    subject: { label: subject.label, median: median(figures.subject), all: figures.subject },
    baseline: { label: baseline.label, median: median(figures.baseline), all: figures.baseline },
    ratio,
    versions,
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
