// @ts-check
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** @returns {Record<string, string>} Empty where Deno is not installed. */
export function denoVersion() {
  try {
    const { version } = JSON.parse(readFileSync(require.resolve("deno/package.json"), "utf8"));
    return { deno: version };
  } catch {
    return {};
  }
}

/** @returns {Record<string, string>} Empty where there is none. */
export function nativePythonVersion() {
  try {
    const said = execFileSync("python3", ["--version"], { encoding: "utf8" });
    return { python3: said.replace("Python", "").trim() };
  } catch {
    return {};
  }
}
