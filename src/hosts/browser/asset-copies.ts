import type { AssetManifest } from "../../protocol/assets.ts";

type AssetDescription = AssetManifest["assets"][string];

/** One store of the origin, for all asset folders. */
const CACHE_NAME = "sandglass-assets";

/**
 * Copies of assets in the browser's Cache Storage. HTTP's own cache keeps what a server sent as it came, compressed, and
 * unpacks it at every visit: Python's 33 MB took 360–570 ms in Chromium, from here 90–100. Only ever a shortcut: what is
 * put here was checked before, what is found here is checked when the page is idle, and where there is no such store
 * (no secure context, storage denied or full) everything is fetched.
 */
export class AssetCopies {
  readonly #folder: URL;

  constructor(folder: URL) {
    this.#folder = folder;
  }

  /** Whether anything was ever kept in this browser: where nothing was, nobody has to ask a server what there would be. */
  async isInUse(): Promise<boolean> {
    try {
      return await caches.has(CACHE_NAME);
    } catch {
      return false;
    }
  }

  /** An asset as it was kept; `undefined` when there is none of that length. */
  async load({ file, sha256, bytes }: AssetDescription): Promise<Blob | undefined> {
    return this.#attempt(async (cache) => {
      const response = await cache.match(this.#keyOf({ file, sha256 }));
      const copy = await response?.blob();
      return copy?.size === bytes ? copy : undefined;
    });
  }

  /** Keeps a copy, if there is room. */
  async keep(asset: AssetDescription, content: Blob): Promise<void> {
    await this.#attempt((cache) => cache.put(this.#keyOf(asset), new Response(content)));
  }

  async remove(asset: AssetDescription): Promise<void> {
    await this.#attempt((cache) => cache.delete(this.#keyOf(asset)));
  }

  /** Lets go of this folder's copies that are not among these. */
  async prune(named: readonly AssetDescription[]): Promise<void> {
    await this.#attempt(async (cache) => {
      const kept = new Set(named.map((asset) => this.#keyOf(asset)));
      for (const { url } of await cache.keys()) {
        const isOurs = new URL(".", url).href === this.#folder.href;
        if (isOurs && !kept.has(url)) await cache.delete(url);
      }
    });
  }

  #keyOf({ file, sha256 }: Pick<AssetDescription, "file" | "sha256">): string {
    const key = new URL(file, this.#folder);
    key.search = `?sha256=${sha256}`;
    return key.href;
  }

  async #attempt<T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await caches.open(CACHE_NAME));
    } catch {
      return undefined;
    }
  }
}
