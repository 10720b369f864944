// @ts-check
import { DEFAULT_LIMITS } from "../../src/policy/limits.ts";
import { createPythonRuntime } from "../../src/runtimes/python/python.ts";
import { createInitialTree } from "../../src/vfs/initial-tree.ts";
import { Vfs } from "../../src/vfs/vfs.ts";

/** @typedef {import("../../src/runtimes/runtime.ts").RunIo} RunIo */

/** 2026-01-02T03:04:05Z. */
const NOW_NS = 1_767_323_045_000_000_000n;
const TICK_NS = 100_000n;
/** Looks at whether to stop that a program gets before it has to. */
const CHECKS_BEFORE_STOP = 3;

/**
 * Starts Python from its snapshot, as a sandbox does, and runs programs in it: each twice, as what a run leaves behind is
 * put away at the beginning of the next; then a reset. The clock ticks at each look, so that the same is called every time.
 *
 * @param {Record<string, Uint8Array>} assets By name; the interpreter, the snapshot, and what else a start takes.
 * @param {readonly import("./common-programs.mjs").Program[]} programs
 * @throws {Error} When a program ends otherwise than the list says: then it does not show what it is there for.
 */
export async function runPrograms(assets, programs) {
  let ticks = 0n;
  const tick = () => {
    ticks += TICK_NS;
    return ticks;
  };
  const vfs = new Vfs({ fileBytes: DEFAULT_LIMITS.fileBytes, nowNs: () => NOW_NS + tick() });
  createInitialTree(vfs);
  const empty = vfs.snapshot();
  const runtime = createPythonRuntime({
    vfs,
    limits: DEFAULT_LIMITS,
    loadAsset: async (name) => {
      const bytes = assets[name];
      if (bytes === undefined) throw new Error(`no asset ${name}`);
      return bytes;
    },
    loadOptionalAsset: async (name) => assets[name],
    nowNs: () => NOW_NS + tick(),
    monotonicNs: tick,
    random: (target) => target.map((_, index) => index),
    progress: () => {},
  });
  await runtime.boot();
  if (runtime.bootInfo?.fromSnapshot !== true)
    throw new Error(`no start from the snapshot: ${runtime.bootInfo?.note}`);
  for (const { code, answers, stop, ends = "exited" } of programs) {
    const run = {
      code,
      language: /** @type {const} */ ("python"),
      filename: "/workspace/main.py",
      args: [],
      envs: {},
      cwd: "/workspace",
    };
    for (let turn = 0; turn < 2; turn++) {
      const { ended, error } = await runtime.run(run, createIo(answers, stop === true), "default");
      if (ended !== ends) {
        throw new Error(`a program ${ended} (${error?.value}) that should be ${ends}:\n${code}`);
      }
    }
    runtime.disposeContext("default");
    if (!(await runtime.reset())) throw new Error("Python could not go back to its start");
    vfs.restore(empty);
  }
}

/** @param {readonly string[] | undefined} answers @param {boolean} isStopped @returns {RunIo} */
function createIo(answers, isStopped) {
  const left = [...(answers ?? [])];
  let checks = 0;
  /** @type {Set<(reason: "timed-out") => void>} */
  const listeners = new Set();
  return {
    write: () => {},
    result: () => {},
    isStdinInteractive: answers !== undefined,
    isStdinTerminal: answers !== undefined,
    readStdin: () => {
      const line = left.shift();
      const bytes = new TextEncoder().encode(line === undefined ? "" : `${line}\n`);
      return answers === undefined ? bytes : Promise.resolve(bytes);
    },
    pollStop: () => (isStopped && ++checks > CHECKS_BEFORE_STOP ? "timed-out" : null),
    onStop: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // Called before the guest waits.
    flush: () => {
      if (!isStopped) return;
      setTimeout(() => {
        for (const listener of listeners) listener("timed-out");
      });
    },
  };
}
