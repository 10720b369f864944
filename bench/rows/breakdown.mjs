// @ts-check
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findBubblewrap, wrapInBubblewrap } from "../../dist/lib/hosts/node/bubblewrap.js";
import { findDeno } from "../../dist/lib/hosts/node/find-deno.js";
import { openBenchPages } from "../support/bench-pages.mjs";
import { timeCommand } from "../support/processes.mjs";
import { denoVersion } from "../support/python-versions.mjs";
import { server } from "../support/server.mjs";

const run = promisify(execFile);
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const ASSETS = path("../../dist/assets");
const FLOOR = "floor.deno.js";
const DENO_FLAGS = ["run", "--quiet", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"];

const STAGES = [
  { key: "cage", name: "the cage starts: process or frame, worker, engine" },
  { key: "fill", name: "its filesystem is made and filled" },
  { key: "boot", name: "the language starts: assets, compile, restore" },
  { key: "print", name: "the first run, to its output" },
  { key: "all", name: "together" },
];

/** Where the milliseconds go, and what this machine takes at least for what cannot be left out. */
export default async function open() {
  const pages = await openBenchPages();
  const versions = { ...denoVersion(), chromium: pages.browserVersion };
  const where = { unit: "ms", group: "Where the time goes", versions, slowMs: 30_000 };
  const floor = { unit: "ms", group: "What the machine itself takes, server", versions, slowMs: 30_000 };
  const languages = /** @type {const} */ ([
    ["python", "Python"],
    ["javascript", "JavaScript"],
  ]);
  const byHost = languages.flatMap(([language, name]) => [
    {
      ...where,
      name: `Fresh ${name} sandbox, server`,
      figures: STAGES,
      sides: [{ column: "Sandglass", measure: () => server.stages(language) }],
    },
    {
      ...where,
      name: `Fresh ${name} sandbox, Chromium`,
      figures: STAGES,
      sides: [{ column: "Sandglass", measure: () => pages.ask("sandglass", "stages", language) }],
    },
    {
      ...where,
      name: `The same from a new process of Node, ${name}`,
      figures: [
        { key: "node", name: "Node starts" },
        { key: "library", name: "the library is imported" },
        ...STAGES.slice(0, 4),
        { key: "end", name: "the cage is killed, Node ends" },
        { key: "all", name: "together" },
      ],
      sides: [{ column: "Sandglass", measure: () => wholeProcess(language) }],
    },
  ]);
  const bwrap = await findBubblewrap();
  const deno = findDeno();
  const support = path("../support");
  const bare = ["--allow-read=.", join(support, FLOOR), "hello"];
  const inside = (/** @type {string} */ dir) => [
    ...DENO_FLAGS,
    `--allow-read=${dir}`,
    `${dir}/${FLOOR}`,
    "hello",
  ];
  const floors = [
    {
      ...floor,
      name: "Node starts and ends, doing nothing",
      sides: [
        {
          column: "node",
          measure: async () => (await timeCommand(process.execPath, ["-e", "console.log()"])).end,
        },
      ],
    },
    {
      ...floor,
      name: "A bare Deno, to its first output",
      sides: [
        {
          column: "deno",
          measure: async () => (await timeCommand(deno, [...DENO_FLAGS, ...bare])).first,
        },
        {
          column: "deno in bubblewrap",
          measure: async () => {
            if (!bwrap) throw new Error("bubblewrap does not work here");
            const { command, args } = wrapInBubblewrap(bwrap, deno, inside("/assets"), support);
            return (await timeCommand(command, args, {})).first;
          },
        },
      ],
    },
    {
      ...floor,
      name: "What Python's start has to touch, in a bare Deno",
      figures: [
        { key: "read", name: "its files read" },
        { key: "compile", name: "the interpreter compiled" },
        { key: "copy", name: "its memory image copied" },
      ],
      sides: [
        {
          column: "deno",
          measure: async () => ({
            read:
              (await inDeno(deno, "read", "pyodide.asm.wasm")) +
              (await inDeno(deno, "read", "python-snapshot.bin")),
            compile: await inDeno(deno, "compile", "pyodide.asm.wasm"),
            copy: await inDeno(deno, "copy", "python-snapshot.bin"),
          }),
        },
      ],
    },
  ];
  const rows = [...byHost, ...floors];
  return rows.map((row, index) => (index === 0 ? { ...row, close: () => pages.close() } : row));
}

/** @param {"python" | "javascript"} language */
async function wholeProcess(language) {
  const startAt = Date.now();
  const { stdout } = await run(process.execPath, [path("../support/stages-child.mjs"), language]);
  const endedAt = Date.now();
  const { nodeAt, importedAt, stages, endAt } = JSON.parse(stdout);
  return {
    ...stages,
    node: nodeAt - startAt,
    library: importedAt - nodeAt,
    end: endedAt - endAt,
    all: endedAt - startAt,
  };
}

/**
 * @param {string} deno
 * @param {string} task
 * @param {string} asset
 */
async function inDeno(deno, task, asset) {
  /** @type {{ assets: Record<string, { file: string }> }} */
  const manifest = JSON.parse(readFileSync(join(ASSETS, "manifest.json"), "utf8"));
  const file = manifest.assets[asset]?.file;
  if (file === undefined) throw new Error(`the asset folder has no ${asset}`);
  const args = [
    ...DENO_FLAGS,
    `--allow-read=${ASSETS}`,
    path("../support/floor.deno.js"),
    task,
    join(ASSETS, file),
  ];
  return Number((await run(deno, args)).stdout);
}
