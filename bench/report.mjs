#!/usr/bin/env node
// @ts-check
/**
 * Writes the tables of docs/performance.md from results of the bench, between its markers; the words around them stay.
 *
 *   node bench/report.mjs RESULTS.json [--page FILE]
 *
 * A marker names what stands there: `machine`, `sizes`, `targets`, `wide` (rows of no group), or the group of the rows. Each ends with
 * `<!-- /bench -->`. What the results do not hold is left as it was, and said; so a part can be measured again.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { groupTable, sizeTable, targetTable, wideTables } from "./support/tables.mjs";

/**
 * @typedef {object} Results
 * @property {string} startedAt
 * @property {number} rounds
 * @property {{ cpu: string, cores: number, memoryGiB: number, system: string, load: string }} machine
 * @property {Record<string, string>} versions
 * @property {{ who: string, file: string, bytes: number, sent: number }[]} [sizes]
 * @property {import("./support/rows.mjs").RowResult[]} rows
 */

const { values, positionals } = parseArgs({
  options: {
    page: { type: "string", default: fileURLToPath(new URL("../docs/performance.md", import.meta.url)) },
  },
  allowPositionals: true,
});
const [file] = positionals;
if (file === undefined || positionals.length > 1) {
  console.error("Usage: node bench/report.mjs RESULTS.json [--page FILE]");
  process.exit(2);
}
/** @type {Results} */
const results = JSON.parse(readFileSync(file, "utf8"));
const page = readFileSync(values.page, "utf8");

/** @type {string[]} */
const kept = [];
const written = page.replace(
  /(<!-- bench: (.+?) -->\n)([\s\S]*?)(<!-- \/bench -->)/g,
  (whole, start, name, _old, end) => {
    const text = sectionOf(name, results);
    if (text === undefined) {
      kept.push(name);
      return whole;
    }
    return `${start}\n${text}\n\n${end}`;
  },
);
writeFileSync(values.page, written);
const shown = [...page.matchAll(/<!-- bench: (.+?) -->/g)].map((match) => match[1]);
const groups = new Set(results.rows.flatMap(({ group }) => group ?? []));
for (const name of kept) console.log(`Left as it was: ${name}`);
for (const name of groups) if (!shown.includes(name)) console.log(`No place in the page: ${name}`);

/**
 * @param {string} name
 * @param {Results} all
 * @returns {string | undefined} Nothing when the results have no such rows.
 */
function sectionOf(name, all) {
  if (name === "machine") return describe(all);
  if (name === "sizes") return all.sizes === undefined ? undefined : sizeTable(all.sizes);
  if (name === "targets") {
    const rows = all.rows.filter(({ target }) => target !== undefined);
    return rows.length === 0 ? undefined : targetTable(rows);
  }
  const rows = all.rows.filter(({ group }) => (name === "wide" ? group === undefined : group === name));
  if (rows.length === 0) return undefined;
  return name === "wide" ? wideTables(rows) : groupTable(rows);
}

/** @param {Results} all */
function describe({ startedAt, rounds, machine, versions, rows }) {
  const loads = rows.map(({ loadBefore }) => Number(loadBefore)).filter(Number.isFinite);
  const load = loads.length === 0 ? "" : ` (${Math.min(...loads)} to ${Math.max(...loads)} before the rows)`;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${startedAt.slice(0, 10)}, ${rounds} ${rounds === 1 ? "round" : "rounds"} at most, on ${machine.cores} cores of`,
    `${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}; load average at the start ${machine.load}${load}.`,
    `Versions: ${list.join(", ")}.`,
  ].join("\n");
}
