import { TestIo, testHost } from "../../../src/runtimes/wasi/wasi.testkit.ts";
import { createWasiRuntime } from "../../../src/runtimes/wasi/wasi.ts";
import { createInitialTree } from "../../../src/vfs/initial-tree.ts";
import { Vfs } from "../../../src/vfs/vfs.ts";
import type { GuestCase } from "./guests.ts";
import { type GuestObservation, hashTree, type StepObservation } from "./observe-guest.ts";

/** The same case by the runtime as a library in this very process: no cage, no client. */
export async function observeInNode(
  loadModule: (name: string) => Promise<Uint8Array>,
  given: GuestCase,
): Promise<GuestObservation> {
  const host = testHost();
  const files = new Vfs({ fileBytes: host.limits.fileBytes, nowNs: host.nowNs });
  createInitialTree(files);
  for (const [path, content] of Object.entries(given.files)) {
    files.writeFile(path, new Uint8Array(Buffer.from(content, "base64")));
  }
  const runtime = createWasiRuntime({ ...host, vfs: files });
  const steps: StepObservation[] = [];
  for (const { module, args, envs, stdin } of given.steps) {
    const io = new TestIo({ stdin });
    const outcome = await runtime.run(
      {
        code: await loadModule(module),
        language: "wasi",
        filename: `/workspace/${module}.wasm`,
        args,
        envs,
        cwd: "/workspace",
        preopens: given.preopens,
      },
      io,
      "default",
    );
    steps.push({ exitCode: outcome.exitCode, stdout: io.text("stdout"), stderr: io.text("stderr") });
  }
  runtime.dispose();
  const entries = files.snapshot();
  return {
    steps,
    treeHash: await hashTree(entries),
    fileCount: entries.filter(({ type }) => type !== "directory").length,
  };
}
