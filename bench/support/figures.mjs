// @ts-check

/**
 * @param {readonly number[]} values At least one.
 * @returns {number}
 */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Linear between the two nearest, as spreadsheets do.
 *
 * @param {readonly number[]} values
 * @param {number} share From 0 to 1.
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)] ?? Number.NaN;
  const upper = sorted[Math.ceil(place)] ?? Number.NaN;
  return lower + (upper - lower) * (place - Math.floor(place));
}

/**
 * Three digits, or more where the number is large.
 *
 * @param {number} value
 */
export function short(value) {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  if (value >= 1) return value.toFixed(2);
  return value.toPrecision(2);
}
