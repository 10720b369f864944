/**
 * A moment since 1970: in nanoseconds, or in milliseconds with their fraction as a quick clock tells it. Most stamps are
 * overwritten by the next write before anybody asks for them, so they become nanoseconds only when one does.
 */
export type Instant = bigint | number;

/** Where time stamps come from. */
export type Clock = () => Instant;

/** Whole microseconds: what a double holds of a moment in our time without rounding it into the future. */
export function toNs(instant: Instant): bigint {
  return typeof instant === "bigint" ? instant : BigInt(Math.floor(instant * 1000)) * 1000n;
}

export function toMs(instant: Instant): number {
  return typeof instant === "bigint" ? Number(instant) / 1e6 : instant;
}
