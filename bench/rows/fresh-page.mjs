// @ts-check
import { openBenchPages } from "../support/bench-pages.mjs";
import { PEERS, peerVersions } from "../support/peer.mjs";
import { reuseRows } from "../support/reuse-rows.mjs";

/** The SDK in a page that is open: a frame and a worker for each sandbox, beside plain Pyodide in a worker. */
export default async function open() {
  const pages = await openBenchPages();
  const versions = { chromium: pages.browserVersion, ...peerVersions(["pyodide"]) };
  const group = "A fresh sandbox to its first output, Chromium";
  const common = { unit: "ms", group, versions, slowMs: 30_000 };
  /** @param {string} task @param {unknown[]} args */
  const only = (task, ...args) => [
    { column: "Sandglass", measure: () => pages.ask("sandglass", task, ...args) },
  ];
  const fresh = [
    {
      ...common,
      name: "Python, no spare",
      sides: [
        ...only("fresh", "python"),
        {
          column: PEERS.pyodide.column,
          label: "loadPyodide in a new worker",
          measure: () => pages.ask("plain", "fresh"),
        },
      ],
      close: () => pages.close(),
    },
    {
      ...common,
      name: "Python, with a spare",
      target: { atMost: 40 },
      sides: only("freshWithSpare", "python"),
    },
    { ...common, name: "JavaScript, no spare", sides: only("fresh", "javascript") },
    { ...common, name: "JavaScript, with a spare", sides: only("freshWithSpare", "javascript") },
  ];
  const reused = reuseRows({
    where: "Chromium",
    ask: (task, ...args) => pages.ask("sandglass", task, ...args),
    versions,
    resetMs: 25,
    pythonPeers: [
      {
        column: PEERS.pyodide.column,
        label: "runPython in a worker",
        measure: () => pages.ask("plain", "second"),
      },
    ],
  });
  return [...fresh, ...reused];
}
