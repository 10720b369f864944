// @ts-check
import { loadavg } from "node:os";
import { median, quantile } from "./figures.mjs";

/**
 * One side of a comparison.
 *
 * @typedef {object} Side
 * @property {string} column Whose figure it is.
 * @property {string} [label] What is measured, where the row's name does not say it for all sides alike.
 * @property {() => Promise<number | Record<string, number>>} measure One measurement in the row's unit, or one of each of
 *   the row's figures by key (a key that is left out: this side has no such figure). A side that fails is shown with its
 *   reason and not asked again.
 * @property {number} [maxRounds] Counted rounds at most, for a side so slow that the reader would wait.
 */

/**
 * What the project set out to reach.
 *
 * @typedef {object} Target
 * @property {number} atMost In the row's unit; or, with `of`, as a share of that side's median.
 * @property {string} [of] The column of the side it is a share of.
 */

/**
 * One figure of a row whose sides measure several at once.
 *
 * @typedef {object} Figure
 * @property {string} key
 * @property {string} name
 * @property {string} [unit]
 * @property {Target} [target]
 * @property {boolean} [higherIsBetter]
 */

/**
 * One row: what we do (the first side) against what the reader would do without us. A file in `rows/` exports a function
 * as its default, which is given a `Context` and opens a row or a list of rows.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {readonly Side[]} sides
 * @property {Record<string, string>} versions Of what took part.
 * @property {string} [group] Heading under which it stands; rows without one get a table with a column for each side.
 * @property {readonly Figure[]} [figures]
 * @property {Target} [target]
 * @property {string} [reference] The column that ratios are taken by. Default: the first side's.
 * @property {boolean} [higherIsBetter]
 * @property {number} [maxRounds] Counted rounds at most.
 * @property {number} [warmUps] Rounds that are not counted. Default 1.
 * @property {number} [slowMs] A side that took longer than this is measured no more once it has one figure.
 * @property {() => Promise<void>} [close]
 */

/**
 * @typedef {object} Context
 * @property {number} rounds
 * @property {boolean} isQuick One round is wanted: rows that repeat something many times do it less often, and say so.
 */

/**
 * @typedef {object} SideResult
 * @property {string} column
 * @property {string | undefined} label
 * @property {number} median NaN when the side failed.
 * @property {number} ratio How many times as long as the reference (or as little, where more is better).
 * @property {number} least
 * @property {number} lowerQuartile
 * @property {number} upperQuartile
 * @property {number} most
 * @property {readonly number[]} all
 * @property {string | undefined} failure
 *
 * @typedef {{ atMost: number, of: string | undefined, value: number, isMet: boolean | undefined }} TargetResult
 *
 * @typedef {object} RowResult
 * @property {string | undefined} group
 * @property {string} name
 * @property {string} unit
 * @property {string} reference
 * @property {boolean} higherIsBetter
 * @property {number} warmUps
 * @property {string} loadBefore
 * @property {TargetResult | undefined} target
 * @property {SideResult[]} sides
 * @property {Record<string, string>} versions
 */

/** A side that takes longer is measured twice at most: its figure is far from every other, and the reader waits. */
const SLOW_MS = 4000;
/** A hundred sandboxes on a busy machine are done by then. */
const TIMEOUT_MS = 600_000;

/**
 * Measures a row, its sides in turn (A B C A B C), so that a busy moment of the machine falls on all.
 *
 * @param {Row} row
 * @param {number} rounds
 * @param {(words: string) => void} tell
 * @returns {Promise<RowResult[]>} One for each figure.
 */
export async function runRow(row, rounds, tell) {
  const { warmUps = 1, maxRounds = rounds, slowMs = SLOW_MS } = row;
  const load = loadavg()[0] ?? Number.NaN;
  const counted = Math.min(rounds, maxRounds);
  const states = row.sides.map((side) => ({
    side,
    /** @type {Record<string, number>[]} */
    figures: [],
    /** @type {string | undefined} */
    failure: undefined,
    isSlow: false,
  }));
  for (let round = 1 - warmUps; round <= counted; round += 1) {
    const which = round < 1 ? "warming up" : `round ${round} of ${counted}`;
    for (const state of states) {
      const { side, figures } = state;
      const isEnough = figures.length >= Math.min(side.maxRounds ?? counted, state.isSlow ? 1 : counted);
      // What is measured once or twice is so slow that its first time is not far from the others.
      const isSpared = round < 1 && (side.maxRounds ?? counted) < counted;
      if (state.failure !== undefined || isEnough || isSpared) continue;
      tell(`${row.name}, ${side.column}: ${which}`);
      const startMs = performance.now();
      try {
        const figure = await inTime(side.measure());
        // The first of each fills the caches of the disk, the browser and the server.
        if (round > 0) figures.push(typeof figure === "number" ? { "": figure } : figure);
      } catch (error) {
        state.failure = error instanceof Error ? error.message : String(error);
      }
      state.isSlow ||= performance.now() - startMs > slowMs;
    }
  }
  /** @type {readonly Figure[]} */
  const figures = row.figures ?? [{ key: "", name: "", ...(row.target ? { target: row.target } : {}) }];
  return figures.map((figure) => {
    const sides = states.flatMap(({ side, figures: all, failure }) => {
      const values = all.flatMap((one) => one[figure.key] ?? []);
      if (values.length === 0 && failure === undefined) return [];
      return [describeSide(side, values, failure)];
    });
    const higherIsBetter = figure.higherIsBetter ?? row.higherIsBetter ?? false;
    const reference = row.reference ?? row.sides[0]?.column ?? "";
    const base = sides.find(({ column }) => column === reference)?.median ?? Number.NaN;
    for (const side of sides) side.ratio = higherIsBetter ? base / side.median : side.median / base;
    return {
      group: row.group,
      name: [row.name, figure.name].filter(Boolean).join(": "),
      unit: figure.unit ?? row.unit,
      reference,
      higherIsBetter,
      warmUps,
      loadBefore: load.toFixed(1),
      target: judge(figure.target, sides),
      sides,
      versions: row.versions,
    };
  });
}

/**
 * A side that hangs is given up; what it does meanwhile cannot be stopped from here.
 *
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
async function inTime(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`over ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([work, late]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Side} side
 * @param {readonly number[]} values
 * @param {string | undefined} failure
 * @returns {SideResult}
 */
function describeSide({ column, label }, values, failure) {
  const figures = failure === undefined ? values : [];
  return {
    column,
    label,
    median: median(figures),
    ratio: Number.NaN,
    least: quantile(figures, 0),
    lowerQuartile: quantile(figures, 0.25),
    upperQuartile: quantile(figures, 0.75),
    most: quantile(figures, 1),
    all: figures,
    failure,
  };
}

/**
 * The first side is held to the target.
 *
 * @param {Target | undefined} target
 * @param {readonly SideResult[]} sides
 * @returns {TargetResult | undefined}
 */
function judge(target, sides) {
  if (!target) return undefined;
  const own = sides[0]?.median ?? Number.NaN;
  const base =
    target.of === undefined ? 1 : (sides.find(({ column }) => column === target.of)?.median ?? Number.NaN);
  const value = own / base;
  const isMet = Number.isFinite(value) ? value <= target.atMost : undefined;
  return { atMost: target.atMost, of: target.of, value, isMet };
}
