// @ts-check
/**
 * What a sandbox that is there can do again: run, go back, be copied, come back after a kill. The same rows for each host.
 *
 * @typedef {import("./rows.mjs").Row} Row
 * @typedef {import("./rows.mjs").Side} Side
 */

/**
 * @param {object} host
 * @param {string} host.where Of the group's heading.
 * @param {(task: string, ...args: unknown[]) => Promise<any>} host.ask Does one of the tasks of `sandbox-tasks.mjs`.
 * @param {Record<string, string>} host.versions
 * @param {number} host.resetMs The target of a reset in place.
 * @param {number} [host.forkMs]
 * @param {number} [host.resumeMs]
 * @param {readonly Side[]} [host.pythonPeers] For the second run.
 * @param {readonly Side[]} [host.javascriptPeers]
 * @returns {Row[]}
 */
export function reuseRows({
  where,
  ask,
  versions,
  resetMs,
  forkMs,
  resumeMs,
  pythonPeers = [],
  javascriptPeers = [],
}) {
  const common = { unit: "ms", group: `A sandbox that is there, ${where}`, versions, slowMs: 30_000 };
  const target = (/** @type {number | undefined} */ atMost) =>
    atMost === undefined ? {} : { target: { atMost } };
  /** @param {string} task @param {unknown[]} args */
  const only = (task, ...args) => [{ column: "Sandglass", measure: () => ask(task, ...args) }];
  return [
    {
      ...common,
      name: "Python, second run to its first output",
      sides: [...only("second", "python"), ...pythonPeers],
    },
    {
      ...common,
      name: "JavaScript, second run to its first output",
      sides: [...only("second", "javascript"), ...javascriptPeers],
    },
    .../** @type {const} */ (["python", "javascript"]).map((language) => ({
      ...common,
      name: `${language === "python" ? "Python" : "JavaScript"}, reset()`,
      figures: [
        { key: "reset", name: "until it is back", ...target(resetMs) },
        { key: "first", name: "until the next run's first output" },
        { key: "inPlace", name: "in place (1) or another cage (0)", unit: "" },
      ],
      sides: only("reset", language),
    })),
    {
      ...common,
      name: "fork() of 1,000 files",
      figures: [
        { key: "fork", name: "with a spare", ...target(forkMs) },
        { key: "first", name: "with a spare, to the fork's first output" },
        { key: "forkNoSpare", name: "no spare" },
        { key: "firstNoSpare", name: "no spare, to the fork's first output" },
      ],
      sides: only("fork"),
    },
    {
      ...common,
      name: "snapshot() of 1,000 files",
      figures: [
        { key: "first", name: "the first" },
        { key: "changed", name: "after a run changed one" },
        { key: "restore", name: "a sandbox from it, with a spare" },
      ],
      sides: only("snapshot"),
    },
    {
      ...common,
      name: "Back after a kill, files kept",
      figures: [
        { key: "told", name: "from the deadline until it is told" },
        { key: "spare", name: "then to the next run's first output, with a spare", ...target(resumeMs) },
        { key: "noSpare", name: "then to the next run's first output, no spare" },
      ],
      sides: only("resume"),
    },
  ];
}
