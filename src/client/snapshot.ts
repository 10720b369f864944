import { encode } from "@msgpack/msgpack";
import { sha256 } from "@noble/hashes/sha2.js";
import { SandboxError } from "../errors.ts";
import type { WireTreeEntry } from "../protocol/api.ts";
import { parseMessage, treeEntriesSchema } from "../protocol/schema.ts";
import { decodeStored } from "./decode-stored.ts";
import { type EntrySource, EntryTree, inKeyOrder } from "./entry-tree.ts";

/** First bytes of every snapshot; the digit is the format's version. */
const MAGIC = new TextEncoder().encode("SGSNAP1\n");
const HASH_BYTES = 32;
const HEADER_BYTES = MAGIC.length + HASH_BYTES;

/**
 * A sandbox's files at one moment, with their modes, times, links and symlinks. Immutable. `bytes` can be stored and
 * given to `Snapshot.parse` on any host: magic and version, SHA-256 of the rest, then MessagePack of the entries.
 */
export class Snapshot {
  /** @internal */
  readonly tree: EntryTree;
  #bytes: Uint8Array | undefined;

  /** @internal Taking over a tree costs nothing: it is shared, not copied. */
  constructor(entries: EntrySource) {
    this.tree = EntryTree.from(entries);
  }

  /** @internal Sorted by path. */
  get entries(): readonly WireTreeEntry[] {
    return this.tree.entries;
  }

  /** Files and symlinks, directories not counted. */
  get fileCount(): number {
    return this.tree.totals.fileCount;
  }

  /** The stored form; equal trees give equal bytes. Made when first asked for. Do not write into it. */
  get bytes(): Uint8Array {
    if (!this.#bytes) {
      const body = encode(this.entries.map(inKeyOrder), { ignoreUndefined: true, useBigInt64: true });
      this.#bytes = new Uint8Array(HEADER_BYTES + body.length);
      this.#bytes.set(MAGIC, 0);
      this.#bytes.set(sha256(body), MAGIC.length);
      this.#bytes.set(body, HEADER_BYTES);
    }
    return this.#bytes;
  }

  /** @throws {SandboxError} `invalid-snapshot` for another version, a truncated or an edited snapshot. */
  static parse(bytes: Uint8Array): Snapshot {
    const magic = bytes.subarray(0, MAGIC.length);
    if (!isEqual(magic, MAGIC)) {
      throw invalid(
        bytes.length < MAGIC.length
          ? `A snapshot has at least ${HEADER_BYTES} bytes, this has ${bytes.length}`
          : "These bytes are no snapshot of a version known here",
        `The first bytes must read ${JSON.stringify(new TextDecoder().decode(MAGIC))}.`,
      );
    }
    // A copy: what is read here stays as it was checked, whatever the caller does with the bytes.
    const body = bytes.slice(HEADER_BYTES);
    if (bytes.length < HEADER_BYTES || !isEqual(sha256(body), bytes.subarray(MAGIC.length, HEADER_BYTES))) {
      throw invalid(
        `The snapshot of ${bytes.length} bytes was truncated or edited: its SHA-256 is not the one it carries`,
      );
    }
    let decoded: unknown;
    try {
      decoded = decodeStored(body, { useBigInt64: true });
    } catch (cause) {
      throw invalid("The snapshot's content cannot be decoded", undefined, cause);
    }
    const entries = parseMessage(treeEntriesSchema, decoded);
    if (!entries.success)
      throw invalid(`The snapshot's content is not a file tree: ${entries.issues[0].message}`);
    return new Snapshot(entries.output);
  }
}

/** Of what is damaged nothing can be restored. */
const DEFAULT_HINT = "Take another one with sandbox.snapshot(), and keep all of its bytes.";

function invalid(message: string, hint: string = DEFAULT_HINT, cause?: unknown): SandboxError {
  return new SandboxError(message, { code: "invalid-snapshot", hint, cause });
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
