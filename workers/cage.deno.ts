/**
 * The main thread of the server cage: a Deno process with no permission but reading the asset folder. Starts the worker
 * and relays frames between the pipe and the worker's port; holds the interrupt flag. Runs no guest code.
 */

import type {
  ControlMessage,
  SupervisorMessage,
  WorkerControl,
  WorkerReport,
} from "../src/protocol/control.ts";
import { encodeFrame, FrameReader, TOKEN_BYTES } from "../src/protocol/frames.ts";

/** The few of Deno's calls this file uses. */
interface DenoApi {
  args: string[];
  readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
  stdin: { readable: ReadableStream<Uint8Array> };
  stdout: { writeSync(bytes: Uint8Array): number };
  exit(code: number): never;
}
const { Deno } = globalThis as unknown as { Deno: DenoApi };

const assetsUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf("/") + 1);
const readAsset = (file: string) => Deno.readFile(new URL(file, assetsUrl));

/** The host is trusted; this only catches a stream that has lost its step. */
const MAX_FRAME_BYTES = 2 ** 32 - 1;

const input = Deno.stdin.readable.getReader();
const { token, rest } = await readToken();

/** The first bytes of the pipe: what makes a frame of this thread. The worker never sees it. */
async function readToken(): Promise<{ token: Uint8Array<ArrayBuffer>; rest: Uint8Array<ArrayBuffer> }> {
  let bytes = new Uint8Array(0);
  while (bytes.length < TOKEN_BYTES) {
    const { done, value } = await input.read();
    if (done || !value) return Deno.exit(0);
    bytes = new Uint8Array([...bytes, ...value]);
  }
  return { token: bytes.slice(0, TOKEN_BYTES), rest: bytes.slice(TOKEN_BYTES) };
}

function send(channel: "control" | "worker", payload: unknown): void {
  const frame = encodeFrame(channel, payload, token);
  for (let sent = 0; sent < frame.length; ) sent += Deno.stdout.writeSync(frame.subarray(sent));
}
const tell = (message: SupervisorMessage) => send("control", message);

const flag = new Int32Array(new SharedArrayBuffer(4));
const { port1: port, port2: workerPort } = new MessageChannel();
port.onmessage = ({ data }) => send("worker", data);

const source = new Blob([await readAsset(Deno.args[0]!)], {
  type: "text/javascript",
});
const worker = new Worker(URL.createObjectURL(source), {
  type: "module",
  deno: { permissions: "none" },
} as WorkerOptions);
worker.onerror = (event) => {
  event.preventDefault();
  tell({ type: "failed", message: event.message });
};
worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
  if (data?.type === "started") tell({ type: "ready", canInterrupt: true });
  if (data?.type === "assets-provided") tell({ type: "assets-provided", requestId: Number(data.requestId) });
};
const control = (message: WorkerControl, transfer: Transferable[]) => worker.postMessage(message, transfer);
control({ type: "init", interruptFlag: flag }, [workerPort]);

async function loadAssets({ requestId, files, absent }: LoadAssets): Promise<void> {
  await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      const bytes = await readAsset(file);
      control({ type: "assets", requestId, assets: { [name]: bytes }, absent: [], isLast: false }, [
        bytes.buffer,
      ]);
    }),
  );
  control({ type: "assets", requestId, assets: {}, absent, isLast: true }, []);
}
type LoadAssets = Extract<ControlMessage, { type: "load-assets" }>;

function handleControl(message: ControlMessage): void {
  if (message.type === "ping") tell({ type: "pong", id: message.id });
  else if (message.type === "interrupt") Atomics.store(flag, 0, 1);
  else if (message.type === "load-assets") {
    loadAssets(message).catch((error) => tell({ type: "failed", message: String(error) }));
  }
}

const reader = new FrameReader(MAX_FRAME_BYTES, (channel, payload) => {
  if (channel === "control") handleControl(payload as ControlMessage);
  else port.postMessage(payload);
});
reader.push(rest);
for (;;) {
  const { value } = await input.read();
  if (!value) break;
  reader.push(value);
}
// The host has gone.
Deno.exit(0);
