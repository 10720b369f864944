import { stripVTControlCharacters } from "node:util";
import type { Cage, CageRequest } from "../../client/cage.ts";
import { SandboxError } from "../../errors.ts";
import type { AssetName } from "../../protocol/assets.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import { decodeControl, encodeControl, encodeFrame, FrameReader } from "../../protocol/frames.ts";
import { packMessage, unpackMessage } from "../../protocol/message-pack.ts";
import { toOneLine } from "../../protocol/schema.ts";
import { SupervisorLink } from "../supervisor-link.ts";
import { findBubblewrap, worksHere } from "./bubblewrap.ts";
import {
  type CageProcess,
  killCageProcess,
  maxMessageBytes,
  type ProcessParts,
  startCageProcess,
} from "./cage-process.ts";
import { findDeno } from "./find-deno.ts";
import { takeProcessAhead } from "./process-ahead.ts";
import { watchResidentMemory } from "./resident-memory.ts";
import { lastWords, noteUnknownFlag, speedFlagsOf } from "./speed-flags.ts";

/** Deno starts in 15–20 ms, with bubblewrap 15 ms more; a machine under load takes its time. */
const START_TIMEOUT_MS = 30_000;
/**
 * What a cage may hold in memory beyond the guest's own linear memory and files: Deno, the engine, a compiled Python, its
 * snapshot, messages on their way. A Python sandbox at rest measures about 130 MB.
 */
const RESIDENT_OVERHEAD_BYTES = 768 * 2 ** 20;

/**
 * Opens a cage in a process of its own: a Deno with no permissions, and where bubblewrap works, inside namespaces without
 * network, processes or files.
 *
 * @param find - Where bubblewrap is looked for; tests pass their own to see the process without it.
 * @throws {SandboxError} `cage-unavailable` when there is no Deno or it does not start.
 */
export async function openServerCage(request: CageRequest, { find = findBubblewrap } = {}): Promise<Cage> {
  const parts = { deno: findDeno(), speedFlags: speedFlagsOf(findDeno()), bwrap: find() };
  const { deno, speedFlags, bwrap } = parts;
  try {
    const started = await (takeProcessAhead(request, parts) ?? startCageProcess(request, parts));
    return await connect(request, started, parts);
  } catch (error) {
    if (error instanceof SandboxError && noteUnknownFlag(deno, speedFlags, error.message)) {
      return openServerCage(request, { find });
    }
    // Installed, but refused its namespaces? Asking beforehand would cost every program 20 ms.
    if (!bwrap || (await worksHere(bwrap))) throw error;
    const bare = { ...parts, bwrap: undefined };
    return connect(request, await startCageProcess(request, bare), bare);
  }
}

async function connect(
  request: CageRequest,
  started: CageProcess,
  { deno, bwrap }: ProcessParts,
): Promise<Cage> {
  const { child, folder, token } = started;
  const tell = (message: ControlMessage) => {
    if (!link.isEnded) child.stdin.write(encodeFrame("control", encodeControl(message)));
  };
  const link = new SupervisorLink({
    tell,
    destroy() {
      stopWatching();
      killCageProcess(started);
    },
  });
  const residentCap = request.memoryBytes + 3 * request.fileBytes + RESIDENT_OVERHEAD_BYTES;
  const stopWatching = watchResidentMemory(child.pid ?? -1, residentCap, (bytes) =>
    link.end("out-of-memory", `its process held ${bytes} bytes of memory; ${residentCap} were allowed`),
  );

  const provide: Cage["provide"] = (names) =>
    link.provide(names, (missing, requestId) => {
      const ask = (found: { files: Record<string, string>; absent: AssetName[] }) =>
        tell({ type: "load-assets", requestId, ...found });
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
    post(message) {
      if (!link.isEnded) child.stdin.write(encodeFrame("worker", packMessage(message)));
    },
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

  const reader = new FrameReader(
    maxMessageBytes(request),
    (channel, body) => {
      if (link.isEnded) return;
      if (channel === "control") link.receive(decodeControl(body));
      else cage.onMessage?.(unpackMessage(body));
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
  started.ended.then((end) => {
    if ("error" in end) return link.end("died", end.error.message);
    const stderr = started.said();
    if (/out of memory|Allocation failed/i.test(stderr))
      return link.end("out-of-memory", "its process ran out of memory");
    const { code, signal } = end;
    const how = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
    const said = toOneLine(lastWords(stripVTControlCharacters(stderr)));
    link.end("died", said === "" ? how : `${how}: ${said}`);
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
