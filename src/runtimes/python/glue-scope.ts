import { evaluateFunction } from "../evaluate.ts";
import type { RuntimeHost } from "../runtime.ts";
import type { CreateEmscriptenModule } from "./emscripten.ts";

/** Globals that must not be there for the glue: its ways to files, the network, other threads and its host's name. */
const ABSENT = [
  ...["BroadcastChannel", "Bun", "Deno", "EventSource", "RTCPeerConnection", "SharedWorker", "WebSocket"],
  ...["WebTransport", "Worker", "XMLHttpRequest", "addEventListener", "caches", "document", "fetch"],
  ...["importScripts", "indexedDB", "location", "navigator", "onmessage", "postMessage", "process", "prompt"],
  ...["require", "self", "setImmediate", "window"],
];

/**
 * The globals the glue may look up by `globalThis.…` and that are the engine's own. Not FinalizationRegistry: with it,
 * collecting a proxy enters an interpreter that has died or waits, and that throws where nobody can catch it.
 */
const SHARED = [
  ...["BigInt64Array", "BigUint64Array", "DOMException", "MessageChannel"],
  ...["TextDecoder", "TextEncoder", "clearTimeout", "setTimeout"],
];

export type HostClock = Pick<RuntimeHost, "nowNs" | "monotonicNs" | "random">;

/**
 * Evaluates Pyodide's glue so that it sees a small world of ours in place of the realm's globals: time and randomness are
 * the host's, what it logs comes to `onLog`, and there is no network, no storage and no clue about the host.
 */
export async function importGlue(
  glue: Uint8Array,
  host: HostClock,
  onLog: (text: string) => void,
): Promise<CreateEmscriptenModule> {
  const scope = createScope(host, onLog);
  const text = new TextDecoder().decode(glue).replace(EXPORT, "return (");
  const create = (await evaluateFunction(Object.keys(scope), text)) as (
    ...values: unknown[]
  ) => CreateEmscriptenModule;
  return create(...Object.values(scope));
}

/** How the glue begins: an ES module, which becomes the body of a function. Its globals are that function's parameters. */
const EXPORT = "export default (";

function createScope(host: HostClock, onLog: (text: string) => void): Record<string, unknown> {
  const log = (...parts: unknown[]): void => onLog(parts.map(String).join(" "));
  const nowMs = (): number => Number(host.nowNs() / 1_000_000n);
  class HostDate extends Date {
    constructor(...parts: [] | [number]) {
      super(parts.length === 0 ? nowMs() : parts[0]);
    }
    static override now(): number {
      return nowMs();
    }
  }
  const own: Record<string, unknown> = {
    console: { log, warn: log, error: log, info: log, debug: log },
    crypto: { getRandomValues: (target: Uint8Array) => host.random(target) },
    performance: { now: () => Number(host.monotonicNs()) / 1e6 },
    Date: HostDate,
  };
  for (const name of ABSENT) own[name] = undefined;
  const visible: Record<string, unknown> = { ...own, WorkerGlobalScope: true };
  for (const name of ABSENT) delete visible[name];
  for (const name of SHARED) visible[name] = Reflect.get(globalThis, name);
  own.globalThis = visible;
  return own;
}
