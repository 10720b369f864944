/**
 * The main thread of the server cage: a Deno process with no permission but reading the asset folder. Starts the worker
 * and passes on what the pipe and the worker's port have for each other, unread; holds the interrupt flag. Runs no guest
 * code.
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
import {
  decodeControl,
  encodeControl,
  encodeFrame,
  type FrameChannel,
  FrameReader,
  frameHead,
} from "../src/protocol/frames.ts";

/** The few of Deno's calls this file uses. */
interface DenoApi {
  args: string[];
  open(path: URL): Promise<DenoFile>;
  openSync(path: URL): DenoFile;
  stdin: { read(target: Uint8Array): Promise<number | null>; readSync(target: Uint8Array): number | null };
  stdout: { writeSync(bytes: Uint8Array): number };
  exit(code: number): never;
}
interface DenoFile {
  stat(): Promise<{ size: number }>;
  statSync(): { size: number };
  read(target: Uint8Array): Promise<number | null>;
  readSync(target: Uint8Array): number | null;
  close(): void;
}
const { Deno } = globalThis as unknown as { Deno: DenoApi };

const assetsUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf("/") + 1);
const start = JSON.parse(Deno.args[0]!) as ProcessStart;

/** Assets by name, ready for the worker; those that will be asked for are on their way from the start. */
const deliveries = new Map<string, Promise<Assets>>();
let lastReading: Promise<void> = Promise.resolve();

const engine = readFileSync(start.engine);

/** What makes a frame of this thread: the first bytes of the pipe, there before this is. The worker never sees it. */
const token = readToken();

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

worker.onerror = (event) => {
  event.preventDefault();
  tell({ type: "failed", message: event.message });
};
worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
  if (data?.type === "started") tell({ type: "ready", canInterrupt: true });
  if (data?.type === "assets-provided") tell({ type: "assets-provided", requestId: Number(data.requestId) });
};
const control = (message: WorkerControl, transfer: Transferable[]) => worker.postMessage(message, transfer);
worker.postMessage(engine, [engine.buffer]);

const flag = new Int32Array(new SharedArrayBuffer(4));
const { port1: port, port2: workerPort } = new MessageChannel();
port.onmessage = ({ data }: MessageEvent<unknown>) => {
  // Memory that somebody else can still change must not change its length on its way out.
  if (!(data instanceof Uint8Array && data.buffer instanceof ArrayBuffer)) {
    tell({ type: "failed", message: "its worker sent something else than packed messages" });
  } else if (data.length > start.maxMessageBytes) {
    const most = `at most ${start.maxMessageBytes} are taken`;
    tell({ type: "failed", message: `its worker sent a message of ${data.length} bytes; ${most}` });
  } else send("worker", data);
};
const { limits, boot } = start;
control({ type: "init", interruptFlag: flag, isPacked: true, limits, boot }, [workerPort]);

for (const [name, file] of Object.entries(start.ahead)) deliver(name, file);

/** The host is trusted; this only catches a stream that has lost its step. */
const MAX_FRAME_BYTES = 2 ** 32 - 1;
/** What a pipe holds. */
const PIPE_BYTES = 65_536;
const pipe = new Uint8Array(PIPE_BYTES);
const reader = new FrameReader(MAX_FRAME_BYTES, (channel, body) => {
  if (channel === "control") handleControl(decodeControl(body) as ControlMessage);
  else port.postMessage(body, [body.buffer]);
});
for (;;) {
  const length = await Deno.stdin.read(pipe);
  if (!length) break;
  reader.push(pipe.slice(0, length));
}
// The host has gone.
Deno.exit(0);

async function loadAssets({ requestId, files, absent }: LoadAssets): Promise<void> {
  await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      if (!deliveries.has(name)) deliver(name, file);
      const delivery = deliveries.get(name)!;
      deliveries.delete(name);
      const assets = await delivery;
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

type Assets = WorkerDelivery["assets"];

/**
 * Reads an asset, and compiles it where that saves time; one after the other, in the order in which they are needed. What
 * goes wrong is told when it is asked for.
 */
function deliver(name: string, file: string): void {
  const reading = lastReading.then(() => readFile(file));
  lastReading = reading.then(
    () => {},
    () => {},
  );
  const delivery = reading.then((bytes) => compileAhead({ [name]: bytes }, start.limits.memoryBytes));
  delivery.catch(() => {});
  deliveries.set(name, delivery);
}

function urlOf(file: string): URL {
  return new URL(file, assetsUrl);
}

/** Into memory of the right size: Deno.readFile copies, which takes twice as long for 20 MB. */
async function readFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const open = await Deno.open(urlOf(file));
  try {
    const bytes = new Uint8Array((await open.stat()).size);
    for (let length = 0; length < bytes.length; ) {
      length += (await open.read(bytes.subarray(length))) ?? endsEarly(file, length, bytes.length);
    }
    return bytes;
  } finally {
    open.close();
  }
}

function readFileSync(file: string): Uint8Array<ArrayBuffer> {
  const open = Deno.openSync(urlOf(file));
  try {
    const bytes = new Uint8Array(open.statSync().size);
    for (let length = 0; length < bytes.length; ) {
      length += open.readSync(bytes.subarray(length)) ?? endsEarly(file, length, bytes.length);
    }
    return bytes;
  } finally {
    open.close();
  }
}

function endsEarly(file: string, length: number, size: number): never {
  throw new Error(`${file} ends after ${length} of ${size} bytes`);
}

function readToken(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TOKEN_BYTES);
  for (let length = 0; length < bytes.length; ) {
    length += Deno.stdin.readSync(bytes.subarray(length)) ?? Deno.exit(0);
  }
  return bytes;
}

function send(channel: FrameChannel, body: Uint8Array): void {
  if (body.length <= PIPE_BYTES) return write(encodeFrame(channel, body, token));
  write(frameHead(channel, body.length, token));
  write(body);
}
function write(bytes: Uint8Array): void {
  for (let sent = 0; sent < bytes.length; ) sent += Deno.stdout.writeSync(bytes.subarray(sent));
}
function tell(message: SupervisorMessage): void {
  send("control", encodeControl(message));
}
