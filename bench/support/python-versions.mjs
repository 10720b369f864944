// @ts-check
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** @returns {Record<string, string>} */
export function pythonVersions() {
  return { pyodide: JSON.parse(readFileSync(require.resolve("pyodide/package.json"), "utf8")).version };
}

/** @returns {Record<string, string>} Empty where Deno is not installed. */
export function denoVersion() {
  try {
    const { version } = JSON.parse(readFileSync(require.resolve("deno/package.json"), "utf8"));
    return { deno: version };
  } catch {
    return {};
  }
}
