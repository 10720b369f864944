import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { CageRequest } from "../../client/cage.ts";
import { RESULT_BYTES } from "../../policy/limits.ts";
import { ASSETS } from "../../protocol/assets.ts";
import { type ProcessStart, TOKEN_BYTES } from "../../protocol/control.ts";
import { cageStart } from "../cage-start.ts";
import { type AssetFolder, openAssetFolder } from "./assets.ts";
import { cageEnvironment, withoutFileGrowth, wrapInBubblewrap } from "./bubblewrap.ts";

const WASM_PAGE_BYTES = 65_536;
/** JavaScript's own heap for the engine: the filesystem's contents live outside it. */
const HEAP_MEGABYTES = 512;
const STDERR_KEPT_CHARS = 4000;
const MESSAGE_OVERHEAD_BYTES = 64 * 2 ** 20;

/** What a cage's process is made of. */
export interface ProcessParts {
  deno: string;
  /** Flags of V8's. */
  speedFlags: readonly string[];
  /** Path of the bubblewrap around it, if there is one. */
  bwrap: string | undefined;
}

/** How a process ended, or why there was none. */
export type ProcessEnd = { code: number | null; signal: NodeJS.Signals | null } | { error: Error };

/** A cage's process: it starts by itself, and nobody has heard it yet. */
export interface CageProcess {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  folder: AssetFolder;
  /** What makes a frame from it; see `FrameChannel`. */
  token: Uint8Array<ArrayBuffer>;
  /** The end of what it has said on stderr. */
  said(): string;
  ended: Promise<ProcessEnd>;
}

/**
 * Starts a Deno with no permission but reading the asset folder, an empty environment and a process group of its own.
 *
 * @throws {SandboxError} `asset-unavailable`.
 */
export async function startCageProcess(
  request: CageRequest,
  { deno, speedFlags, bwrap }: ProcessParts,
): Promise<CageProcess> {
  const folder = openAssetFolder(request.assetsUrl);
  const { files } = folder.find([ASSETS.serverCage, ASSETS.engine]);
  const start: ProcessStart = {
    ...cageStart(request),
    engine: files[ASSETS.engine]!,
    maxMessageBytes: maxMessageBytes(request),
    // Asked for when it is there.
    ahead: folder.find(request.assets ?? []).files,
  };
  const pages = Math.ceil(request.memoryBytes / WASM_PAGE_BYTES);
  const v8Flags = [...speedFlags, `--max-old-space-size=${HEAP_MEGABYTES}`, `--wasm-max-mem-pages=${pages}`];
  const denoArgs = (dir: string) => [
    ...[
      "run",
      "--quiet",
      "--no-prompt",
      "--no-remote",
      "--no-npm",
      "--no-config",
      "--no-lock",
      "--no-code-cache",
    ],
    "--unstable-worker-options",
    `--v8-flags=${v8Flags.join(",")}`,
    `--allow-read=${dir}`,
    ...[`${dir}/${files[ASSETS.serverCage]}`, JSON.stringify(start)],
  ];
  const { command, args } = withoutFileGrowth(
    bwrap
      ? wrapInBubblewrap(bwrap, deno, denoArgs("/assets"), folder.dir)
      : { command: deno, args: denoArgs(folder.dir) },
  );
  const child = spawn(command, args, {
    cwd: folder.dir,
    env: bwrap ? {} : cageEnvironment(deno),
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.on("error", (error) => resolve({ error }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  let said = "";
  child.stderr.on("data", (piece: Buffer) => {
    said = (said + piece.toString("utf8")).slice(-STDERR_KEPT_CHARS);
  });
  // Writing to a process that is gone: its end is told by "exit".
  child.stdin.on("error", () => {});
  const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  child.stdin.write(token);
  return { child, folder, token, said: () => said, ended };
}

/** Longest message of a cage: at most the whole filesystem with its names, and a run's rich results. */
export function maxMessageBytes({ fileBytes }: CageRequest): number {
  return fileBytes + RESULT_BYTES + MESSAGE_OVERHEAD_BYTES;
}

/** Ends the whole process group, at once; a cage is never asked to die. */
export function killCageProcess({ child }: CageProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}
