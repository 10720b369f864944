// @ts-check
import { short } from "./figures.mjs";

/**
 * @typedef {import("./rows.mjs").RowResult} RowResult
 * @typedef {import("./rows.mjs").SideResult} SideResult
 */

const HEAD = ["", "who", "median", "least–most", "×", "target"];

/**
 * Every row that belongs to a group, in one table: a line for each side, a line of its own for each group.
 *
 * @param {readonly RowResult[]} rows
 */
export function oneTable(rows) {
  const groups = [...new Set(rows.map(({ group }) => group ?? ""))];
  const lines = groups.flatMap((group) => [
    [`**${group}**`, "", "", "", "", ""],
    ...rows.filter((row) => row.group === group).flatMap(linesOf),
  ]);
  return markdown([HEAD, ...lines]);
}

/**
 * The rows of one group as a table.
 *
 * @param {readonly RowResult[]} rows
 */
export function groupTable(rows) {
  const lines = rows.flatMap(linesOf);
  const hasTarget = rows.some(({ target }) => target !== undefined);
  return markdown([HEAD, ...lines].map((cells) => (hasTarget ? cells : cells.slice(0, -1))));
}

/**
 * Rows of no group: a column for each side, a table for each set of sides.
 *
 * @param {readonly RowResult[]} rows
 */
export function wideTables(rows) {
  /** @type {Map<string, string[][]>} */
  const byColumns = new Map();
  for (const { name, unit, sides } of rows) {
    const head = ["", ...sides.map(({ column }) => column)];
    const key = head.join("|");
    if (!byColumns.has(key)) byColumns.set(key, [head]);
    byColumns.get(key)?.push([name, ...sides.map((side, index) => wideCell(side, unit, index > 0))]);
  }
  return [...byColumns.values()].map(markdown).join("\n\n");
}

/**
 * What was aimed at, and what came of it.
 *
 * @param {readonly RowResult[]} rows
 */
export function targetTable(rows) {
  const lines = rows.flatMap(({ group, name, unit, target, sides }) => {
    if (!target) return [];
    const measured = target.of === undefined ? quantity(target.value, unit) : share(target.value);
    return [[`${group}: ${name}`, goal(target, unit), sides[0]?.failure ?? measured, word(target)]];
  });
  return markdown([["", "target", "measured", ""], ...lines]);
}

/**
 * What has to be sent, in megabytes of 10⁶ bytes.
 *
 * @param {readonly { who: string, file: string, bytes: number, sent: number }[]} sizes
 */
export function sizeTable(sizes) {
  const megabytes = (/** @type {number} */ bytes) => `${short(bytes / 1e6)} MB`;
  const lines = sizes.map(({ who, file, bytes, sent }) => [who, file, megabytes(bytes), megabytes(sent)]);
  return markdown([["", "file", "as it is", "as it is sent"], ...lines]);
}

/**
 * @param {RowResult} row
 * @returns {string[][]}
 */
function linesOf({ name, unit, reference, target, sides }) {
  return sides.map((side, index) => {
    const who = side.label === undefined ? side.column : `${side.column} (${side.label})`;
    const first = index === 0;
    const aim = first && target ? `${goal(target, unit)}: ${verdict(target)}` : "";
    if (side.failure !== undefined) return [first ? name : "", who, `– ${side.failure}`, "", "", aim];
    const spread = `${short(side.least)}–${short(side.most)}${side.all.length > 1 ? "" : ", once"}`;
    const ratio = side.column === reference && sides.length > 1 ? "1" : short(side.ratio);
    return [
      first ? name : "",
      who,
      quantity(side.median, unit),
      side.all.length > 1 ? spread : "once",
      sides.length > 1 ? ratio : "",
      aim,
    ];
  });
}

/**
 * @param {NonNullable<RowResult["target"]>} target
 * @param {string} unit
 */
function goal({ atMost, of }, unit) {
  return of === undefined ? `≤ ${quantity(atMost, unit)}` : `≤ ${share(atMost)} of ${of}`;
}

/** @param {NonNullable<RowResult["target"]>} target */
function verdict(target) {
  const isShare = target.of !== undefined && target.isMet !== undefined;
  return `${word(target)}${isShare ? `, ${share(target.value)}` : ""}`;
}

/** @param {NonNullable<RowResult["target"]>} target */
function word({ isMet }) {
  if (isMet === undefined) return "not measured";
  return isMet ? "met" : "**not met**";
}

/** @param {number} value */
function share(value) {
  if (!Number.isFinite(value)) return "–";
  const parts = 1 / value;
  return `1/${Number.isInteger(parts) ? parts : parts.toFixed(parts < 10 ? 1 : 0)}`;
}

/**
 * @param {number} value
 * @param {string} unit
 */
function quantity(value, unit) {
  return `${short(value)} ${unit}`.trim();
}

/**
 * @param {SideResult} side
 * @param {string} unit
 * @param {boolean} hasRatio
 */
function wideCell({ label, median, ratio, least, most, failure }, unit, hasRatio) {
  if (failure !== undefined) return `– (${failure})`;
  const range = `${quantity(median, unit)} [${short(least)}–${short(most)}]`;
  const words = label === undefined ? "" : ` (${label})`;
  return hasRatio && Number.isFinite(ratio) ? `${range} ${short(ratio)}×${words}` : `${range}${words}`;
}

/** @param {readonly (readonly string[])[]} lines The first is the head. */
function markdown(lines) {
  const cells = lines.map((line) => line.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")));
  const [head, ...body] = cells;
  const widths = (head ?? []).map((_, column) =>
    Math.max(3, ...cells.map((line) => [...(line[column] ?? "")].length)),
  );
  const pad = (/** @type {readonly string[]} */ line) =>
    `| ${line.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [pad(head ?? []), rule, ...body.map(pad)].join("\n");
}
