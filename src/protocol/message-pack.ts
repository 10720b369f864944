import { Decoder, Encoder } from "@msgpack/msgpack";
import { SandboxError } from "../errors.ts";
import { measurePack } from "./measure-pack.ts";

const MAX_DEPTH = 100;

/**
 * A message between the host and the worker of a server's cage, as MessagePack. 64-bit times need BigInt.
 *
 * @returns bytes that nobody else holds.
 */
export function packMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const encoder = new Encoder({ ignoreUndefined: true, useBigInt64: true, maxDepth: MAX_DEPTH });
  // Of an encoder that is used once.
  return encoder.encodeSharedRef(message) as Uint8Array<ArrayBuffer>;
}

/**
 * The message in what was packed; its contents are views of `bytes`. What these would become is measured before anything
 * of it is made; a map key `__proto__` is refused by the decoder.
 *
 * @throws {SandboxError} `protocol-violation` for what is no MessagePack, or nothing that is sent.
 */
export function unpackMessage(bytes: Uint8Array): unknown {
  try {
    measurePack(bytes, MAX_DEPTH);
    return new Decoder({ useBigInt64: true, maxExtLength: 0 }).decode(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw new SandboxError(`A message could not be decoded${why}`, { code: "protocol-violation", cause });
  }
}
