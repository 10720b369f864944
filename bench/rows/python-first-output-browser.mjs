// @ts-check
import { openBenchPages } from "../support/bench-pages.mjs";
import { pythonVersions } from "../support/python-versions.mjs";

/** The first line Python prints, from a sandbox that did not exist before, in a page that is open. */
export default async function open() {
  const pages = await openBenchPages();
  return {
    name: "Python's first output, Chromium",
    unit: "ms",
    sides: [
      {
        column: "Sandglass",
        label: "Sandbox.create + runCode, frame and worker included",
        measure: () => pages.sandglass.evaluate("firstOutput()"),
      },
      {
        column: "plain",
        label: "loadPyodide + runPython in a worker, worker included",
        measure: () => pages.plain.evaluate("firstOutput()"),
      },
    ],
    versions: { chromium: pages.browserVersion, ...pythonVersions() },
    close: () => pages.close(),
  };
}
