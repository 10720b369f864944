// @ts-check
import { Sandbox } from "../../dist/lib/index.node.js";
import { openPeer, PEERS, peerVersions } from "../support/peer.mjs";
import { firstOutputAt, manyFiles, serverVersions, withSpares } from "../support/server.mjs";

const FILES = 1000;
/** Time the hostile program gets; of no matter for what is measured after it. */
const TIMEOUT_MS = 500;
/** Cannot be stopped from within: it has to be killed. */
const STUBBORN = `
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
`;

/** What a sandbox that is there can do again: run, go back, be copied, come back after a kill. */
export default function open() {
  const pyodide = openPeer("pyodide");
  const justBash = openPeer("just-bash");
  const quickjs = openPeer("quickjs");
  /** @type {Map<string, Promise<InstanceType<typeof Sandbox>>>} */
  const kept = new Map();
  /** @param {import("../support/server.mjs").Language} language */
  const keptSandbox = async (language) => {
    if (!kept.has(language)) kept.set(language, Sandbox.create({ language }));
    const sandbox = await /** @type {Promise<InstanceType<typeof Sandbox>>} */ (kept.get(language));
    await firstOutputAt(sandbox, language);
    return sandbox;
  };
  /** @param {"python" | "javascript"} language */
  const second = async (language) => {
    const sandbox = await keptSandbox(language);
    const startMs = performance.now();
    return (await firstOutputAt(sandbox, language)) - startMs;
  };
  const versions = { ...serverVersions(), ...peerVersions(["pyodide", "just-bash", "quickjs"]) };
  const common = { unit: "ms", group: "A sandbox that is there, server", versions, slowMs: 30_000 };
  return [
    {
      ...common,
      name: "Python, second run to its first output",
      sides: [
        { column: "Sandglass", measure: () => second("python") },
        { column: PEERS.pyodide.column, label: "runPython, no wall", measure: () => pyodide.ask("second") },
        { column: PEERS["just-bash"].column, label: "starts anew", measure: () => justBash.ask("second") },
      ],
    },
    {
      ...common,
      name: "JavaScript, second run to its first output",
      sides: [
        { column: "Sandglass", measure: () => second("javascript") },
        { column: PEERS.quickjs.column, label: "evalCode, no wall", measure: () => quickjs.ask("second") },
      ],
    },
    ...(/** @type {const} */ (["python", "javascript"]).map((language) => ({
      ...common,
      name: `${language === "python" ? "Python" : "JavaScript"}, reset()`,
      figures: [
        { key: "reset", name: "until it is back", target: { atMost: 10 } },
        { key: "first", name: "until the next run's first output" },
        { key: "inPlace", name: "in place", unit: "of 1" },
      ],
      sides: [{ column: "Sandglass", measure: async () => reset(await keptSandbox(language), language) }],
    }))),
    {
      ...common,
      name: `fork() of ${FILES.toLocaleString("en")} files`,
      figures: [
        { key: "fork", name: "with a spare", target: { atMost: 10 } },
        { key: "first", name: "with a spare, to the fork's first output" },
        { key: "forkNoSpare", name: "no spare" },
        { key: "firstNoSpare", name: "no spare, to the fork's first output" },
      ],
      sides: [{ column: "Sandglass", label: "Python", measure: fork }],
    },
    {
      ...common,
      name: `snapshot() of ${FILES.toLocaleString("en")} files`,
      figures: [
        { key: "first", name: "the first" },
        { key: "changed", name: "after a run changed one" },
        { key: "restore", name: "Sandbox.restore of it, with a spare" },
      ],
      sides: [{ column: "Sandglass", label: "Python", measure: snapshot }],
    },
    {
      ...common,
      name: "Back after a kill, files kept",
      figures: [
        { key: "told", name: "from the deadline until it is told" },
        { key: "spare", name: "then to the next run's first output, with a spare", target: { atMost: 60 } },
        { key: "noSpare", name: "then to the next run's first output, no spare" },
      ],
      sides: [
        {
          column: "Sandglass",
          label: "Python",
          measure: async () => {
            const { told, first: spare } = await withSpares("python", 1, () => resume(true));
            const { first: noSpare } = await resume(false);
            return { told, spare, noSpare };
          },
        },
      ],
      close: async () => {
        for (const sandbox of kept.values()) await (await sandbox).kill();
        await Promise.all([pyodide, justBash, quickjs].map((peer) => peer.close()));
      },
    },
  ];
}

/**
 * @param {InstanceType<typeof Sandbox>} sandbox
 * @param {"python" | "javascript"} language
 */
async function reset(sandbox, language) {
  await sandbox.files.write("/workspace/dirt.txt", "dirt");
  const startMs = performance.now();
  const { inPlace } = await sandbox.reset();
  const resetMs = performance.now();
  const firstMs = await firstOutputAt(sandbox, language);
  return { reset: resetMs - startMs, first: firstMs - startMs, inPlace: inPlace ? 1 : 0 };
}

async function fork() {
  const sandbox = await Sandbox.create({ files: manyFiles(FILES) });
  try {
    await firstOutputAt(sandbox, "python");
    const once = async () => {
      const startMs = performance.now();
      const copy = await sandbox.fork();
      try {
        const forkMs = performance.now() - startMs;
        return { forkMs, firstMs: (await firstOutputAt(copy, "python")) - startMs };
      } finally {
        await copy.kill();
      }
    };
    const spare = await withSpares("python", 1, once);
    const none = await once();
    return {
      fork: spare.forkMs,
      first: spare.firstMs,
      forkNoSpare: none.forkMs,
      firstNoSpare: none.firstMs,
    };
  } finally {
    await sandbox.kill();
  }
}

async function snapshot() {
  const sandbox = await Sandbox.create({ files: manyFiles(FILES) });
  try {
    await firstOutputAt(sandbox, "python");
    const first = await timed(() => sandbox.snapshot());
    await sandbox.runCode("open('folder-0/file-0.txt', 'w').write('changed')");
    const changed = await timed(() => sandbox.snapshot());
    const restored = await withSpares("python", 1, async () => {
      const { ms, value } = await timed(() => Sandbox.restore(changed.value));
      await value.kill();
      return ms;
    });
    return { first: first.ms, changed: changed.ms, restore: restored };
  } finally {
    await sandbox.kill();
  }
}

/** @param {boolean} hasSpare */
async function resume(hasSpare) {
  const sandbox = await Sandbox.create();
  try {
    await sandbox.files.write("/workspace/kept.txt", "kept");
    await firstOutputAt(sandbox, "python");
    // The sandbox may have taken the spare; another one is to wait when the run is killed.
    if (hasSpare) await Sandbox.prepare({ spares: 1 });
    const startMs = performance.now();
    const { status } = await sandbox.runCode(STUBBORN, { timeoutMs: TIMEOUT_MS });
    const endMs = performance.now();
    if (status !== "timed-out") throw new Error(`the stubborn run ended as ${status}`);
    let firstMs = Number.NaN;
    const { text } = await sandbox.runCode("print(6 * 7)\nopen('kept.txt').read()", {
      onOutput: () => {
        firstMs = performance.now() - endMs;
      },
    });
    if (text !== "'kept'") throw new Error("a file was lost");
    return { told: endMs - startMs - TIMEOUT_MS, first: firstMs };
  } finally {
    await sandbox.kill();
  }
}

/**
 * @template T
 * @param {() => Promise<T>} work
 */
async function timed(work) {
  const startMs = performance.now();
  const value = await work();
  return { ms: performance.now() - startMs, value };
}
