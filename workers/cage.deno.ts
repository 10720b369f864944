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
  stdin: { read(target: Uint8Array): Promise<number | null> };
  stdout: { writeSync(bytes: Uint8Array): number };
  exit(code: number): never;
}
const { Deno } = globalThis as unknown as { Deno: DenoApi };

const assetsUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf("/") + 1);
/** Files on their way since the start: the engine, and what the host has named beside it because it will be asked for. */
const readAhead = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
function readAsset(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const reading = readAhead.get(file) ?? Deno.readFile(new URL(file, assetsUrl));
  readAhead.delete(file);
  return reading;
}
const [engineFile] = Deno.args;
for (const file of Deno.args) {
  const reading = readAsset(file);
  // Asked for later, and told then.
  reading.catch(() => {});
  readAhead.set(file, reading);
}

/**
 * What the worker is until it is given the engine as text. Deno takes 100 ms longer to load the engine as a module: it
 * reads every module three times and looks for what it imports.
 */
const BOOTSTRAP = `onmessage = ({ data }) => {
  onmessage = null;
  (0, eval)(new TextDecoder().decode(data));
};`;
const worker = new Worker(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`, {
  type: "module",
  deno: { permissions: "none" },
} as WorkerOptions);

/** The host is trusted; this only catches a stream that has lost its step. */
const MAX_FRAME_BYTES = 2 ** 32 - 1;
/** What a pipe holds. */
const PIPE_BYTES = 65_536;

const pipe = new Uint8Array(PIPE_BYTES);
const { token, rest } = await readToken();

/** The next bytes of the pipe; none when the host has gone. */
async function readPipe(): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const length = await Deno.stdin.read(pipe);
  return length ? pipe.slice(0, length) : undefined;
}

/** The first bytes of the pipe: what makes a frame of this thread. The worker never sees it. */
async function readToken(): Promise<{ token: Uint8Array<ArrayBuffer>; rest: Uint8Array<ArrayBuffer> }> {
  let bytes = new Uint8Array(0);
  while (bytes.length < TOKEN_BYTES) {
    const value = await readPipe();
    if (!value) return Deno.exit(0);
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

worker.onerror = (event) => {
  event.preventDefault();
  tell({ type: "failed", message: event.message });
};
worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
  if (data?.type === "started") tell({ type: "ready", canInterrupt: true });
  if (data?.type === "assets-provided") tell({ type: "assets-provided", requestId: Number(data.requestId) });
};
const control = (message: WorkerControl, transfer: Transferable[]) => worker.postMessage(message, transfer);
const engine = await readAsset(engineFile!);
worker.postMessage(engine, [engine.buffer]);
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
  const value = await readPipe();
  if (!value) break;
  reader.push(value);
}
// The host has gone.
Deno.exit(0);
