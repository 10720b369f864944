// @ts-check
/**
 * What is measured of a sandbox, by the public API alone: the same tasks in Node and, served as this very file, in a page.
 * Times are milliseconds.
 *
 * @typedef {typeof import("../../dist/lib/index.node.js").Sandbox} SandboxClass
 * @typedef {InstanceType<SandboxClass>} Sandbox
 * @typedef {"python" | "javascript" | "typescript"} Language
 */

const FILES = 1000;
/** A spare has waited a moment when somebody comes. */
const SPARE_WAITS_MS = 300;
/** Time the stubborn program gets; of no matter for what is measured after it. */
const TIMEOUT_MS = 500;
/** Longer than any of the programs takes anywhere. */
const PROGRAM_TIMEOUT_MS = 170_000;
/** Cannot be stopped from within: it has to be killed. */
const STUBBORN = `
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
`;

/** @type {Readonly<Record<Language, string>>} */
const PRINT = {
  python: "print(6 * 7)",
  javascript: "console.log(6 * 7)",
  typescript: "console.log((6 as number) * 7)",
};

/**
 * @param {SandboxClass} Sandbox
 * @param {import("../../dist/lib/index.node.js").CreateOptions} [options] Of every sandbox.
 */
export function createTasks(Sandbox, options = {}) {
  /** Sandboxes that are there for more than one measurement. */
  /** @type {Map<Language, Promise<Sandbox>>} */
  const kept = new Map();

  /** @param {Language} language */
  async function keptSandbox(language) {
    const sandbox = kept.get(language) ?? Sandbox.create({ ...options, language });
    kept.set(language, sandbox);
    await firstOutputAt(await sandbox, language);
    return sandbox;
  }

  /** @param {Language} language */
  async function fresh(language) {
    const startMs = performance.now();
    const sandbox = await Sandbox.create({ ...options, language });
    try {
      return (await firstOutputAt(sandbox, language)) - startMs;
    } finally {
      await sandbox.kill();
    }
  }

  /**
   * Does work while so many spares wait at its start. What is opened behind its back has ended when this resolves, so that
   * nobody else's time is spent on it.
   *
   * @template T
   * @param {Language} language
   * @param {number} spares
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async function withSpares(language, spares, work) {
    await Sandbox.prepare({ ...options, language, spares });
    await new Promise((resolve) => setTimeout(resolve, SPARE_WAITS_MS));
    try {
      return await work();
    } finally {
      await Sandbox.prepare({ ...options, language, spares });
      await Sandbox.prepare({ ...options, language, spares: 0 });
    }
  }

  /** @param {boolean} hasSpare */
  async function resume(hasSpare) {
    const sandbox = await Sandbox.create({ ...options, language: "python" });
    try {
      await sandbox.files.write("/workspace/kept.txt", "kept");
      await firstOutputAt(sandbox, "python");
      // The sandbox took the spare; another one is to wait when the run is killed.
      if (hasSpare) {
        await Sandbox.prepare({ ...options, language: "python", spares: 1 });
        await new Promise((resolve) => setTimeout(resolve, SPARE_WAITS_MS));
      }
      const startMs = performance.now();
      const { status } = await sandbox.runCode(STUBBORN, { timeoutMs: TIMEOUT_MS });
      const endMs = performance.now();
      if (status !== "timed-out") throw new Error(`the stubborn run ended as ${status}`);
      let firstMs = Number.NaN;
      const { text } = await sandbox.runCode("print(6 * 7)\nopen('kept.txt').read()", {
        onOutput: () => {
          if (Number.isNaN(firstMs)) firstMs = performance.now() - endMs;
        },
      });
      if (text !== "'kept'") throw new Error("a file was lost");
      return { told: endMs - startMs - TIMEOUT_MS, first: firstMs };
    } finally {
      await sandbox.kill();
    }
  }

  return {
    /** A sandbox that did not exist before, to its first output. */
    fresh,

    /** @param {Language} language */
    freshWithSpare: (language) => withSpares(language, 1, () => fresh(language)),

    /**
     * Many sandboxes, each created, run once and thrown away.
     *
     * @param {Language} language
     * @param {number} count
     * @param {number} atOnce
     * @param {number} spares Kept ready, and ready at the start.
     * @returns {Promise<number>} Sandboxes in a second.
     */
    async rate(language, count, atOnce, spares) {
      const work = async () => {
        let left = count;
        const startMs = performance.now();
        const lane = async () => {
          while (left > 0) {
            left -= 1;
            await fresh(language);
          }
        };
        await Promise.all(Array.from({ length: atOnce }, lane));
        return (1000 * count) / (performance.now() - startMs);
      };
      return spares === 0 ? work() : withSpares(language, spares, work);
    },

    /** @param {Language} language */
    async second(language) {
      const sandbox = await keptSandbox(language);
      const startMs = performance.now();
      return (await firstOutputAt(sandbox, language)) - startMs;
    },

    /** @param {Language} language */
    async reset(language) {
      const sandbox = await keptSandbox(language);
      await sandbox.files.write("/workspace/dirt.txt", "dirt");
      const startMs = performance.now();
      const { inPlace } = await sandbox.reset();
      const resetMs = performance.now() - startMs;
      const firstMs = (await firstOutputAt(sandbox, language)) - startMs;
      return { reset: resetMs, first: firstMs, inPlace: inPlace ? 1 : 0 };
    },

    /** Of a sandbox with 1,000 files: with a spare, and without. */
    async fork() {
      const sandbox = await Sandbox.create({ ...options, language: "python", files: manyFiles() });
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
    },

    /** Of 1,000 files; again after a run that changed one; and a sandbox from it, with a spare. */
    async snapshot() {
      const sandbox = await Sandbox.create({ ...options, language: "python", files: manyFiles() });
      try {
        await firstOutputAt(sandbox, "python");
        const first = await timed(() => sandbox.snapshot());
        const { status } = await sandbox.runCode("open('folder-0/file-0.txt', 'w').write('changed')");
        if (status !== "completed") throw new Error(`the run ended as ${status}`);
        const changed = await timed(() => sandbox.snapshot());
        const restore = await withSpares("python", 1, async () => {
          const restored = await timed(() =>
            Sandbox.restore(changed.value, { ...options, language: "python" }),
          );
          await restored.value.kill();
          return restored.ms;
        });
        return { first: first.ms, changed: changed.ms, restore };
      } finally {
        await sandbox.kill();
      }
    },

    /** After a run that had to be killed, to the first output of the next: with a spare, and without. */
    async resume() {
      const { told, first: spare } = await withSpares("python", 1, () => resume(true));
      const { first: noSpare } = await resume(false);
      return { told, spare, noSpare };
    },

    /**
     * Where the time of a fresh sandbox goes, one stage after another.
     *
     * @param {Language} language
     */
    async stages(language) {
      const startMs = performance.now();
      let openedMs = Number.NaN;
      // Not in the public types: where cages come from. A host of its own has a pool of its own, so no spare is taken.
      const { host } = /** @type {{ host: { openCage: (request: unknown) => Promise<unknown> } }} */ (
        /** @type {unknown} */ (Sandbox)
      );
      const Staged = class extends Sandbox {
        static host = {
          ...host,
          openCage: async (/** @type {unknown} */ request) => {
            const cage = await host.openCage(request);
            openedMs = performance.now();
            return cage;
          },
        };
      };
      const sandbox = await Staged.create({ ...options, language });
      try {
        const createdMs = performance.now();
        await sandbox.start(language);
        const startedMs = performance.now();
        const printedMs = await firstOutputAt(sandbox, language);
        return {
          cage: openedMs - startMs,
          fill: createdMs - openedMs,
          boot: startedMs - createdMs,
          print: printedMs - startedMs,
          all: printedMs - startMs,
        };
      } finally {
        await sandbox.kill();
      }
    },

    /**
     * What a program prints, in a sandbox that is there.
     *
     * @param {Language} language
     * @param {string} code
     */
    async program(language, code) {
      const { status, error, logs } = await (await keptSandbox(language)).runCode(code, {
        timeoutMs: PROGRAM_TIMEOUT_MS,
      });
      if (status !== "completed") throw new Error(`the run ended as ${status}: ${error?.value ?? ""}`);
      return logs.stdout.join("").trim();
    },

    async close() {
      for (const sandbox of kept.values()) await (await sandbox).kill();
      kept.clear();
    },
  };
}

/**
 * When the first output of a small program arrived.
 *
 * @param {Sandbox} sandbox
 * @param {Language} language
 */
export async function firstOutputAt(sandbox, language) {
  let atMs = Number.NaN;
  const { status, error } = await sandbox.runCode(PRINT[language], {
    onOutput: () => {
      if (Number.isNaN(atMs)) atMs = performance.now();
    },
  });
  if (status !== "completed") throw new Error(`the run ended as ${status}: ${error?.value ?? ""}`);
  return atMs;
}

function manyFiles() {
  return Object.fromEntries(
    Array.from({ length: FILES }, (_, i) => [
      `/workspace/folder-${i % 20}/file-${i}.txt`,
      `line ${i}\n`.repeat(100),
    ]),
  );
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
