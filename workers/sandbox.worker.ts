/**
 * The worker that guest code runs in: the same bundle as a classic blob worker of an opaque-origin frame and as a Deno
 * worker without permissions. Joins one engine to one port.
 */
import { AssetShelf } from "../src/engine/asset-shelf.ts";
import { createEndpoint } from "../src/engine/endpoint.ts";
import { createEngine, type EngineHost } from "../src/engine/engine.ts";
import { removeHostGlobals } from "../src/engine/realm.ts";
import type { WorkerControl, WorkerReport } from "../src/protocol/control.ts";
import { packedPort } from "../src/protocol/packed-port.ts";

/** Of the build: makes a part of this script known. */
declare const defineScript: NonNullable<EngineHost["defineScript"]>;

const assets = new AssetShelf();
const report = globalThis.postMessage.bind(globalThis) as (message: WorkerReport) => void;
removeHostGlobals();

globalThis.addEventListener("message", ({ data, ports }: MessageEvent<WorkerControl>) => {
  if (data.type === "assets") {
    assets.put(data.assets, data.absent);
    if (data.isLast) report({ type: "assets-provided", requestId: data.requestId });
    return;
  }
  const endpoint = createEndpoint(data.isPacked ? packedPort(ports[0]!) : ports[0]!);
  const originMs = performance.timeOrigin;
  const clockOffsetNs = BigInt(Math.round(originMs * 1e6));
  const monotonicNs = () => BigInt(Math.round(performance.now() * 1e6));
  endpoint.expose(
    createEngine({
      limits: data.limits,
      boot: data.boot,
      assets,
      defineScript,
      emit: endpoint.emit,
      interruptFlag: data.interruptFlag,
      monotonicNs,
      monotonicMs: () => performance.now(),
      nowNs: () => clockOffsetNs + monotonicNs(),
      nowMs: () => originMs + performance.now(),
      random: fillRandom,
    }),
  );
  report({ type: "started" });
});

/** Browsers give at most 65,536 random bytes a call (WebCrypto, getRandomValues). */
function fillRandom(target: Uint8Array): Uint8Array {
  for (let offset = 0; offset < target.length; offset += 65_536) {
    crypto.getRandomValues(target.subarray(offset, offset + 65_536) as Uint8Array<ArrayBuffer>);
  }
  return target;
}
