import { encode } from "@msgpack/msgpack";
import { sha256 } from "@noble/hashes/sha2.js";
import * as v from "valibot";
import { SandboxError } from "../../errors.ts";
import { parseMessage } from "../../protocol/schema.ts";
import { decodeStored } from "../decode-stored.ts";

/** First bytes of every manifest; the digit is the format's version. */
const MAGIC = new TextEncoder().encode("SGSTORE1\n");
const HASH_BYTES = 32;
const HEADER_BYTES = MAGIC.length + HASH_BYTES;
const MAX_PARTS = 200_000;

/** What is kept under a snapshot's name: where its parts are. Names of blobs are SHA-256 in hexadecimal. */
export interface Manifest {
  name: string;
  savedAtMs: number;
  fileCount: number;
  /** Content of all files. */
  bytes: number;
  parts: ManifestPart[];
}

export interface ManifestPart {
  sha256: string;
  /** Size of the part itself. */
  bytes: number;
  entryCount: number;
  /** Size of the blobs that hold the contents which do not stand in the part. */
  blobBytes: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
/** A hash, as the format has it. */
export const hashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256"));
export const countSchema = count;
const manifestSchema: v.GenericSchema<unknown, Manifest> = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(100)),
  savedAtMs: count,
  fileCount: count,
  bytes: count,
  parts: v.pipe(
    v.custom<unknown[]>((value) => Array.isArray(value) && value.length <= MAX_PARTS, "not a list of parts"),
    v.array(v.strictObject({ sha256: hashSchema, bytes: count, entryCount: count, blobBytes: count })),
  ),
});

/** The stored form: magic and version, SHA-256 of the rest, then MessagePack. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const body = encode(manifest);
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(MAGIC, 0);
  bytes.set(sha256(body), MAGIC.length);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

/**
 * Reads a manifest as what it is: bytes from a disk that others can write to.
 *
 * @throws {SandboxError} `invalid-snapshot` saying what is wrong with it.
 */
export function parseManifest(bytes: Uint8Array, name: string): Manifest {
  const what = `The snapshot "${name}"`;
  if (bytes.length < HEADER_BYTES) {
    throw invalid(`${what} is cut short: its manifest has ${bytes.length} of at least ${HEADER_BYTES} bytes`);
  }
  if (!isEqual(bytes.subarray(0, MAGIC.length), MAGIC)) {
    throw invalid(
      `${what} is kept in a format that is not known here`,
      "A newer version may have stored it; store it again, or remove it.",
    );
  }
  const body = bytes.subarray(HEADER_BYTES);
  if (!isEqual(sha256(body), bytes.subarray(MAGIC.length, HEADER_BYTES))) {
    throw invalid(
      `${what} was cut short or edited: the SHA-256 of its manifest of ${bytes.length} bytes is not the one it carries`,
    );
  }
  let decoded: unknown;
  try {
    decoded = decodeStored(body, { useBigInt64: false });
  } catch (cause) {
    throw invalid(`${what} cannot be read: its manifest is no MessagePack`, undefined, cause);
  }
  const manifest = parseMessage(manifestSchema, decoded);
  if (!manifest.success) throw invalid(`${what} has no valid manifest: ${manifest.issues[0].message}`);
  if (manifest.output.name !== name) {
    throw invalid(`${what} was moved: its manifest is the one of "${manifest.output.name}"`);
  }
  return manifest.output;
}

export function invalid(message: string, hint?: string, cause?: unknown): SandboxError {
  return new SandboxError(message, {
    code: "invalid-snapshot",
    hint: hint ?? "It cannot be restored; remove it, or store it again.",
    cause,
  });
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
