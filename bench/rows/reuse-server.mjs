// @ts-check
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { denoVersion } from "../support/python-versions.mjs";
import { reuseRows } from "../support/reuse-rows.mjs";
import { server } from "../support/server.mjs";

export default function open() {
  const pyodide = openPeer("pyodide");
  const justBash = openPeer("just-bash");
  const quickjs = openPeer("quickjs");
  const rows = reuseRows({
    where: "server",
    ask: (task, ...args) => /** @type {any} */ (server)[task](...args),
    versions: { ...denoVersion(), ...peerVersions(["pyodide", "just-bash", "quickjs"]) },
    resetMs: 10,
    forkMs: 10,
    resumeMs: 60,
    pythonPeers: [
      { column: PEERS.pyodide.column, label: "runPython, no wall", measure: () => pyodide.ask("second") },
      { column: PEERS["just-bash"].column, label: "starts anew", measure: () => justBash.ask("second") },
    ],
    javascriptPeers: [
      { column: PEERS.quickjs.column, label: "evalCode, no wall", measure: () => quickjs.ask("second") },
    ],
  });
  const close = async () => {
    await Promise.all([server, pyodide, justBash, quickjs].map((one) => one.close()));
  };
  return rows.map((row, index) => (index === 0 ? { ...row, close } : row));
}
