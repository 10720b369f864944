// @ts-check
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openBenchPages } from "../support/bench-pages.mjs";
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { denoVersion, nativePythonVersion } from "../support/python-versions.mjs";
import { server } from "../support/server.mjs";

const PROGRAMS = ["nbody", "fannkuch", "json-records", "regex", "sort"];

/** @typedef {(language: string, code: string, file: string) => Promise<string>} RunProgram What it prints. */

/** What programs that compute take, by their own clock, beside the same program in the machine's own interpreter. */
export default async function open() {
  const pages = await openBenchPages();
  const peers = {
    pyodide: openPeer("pyodide"),
    runno: openPeer("runno"),
    "just-bash": openPeer("just-bash"),
    quickjs: openPeer("quickjs"),
  };
  /** @type {(name: keyof typeof peers) => { column: string, run: RunProgram, maxRounds?: number }} */
  const peer = (name) => ({
    column: PEERS[name].column,
    // Its slowest programs take a minute for each round of all.
    ...(name === "runno" ? { maxRounds: 2 } : {}),
    run: (language, code) => peers[name].ask("program", language, code),
  });
  /** @type {{ column: string, label?: string, run: RunProgram }[]} */
  const ours = [
    {
      column: "Sandglass, server",
      run: (language, code) => server.program(/** @type {"python"} */ (language), code),
    },
    {
      column: "Sandglass, Chromium",
      run: (language, code) => pages.ask("sandglass", "program", language, code),
    },
  ];
  /** @type {(command: string) => { column: string, label: string, run: RunProgram }} */
  const native = (command) => ({
    column: "native",
    label: command === process.execPath ? "node" : command,
    run: async (_language, _code, file) => (await promisify(execFile)(command, [file])).stdout.trim(),
  });
  const plainInPage = {
    column: "plain Pyodide, Chromium",
    run: /** @type {RunProgram} */ ((language, code) => pages.ask("plain", "program", language, code)),
  };
  const byLanguage = [
    {
      language: "python",
      name: "Python",
      ending: "py",
      sides: [...ours, peer("pyodide"), plainInPage, peer("runno"), peer("just-bash"), native("python3")],
    },
    {
      language: "javascript",
      name: "JavaScript",
      ending: "js",
      sides: [...ours, peer("quickjs"), peer("runno"), native(process.execPath)],
    },
  ];
  const versions = {
    ...denoVersion(),
    ...nativePythonVersion(),
    ...peerVersions(["pyodide", "runno", "just-bash", "quickjs"]),
    chromium: pages.browserVersion,
  };
  const close = async () => {
    await Promise.all([pages, server, ...Object.values(peers)].map((one) => one.close()));
  };
  const rows = byLanguage.flatMap(({ language, name, ending, sides }) =>
    PROGRAMS.map((program) => {
      const file = fileURLToPath(new URL(`../guests/cpu/${program}.${ending}`, import.meta.url));
      const code = readFileSync(file, "utf8");
      /** @type {string | undefined} */
      let expected;
      return {
        name: `${name}, ${program}`,
        unit: "ms",
        group: "Programs that compute, slowdown against native",
        reference: "native",
        versions,
        slowMs: 20_000,
        sides: sides.map(({ run, ...side }) => ({
          ...side,
          measure: async () => {
            const printed = await run(language, code, file);
            const [ms = "", answer = ""] = printed.split(" ");
            expected ??= answer;
            if (answer !== expected) throw new Error(`it printed ${printed}, not ${expected}`);
            return Number(ms);
          },
        })),
      };
    }),
  );
  return rows.map((row, index) => (index === 0 ? { ...row, close } : row));
}
