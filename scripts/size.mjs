#!/usr/bin/env node
// @ts-check
/** Holds what is built to the budgets in size/budgets.mjs: `node scripts/size.mjs [--all]`, after a build. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FILE_BUDGETS, PACKAGE_KB } from "./size/budgets.mjs";
import { inKb, measureFiles, tooLarge } from "./size/measure.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const measured = [
  ...measureFiles(fileURLToPath(new URL("../dist", import.meta.url)), FILE_BUDGETS),
  { name: "the packed package", bytes: packedBytes(), budgetBytes: PACKAGE_KB * 1024 },
];
if (process.argv.includes("--all")) {
  for (const { name, bytes, budgetBytes } of measured) {
    console.log(`${inKb(bytes).padStart(12)} of ${inKb(budgetBytes).padStart(11)}  ${name}`);
  }
}
const faults = tooLarge(measured);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

function packedBytes() {
  const report = execFileSync(
    "npm",
    ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"],
    {
      cwd: ROOT,
      encoding: "utf8",
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  return Number(JSON.parse(report)[0].size);
}
