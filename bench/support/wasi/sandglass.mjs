// @ts-check
/**
 * What runs inside a cage (the wasi runtime, the filesystem, and the engine's streams and stop signal), without the cage:
 * bundled as the cage's worker is, so that one script runs in Node, in Deno and in a worker of a page.
 */
import { startRun } from "../../../src/engine/run.ts";
import { DEFAULT_LIMITS } from "../../../src/policy/limits.ts";
import { createWasiRuntime } from "../../../src/runtimes/wasi/wasi.ts";
import { createInitialTree } from "../../../src/vfs/initial-tree.ts";
import { Vfs } from "../../../src/vfs/vfs.ts";

const LIMITS = {
  ...DEFAULT_LIMITS,
  fileBytes: 2 ** 30,
  outputBytes: 2 ** 28,
  timeoutMs: 600_000,
  memoryBytes: 2 ** 30,
};
/** The longest row makes 100,000 files. */
const MAX_INODES = 200_000;

/**
 * @param {Uint8Array} module
 * @returns {import("./guest.mjs").OpenGuest}
 */
export function openSandglass(module) {
  // Clocks as in workers/sandbox.worker.ts.
  const originMs = performance.timeOrigin;
  const clockOffsetNs = BigInt(Math.round(originMs * 1e6));
  const monotonicNs = () => BigInt(Math.round(performance.now() * 1e6));
  const nowNs = () => clockOffsetNs + monotonicNs();
  const nowMs = () => originMs + performance.now();
  const fs = new Vfs({ fileBytes: LIMITS.fileBytes, nowNs, nowMs, maxInodes: MAX_INODES });
  createInitialTree(fs);
  // As the engine, which tells the host what changes.
  fs.mark();
  fs.watch(() => {});
  const runtime = createWasiRuntime({
    vfs: fs,
    limits: LIMITS,
    loadAsset: () => Promise.reject(new Error("there are no assets here")),
    loadOptionalAsset: () => Promise.resolve(undefined),
    nowNs,
    monotonicNs,
    random: (target) => crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (target)),
    progress() {},
  });
  let runId = 0;
  return async (args, envs) => {
    const decoder = new TextDecoder();
    let stderr = "";
    runId += 1;
    const { finished } = startRun(
      {
        runId,
        contextId: "default",
        language: "wasi",
        code: module,
        filename: "wasi-work",
        args,
        envs,
        cwd: "/workspace",
        stdin: null,
        limits: LIMITS,
      },
      {
        runtime,
        fs,
        emit(event) {
          if (event.type === "output" && event.stream === "stderr") stderr += decoder.decode(event.bytes);
        },
        interruptFlag: new Int32Array(new SharedArrayBuffer(4)),
        nowMs: () => performance.now(),
      },
    );
    const { exitCode, error } = await finished;
    return { exitCode, stderr: error ? `${stderr}${error.value}` : stderr };
  };
}
