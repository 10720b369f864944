// @ts-check
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, platform, release, totalmem } from "node:os";

/** What a reader has to know to compare figures with their own. */
export function describeMachine() {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || "unknown processor",
    cores: all.length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${platform()} ${release()}`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(" "),
  };
}

/**
 * Ours, with the commit where there is one, and Node's.
 *
 * @returns {Record<string, string>}
 */
export function describeVersion() {
  const root = new URL("../../", import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  let commit = "";
  try {
    const git = (/** @type {string[]} */ ...args) =>
      execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const isChanged = git("status", "--porcelain", "--untracked-files=no") !== "";
    commit = ` (${git("rev-parse", "--short", "HEAD")}${isChanged ? ", changed" : ""})`;
  } catch {
    // Not from a repository.
  }
  return { sandglass: `${version}${commit}`, node: process.version };
}
