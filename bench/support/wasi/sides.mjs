// @ts-check
import { execFile, spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as rolldown from "rolldown";
import { findDeno } from "../../../dist/lib/hosts/node/find-deno.js";
import { denoVersion } from "../python-versions.mjs";
import { openChromiumSide } from "./chromium.mjs";

/**
 * @typedef {object} WasiSide
 * @property {string} column
 * @property {(kind: string, count: number) => Promise<number>} measure Milliseconds.
 */

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const GUEST = here("../../guests/wasi-work.wasm");
const SOURCE = here("../../guests/wasi-work.c");
/** A side that has not answered by then is shown so. The plain shim's appends take a quarter of it. */
const TIMEOUT_MS = 60_000;
const LIBRARIES = ["@bjorn3/browser_wasi_shim", "@tybys/wasm-util", "memfs"];

/** Every host that runs the guest, ours first. Each measurement in a fresh process (or worker), so none warms another. */
export async function openWasiSides() {
  const folder = mkdtempSync(join(fastFolder(), "sandglass-bench-"));
  try {
    const bundle = join(folder, "sandglass.mjs");
    const script = await bundleSandglass();
    writeFileSync(bundle, script);
    const chromium = await openChromiumSide(script, readFileSync(GUEST));
    const deno = findDeno();
    /** @param {string} side */
    const inNode = (side) => (/** @type {string} */ kind, /** @type {number} */ count) =>
      runChild(process.execPath, [here("child-node.mjs"), side, GUEST, folder, kind, String(count)]);
    /** @type {WasiSide[]} */
    const sides = [
      { column: "Sandglass, Node", measure: inNode(bundle) },
      {
        column: "Sandglass, Deno",
        measure: (kind, count) =>
          runChild(deno, [
            ...["run", "--quiet", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"],
            `--allow-read=${folder},${here("../..")}`,
            ...[here("child-deno.mjs"), bundle, GUEST, kind, String(count)],
          ]),
      },
      { column: "Sandglass, Chromium", measure: chromium.measure },
      { column: "node:wasi", measure: inNode("node-wasi") },
      { column: "browser_wasi_shim", measure: inNode("shim") },
      { column: "wasm-util + memfs", measure: inNode("wasm-util") },
      nativeSide(folder),
    ];
    const close = async () => {
      await chromium.close();
      rmSync(folder, { recursive: true, force: true });
    };
    const versions = { ...denoVersion(), chromium: chromium.version, ...libraryVersions() };
    return { sides, versions, close };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Files of the sides that use the machine's: in memory where Linux offers it, as ours are. */
function fastFolder() {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

/** As scripts/build.mjs bundles the cage's worker. */
async function bundleSandglass() {
  const { output } = await rolldown.build({
    input: here("sandglass.mjs"),
    platform: "browser",
    write: false,
    logLevel: "warn",
    transform: { target: "es2022" },
    output: { format: "es", codeSplitting: false },
  });
  return output[0].code;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
async function runChild(command, args, cwd) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, timeout: TIMEOUT_MS });
    return Number(stdout.trim().split("\n").at(-1));
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** @param {unknown} error What `execFile` rejects with. */
function reasonOf(error) {
  const {
    killed,
    signal,
    stderr = "",
  } = /** @type {{ killed?: boolean, signal?: string, stderr?: string }} */ (error);
  if (killed) return `over ${TIMEOUT_MS / 1000} s`;
  if (signal) return `ended by ${signal}`;
  const lines = stderr.trim().split("\n");
  return lines.find((line) => /error/i.test(line))?.trim() ?? lines.at(-1) ?? "failed";
}

/**
 * The same C by the machine's compiler, on the machine's files; a start is a process.
 *
 * @param {string} folder
 * @returns {WasiSide}
 */
function nativeSide(folder) {
  const program = join(folder, "native");
  const built = spawnSync("cc", ["-O2", "-o", program, SOURCE]);
  return {
    column: "native",
    async measure(kind, count) {
      if (built.status !== 0) throw new Error("no C compiler here");
      const work = mkdtempSync(join(folder, "native-"));
      try {
        if (kind === "start:hello") return startNative(program, work);
        if (kind.startsWith("start:"))
          throw new Error("Linux takes no more than 128 KiB a string, 2 MiB in all");
        const { stderr } = await promisify(execFile)(
          "sh",
          ["-c", '"$0" "$@" >/dev/null', program, kind, String(count)],
          {
            cwd: work,
            timeout: TIMEOUT_MS,
          },
        );
        return Number(stderr) / 1e6;
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    },
  };
}

/**
 * @param {string} program
 * @param {string} cwd
 */
function startNative(program, cwd) {
  const figures = Array.from({ length: 50 }, () => {
    const startMs = performance.now();
    spawnSync(program, ["hello", "1"], { cwd, stdio: "ignore" });
    return performance.now() - startMs;
  });
  return figures.sort((a, b) => a - b)[25] ?? Number.NaN;
}

/** @returns {Record<string, string>} */
function libraryVersions() {
  const require = createRequire(import.meta.url);
  return Object.fromEntries(
    LIBRARIES.map((name) => {
      const folders = require.resolve.paths(name) ?? [];
      for (const folder of folders) {
        try {
          return [name, JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version];
        } catch {
          // Not in this folder of those Node looks into.
        }
      }
      return [name, "unknown"];
    }),
  );
}
