import { sha256 } from "@noble/hashes/sha2.js";

/** From here on the platform's hash, some ten times as fast, makes up for its being asynchronous. */
const PLATFORM_HASH_BYTES = 8192;

/** Hashes of contents that are never written into. An object that is known need not be read again. */
const known = new WeakMap<Uint8Array, string>();

/** SHA-256 in hexadecimal. Not for bytes that somebody may write into: the answer is remembered with the object. */
export async function hashOfContent(bytes: Uint8Array): Promise<string> {
  let hash = known.get(bytes);
  if (hash === undefined) {
    hash = await hashOf(bytes);
    known.set(bytes, hash);
  }
  return hash;
}

/** SHA-256 in hexadecimal. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  // Pages without a secure context have no `subtle`.
  const subtle = bytes.length >= PLATFORM_HASH_BYTES ? globalThis.crypto?.subtle : undefined;
  const hash = subtle
    ? new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>))
    : sha256(bytes);
  return toHex(hash);
}

function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
