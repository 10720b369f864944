// @ts-check
/** Turns the test runners' own reports into counts. Whatever a report leaves out counts as a failure, never as nothing. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Readonly<Counts>} */
export const ONE_PASSED = Object.freeze({ passed: 1, failed: 0, skipped: 0 });
/** @type {Readonly<Counts>} */
export const ONE_FAILED = Object.freeze({ passed: 0, failed: 1, skipped: 0 });

/**
 * @param {readonly Readonly<Counts>[]} all
 * @returns {Counts}
 */
export function sumCounts(all) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

/**
 * The last line of a test run: "12 passed, 0 failed", with ", 1 skipped" only when something was.
 *
 * @param {Readonly<Counts>} counts
 */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * Counts of vitest's JSON report. A file that failed without a failing test of its own (it could not be loaded, a hook
 * threw) counts as one failure, and so does a run that failed although every test passed (an unhandled error).
 *
 * @param {unknown} report Parsed JSON, or undefined when there is none.
 * @param {boolean} succeeded What the runner's exit code said.
 * @returns {Counts}
 */
export function countVitest(report, succeeded) {
  const files = fieldOf(report, "testResults");
  if (!Array.isArray(files)) return { ...ONE_FAILED };
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    const tests = fieldOf(file, "assertionResults");
    let failedHere = 0;
    for (const test of Array.isArray(tests) ? tests : []) {
      const status = fieldOf(test, "status");
      if (status === "passed") counts.passed++;
      else if (status === "skipped" || status === "pending" || status === "todo") counts.skipped++;
      else failedHere++;
    }
    if (failedHere === 0 && fieldOf(file, "status") === "failed") failedHere = 1;
    counts.failed += failedHere;
  }
  return withExitCode(counts, succeeded);
}

/**
 * Counts of Playwright's JSON report. A flaky test is a failed one; errors outside of tests count as one failure each.
 *
 * @param {unknown} report Parsed JSON, or undefined when there is none.
 * @param {boolean} succeeded What the runner's exit code said.
 * @returns {Counts}
 */
export function countPlaywright(report, succeeded) {
  const stats = fieldOf(report, "stats");
  const [expected, unexpected, flaky, skipped] = ["expected", "unexpected", "flaky", "skipped"].map((name) =>
    fieldOf(stats, name),
  );
  if (
    typeof expected !== "number" ||
    typeof unexpected !== "number" ||
    typeof flaky !== "number" ||
    typeof skipped !== "number"
  ) {
    return { ...ONE_FAILED };
  }
  const errors = fieldOf(report, "errors");
  const failed = unexpected + flaky + (Array.isArray(errors) ? errors.length : 0);
  return withExitCode({ passed: expected, failed, skipped }, succeeded);
}

/**
 * @param {Counts} counts
 * @param {boolean} succeeded
 * @returns {Counts}
 */
function withExitCode(counts, succeeded) {
  const ranNothing = counts.passed + counts.failed === 0;
  if ((!succeeded || ranNothing) && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
function fieldOf(value, name) {
  return typeof value === "object" && value !== null
    ? /** @type {Record<string, unknown>} */ (value)[name]
    : undefined;
}
