#!/usr/bin/env node
// @ts-check
/**
 * `npm run bench`: every row of `bench/rows/`, the sides of each in turn (A B C A B C), so that a busy moment of the machine
 * falls on all. Prints one table, and writes all figures to `bench/results/` after every row.
 *
 *   node bench/run.mjs [--rounds N] [--results DIR] [--row WORDS] [NAME…]
 *
 * A NAME picks the files of `bench/rows/` whose name has it in it: `npm run bench -- wasi`; --row those rows in them. With `--rounds 1` what repeats
 * something a hundred times does it less often. `node bench/report.mjs FILE` brings results into docs/performance.md.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, describeVersion } from "./support/machine.mjs";
import { runRow } from "./support/rows.mjs";
import { describeSizes } from "./support/sizes.mjs";
import { oneTable, targetTable, wideTables } from "./support/tables.mjs";

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    results: { type: "string", default: fileURLToPath(new URL("results", import.meta.url)) },
    row: { type: "string", default: "" },
    only: { type: "string", default: "" },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("bench: --rounds needs a whole number of at least 1");
  process.exit(2);
}

const wanted = [...positionals, values.only].filter((name) => name !== "");
const files = readdirSync(new URL("rows/", import.meta.url))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
  .sort();
if (files.length === 0) {
  console.error(`bench: no file in bench/rows/ has ${wanted.join(" or ")} in its name`);
  process.exit(2);
}

const report = {
  startedAt: new Date().toISOString(),
  rounds,
  machine: describeMachine(),
  /** @type {Record<string, string>} */
  versions: describeVersion(),
  sizes: describeSizes(),
  /** @type {import("./support/rows.mjs").RowResult[]} */
  rows: [],
  /** Files of rows that could not be opened, with the reason. */
  /** @type {Record<string, string>} */
  failures: {},
};
mkdirSync(values.results, { recursive: true });
const resultFile = join(resolve(values.results), `${report.startedAt.replaceAll(":", "-")}.json`);
const save = () => writeFileSync(resultFile, `${JSON.stringify(report, null, 2)}\n`);

for (const file of files) {
  try {
    await runFile(file);
  } catch (error) {
    report.failures[file] = error instanceof Error ? error.message : String(error);
  }
  save();
}
tell("");

const grouped = report.rows.filter(({ group }) => group !== undefined);
const others = report.rows.filter(({ group }) => group === undefined);
if (grouped.length > 0) console.log(`${oneTable(grouped)}\n`);
if (others.length > 0) console.log(`${wideTables(others)}\n`);
if (grouped.some(({ target }) => target !== undefined)) console.log(`${targetTable(grouped)}\n`);
for (const [file, reason] of Object.entries(report.failures)) console.log(`Not measured: ${file}: ${reason}`);
console.log(
  `Medians of ${rounds} rounds at most after one that is not counted, the sides in turn [least–most].`,
);
console.log("×: how many times as long as the side with the 1 (or the first column's) takes.");
console.log(`${report.machine.cpu}, ${report.machine.cores} cores; load before: ${report.machine.load}`);
console.log(
  Object.entries(report.versions)
    .map((pair) => pair.join(" "))
    .join(", "),
);
console.log(resultFile);
if (report.rows.length === 0) process.exitCode = 1;

/** @param {string} file */
async function runFile(file) {
  const opened = await (await import(new URL(`rows/${file}`, import.meta.url).href)).default({
    rounds,
    isQuick: rounds === 1,
  });
  /** @type {import("./support/rows.mjs").Row[]} */
  const rows = [opened].flat();
  try {
    for (const row of rows.filter(({ name }) => name.includes(values.row))) {
      report.rows.push(...(await runRow(row, rounds, tell)));
      Object.assign(report.versions, row.versions);
      save();
    }
  } finally {
    for (const row of rows) await row.close?.();
  }
}

/**
 * What is going on, on one line of a terminal; nothing goes to a file.
 *
 * @param {string} words
 */
function tell(words) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${words}`);
}
