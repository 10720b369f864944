// @ts-check
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { denoVersion } from "../support/python-versions.mjs";
import { server } from "../support/server.mjs";

/** A sandbox that did not exist before, to the first output of a program in it; the host's process runs already. */
export default function open() {
  const pyodide = openPeer("pyodide");
  const runno = openPeer("runno");
  const justBash = openPeer("just-bash");
  const quickjs = openPeer("quickjs");
  const group = "A fresh sandbox to its first output, server";
  const versions = { ...denoVersion(), ...peerVersions(["pyodide", "runno", "just-bash", "quickjs"]) };
  const common = { unit: "ms", group, versions, slowMs: 30_000 };
  const ofPyodide = PEERS.pyodide.column;
  return [
    {
      ...common,
      name: "Python, no spare",
      target: { atMost: 1 / 15, of: ofPyodide },
      sides: [
        { column: "Sandglass", label: "a process of its own each", measure: () => server.fresh("python") },
        {
          column: ofPyodide,
          label: "another interpreter in a running Node",
          measure: () => pyodide.ask("fresh"),
        },
        { column: PEERS.runno.column, maxRounds: 2, measure: () => runno.ask("fresh", "python") },
        { column: PEERS["just-bash"].column, measure: () => justBash.ask("fresh") },
      ],
    },
    {
      ...common,
      name: "Python, with a spare",
      target: { atMost: 15 },
      sides: [{ column: "Sandglass", measure: () => server.freshWithSpare("python") }],
    },
    {
      ...common,
      name: "JavaScript, no spare",
      sides: [
        {
          column: "Sandglass",
          label: "a process of its own each",
          measure: () => server.fresh("javascript"),
        },
        {
          column: PEERS.quickjs.column,
          label: "another context in a running Node, no wall",
          measure: () => quickjs.ask("fresh"),
        },
        { column: PEERS.runno.column, measure: () => runno.ask("fresh", "javascript") },
      ],
    },
    {
      ...common,
      name: "JavaScript, with a spare",
      target: { atMost: 5 },
      sides: [
        { column: "Sandglass", measure: () => server.freshWithSpare("javascript") },
        {
          column: PEERS.quickjs.column,
          label: "another context in a running Node, no wall",
          measure: () => quickjs.ask("fresh"),
        },
      ],
    },
    {
      ...common,
      name: "TypeScript, no spare",
      sides: [{ column: "Sandglass", measure: () => server.fresh("typescript") }],
    },
    {
      ...common,
      name: "TypeScript, with a spare",
      sides: [{ column: "Sandglass", measure: () => server.freshWithSpare("typescript") }],
      close: async () => {
        await Promise.all([pyodide, runno, justBash, quickjs].map((peer) => peer.close()));
      },
    },
  ];
}
