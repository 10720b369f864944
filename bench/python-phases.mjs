#!/usr/bin/env node
// @ts-check
/**
 * Where the time of a Python start goes: medians of each step, in fresh Deno processes, as wall time and as processor time
 * of the worker's own thread (Linux). Uses the sources and the built assets.
 *
 *   node bench/python-phases.mjs [--rounds N] [--v8-flags FLAGS]
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./support/figures.mjs";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, "v8-flags": { type: "string" } },
});
const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const flags = ["--no-config", "--no-check", "--unstable-worker-options", "--allow-all", "--quiet"];
if (values["v8-flags"]) flags.push(`--v8-flags=${values["v8-flags"]}`);

/** @type {Map<string, { wallMs: number[], cpuMs: number[] }>} */
const steps = new Map();
for (let round = 0; round < Number(values.rounds); round++) {
  const child = path("support/python-phases.deno.mjs");
  const printed = execFileSync(path("../node_modules/.bin/deno"), ["run", ...flags, child], {
    encoding: "utf8",
  });
  /** @type {[name: string, wallMs: number, cpuMs: number][]} */
  const marks = JSON.parse(printed);
  let [wallBefore, cpuBefore] = [0, 0];
  for (const [name, wallMs, cpuMs] of marks) {
    const step = steps.get(name) ?? { wallMs: [], cpuMs: [] };
    step.wallMs.push(wallMs - wallBefore);
    step.cpuMs.push(cpuMs - cpuBefore);
    steps.set(name, step);
    [wallBefore, cpuBefore] = [wallMs, cpuMs];
  }
}
console.log(`${"up to".padEnd(28)}${"wall ms".padStart(10)}${"thread ms".padStart(12)}`);
for (const [name, { wallMs, cpuMs }] of steps) {
  const [wall, cpu] = [median(wallMs).toFixed(1), median(cpuMs).toFixed(1)];
  console.log(`${name.padEnd(28)}${wall.padStart(10)}${cpu.padStart(12)}`);
}
