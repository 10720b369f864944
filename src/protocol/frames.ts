import { SandboxError } from "../errors.ts";

/**
 * How messages cross the server's pipe: a frame is the length of its body (4 bytes, little-endian), a token, a byte for
 * its channel, and the body. `control` is the supervising thread's and JSON; `worker` is the worker's, and what its body
 * means (`message-pack.ts`) is no concern of the threads between it and the host: they pass it on as it is.
 *
 * The token is known to the host and to the cage's main thread alone. A guest that got hold of its worker's JavaScript
 * can print to the same pipe (`console.log` of a Deno worker); without the token what it prints is no frame. Frames to the
 * cage carry none.
 */
export type FrameChannel = (typeof CHANNELS)[number];

const CHANNELS = ["control", "worker"] as const;
const LENGTH_BYTES = 4;

const NO_TOKEN = new Uint8Array(0);

/** What stands in front of a body. */
export function frameHead(channel: FrameChannel, bodyBytes: number, token = NO_TOKEN): Uint8Array {
  const head = new Uint8Array(LENGTH_BYTES + token.length + 1);
  new DataView(head.buffer).setUint32(0, bodyBytes, true);
  head.set(token, LENGTH_BYTES);
  head[LENGTH_BYTES + token.length] = CHANNELS.indexOf(channel);
  return head;
}

/** A whole frame. */
export function encodeFrame(channel: FrameChannel, body: Uint8Array, token = NO_TOKEN): Uint8Array {
  const head = frameHead(channel, body.length, token);
  const frame = new Uint8Array(head.length + body.length);
  frame.set(head);
  frame.set(body, head.length);
  return frame;
}

/** The body of a `control` frame. */
export function encodeControl(message: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** @throws {SandboxError} `protocol-violation`. */
export function decodeControl(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw violation("A report of the cage's main thread is no JSON", cause);
  }
}

type OnFrame = (channel: FrameChannel, body: Uint8Array<ArrayBuffer>) => void;

/**
 * Cuts a byte stream into frames. Bytes wait in the pieces they came in; a length over `maxFrameBytes` is refused before
 * anything is kept for it. Each body has a buffer of its own, so that what is kept of a message pins nothing else.
 */
export class FrameReader {
  readonly #maxFrameBytes: number;
  readonly #token: Uint8Array;
  readonly #onFrame: OnFrame;
  #pieces: Uint8Array[] = [];
  #available = 0;
  /** Of the frame whose head has been read. */
  #next: { channel: FrameChannel; bodyBytes: number } | undefined;

  constructor(maxFrameBytes: number, onFrame: OnFrame, token = NO_TOKEN) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#onFrame = onFrame;
    this.#token = token;
  }

  /** @throws {SandboxError} `protocol-violation` for what is no frame, or one that is too long. */
  push(piece: Uint8Array): void {
    // Node's pieces are Buffers, whose slices are Buffers too; what leaves here is plain.
    this.#pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    this.#available += piece.length;
    for (;;) {
      this.#next ??= this.#takeHead();
      if (!this.#next || this.#available < this.#next.bodyBytes) return;
      const { channel, bodyBytes } = this.#next;
      this.#next = undefined;
      this.#onFrame(channel, this.#take(bodyBytes));
    }
  }

  #takeHead() {
    if (this.#available < LENGTH_BYTES + this.#token.length + 1) return undefined;
    const length = this.#take(LENGTH_BYTES);
    const token = this.#take(this.#token.length);
    if (!token.every((byte, index) => byte === this.#token[index])) {
      throw violation("Something else than the cage's main thread wrote to its pipe");
    }
    const channel = CHANNELS[this.#take(1)[0]!];
    if (!channel) throw violation("A message names no known channel");
    const bodyBytes = new DataView(length.buffer).getUint32(0, true);
    if (bodyBytes > this.#maxFrameBytes) {
      throw violation(
        `A message of ${bodyBytes} bytes was announced; at most ${this.#maxFrameBytes} are taken`,
      );
    }
    return { channel, bodyBytes };
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    this.#available -= length;
    const whole = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const piece = this.#pieces[0]!;
      const taken = piece.subarray(0, length - filled);
      whole.set(taken, filled);
      filled += taken.length;
      if (taken.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(taken.length);
    }
    return whole;
  }
}

function violation(message: string, cause?: unknown): SandboxError {
  return new SandboxError(message, { code: "protocol-violation", cause });
}
