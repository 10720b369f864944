#!/usr/bin/env node
// @ts-check
/**
 * `npm test`: every check there is, one stage after another. A failing stage hides no later one, except that without a
 * build nothing after it can run. The last line is the count of all checks and tests.
 *
 *   node scripts/test.mjs [--only lint,build,types,knip,size,unit,package,e2e]
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findChromium } from "./find-chromium.mjs";
import {
  countPlaywright,
  countVitest,
  ONE_FAILED,
  ONE_PASSED,
  sumCounts,
  summaryLine,
} from "./test/reports.mjs";

/** @typedef {import("./test/reports.mjs").Counts} Counts */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** All stages together: a run that hangs ends in time for its count to be read. */
const TOTAL_MS = 14.5 * 60_000;

const reports = mkdtempSync(join(tmpdir(), "sandglass-test-"));
const startedMs = performance.now();
/**
 * What the child processes see. `CI` keeps every tool from asking questions or redrawing lines.
 *
 * @type {NodeJS.ProcessEnv}
 */
const env = { ...process.env, CI: process.env.CI ?? "true", FORCE_COLOR: process.env.FORCE_COLOR ?? "0" };

/** @type {Record<string, () => Promise<Counts>>} */
const STAGES = {
  lint: () => check("biome", ["check", "--error-on-warnings", "."]),
  build: () => check(join(ROOT, "scripts", "build.mjs"), []),
  types: () => check("tsc", ["--noEmit", "--pretty", "false"]),
  knip: () => check("knip", []),
  size: () => check(join(ROOT, "scripts", "size.mjs"), []),
  unit: async () => {
    const file = join(reports, "vitest.json");
    const ran = await runTool("vitest", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ]);
    return countVitest(readReport(file), ran);
  },
  package: async () =>
    sumCounts([
      await check("publint", ["run", "--strict", "."]),
      await check("attw", ["--pack", ".", "--profile", "esm-only", "--no-emoji"]),
    ]),
  e2e: async () => {
    const file = join(reports, "playwright.json");
    env.PLAYWRIGHT_JSON_OUTPUT_FILE = file;
    const ran = await runTool("playwright", ["test", "--reporter=line,json"]);
    return countPlaywright(readReport(file), ran);
  },
};
/** Stages that start a browser. */
const BROWSER_STAGES = ["unit", "e2e"];

process.exitCode = await main();

/** @returns {Promise<number>} The exit code. */
async function main() {
  /** @type {string[]} */
  let chosen;
  try {
    const { values } = parseArgs({ options: { only: { type: "string" } } });
    chosen = values.only?.split(",") ?? Object.keys(STAGES);
    const unknown = chosen.find((name) => !Object.hasOwn(STAGES, name));
    if (unknown !== undefined) throw new Error(`There is no stage "${unknown}".`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(
      `Usage: node scripts/test.mjs [--only STAGE,…]   stages: ${Object.keys(STAGES).join(", ")}`,
    );
    return 2;
  }
  /** @type {Counts[]} */
  const all = [];
  let hasLookedForChromium = false;
  try {
    for (const name of Object.keys(STAGES).filter((stage) => chosen.includes(stage))) {
      if (BROWSER_STAGES.includes(name) && !hasLookedForChromium) {
        hasLookedForChromium = true;
        try {
          env.CHROMIUM_PATH = await findChromium();
        } catch (error) {
          console.log(error instanceof Error ? error.message : error);
          // Those stages then fail with the same sentence, without trying to install one again.
          env.SANDGLASS_NO_INSTALL = "1";
        }
      }
      const stageMs = performance.now();
      const counts = await /** @type {() => Promise<Counts>} */ (STAGES[name])();
      all.push(counts);
      const seconds = ((performance.now() - stageMs) / 1000).toFixed(1);
      console.log(
        `${counts.failed > 0 ? "✗" : "✓"} ${name.padEnd(8)} ${seconds.padStart(6)} s  ${summaryLine(counts)}`,
      );
      if (name === "build" && counts.failed > 0) {
        console.log("Without a build the stages after it cannot run.");
        break;
      }
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  const sum = sumCounts(all);
  console.log(summaryLine(sum));
  return sum.failed > 0 ? 1 : 0;
}

/**
 * A tool that is one check: quiet when it passes, its output shown when it does not.
 *
 * @param {string} tool
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
async function check(tool, args) {
  return (await runTool(tool, args, { isQuiet: true })) ? ONE_PASSED : ONE_FAILED;
}

/**
 * Runs a script of ours (an absolute path) or a tool from node_modules and says whether it ended well and in time.
 *
 * @param {string} tool
 * @param {readonly string[]} args
 * @param {{ isQuiet?: boolean }} [options]
 * @returns {Promise<boolean>}
 */
function runTool(tool, args, { isQuiet = false } = {}) {
  const script = existsSync(tool) ? tool : binOf(tool);
  return new Promise((resolve) => {
    // A process group of its own, so that what it started ends with it when time is up.
    const child = spawn(process.execPath, [script, ...args], {
      cwd: ROOT,
      env,
      detached: process.platform !== "win32",
      stdio: ["ignore", isQuiet ? "pipe" : "inherit", isQuiet ? "pipe" : "inherit"],
    });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => output.push(chunk));
    const stop = () => {
      try {
        if (child.pid !== undefined)
          process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
      } catch {
        // It ended by itself in this very moment.
      }
    };
    const leftMs = Math.max(1000, TOTAL_MS - (performance.now() - startedMs));
    const timer = setTimeout(() => {
      console.log(`${tool} was stopped: all checks together may take ${TOTAL_MS / 60_000} minutes.`);
      stop();
    }, leftMs);
    /** @type {(signal: NodeJS.Signals) => void} */
    const onSignal = (signal) => {
      stop();
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
    child.once("error", (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.once("close", (code) => {
      clearTimeout(timer);
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
      if (code !== 0 && isQuiet) process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

/**
 * The script behind a tool's command, so that no shell and no PATH is asked.
 *
 * @param {string} tool
 * @returns {string}
 */
function binOf(tool) {
  /** @type {Record<string, string>} */
  const packages = { biome: "@biomejs/biome", tsc: "typescript", attw: "@arethetypeswrong/cli" };
  const manifest = findManifest(packages[tool] ?? tool);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), typeof bin === "string" ? bin : bin[tool]);
}

/** @param {string} name */
function findManifest(name) {
  // Not require.resolve(`${name}/package.json`): `exports` may hide that file.
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = folders.map((folder) => join(folder, name, "package.json")).find(existsSync);
  if (!manifest) throw new Error(`${name} is not installed: run \`npm install\` first.`);
  return manifest;
}

/**
 * @param {string} file
 * @returns {unknown} Undefined when the runner died before it wrote one.
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
