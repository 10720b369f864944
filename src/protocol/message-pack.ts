import { Decoder, Encoder } from "@msgpack/msgpack";
import { SandboxError } from "../errors.ts";

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
 * The message in what was packed; its contents are views of `bytes`. A map key `__proto__` is refused by the decoder.
 *
 * @throws {SandboxError} `protocol-violation` for what is no MessagePack, or nothing that is sent.
 */
export function unpackMessage(bytes: Uint8Array): unknown {
  try {
    const decoder = new Decoder({
      useBigInt64: true,
      maxStrLength: bytes.length,
      maxBinLength: bytes.length,
      maxArrayLength: 1_000_000,
      maxMapLength: 100_000,
      maxExtLength: 0,
    });
    return decoder.decode(bytes);
  } catch (cause) {
    throw new SandboxError("A message could not be decoded", { code: "protocol-violation", cause });
  }
}
