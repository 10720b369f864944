// @ts-check
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HOST = fileURLToPath(new URL("peers/host.mjs", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A peer that has not answered by then is shown so. */
const TIMEOUT_MS = 180_000;

/** The packages beside which we are measured, by the name of their module in `peers/`. */
export const PEERS = /** @type {const} */ ({
  pyodide: { column: "plain Pyodide", package: "pyodide" },
  runno: { column: "@runno/sandbox", package: "@runno/sandbox" },
  "just-bash": { column: "just-bash", package: "just-bash" },
  quickjs: { column: "quickjs-emscripten", package: "quickjs-emscripten" },
});

/**
 * A peer in a process that runs: started with the first task, so that what it takes to start is in no figure.
 *
 * @typedef {object} Peer
 * @property {(task: string, ...args: unknown[]) => Promise<any>} ask
 * @property {number | undefined} pid
 * @property {() => Promise<void>} close
 */

/**
 * @param {keyof typeof PEERS} name
 * @returns {Peer}
 */
export function openPeer(name) {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  const start = async () => {
    const started = fork(HOST, [name], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child = started;
    await answerOf(started, () => {});
    return started;
  };
  return {
    get pid() {
      return child?.pid;
    },
    async ask(task, ...args) {
      const running = child ?? (await start());
      return answerOf(running, () => running.send({ task, args }));
    },
    async close() {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const gone = new Promise((resolve) => ending.once("exit", resolve));
      ending.kill("SIGKILL");
      await gone;
    },
  };
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {() => void} send
 * @returns {Promise<unknown>}
 */
function answerOf(child, send) {
  return new Promise((resolve, reject) => {
    const onExit = () => settle(() => reject(new Error("its process ended")));
    /** @param {any} message */
    const onMessage = (message) =>
      settle(() => (message.failure ? reject(new Error(message.failure)) : resolve(message.value)));
    const timer = setTimeout(
      () => settle(() => reject(new Error(`over ${TIMEOUT_MS / 1000} s`))),
      TIMEOUT_MS,
    );
    const settle = (/** @type {() => void} */ how) => {
      clearTimeout(timer);
      child.off("exit", onExit);
      child.off("message", onMessage);
      how();
    };
    child.once("exit", onExit);
    child.once("message", onMessage);
    send();
  });
}

/**
 * @param {readonly (keyof typeof PEERS)[]} names
 * @returns {Record<string, string>}
 */
export function peerVersions(names) {
  return Object.fromEntries(names.map((name) => [PEERS[name].package, versionOf(PEERS[name].package)]));
}

/**
 * The version of a package that is installed; packages need not show their package.json to others.
 *
 * @param {string} name
 */
function versionOf(name) {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return String(JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version);
    } catch {
      // Not in this folder of those Node looks into.
    }
  }
  return `not installed below ${dirname(ROOT)}`;
}
