// @ts-check
import { fileURLToPath } from "node:url";
import { PEERS, peerVersions } from "../support/peer.mjs";
import { timeCommand } from "../support/processes.mjs";
import { denoVersion, nativePythonVersion } from "../support/python-versions.mjs";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const CLI = path("../../dist/lib/cli/main.cjs");
const WASI_GUEST = path("../guests/wasi-work.wasm");
const node = (/** @type {string[]} */ ...args) => timeCommand(process.execPath, args);
const script = (/** @type {string} */ name, /** @type {string[]} */ ...args) =>
  node("--no-warnings", path(`../support/scripts/${name}.mjs`), ...args);

/** A whole command, from nothing: a process is started, prints one line, and ends. */
export default function open() {
  const versions = {
    ...denoVersion(),
    ...peerVersions(["pyodide", "runno", "just-bash", "quickjs"]),
    ...nativePythonVersion(),
  };
  const common = { unit: "ms", group: "A whole command, from nothing", versions, slowMs: 30_000 };
  const ofPyodide = { atMost: 1 / 8, of: PEERS.pyodide.column };
  return [
    {
      ...common,
      name: "Python, print(1)",
      figures: [
        { key: "first", name: "to its output", target: ofPyodide },
        { key: "end", name: "to its end", target: ofPyodide },
      ],
      sides: [
        { column: "Sandglass", label: "sandglass run -c", measure: () => node(CLI, "run", "-c", "print(1)") },
        {
          column: PEERS.pyodide.column,
          label: "a Node script: loadPyodide, runPython",
          measure: () => script("pyodide"),
        },
        { column: PEERS.runno.column, measure: () => script("runno-python"), maxRounds: 2 },
        { column: PEERS["just-bash"].column, label: "its python3", measure: () => script("just-bash") },
        { column: "native", label: "python3 -c", measure: () => timeCommand("python3", ["-c", "print(1)"]) },
      ],
    },
    {
      ...common,
      name: "JavaScript, console.log(1)",
      figures: [
        { key: "first", name: "to its output" },
        { key: "end", name: "to its end" },
      ],
      sides: [
        {
          column: "Sandglass",
          label: "sandglass run --lang js -c",
          measure: () => node(CLI, "run", "--lang", "js", "-c", "console.log(1)"),
        },
        { column: PEERS.quickjs.column, label: "a Node script, no wall", measure: () => script("quickjs") },
        { column: PEERS.runno.column, measure: () => script("runno-javascript") },
        { column: "native", label: "node -e", measure: () => node("-e", "console.log(1)") },
      ],
    },
    {
      ...common,
      name: "A WASI module that prints a line",
      figures: [
        { key: "first", name: "to its output" },
        { key: "end", name: "to its end" },
      ],
      sides: [
        {
          column: "Sandglass",
          label: "sandglass run wasi-work.wasm",
          measure: () => node(CLI, "run", WASI_GUEST, "hello", "1"),
        },
        {
          column: "node:wasi",
          label: "a Node script, no wall",
          measure: () => script("node-wasi", WASI_GUEST),
        },
      ],
    },
  ];
}
