// @ts-check
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Sandbox } from "../../dist/lib/index.node.js";
import { denoVersion, pythonVersions } from "../support/python-versions.mjs";

const CHILD = fileURLToPath(new URL("../support/plain-pyodide-child.mjs", import.meta.url));

/** The first line Python prints, from a sandbox that did not exist before, in a host that is running. */
export default async function open() {
  return {
    name: "Python's first output, server",
    unit: "ms",
    sides: [
      {
        column: "Sandglass",
        label: "Sandbox.create + runCode, process start included",
        measure: sandglass,
      },
      {
        column: "plain",
        label: "loadPyodide + runPython in Node, process start and import left out",
        measure: plain,
      },
    ],
    versions: { ...denoVersion(), ...pythonVersions() },
  };
}

async function sandglass() {
  const startMs = performance.now();
  let firstOutputMs = Number.NaN;
  const sandbox = await Sandbox.create();
  await sandbox.runCode("print(6 * 7)", {
    onOutput: () => {
      firstOutputMs = performance.now() - startMs;
    },
  });
  await sandbox.kill();
  return firstOutputMs;
}

async function plain() {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD]);
  return Number(stdout);
}
