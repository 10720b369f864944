// @ts-check
import { readFileSync } from "node:fs";
import { Sandbox } from "../../dist/lib/index.node.js";
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { memoryOf, processesBelow } from "../support/processes.mjs";
import { denoVersion } from "../support/python-versions.mjs";
import { firstOutputAt } from "../support/sandbox-tasks.mjs";

const MODULE = readFileSync(new URL("../guests/wasi-work.wasm", import.meta.url));
const COUNTS = /** @type {const} */ ([1, 4, 8]);
/** What was used to start with is given back by then. */
const SETTLE_MS = 1000;

/** Memory that sandboxes hold between runs: resident, with every page counted in each process, and in proportion. */
export default function open() {
  const versions = { ...denoVersion(), ...peerVersions(["pyodide", "quickjs"]) };
  const common = {
    unit: "MB",
    group: "Resident memory, server",
    versions,
    maxRounds: 3,
    warmUps: 0,
    slowMs: 120_000,
  };
  const label = "the cages' processes, without the host's Node";
  return [
    {
      ...common,
      name: "Python",
      figures: figures({ atMost: 100 }),
      sides: [
        { column: "Sandglass", label, measure: () => sandboxes("python") },
        { column: PEERS.pyodide.column, label: "in one Node, all of it", measure: () => ofPeer("pyodide") },
      ],
    },
    {
      ...common,
      name: "JavaScript",
      figures: figures({ atMost: 45 }),
      sides: [
        { column: "Sandglass", label, measure: () => sandboxes("javascript") },
        {
          column: PEERS.quickjs.column,
          label: "contexts in one Node, all of it",
          measure: () => ofPeer("quickjs"),
        },
      ],
    },
    {
      ...common,
      name: "A small WASI module",
      figures: figures({ atMost: 45 }),
      sides: [{ column: "Sandglass", label, measure: () => sandboxes("wasi") }],
    },
  ];
}

/** @param {import("../support/rows.mjs").Target} target */
function figures(target) {
  return [
    ...COUNTS.flatMap((count) => [
      { key: `rss${count}`, name: `${count}, RSS` },
      { key: `pss${count}`, name: `${count}, PSS` },
    ]),
    { key: "rssMore", name: "each beyond the first, RSS", target },
    { key: "pssMore", name: "each beyond the first, PSS", target },
  ];
}

/** @param {"python" | "javascript" | "wasi"} language */
async function sandboxes(language) {
  const others = new Set(processesBelow());
  /** @type {InstanceType<typeof Sandbox>[]} */
  const all = [];
  try {
    return await measureEach(
      async (count) => {
        while (all.length < count) {
          const sandbox = await Sandbox.create({ language });
          all.push(sandbox);
          if (language !== "wasi") await firstOutputAt(sandbox, language);
          else await runModule(sandbox);
        }
      },
      () => processesBelow().filter((pid) => !others.has(pid)),
    );
  } finally {
    await Promise.all(all.map((sandbox) => sandbox.kill()));
  }
}

/** @param {InstanceType<typeof Sandbox>} sandbox */
async function runModule(sandbox) {
  const { status, logs } = await sandbox.runCode(MODULE, { args: ["hello", "1"] });
  if (logs.stdout.join("") !== "hello\n") throw new Error(`the module ended as ${status}`);
}

/** @param {"pyodide" | "quickjs"} name */
async function ofPeer(name) {
  const peer = openPeer(name);
  try {
    return await measureEach(
      (count) => peer.ask("hold", "", count),
      () => (peer.pid === undefined ? [] : [peer.pid, ...processesBelow(peer.pid)]),
    );
  } finally {
    await peer.close();
  }
}

/**
 * @param {(count: number) => Promise<void>} hold
 * @param {() => number[]} pids
 */
async function measureEach(hold, pids) {
  /** @type {Record<string, number>} */
  const measured = {};
  for (const count of COUNTS) {
    await hold(count);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const { rss, pss } = memoryOf(pids());
    Object.assign(measured, { [`rss${count}`]: rss, [`pss${count}`]: pss });
  }
  const more = (/** @type {string} */ kind) =>
    ((measured[`${kind}8`] ?? Number.NaN) - (measured[`${kind}1`] ?? Number.NaN)) / 7;
  return { ...measured, rssMore: more("rss"), pssMore: more("pss") };
}
