// @ts-check
import { openBenchPages } from "../support/bench-pages.mjs";
import { PEERS, peerVersions } from "../support/peer.mjs";
import { openPlayground } from "../support/playground.mjs";

/** What somebody waits for who opens the page, beside a page that only loads plain Pyodide into a worker. */
export default async function open() {
  const playground = await openPlayground();
  const pages = await openBenchPages();
  const versions = { chromium: playground.browserVersion, ...peerVersions(["pyodide"]) };
  const common = { unit: "ms", group: "The playground, Chromium", versions, slowMs: 60_000 };
  const label = "loadPyodide in a new worker, from there to its first line";
  const sent = { unit: "MB" };
  /** @param {number} [atMost] */
  const figures = (atMost) => [
    { key: "enabled", name: "from navigation to Run enabled" },
    {
      key: "first",
      name: "from Run to Python's first output",
      ...(atMost === undefined ? {} : { target: { atMost, of: PEERS.pyodide.column } }),
    },
    { key: "sentEnabled", name: "sent until Run is enabled", ...sent },
    { key: "sentFirst", name: "sent until the first output", ...sent },
  ];
  /** @param {import("playwright").BrowserContext} context */
  const visit = (context) =>
    playground.visit(context, async (page) => {
      const enabled = await page.enabled();
      const first = await page.run();
      return { enabled: enabled.ms, first: first.ms, sentEnabled: enabled.sent, sentFirst: first.sent };
    });
  return [
    {
      ...common,
      name: "First visit, nothing cached",
      figures: figures(),
      sides: [
        {
          column: "Sandglass",
          label: "Run is pressed at once",
          measure: async () => {
            const context = await playground.newProfile();
            try {
              return await visit(context);
            } finally {
              await context.close();
            }
          },
        },
        {
          column: PEERS.pyodide.column,
          label,
          measure: async () => {
            const context = await playground.newProfile();
            try {
              return await pages.visitPlain(context);
            } finally {
              await context.close();
            }
          },
        },
      ],
      close: async () => {
        await Promise.all([playground.close(), pages.close()]);
      },
    },
    {
      ...common,
      name: "Next visit, cached",
      figures: figures(1 / 6),
      sides: [
        { column: "Sandglass", label: "Run is pressed at once", measure: () => visit(playground.profile) },
        { column: PEERS.pyodide.column, label, measure: () => pages.visitPlain(playground.profile) },
      ],
    },
    {
      ...common,
      name: "Next visit, at rest, no spare",
      figures: [
        {
          key: "first",
          name: "from Run to Python's first output",
          target: { atMost: 1 / 6, of: PEERS.pyodide.column },
        },
      ],
      sides: [
        {
          column: "Sandglass",
          label: "a device of 1 GiB, which keeps none",
          measure: () =>
            playground.visit(
              playground.profile,
              async (page) => {
                await page.enabled();
                await page.rest();
                await page.reset();
                return { first: (await page.run()).ms };
              },
              { deviceGiB: 1 },
            ),
        },
        {
          column: PEERS.pyodide.column,
          label,
          measure: async () => ({ first: (await pages.visitPlain(playground.profile)).first }),
        },
      ],
    },
    {
      ...common,
      name: "A spare waits",
      figures: [
        { key: "first", name: "from Run to Python's first output" },
        { key: "second", name: "from the next Run to its output" },
      ],
      sides: [
        {
          column: "Sandglass",
          measure: () =>
            playground.visit(playground.profile, async (page) => {
              await page.enabled();
              await page.rest();
              await page.spare();
              return { first: (await page.run()).ms, second: (await page.run()).ms };
            }),
        },
      ],
    },
  ];
}
