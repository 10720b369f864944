import { decode, encode } from "@msgpack/msgpack";
import type { WireTreeEntry } from "./api.ts";

/** Packs are remembered up to this size: the files of a larger one would be held twice. */
const MAX_REMEMBERED_BYTES = 256 * 1024;

const remembered = new WeakMap<readonly WireTreeEntry[], Uint8Array>();

/**
 * Entries as one piece of MessagePack. On its way into a cage a tree is copied by every thread it passes: a thousand
 * entries one by one cost ten times what their bytes cost at once. What was packed before is not packed again.
 *
 * @param chunk - Never changed: a chunk of an `EntryTree`.
 */
export function packEntries(chunk: readonly WireTreeEntry[]): Uint8Array {
  const known = remembered.get(chunk);
  if (known) return known;
  const packed = encode(chunk, { ignoreUndefined: true, useBigInt64: true });
  if (packed.length <= MAX_REMEMBERED_BYTES) remembered.set(chunk, packed);
  return packed;
}

/** The entries of packs that the host made, in order. Their contents are views of the packs. */
export function unpackEntries(packs: readonly Uint8Array[]): WireTreeEntry[] {
  const entries: WireTreeEntry[] = [];
  for (const pack of packs) entries.push(...(decode(pack, { useBigInt64: true }) as WireTreeEntry[]));
  return entries;
}
