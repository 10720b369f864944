/**
 * The script of cage.html: starts the worker from a script it is handed and then only compiles and relays assets, answers
 * pings and sets the interrupt flag. It never sees what the worker and the host say to each other.
 */

import { compileAhead, transferOf } from "../src/engine/compile-ahead.ts";
import type {
  AssetDelivery,
  ControlMessage,
  FrameStart,
  SupervisorMessage,
  WorkerControl,
  WorkerReport,
} from "../src/protocol/control.ts";

/** What the worker is until it is given the engine: its thread starts while this document is still being loaded. */
const BOOTSTRAP = `onmessage = ({ data }) => {
  onmessage = null;
  const url = URL.createObjectURL(data);
  importScripts(url);
  URL.revokeObjectURL(url);
};`;
const worker = new Worker(URL.createObjectURL(new Blob([BOOTSTRAP], { type: "text/javascript" })));
let failure: string | undefined;
worker.onerror = (error) => {
  failure = String(error.message || "the worker did not start");
};

addEventListener("message", function start(event: MessageEvent<FrameStart>) {
  if (event.source !== parent || event.data?.type !== "start") return;
  removeEventListener("message", start);
  const [control, workerPort] = event.ports;
  const tell = (message: SupervisorMessage) => control!.postMessage(message);
  // Memory can be shared inside the frame only, and only when the page is cross-origin isolated and lets the frame be.
  const flag = crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

  worker.onerror = (error) =>
    tell({ type: "failed", message: String(error.message || "the worker did not start") });
  if (failure !== undefined) return tell({ type: "failed", message: failure });
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    if (data?.type === "started") tell({ type: "ready", canInterrupt: flag !== undefined });
    if (data?.type === "assets-provided")
      tell({ type: "assets-provided", requestId: Number(data.requestId) });
  };
  const { limits, boot } = event.data;
  const init: WorkerControl = { type: "init", interruptFlag: flag, isPacked: false, limits, boot };
  // As a script: the type of what a server sent does not matter.
  worker.postMessage(new Blob([event.data.engine], { type: "text/javascript" }));
  worker.postMessage(init, [workerPort!]);

  let delivered: Promise<unknown> = Promise.resolve();
  const deliver = (delivery: AssetDelivery) => {
    const before = delivered;
    const send = async () => {
      const assets = await compileAhead(await readAll(delivery.assets), limits.memoryBytes);
      // What says that nothing more comes is the last.
      if (delivery.isLast) await before;
      worker.postMessage({ ...delivery, assets } satisfies WorkerControl, transferOf(assets));
    };
    const failed = (error: unknown) => tell({ type: "failed", message: `an asset was not read: ${error}` });
    delivered = Promise.all([before, send().catch(failed)]);
  };

  control!.onmessage = ({ data }: MessageEvent<ControlMessage>) => {
    if (data.type === "ping") tell({ type: "pong", id: data.id });
    else if (data.type === "interrupt" && flag) Atomics.store(flag, 0, 1);
    else if (data.type === "assets") deliver(data);
  };
});

async function readAll(contents: Record<string, Blob>): Promise<Record<string, Uint8Array>> {
  const read = Object.entries(contents).map(
    async ([name, content]) => [name, new Uint8Array(await content.arrayBuffer())] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
