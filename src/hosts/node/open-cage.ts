import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { Cage, CageRequest } from "../../client/cage.ts";
import { SandboxError } from "../../errors.ts";
import { RESULT_BYTES } from "../../policy/limits.ts";
import { ASSETS, type AssetName } from "../../protocol/assets.ts";
import type { ProcessStart } from "../../protocol/control.ts";
import { encodeFrame, type FrameChannel, FrameReader, TOKEN_BYTES } from "../../protocol/frames.ts";
import { toOneLine } from "../../protocol/schema.ts";
import { cageStart, SupervisorLink } from "../supervisor-link.ts";
import { openAssetFolder } from "./assets.ts";
import {
  cageEnvironment,
  findBubblewrap,
  withoutFileGrowth,
  worksHere,
  wrapInBubblewrap,
} from "./bubblewrap.ts";
import { findDeno } from "./find-deno.ts";
import { watchResidentMemory } from "./resident-memory.ts";
import { lastWords, noteUnknownFlag, speedFlagsOf } from "./speed-flags.ts";

type CageProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Deno starts in 15–20 ms, with bubblewrap 15 ms more; a machine under load takes its time. */
const START_TIMEOUT_MS = 30_000;
const WASM_PAGE_BYTES = 65_536;
/** JavaScript's own heap for the engine: the filesystem's contents live outside it. */
const HEAP_MEGABYTES = 512;
/**
 * What a cage may hold in memory beyond the guest's own linear memory and files: Deno, the engine, a compiled Python, its
 * snapshot, messages on their way. A Python sandbox at rest measures about 130 MB.
 */
const RESIDENT_OVERHEAD_BYTES = 768 * 2 ** 20;
/** A message is at most the whole filesystem with its names, and a run's rich results. */
const FRAME_OVERHEAD_BYTES = 64 * 2 ** 20;
const STDERR_KEPT_CHARS = 4000;

/**
 * Starts a Deno with no permission but reading the asset folder, an empty environment and a process group of its own, and
 * where bubblewrap works, inside namespaces without network, processes or files.
 *
 * @param find - Where bubblewrap is looked for; tests pass their own to see the process without it.
 * @throws {SandboxError} `cage-unavailable` when there is no Deno or it does not start.
 */
export async function openServerCage(request: CageRequest, { find = findBubblewrap } = {}): Promise<Cage> {
  const deno = findDeno();
  const speedFlags = speedFlagsOf(deno);
  const bwrap = find();
  try {
    return await startCage(request, deno, speedFlags, bwrap);
  } catch (error) {
    if (error instanceof SandboxError && noteUnknownFlag(deno, speedFlags, error.message)) {
      return openServerCage(request, { find });
    }
    // Installed, but refused its namespaces? Asking beforehand would cost every program 20 ms.
    if (!bwrap || (await worksHere(bwrap))) throw error;
    return startCage(request, deno, speedFlags, undefined);
  }
}

