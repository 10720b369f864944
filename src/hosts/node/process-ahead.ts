import type { CageRequest } from "../../client/cage.ts";
import { cageStart } from "../cage-start.ts";
import { findBubblewrap } from "./bubblewrap.ts";
import { type CageProcess, killCageProcess, type ProcessParts, startCageProcess } from "./cage-process.ts";
import { findDeno } from "./find-deno.ts";
import { speedFlagsOf } from "./speed-flags.ts";

interface Ahead {
  key: string;
  process: Promise<CageProcess>;
}

let waiting: Ahead | undefined;

/**
 * Starts the process of a cage that will be opened in a moment, while the rest of the library is still being read. What
 * goes wrong is told to who opens it. Resolves when it has been asked for.
 *
 * @returns "it is not needed any more": ends the process, unless it was taken.
 */
export async function startProcessAhead(request: CageRequest): Promise<() => void> {
  let parts: ProcessParts;
  try {
    const deno = findDeno();
    parts = { deno, speedFlags: speedFlagsOf(deno), bwrap: findBubblewrap() };
  } catch {
    return () => {};
  }
  const ahead = { key: keyOf(request, parts), process: startCageProcess(request, parts) };
  waiting = ahead;
  await ahead.process.catch(() => {});
  return () => {
    if (waiting === ahead) end(ahead);
  };
}

/** The process that was started ahead, if it is what is to be opened now; ends it if not. */
export function takeProcessAhead(
  request: CageRequest,
  parts: ProcessParts,
): Promise<CageProcess> | undefined {
  const ahead = waiting;
  if (!ahead) return undefined;
  if (ahead.key !== keyOf(request, parts)) return void end(ahead);
  waiting = undefined;
  return ahead.process;
}

function end({ process }: Ahead): void {
  waiting = undefined;
  process.then(killCageProcess, () => {});
}

const keyOf = (request: CageRequest, parts: ProcessParts) =>
  JSON.stringify([cageStart(request), String(request.assetsUrl ?? ""), parts]);
