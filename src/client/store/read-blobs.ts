import type { WireTreeEntry } from "../../protocol/api.ts";
import { hashOf, hashOfContent } from "./hash.ts";
import { invalid, type Manifest, type ManifestPart } from "./manifest.ts";
import { type Part, type PartContent, parsePart } from "./part.ts";
import type { StorePlace } from "./place.ts";

/** Contents that are read at once. */
const READS = 8;

/** A part that was read: what it refers to, and its entries once that is there too. */
export interface ReadPart {
  part: Part;
  fill: (contents: ReadonlyMap<string, Uint8Array>) => WireTreeEntry[];
}

/**
 * Reads one part of a snapshot, its hash checked.
 *
 * @throws {SandboxError} `invalid-snapshot` when it is missing or damaged, with its numbers.
 */
export async function readPart(
  place: StorePlace,
  { name, parts }: Pick<Manifest, "name" | "parts">,
  part: ManifestPart,
  index: number,
): Promise<ReadPart> {
  const what = `Part ${index + 1} of ${parts.length} of the snapshot "${name}", with ${part.entryCount} entries,`;
  const bytes = await place.read("blobs", part.sha256);
  await refuseDamaged(bytes, { key: part.sha256, bytes: part.bytes }, what, hashOf);
  return parsePart(bytes!, part, what);
}

/**
 * Reads contents that are not there yet into `contents`, each once, their hashes checked.
 *
 * @throws {SandboxError} `invalid-snapshot` naming the path of one that is missing or damaged, with its numbers.
 */
export async function readContents(
  place: StorePlace,
  { name }: Pick<Manifest, "name">,
  wanted: readonly PartContent[],
  contents: Map<string, Uint8Array>,
): Promise<void> {
  const queue = [...new Map(wanted.map((content) => [content.key, content])).values()].filter(
    ({ key }) => !contents.has(key),
  );
  const read = async () => {
    for (let content = queue.shift(); content; content = queue.shift()) {
      const bytes = await place.read("blobs", content.key);
      const what = `The content of "${content.path}" in the snapshot "${name}"`;
      await refuseDamaged(bytes, content, what, hashOfContent);
      contents.set(content.key, bytes!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(READS, queue.length) }, read));
}

async function refuseDamaged(
  bytes: Uint8Array | undefined,
  expected: { key: string; bytes: number },
  what: string,
  hash: (bytes: Uint8Array) => Promise<string>,
): Promise<void> {
  if (!bytes) throw invalid(`${what} is missing: its ${expected.bytes} bytes are no longer stored`);
  if (bytes.length !== expected.bytes) {
    throw invalid(`${what} is damaged: it has ${bytes.length} of ${expected.bytes} bytes`);
  }
  if ((await hash(bytes)) !== expected.key) {
    throw invalid(
      `${what} is damaged: its ${bytes.length} bytes do not have the SHA-256 they were stored with`,
    );
  }
}
