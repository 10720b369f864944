// @ts-check
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const TIMEOUT_MS = 120_000;

/**
 * Runs a command and tells when the first of its output came and when it had ended, both from the moment it was started.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ first: number, end: number }>} Milliseconds.
 * @throws {Error} When it prints nothing or ends with another exit code than 0.
 */
export function timeCommand(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: TIMEOUT_MS });
    let first = Number.NaN;
    let stderr = "";
    child.stdout.on("data", () => {
      if (Number.isNaN(first)) first = performance.now() - startMs;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const end = performance.now() - startMs;
      if (code === 0 && !Number.isNaN(first)) return resolve({ first, end });
      const said = stderr.trim().split("\n").at(-1) ?? "";
      reject(new Error(signal ? `ended by ${signal}` : `exit code ${code}: ${said || "it printed nothing"}`));
    });
  });
}

/**
 * Processes that this one started and that live, with all below them.
 *
 * @param {number} [pid]
 * @returns {number[]}
 */
export function processesBelow(pid = process.pid) {
  try {
    // A process is a child of the thread that started it.
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map(Number),
    );
    return children.flatMap((child) => [child, ...processesBelow(child)]);
  } catch {
    // It has ended.
    return [];
  }
}

/**
 * Memory that processes hold, in MB (10⁶ bytes). RSS counts a page that several share in each of them, PSS its share.
 *
 * @param {readonly number[]} pids
 * @returns {{ rss: number, pss: number }}
 * @throws {Error} Where there is no /proc/PID/smaps_rollup.
 */
export function memoryOf(pids) {
  let rss = 0;
  let pss = 0;
  for (const pid of pids) {
    const text = readRollup(pid);
    rss += kilobytes(text, "Rss");
    pss += kilobytes(text, "Pss");
  }
  return { rss: (rss * 1024) / 1e6, pss: (pss * 1024) / 1e6 };
}

/** @param {number} pid */
function readRollup(pid) {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  } catch {
    throw new Error("this system does not tell (no /proc/PID/smaps_rollup)");
  }
}

/**
 * @param {string} text
 * @param {string} field
 */
function kilobytes(text, field) {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN);
}
