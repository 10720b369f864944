// Writes movies.csv: every row and column of vega-datasets' data/movies.json, values unchanged, null as an empty cell.
import { readFileSync, writeFileSync } from "node:fs";

const source = new URL("../../node_modules/vega-datasets/data/movies.json", import.meta.url);
const rows = JSON.parse(readFileSync(source, "utf8"));
const columns = Object.keys(rows[0]);

/** One cell, quoted as RFC 4180 asks. */
function cell(value) {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
writeFileSync(
  new URL("movies.csv", import.meta.url),
  `${lines.map((line) => line.map(cell).join(",")).join("\n")}\n`,
);
