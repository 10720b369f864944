/**
 * The main thread of the server cage: a Deno process with no permission but reading the asset folder. Starts the worker
 * and relays frames between the pipe and the worker's port; holds the interrupt flag. Runs no guest code.
 */

import { compileAhead, transferOf } from "../src/engine/compile-ahead.ts";
import {
  type ControlMessage,
  type ProcessStart,
  type SupervisorMessage,
  TOKEN_BYTES,
  type WorkerControl,
  type WorkerDelivery,
  type WorkerReport,
} from "../src/protocol/control.ts";
import { encodeFrame, FrameReader } from "../src/protocol/frames.ts";

/** The few of Deno's calls this file uses. */
interface DenoApi {
  args: string[];
  open(path: URL): Promise<DenoFile>;
  stdin: { read(target: Uint8Array): Promise<number | null> };
  stdout: { writeSync(bytes: Uint8Array): number };
  exit(code: number): never;
}
interface DenoFile {
  stat(): Promise<{ size: number }>;
  read(target: Uint8Array): Promise<number | null>;
  close(): void;
}
const { Deno } = globalThis as unknown as { Deno: DenoApi };

const assetsUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf("/") + 1);
const start = JSON.parse(Deno.args[0]!) as ProcessStart;

/**
 * What the worker is until it is given the engine as text. Deno takes 100 ms longer to load the engine as a module: it
 * reads every module three times and looks for what it imports.
 */
const BOOTSTRAP = `onmessage = ({ data }) => {
  onmessage = null;
  (0, eval)(new TextDecoder().decode(data));
};`;
// Its thread starts while this one reads.
const worker = new Worker(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`, {
  type: "module",
  deno: { permissions: "none" },
} as WorkerOptions);

const engine = readFile(start.engine);

/** Into memory of the right size: Deno.readFile copies, which takes twice as long for 20 MB. */
async function readFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const open = await Deno.open(new URL(file, assetsUrl));
  try {
    const bytes = new Uint8Array((await open.stat()).size);
    let length = 0;
    while (length < bytes.length) {
      const read = await open.read(bytes.subarray(length));
      if (!read) throw new Error(`${file} ends after ${length} of ${bytes.length} bytes`);
      length += read;
    }
    return bytes;
  } finally {
    open.close();
  }
}

/** Assets by name, ready for the worker; those that will be asked for are on their way from the start. */
const deliveries = new Map<string, Promise<WorkerDelivery["assets"]>>();
function readAsset(name: string, file: string): Promise<WorkerDelivery["assets"]> {
  const reading = deliveries.get(name) ?? readAndCompile(name, file);
  deliveries.delete(name);
  return reading;
}
async function readAndCompile(name: string, file: string): Promise<WorkerDelivery["assets"]> {
  return compileAhead({ [name]: await readFile(file) }, start.limits.memoryBytes);
}
for (const [name, file] of Object.entries(start.ahead)) {
  const reading = readAndCompile(name, file);
  // Asked for later, and told then.
  reading.catch(() => {});
  deliveries.set(name, reading);
}

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
const engineText = await engine;
worker.postMessage(engineText, [engineText.buffer]);
control({ type: "init", interruptFlag: flag, limits: start.limits, boot: start.boot }, [workerPort]);

async function loadAssets({ requestId, files, absent }: LoadAssets): Promise<void> {
  await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      const assets = await readAsset(name, file);
      control({ type: "assets", requestId, assets, absent: [], isLast: false }, transferOf(assets));
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
