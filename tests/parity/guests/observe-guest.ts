import type { SandboxCore, Snapshot } from "../../../src/index.ts";
import type { GuestCase } from "./guests.ts";

/** What one step printed and how it ended. */
export interface StepObservation {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface GuestObservation {
  steps: StepObservation[];
  /** SHA-256 over every path of the box: type, mode, content or target. Times are left out. */
  treeHash: string;
  /** Files and symlinks of the box. */
  fileCount: number;
}

/** One entry of a tree, as snapshots have it on every host. */
export type HashedEntry = Pick<
  Snapshot["entries"][number],
  "path" | "type" | "mode" | "bytes" | "target" | "linkTo"
>;

/**
 * Runs a case in a sandbox. Stands by itself but for `hashTree`: it is also sent to a page as source text.
 *
 * @param loadModule - Gives a module's bytes by its name.
 */
export async function observeGuest(
  create: (options: object) => Promise<SandboxCore>,
  loadModule: (name: string) => Promise<Uint8Array>,
  hash: typeof hashTree,
  given: GuestCase,
): Promise<GuestObservation> {
  const sandbox = await create({ language: "wasi", limits: { timeoutMs: 150_000 } });
  try {
    for (const [path, content] of Object.entries(given.files)) {
      await sandbox.files.write(
        path,
        Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)),
      );
    }
    const steps: StepObservation[] = [];
    for (const { module, args, envs, stdin } of given.steps) {
      const execution = await sandbox.runCode(await loadModule(module), {
        filename: `/workspace/${module}.wasm`,
        args,
        envs,
        stdin: new TextEncoder().encode(stdin),
        preopens: given.preopens,
      });
      const { logs, exitCode } = execution;
      steps.push({ exitCode, stdout: logs.stdout.join(""), stderr: logs.stderr.join("") });
    }
    const { entries } = await sandbox.snapshot();
    return {
      steps,
      treeHash: await hash(entries),
      fileCount: entries.filter(({ type }) => type !== "directory").length,
    };
  } finally {
    await sandbox.kill();
  }
}

/** The hash of a tree. Stands by itself, as above. */
export async function hashTree(entries: readonly HashedEntry[]): Promise<string> {
  const sha256 = async (bytes: Uint8Array): Promise<string> => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const lines: string[] = [];
  for (const { path, type, mode, bytes, target, linkTo } of entries) {
    const content = bytes === undefined ? "" : await sha256(bytes);
    lines.push(JSON.stringify([path, type, mode.toString(8), content, target ?? "", linkTo ?? ""]));
  }
  return sha256(new TextEncoder().encode(lines.sort().join("\n")));
}
