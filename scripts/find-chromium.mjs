#!/usr/bin/env node
// @ts-check
/**
 * Finds a Chromium for the end-to-end tests, and gets one where none is installed.
 * Run as a script it prints the path; imported, `findChromium()` returns it.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Flags for a headless Chromium in a container: no GPU, no user namespaces, and nothing that talks to the network by itself.
 * Playwright adds `--headless` on its own.
 */
export const CHROMIUM_FLAGS = Object.freeze([
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]);

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FOLDERS = ["/usr/bin", "/usr/local/bin", "/snap/bin"];
const MACOS_APPS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const VERSION_MS = 30_000;
const PLAYWRIGHT_INSTALL_MS = 4 * 60_000;
const APT_MS = 8 * 60_000;

/**
 * What the search may look at and do; replaced in its test.
 *
 * @typedef {object} World
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {string} platform
 * @property {number | undefined} uid 0 is root; undefined where there are no user ids.
 * @property {(path: string) => boolean} isExecutable
 * @property {() => boolean} isDebian
 * @property {() => Promise<string | undefined>} playwrightPath Where Playwright keeps its own download, there or not.
 * @property {(command: string, args: readonly string[], timeoutMs: number) => boolean} run True when it ended with 0.
 * @property {(line: string) => void} say
 */

/** @type {World} */
const REAL_WORLD = {
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
  isExecutable,
  isDebian: () => existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get"),
  playwrightPath: async () => {
    const { chromium } = await import("playwright");
    return chromium.executablePath() || undefined;
  },
  run: (command, args, timeoutMs) => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync(command, args, { stdio: "ignore", timeout: timeoutMs, env }).status === 0;
  },
  say: (line) => process.stderr.write(`${line}\n`),
};

/**
 * The path of a Chromium: `CHROMIUM_PATH`, the system's, Playwright's own, or one installed now (Playwright's download, then
 * apt). With `SANDGLASS_NO_INSTALL` set, nothing is installed.
 *
 * @param {World} [world]
 * @returns {Promise<string>}
 * @throws {Error} One sentence saying what to install and how.
 */
export async function findChromium(world = REAL_WORLD) {
  const chosen = world.env.CHROMIUM_PATH;
  if (chosen) {
    if (isUsable(world, chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, which is not a browser that starts here.`);
  }
  const installed = findInstalled(world);
  if (installed) return installed;

  const downloaded = await world.playwrightPath();
  if (isUsable(world, downloaded)) return downloaded;

  if (world.env.SANDGLASS_NO_INSTALL) throw notFound();
  world.say("No Chromium here yet: trying Playwright's download.");
  const playwrightCli = fileURLToPath(new URL("../node_modules/playwright/cli.js", import.meta.url));
  world.run(process.execPath, [playwrightCli, "install", "chromium"], PLAYWRIGHT_INSTALL_MS);
  if (isUsable(world, downloaded)) return downloaded;

  if (world.uid === 0 && world.isDebian()) {
    world.say("Playwright's download did not work: installing Debian's chromium with apt-get.");
    world.run("apt-get", ["update"], APT_MS);
    world.run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], APT_MS);
    const fresh = findInstalled(world);
    if (fresh) return fresh;
  }
  throw notFound();
}

function notFound() {
  return new Error(
    "No Chromium was found and none could be installed: install one (Debian: `sudo apt-get install chromium`; " +
      "anywhere: `npx playwright install --with-deps chromium`) or set CHROMIUM_PATH to yours, then run this again.",
  );
}

/**
 * @param {World} world
 * @returns {string | undefined}
 */
function findInstalled(world) {
  const folders = [...(world.env.PATH ?? "").split(delimiter).filter(Boolean), ...FOLDERS];
  const candidates = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  if (world.platform === "darwin") candidates.push(...MACOS_APPS);
  return candidates.find((path) => isUsable(world, path));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * True when it is there and really starts: a download without its system libraries does not, nor does the script some
 * systems put there to ask for a snap.
 *
 * @param {World} world
 * @param {string | undefined} path
 * @returns {path is string}
 */
function isUsable(world, path) {
  return path !== undefined && world.isExecutable(path) && world.run(path, ["--version"], VERSION_MS);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await findChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
