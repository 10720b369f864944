import { encode } from "@msgpack/msgpack";
import * as v from "valibot";
import type { WireTreeEntry } from "../../protocol/api.ts";
import { parseMessage, treeEntriesSchema } from "../../protocol/schema.ts";
import { decodeStored } from "../decode-stored.ts";
import { type EntryChunk, inKeyOrder } from "../entry-tree.ts";
import { hashOf, hashOfContent } from "./hash.ts";
import { countSchema, hashSchema, invalid, type ManifestPart } from "./manifest.ts";
import type { StoredItem } from "./place.ts";

/**
 * Contents up to this size stand in their part, larger ones in a blob of their own. A tree of a thousand small sources
 * is then written as some twenty blobs, not a thousand; and a change of one of them writes a part again, which is this
 * much for some 64 files at most.
 */
const INLINE_BYTES = 4096;

/** One chunk of a tree as it is stored. */
export interface Part extends ManifestPart {
  /** Contents that have a blob of their own. */
  contents: readonly PartContent[];
}

export interface PartContent extends StoredItem {
  /** The path of the first entry that has it. */
  path: string;
}

/** An entry as a part holds it: a large content by its hash. */
type StoredEntry = WireTreeEntry & { blob?: { sha256: string; bytes: number } };

/** Chunks that were encoded before: most of a tree, when it is stored again. */
const known = new WeakMap<EntryChunk, Part>();

/** How a chunk is stored, and its encoded form when it had to be made for that. Unchanged chunks cost nothing. */
export async function partOfChunk(chunk: EntryChunk): Promise<{ part: Part; encoded?: Uint8Array }> {
  const before = known.get(chunk);
  if (before) return { part: before };
  const encoded = await encodePart(chunk);
  const contents = new Map<string, PartContent>();
  for (const entry of chunk) {
    if (!isLarge(entry)) continue;
    const key = await hashOfContent(entry.bytes);
    if (!contents.has(key)) contents.set(key, { key, bytes: entry.bytes.length, path: entry.path });
  }
  const part = {
    sha256: await hashOf(encoded),
    bytes: encoded.length,
    entryCount: chunk.length,
    blobBytes: sumOf(contents.values()),
    contents: [...contents.values()],
  };
  known.set(chunk, part);
  return { part, encoded };
}

/** For a chunk that came out of a part. */
export function rememberPart(chunk: EntryChunk, part: Part): void {
  known.set(chunk, part);
}

/** The bytes of a part; equal chunks give equal bytes. */
export async function encodePart(chunk: EntryChunk): Promise<Uint8Array> {
  const stored: StoredEntry[] = [];
  for (const entry of chunk) {
    if (!isLarge(entry)) stored.push(inKeyOrder(entry));
    else {
      const blob = { sha256: await hashOfContent(entry.bytes), bytes: entry.bytes.length };
      stored.push({ ...inKeyOrder({ ...entry, bytes: undefined }), blob });
    }
  }
  return encode(stored, { ignoreUndefined: true, useBigInt64: true });
}

const blobSchema = v.looseObject({
  path: v.string(),
  bytes: v.optional(v.instance(Uint8Array)),
  blob: v.optional(v.strictObject({ sha256: hashSchema, bytes: countSchema })),
});
const partSchema = v.array(blobSchema);

/**
 * Reads a part whose hash has been checked; who can write to the disk can have written the hash too.
 *
 * @param what - How the part is named in messages.
 * @throws {SandboxError} `invalid-snapshot`.
 */
export function parsePart(
  bytes: Uint8Array,
  of: ManifestPart,
  what: string,
): { part: Part; fill: (contents: ReadonlyMap<string, Uint8Array>) => WireTreeEntry[] } {
  let decoded: unknown;
  try {
    decoded = decodeStored(bytes, { useBigInt64: true });
  } catch (cause) {
    throw invalid(`${what} is no MessagePack`, undefined, cause);
  }
  const isList = Array.isArray(decoded) && decoded.length === of.entryCount;
  if (!isList) throw invalid(`${what} is no list of ${of.entryCount} entries`);
  const rows = parseMessage(partSchema, decoded);
  if (!rows.success) throw invalid(`${what} is no part of a file tree: ${rows.issues[0].message}`);
  const contents = new Map<string, PartContent>();
  for (const { path, blob, bytes: inline } of rows.output) {
    if (!blob) continue;
    if (inline) throw invalid(`${what} gives "${path.slice(0, 200)}" two contents`);
    const other = contents.get(blob.sha256);
    if (other && other.bytes !== blob.bytes) throw invalid(`${what} gives one content two sizes`);
    contents.set(blob.sha256, other ?? { key: blob.sha256, bytes: blob.bytes, path });
  }
  const blobBytes = sumOf(contents.values());
  if (blobBytes !== of.blobBytes) {
    throw invalid(`${what} needs blobs of ${blobBytes} bytes; its manifest says ${of.blobBytes}`);
  }
  return {
    part: { ...of, contents: [...contents.values()] },
    fill(loaded) {
      const filled = rows.output.map(({ blob, ...entry }) => {
        // A copy: one small content shall not keep the whole part.
        const bytes = blob ? loaded.get(blob.sha256) : entry.bytes?.slice();
        return bytes ? { ...entry, bytes } : entry;
      });
      const entries = parseMessage(treeEntriesSchema, filled);
      if (!entries.success) throw invalid(`${what} is no part of a file tree: ${entries.issues[0].message}`);
      return entries.output;
    },
  };
}

function isLarge(entry: WireTreeEntry): entry is WireTreeEntry & { bytes: Uint8Array } {
  return entry.bytes !== undefined && entry.bytes.length > INLINE_BYTES;
}

function sumOf(items: Iterable<StoredItem>): number {
  let sum = 0;
  for (const { bytes } of items) sum += bytes;
  return sum;
}
