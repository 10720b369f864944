// @ts-check
/** Licences that let Sandglass stay Apache-2.0 and be built into closed products: no GPL, LGPL or AGPL among them. */
const ACCEPTED = new Set([
  "0BSD",
  "Apache-2.0",
  "Apache-2.0 WITH LLVM-exception",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MPL-2.0",
  "OFL-1.1",
  "PSF-2.0",
  "Unlicense",
  "Zlib",
  "blessing",
  "bzip2-1.0.6",
]);

/**
 * Whether an SPDX expression lets us ship: of an OR one side has to, of an AND both. Unknown words never do.
 *
 * @param {string} expression
 * @returns {boolean}
 */
export function isAccepted(expression) {
  const text = expression.trim();
  if (ACCEPTED.has(text)) return true;
  const inner = /^\(([^()]*)\)$/.exec(text);
  if (inner) return isAccepted(inner[1] ?? "");
  // No nesting: nothing we ship needs it, and what cannot be read is refused.
  if (/[()]/.test(text)) return false;
  if (/ OR /.test(text)) return text.split(" OR ").some(isAccepted);
  if (/ AND /.test(text)) return text.split(" AND ").every(isAccepted);
  return false;
}
