import { encode } from "@msgpack/msgpack";
import * as v from "valibot";
import { SandboxError } from "../../errors.ts";
import { decodeStored } from "../decode-stored.ts";
import { countSchema, type Manifest, type ManifestPart, parseManifest } from "./manifest.ts";
import { nameOfKey } from "./names.ts";
import type { StorePlace } from "./place.ts";
import { readPart } from "./read-blobs.ts";

/** Less garbage than this is not worth a walk through the store. */
const MIN_GARBAGE_BYTES = 4 * 2 ** 20;
/** A blob takes at least this much of a disk. */
const BLOCK_BYTES = 4096;

const GENERATION = "generation";
const ESTIMATE = "garbage";

/** What is thought to be garbage, and what was alive when the last was collected. It decides when to look, nothing else. */
interface Estimate {
  garbageBytes: number;
  liveBytes: number;
}
const estimateSchema: v.GenericSchema<unknown, Estimate> = v.strictObject({
  garbageBytes: countSchema,
  liveBytes: countSchema,
});

/**
 * Removes the blobs that no snapshot needs. It works alone: while it marks and removes, nobody saves. What it knows of
 * parts is kept, so that the next time only new ones are read.
 */
export class GarbageCollector {
  readonly #place: StorePlace;
  /** The contents that a part needs, by its hash. */
  #contents = new Map<string, readonly string[]>();

  constructor(place: StorePlace) {
    this.#place = place;
  }

  /**
   * Changes whenever blobs are removed: who reads it under the lock knows whether what was there still is. A collection
   * takes the mark away, which needs no room on a full disk, and the next to come makes another one.
   *
   * @returns undefined where none can be made.
   */
  async readGeneration(): Promise<string | undefined> {
    const bytes = await this.#place.read("meta", GENERATION);
    if (bytes) return new TextDecoder().decode(bytes);
    const generation = newGeneration();
    try {
      await this.#place.write([
        { space: "meta", key: GENERATION, bytes: new TextEncoder().encode(generation) },
      ]);
      return generation;
    } catch {
      // Full, or not ours to write: then nothing is remembered, and everything is looked up.
      return undefined;
    }
  }

  /** Remembers how much of an old snapshot its successor does not need. Only a guess: it may fail. */
  async charge(old: Manifest | undefined, successor: Manifest | undefined): Promise<void> {
    const kept = new Set(successor?.parts.map(({ sha256 }) => sha256));
    const dropped = old?.parts.filter(({ sha256 }) => !kept.has(sha256)) ?? [];
    if (dropped.length === 0) return;
    try {
      const estimate = await this.#readEstimate();
      estimate.garbageBytes += dropped.reduce((sum, part) => sum + costOf(part), 0);
      await this.#writeEstimate(estimate);
    } catch {
      // What was asked for is done; the garbage will be found by a later collection.
    }
  }

  /**
   * Collects when there is half as much garbage as was alive the last time, so that its cost is in proportion to what was
   * saved. What was asked for is done by then: a collection that fails is left to the next.
   */
  async collectWhenWorthIt(): Promise<void> {
    try {
      const { garbageBytes, liveBytes } = await this.#readEstimate();
      if (garbageBytes >= Math.max(MIN_GARBAGE_BYTES, liveBytes / 2)) await this.collect();
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
    }
  }

  async collect(): Promise<{ removedCount: number; removedBytes: number }> {
    return this.#place.lock("alone", async () => {
      const live = await this.#mark();
      const stored = await this.#place.list("blobs");
      const dead = stored.filter(({ key }) => !live.has(key));
      let removedBytes = dead.reduce((sum, { bytes }) => sum + bytes, 0);
      if (dead.length > 0) {
        // First: whoever is killed in the middle has told the others.
        await this.#place.remove("meta", [GENERATION]);
        await this.#place.remove(
          "blobs",
          dead.map(({ key }) => key),
        );
      }
      const swept = await this.#place.sweep();
      const totalBytes = stored.reduce((sum, { bytes }) => sum + Math.max(bytes, BLOCK_BYTES), 0);
      const liveBytes = Math.max(0, totalBytes - removedBytes);
      await this.#writeEstimate({ garbageBytes: 0, liveBytes }).catch(() => {});
      removedBytes += swept.removedBytes;
      return { removedCount: dead.length + swept.removedCount, removedBytes };
    });
  }

  /** All blobs that a snapshot needs. @throws {SandboxError} `invalid-snapshot` when that cannot be told. */
  async #mark(): Promise<Set<string>> {
    const live = new Set<string>();
    const contents = new Map<string, readonly string[]>();
    for (const { key } of await this.#place.list("names")) {
      const name = nameOfKey(key);
      if (name === undefined) continue;
      try {
        const bytes = await this.#place.read("names", key);
        if (!bytes) continue;
        const manifest = parseManifest(bytes, name);
        for (const [index, part] of manifest.parts.entries()) {
          if (live.has(part.sha256)) continue;
          live.add(part.sha256);
          const needs = this.#contents.get(part.sha256) ?? (await this.#contentsOf(manifest, part, index));
          contents.set(part.sha256, needs);
          for (const content of needs) live.add(content);
        }
      } catch (error) {
        if (!(error instanceof SandboxError) || error.code !== "invalid-snapshot") throw error;
        throw new SandboxError(
          `Nothing was removed, because nobody can tell what is still needed. ${error.message}`,
          {
            code: "invalid-snapshot",
            hint: `Remove the snapshot "${name}", or store it again.`,
            cause: error,
          },
        );
      }
    }
    this.#contents = contents;
    return live;
  }

  async #contentsOf(manifest: Manifest, part: ManifestPart, index: number): Promise<readonly string[]> {
    if (part.blobBytes === 0) return [];
    const { part: read } = await readPart(this.#place, manifest, part, index);
    return read.contents.map(({ key }) => key);
  }

  async #readEstimate(): Promise<Estimate> {
    const bytes = await this.#place.read("meta", ESTIMATE);
    try {
      const parsed = v.safeParse(estimateSchema, bytes && decodeStored(bytes, { useBigInt64: false }));
      if (parsed.success) return { ...parsed.output };
    } catch {
      // As if nothing was known.
    }
    return { garbageBytes: 0, liveBytes: 0 };
  }

  async #writeEstimate(estimate: Estimate): Promise<void> {
    await this.#place.write([{ space: "meta", key: ESTIMATE, bytes: encode(estimate) }]);
  }
}

function costOf({ bytes, blobBytes }: ManifestPart): number {
  return Math.max(bytes, BLOCK_BYTES) + blobBytes;
}

function newGeneration(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
