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
 * The results as a Markdown table.
 *
 * @param {readonly { name: string, unit: string, ratio: number, subject: Side, baseline: Side }[]} rows
 * @typedef {{ label: string, median: number, all: readonly number[] }} Side
 */
export function table(rows) {
  const lines = rows.map(({ name, unit, ratio, subject, baseline }) => [
    name,
    `${show(subject, unit)} (${subject.label})`,
    `${show(baseline, unit)} (${baseline.label})`,
    `${ratio.toFixed(1)}×`,
  ]);
  return [["", "Sandglass", "plain", "faster by"], ["---", "---", "---", "---"], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/**
 * @param {Side} side
 * @param {string} unit
 */
function show({ median: middle, all }, unit) {
  return `${Math.round(middle)} ${unit} [${Math.round(Math.min(...all))}–${Math.round(Math.max(...all))}]`;
}
