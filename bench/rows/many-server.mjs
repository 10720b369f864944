// @ts-check
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { freshSandbox, serverVersions, withSpares } from "../support/server.mjs";

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
  const versions = { ...serverVersions(), ...peerVersions(["pyodide", "runno", "just-bash", "quickjs"]) };
  const common = {
    unit: "runs/s",
    group: `${count} fresh sandboxes, each with one run, server`,
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
    const how = atOnce === 1 ? "one after another" : `${atOnce} at a time`;
    const few = atOnce === 1 ? `over ${PEER_COUNT}` : `over ${AT_ONCE}`;
    const fewCount = Math.max(PEER_COUNT, atOnce);
    return [
      {
        ...common,
        name: `Python, ${how}`,
        sides: [
          { column: "Sandglass", measure: () => rate("python", count, atOnce) },
          {
            column: "Sandglass, spares",
            label: `${atOnce} kept ready`,
            measure: () => withSpares("python", atOnce, () => rate("python", count, atOnce)),
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
          { column: "Sandglass", measure: () => rate("javascript", count, atOnce) },
          {
            column: "Sandglass, spares",
            label: `${atOnce} kept ready`,
            measure: () => withSpares("javascript", atOnce, () => rate("javascript", count, atOnce)),
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

/**
 * @param {import("../support/server.mjs").Language} language
 * @param {number} count
 * @param {number} atOnce
 * @returns {Promise<number>} Sandboxes in a second.
 */
async function rate(language, count, atOnce) {
  let left = count;
  const startMs = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await freshSandbox(language);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (1000 * count) / (performance.now() - startMs);
}
