/**
 * The script of cage.html: starts the worker from bytes it is handed and then only relays assets, answers pings and
 * sets the interrupt flag. It never sees what the worker and the host say to each other.
 */
import type { ControlMessage, FrameStart, SupervisorMessage, WorkerReport } from "../src/protocol/control.ts";

addEventListener("message", function start(event: MessageEvent<FrameStart>) {
  if (event.source !== parent || event.data?.type !== "start") return;
  removeEventListener("message", start);
  const [control, workerPort] = event.ports;
  const tell = (message: SupervisorMessage) => control!.postMessage(message);
  // Memory can be shared inside the frame only, and only when the page is cross-origin isolated and lets the frame be.
  const flag = crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

  const url = URL.createObjectURL(
    new Blob([event.data.engine as Uint8Array<ArrayBuffer>], { type: "text/javascript" }),
  );
  const worker = new Worker(url);
  worker.onerror = (error) =>
    tell({ type: "failed", message: String(error.message || "the worker did not start") });
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    if (data?.type === "started") tell({ type: "ready", canInterrupt: flag !== undefined });
    if (data?.type === "assets-provided")
      tell({ type: "assets-provided", requestId: Number(data.requestId) });
  };
  worker.postMessage({ type: "init", interruptFlag: flag }, [workerPort!]);

  control!.onmessage = ({ data }: MessageEvent<ControlMessage>) => {
    if (data.type === "ping") tell({ type: "pong", id: data.id });
    else if (data.type === "interrupt" && flag) Atomics.store(flag, 0, 1);
    else if (data.type === "assets")
      worker.postMessage(
        data,
        Object.values(data.assets).map((bytes) => bytes.buffer),
      );
  };
});
