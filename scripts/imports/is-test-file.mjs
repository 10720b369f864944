// @ts-check
/**
 * True for sources that are never shipped: tests, contract suites and what only they use. Takes a path from the project's
 * root, with forward slashes.
 *
 * @param {string} path
 */
export function isTestFile(path) {
  return /\.(test|contract|test-d|bench|testkit|cases|expected)\.tsx?$|\/(testing|harness)\.ts$|\/(contract|test-support|fixtures)\//.test(
    path,
  );
}
