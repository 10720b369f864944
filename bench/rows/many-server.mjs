// @ts-check
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { denoVersion } from "../support/python-versions.mjs";
import { server } from "../support/server.mjs";

const AT_ONCE = 8;
/** Python of others takes seconds for each; the rate of a few is that of a hundred. */
const PEER_COUNT = 4;

/**
 * Many sandboxes, each created, run once and thrown away: one after another, and several at a time.
 *
 * @param {import("../support/rows.mjs").Context} context
 */
export default function open({ isQuick }) {
  const count = isQuick ? 16 : 100;
  const pyodide = openPeer("pyodide");
  const runno = openPeer("runno");
  const justBash = openPeer("just-bash");
  const quickjs = openPeer("quickjs");
  const versions = { ...denoVersion(), ...peerVersions(["pyodide", "runno", "just-bash", "quickjs"]) };
  const common = {
    unit: "runs/s",
    group: "Many fresh sandboxes, each with one run, server",
    versions,
    higherIsBetter: true,
    maxRounds: 3,
    warmUps: 0,
    slowMs: 120_000,
  };
  /**
   * @param {import("../support/peer.mjs").Peer} peer
   * @param {string} language
   * @param {number} many
   * @param {number} atOnce
   */
  const peerRate = (peer, language, many, atOnce) => async () =>
    (1000 * many) / (await peer.ask("many", language, many, atOnce));
  const close = async () => {
    await Promise.all([pyodide, runno, justBash, quickjs].map((peer) => peer.close()));
  };
  const rows = [1, AT_ONCE].flatMap((atOnce) => {
    const how = atOnce === 1 ? `${count} one after another` : `${count}, ${atOnce} at a time`;
    const few = atOnce === 1 ? `over ${PEER_COUNT}` : `over ${AT_ONCE}`;
    const fewCount = Math.max(PEER_COUNT, atOnce);
    return [
      {
        ...common,
        name: `Python, ${how}`,
        sides: [
          { column: "Sandglass", measure: () => server.rate("python", count, atOnce, 0) },
          {
            column: "Sandglass, spares",
            label: `${atOnce} kept ready`,
            measure: () => server.rate("python", count, atOnce, atOnce),
          },
          {
            column: PEERS.pyodide.column,
            label: few,
            maxRounds: 1,
            measure: peerRate(pyodide, "python", fewCount, atOnce),
          },
          {
            column: PEERS.runno.column,
            label: few,
            maxRounds: 1,
            measure: peerRate(runno, "python", fewCount, atOnce),
          },
          {
            column: PEERS["just-bash"].column,
            label: few,
            maxRounds: 1,
            measure: peerRate(justBash, "python", fewCount, atOnce),
          },
        ],
      },
      {
        ...common,
        name: `JavaScript, ${how}`,
        sides: [
          { column: "Sandglass", measure: () => server.rate("javascript", count, atOnce, 0) },
          {
            column: "Sandglass, spares",
            label: `${atOnce} kept ready`,
            measure: () => server.rate("javascript", count, atOnce, atOnce),
          },
          {
            column: PEERS.quickjs.column,
            label: "contexts in one Node, no wall",
            measure: peerRate(quickjs, "javascript", count, atOnce),
          },
          {
            column: PEERS.runno.column,
            label: few,
            maxRounds: 1,
            measure: peerRate(runno, "javascript", fewCount, atOnce),
          },
        ],
      },
    ];
  });
  return rows.map((row, index) => (index === rows.length - 1 ? { ...row, close } : row));
}
