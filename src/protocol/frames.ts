import { Decoder, Encoder } from "@msgpack/msgpack";
import { SandboxError } from "../errors.ts";

/**
 * How messages cross the server's pipe: a frame is its length (4 bytes, little-endian), a token, then MessagePack of
 * `[channel, payload]`. 64-bit times need BigInt; a map key `__proto__` is refused by the decoder.
 *
 * The token is known to the host and to the cage's main thread alone. A guest that got hold of its worker's JavaScript
 * can print to the same pipe (`console.log` of a Deno worker); without the token what it prints is no frame. Frames to the
 * cage carry none.
 */
export type FrameChannel = "control" | "worker";

const HEADER_BYTES = 4;
const MAX_DEPTH = 100;

const NO_TOKEN = new Uint8Array(0);

export function encodeFrame(channel: FrameChannel, payload: unknown, token = NO_TOKEN): Uint8Array {
  const encoder = new Encoder({ ignoreUndefined: true, useBigInt64: true, maxDepth: MAX_DEPTH });
  const body = encoder.encodeSharedRef([channel, payload]);
  const frame = new Uint8Array(HEADER_BYTES + token.length + body.length);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(token, HEADER_BYTES);
  frame.set(body, HEADER_BYTES + token.length);
  return frame;
}

type OnFrame = (channel: FrameChannel, payload: unknown) => void;

/**
 * Cuts a byte stream into frames and decodes them. Bytes wait in the pieces they came in; a length over `maxFrameBytes`
 * is refused before anything is kept for it.
 */
export class FrameReader {
  readonly #maxFrameBytes: number;
  readonly #token: Uint8Array;
  readonly #onFrame: OnFrame;
  #pieces: Uint8Array[] = [];
  #available = 0;
  #bodyBytes: number | undefined;

  constructor(maxFrameBytes: number, onFrame: OnFrame, token = NO_TOKEN) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#onFrame = onFrame;
    this.#token = token;
  }

  /** @throws {SandboxError} `protocol-violation` for a frame that is too long or cannot be decoded. */
  push(piece: Uint8Array): void {
    // Node's pieces are Buffers, whose slices are Buffers too; what leaves here is plain.
    this.#pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    this.#available += piece.length;
    for (;;) {
      if (this.#bodyBytes === undefined) {
        if (this.#available < HEADER_BYTES + this.#token.length) return;
        const header = this.#take(HEADER_BYTES);
        const token = this.#take(this.#token.length);
        if (!token.every((byte, index) => byte === this.#token[index])) {
          throw violation("Something else than the cage's main thread wrote to its pipe");
        }
        this.#bodyBytes = new DataView(header.buffer, header.byteOffset, HEADER_BYTES).getUint32(0, true);
        if (this.#bodyBytes > this.#maxFrameBytes) {
          throw violation(
            `A message of ${this.#bodyBytes} bytes was announced; at most ${this.#maxFrameBytes} are taken`,
          );
        }
      }
      if (this.#available < this.#bodyBytes) return;
      const body = this.#take(this.#bodyBytes);
      this.#bodyBytes = undefined;
      this.#decode(body);
    }
  }

  #decode(body: Uint8Array): void {
    let decoded: unknown;
    try {
      decoded = new Decoder({
        useBigInt64: true,
        maxStrLength: this.#maxFrameBytes,
        maxBinLength: this.#maxFrameBytes,
        maxArrayLength: 1_000_000,
        maxMapLength: 100_000,
        maxExtLength: 0,
      }).decode(body);
    } catch (cause) {
      throw violation("A message could not be decoded", cause);
    }
    if (
      !Array.isArray(decoded) ||
      decoded.length !== 2 ||
      (decoded[0] !== "control" && decoded[0] !== "worker")
    ) {
      throw violation("A message names no known channel");
    }
    this.#onFrame(decoded[0], decoded[1]);
  }

  /** The next `length` bytes in a buffer of their own, so that what is kept of a message pins nothing else. */
  #take(length: number): Uint8Array {
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
