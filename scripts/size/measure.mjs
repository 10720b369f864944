// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { parseSync } from "vite";

/** @typedef {import("./budgets.mjs").FileBudget} FileBudget */
/** @typedef {{ name: string, bytes: number, budgetBytes: number }} Measured */

const KB = 1024;

/**
 * Every file that has a budget, and what it weighs. Initial JavaScript counts as one.
 *
 * @param {string} dist The folder of the build.
 * @param {readonly FileBudget[]} budgets
 * @returns {Measured[]}
 * @throws {Error} When there is nothing to measure, or nothing for a budget: a check of nothing would always pass.
 */
export function measureFiles(dist, budgets) {
  const page = join(dist, "playground");
  const initial = initialScripts(page);
  /** @type {Measured[]} */
  const measured = [];
  const met = new Set();
  /** @type {(budget: FileBudget | undefined, name: string, bytes: number) => void} */
  const add = (budget, name, bytes) => {
    if (budget === undefined) return;
    met.add(budget);
    measured.push({ name: `${budget.what} (${name})`, bytes, budgetBytes: budget.gzipKb * KB });
  };
  add(
    budgets.find(({ files }) => files === "initial"),
    `${initial.length} files`,
    initial.reduce((sum, file) => sum + gzipBytes(file), 0),
  );
  for (const name of readdirSync(join(page, "page")).filter((each) => each.endsWith(".js"))) {
    const file = join(page, "page", name);
    if (initial.includes(file)) continue;
    // `monaco-editor-DgoGlKpe.js` is monaco-editor.
    const stem = name.replace(/-[\w-]{8}\.js$/, "");
    add(
      budgets.find(({ files, folder }) => folder === "page" && files !== "initial" && files.test(stem)),
      relative(page, file),
      gzipBytes(file),
    );
  }
  for (const name of readdirSync(join(dist, "assets"))) {
    add(
      budgets.find(({ files, folder }) => folder === "assets" && files !== "initial" && files.test(name)),
      name,
      gzipBytes(join(dist, "assets", name)),
    );
  }
  const unmet = budgets.find((budget) => !met.has(budget));
  if (unmet !== undefined)
    throw new Error(`Nothing was measured for "${unmet.what}": has it another name now?`);
  return measured;
}

/**
 * One line for everything that is over its budget, with both numbers.
 *
 * @param {readonly Measured[]} measured
 */
export function tooLarge(measured) {
  return measured
    .filter(({ bytes, budgetBytes }) => bytes > budgetBytes)
    .map(({ name, bytes, budgetBytes }) => `${name} has ${inKb(bytes)}; its budget is ${inKb(budgetBytes)}`);
}

/** @param {number} bytes */
export function inKb(bytes) {
  return `${(bytes / KB).toFixed(1)} KB`;
}

/** @param {string} file */
function gzipBytes(file) {
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

/**
 * The scripts a browser loads before any of them asks for more: those of the page, and what they import at once.
 *
 * @param {string} page
 */
function initialScripts(page) {
  const html = readFileSync(join(page, "index.html"), "utf8");
  const tags = html.match(/<(script|link)\b[^>]*>/g) ?? [];
  const named = tags
    .filter((tag) => tag.startsWith("<script") || /rel="modulepreload"/.test(tag))
    .flatMap((tag) => /(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? []);
  const found = new Set(named.map((path) => join(page, path)));
  for (const file of found) {
    const { program } = parseSync(file, readFileSync(file, "utf8"));
    for (const statement of program.body) {
      const source = "source" in statement ? statement.source?.value : undefined;
      if (source?.startsWith(".")) found.add(join(dirname(file), source));
    }
  }
  return [...found];
}
