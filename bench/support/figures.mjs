// @ts-check

/**
 * @param {readonly number[]} values At least one.
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The results as Markdown tables, one for each set of columns.
 *
 * @typedef {{ column: string, label?: string | undefined, median: number, ratio: number, all: readonly number[],
 *   failure?: string | undefined }} Side
 * @typedef {{ name: string, unit: string, sides: readonly Side[] }} Row
 * @param {readonly Row[]} rows
 */
export function tables(rows) {
  /** @type {Map<string, string[][]>} */
  const byColumns = new Map();
  for (const { name, unit, sides } of rows) {
    const head = ["", ...sides.map(({ column }) => column)];
    const key = head.join("|");
    if (!byColumns.has(key)) byColumns.set(key, [head, head.map(() => "---")]);
    byColumns.get(key)?.push([name, ...sides.map((side, index) => cell(side, unit, index > 0))]);
  }
  return [...byColumns.values()]
    .map((lines) => lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n"))
    .join("\n\n");
}

/**
 * @param {Side} side
 * @param {string} unit
 * @param {boolean} hasRatio
 */
function cell({ label, median: middle, ratio, all, failure }, unit, hasRatio) {
  if (failure !== undefined) return `– (${failure})`;
  const range = `${short(middle)} ${unit} [${short(Math.min(...all))}–${short(Math.max(...all))}]`;
  const words = label === undefined ? "" : ` (${label})`;
  return hasRatio && Number.isFinite(ratio) ? `${range} ${short(ratio)}×${words}` : `${range}${words}`;
}

/**
 * Three digits, or more where the number is large.
 *
 * @param {number} value
 */
function short(value) {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 1 ? value.toFixed(2) : value.toPrecision(2);
}