async function startCage(
  request: CageRequest,
  deno: string,
  speedFlags: readonly string[],
  bwrap: string | undefined,
): Promise<Cage> {
  const folder = await openAssetFolder(request.assetsUrl);
  const { files } = folder.find([ASSETS.serverCage, ASSETS.engine]);
  const start: ProcessStart = {
    ...cageStart(request),
    engine: files[ASSETS.engine]!,
    // Asked for below.
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
      "--unstable-worker-options",
    ],
    `--v8-flags=${v8Flags.join(",")}`,
    `--allow-read=${dir}`,
    ...[`${dir}/${files[ASSETS.serverCage]}`, JSON.stringify(start)],
  ];
  const { command, args } = withoutFileGrowth(
    bwrap
      ? wrapInBubblewrap(bwrap, deno, denoArgs("/assets"), folder.dir)
      : { command: deno, args: denoArgs(folder.dir) },
  );
  const child: CageProcess = spawn(command, args, {
    cwd: folder.dir,
    env: bwrap ? {} : cageEnvironment(deno),
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });

  const send = (channel: FrameChannel, payload: unknown) => {
    if (!link.isEnded) child.stdin.write(encodeFrame(channel, payload));
  };
  const link = new SupervisorLink({
    tell: (message) => send("control", message),
    destroy() {
      stopWatching();
      killGroup(child);
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    },
  });
  const residentCap = request.memoryBytes + 3 * request.fileBytes + RESIDENT_OVERHEAD_BYTES;
  const stopWatching = watchResidentMemory(child.pid ?? -1, residentCap, (bytes) =>
    link.end("out-of-memory", `its process held ${bytes} bytes of memory; ${residentCap} were allowed`),
  );

  const provide: Cage["provide"] = (names) =>
    link.provide(names, (missing, requestId) => {
      const ask = (found: { files: Record<string, string>; absent: AssetName[] }) =>
        send("control", { type: "load-assets", requestId, ...found });
      try {
        ask(folder.find(missing));
      } catch (error) {
        // What will not come must not be waited for.
        ask({ files: {}, absent: missing });
        throw error;
      }
    });
  let holders = 0;
  const holdProcess = (isHeld: boolean) => {
    for (const part of [child, child.stdin, child.stdout, child.stderr] as { ref(): void; unref(): void }[]) {
      if (isHeld) part.ref();
      else part.unref();
    }
  };

  const cage: Cage = {
    description: bwrap ? "a permissionless Deno process inside bubblewrap" : "a permissionless Deno process",
    canInterrupt: true,
    onMessage: undefined,
    post: (message) => send("worker", message),
    provide,
    hold() {
      holders += 1;
      if (holders === 1) holdProcess(true);
    },
    letGo() {
      holders -= 1;
      if (holders === 0 && !link.isEnded) holdProcess(false);
    },
    interrupt: () => link.interrupt(),
    ping: () => link.ping(),
    kill: () => link.end("killed", "the cage was killed"),
    closed: link.closed,
  };

  let stderr = "";
  const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  child.stdin.write(token);
  const reader = new FrameReader(
    request.fileBytes + RESULT_BYTES + FRAME_OVERHEAD_BYTES,
    (channel, payload) => {
      if (link.isEnded) return;
      if (channel === "control") link.receive(payload);
      else cage.onMessage?.(payload);
    },
    token,
  );
  child.stdout.on("data", (piece: Uint8Array) => {
    try {
      reader.push(piece);
    } catch (error) {
      link.end("protocol-violation", error instanceof SandboxError ? error.message : String(error));
    }
  });
  child.stderr.on("data", (piece: Buffer) => {
    stderr = (stderr + piece.toString("utf8")).slice(-STDERR_KEPT_CHARS);
  });
  // Writing to a process that is gone: its end is told by "exit".
  child.stdin.on("error", () => {});
  child.on("error", (error) => link.end("died", error.message));
  child.on("exit", (code, signal) => {
    const isOutOfMemory = /out of memory|Allocation failed/i.test(stderr);
    const how = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
    if (isOutOfMemory) link.end("out-of-memory", "its process ran out of memory");
    else {
      const said = toOneLine(lastWords(stripVTControlCharacters(stderr)));
      link.end("died", said === "" ? how : `${how}: ${said}`);
    }
  });

  provide(request.assets ?? []).catch(() => {});
  const timer = setTimeout(
    () => link.end("died", `it did not answer within ${START_TIMEOUT_MS / 1000} s`),
    START_TIMEOUT_MS,
  );
  const failure = await Promise.race([link.ready.then(() => undefined), link.closed]);
  clearTimeout(timer);
  if (failure) {
    throw new SandboxError(`The sandbox's process did not start: ${failure.detail}`, {
      code: "cage-unavailable",
      hint: `Run "${deno} --version" to see whether Deno works here.`,
    });
  }
  holdProcess(false);
  return cage;
}

/** The whole process group, at once; a cage is never asked to die. */
function killGroup(child: CageProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}
