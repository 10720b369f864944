import * as v from "valibot";
import type { Progress } from "../../client/options.ts";
import { type AssetManifest, type AssetName, OPTIONAL_ASSETS } from "../../protocol/assets.ts";
import { AssetCopies } from "./asset-copies.ts";
import { download, unavailable } from "./download.ts";

const manifestSchema: v.GenericSchema<unknown, AssetManifest> = v.object({
  version: v.string(),
  assets: v.record(
    v.string(),
    v.object({ file: v.pipe(v.string(), v.regex(/^[\w.-]+$/)), bytes: v.number(), sha256: v.string() }),
  ),
});

type Bytes = Uint8Array<ArrayBuffer>;
type AssetDescription = AssetManifest["assets"][string];

const KEEP_DELAY_MS = 3000;

/** What has been fetched stays for the page's life: the next sandbox reads it again. */
const stores = new Map<string, AssetStore>();

export function getAssetStore(baseUrl: URL): AssetStore {
  const store = stores.get(baseUrl.href) ?? new AssetStore(baseUrl);
  stores.set(baseUrl.href, store);
  return store;
}

/** The asset folder as a web server shows it: `manifest.json` and the files it names, loaded once and checked. */
export class AssetStore {
  readonly #baseUrl: URL;
  readonly #files = new Map<string, Promise<Blob>>();
  readonly #copies: AssetCopies;
  /** Settles when every copy that is to be kept has been. */
  #unkept: Promise<void> = Promise.resolve();
  #manifest: Promise<AssetManifest> | undefined;
  /** Whether the copies of earlier builds were let go. */
  #isPruned = false;

  constructor(baseUrl: URL) {
    this.#baseUrl = baseUrl;
    this.#copies = new AssetCopies(baseUrl);
  }

  /** Resolves when what was loaded so far is kept for the next visit, where it can be. */
  get kept(): Promise<void> {
    return this.#unkept;
  }

  /** Whether these assets, of those that exist, have been loaded or were kept by an earlier visit: then they need no network. */
  async hasCopies(names: readonly AssetName[]): Promise<boolean> {
    if (this.#files.size === 0 && !(await this.#copies.isInUse())) return false;
    const { assets } = await this.#loadManifest();
    const has = names.map(async (name) => {
      const asset = assets[name];
      if (asset === undefined || this.#files.has(name)) return true;
      const copy = await this.#loadCopy(asset);
      if (copy && !this.#files.has(name)) this.#files.set(name, Promise.resolve(copy));
      return copy !== undefined;
    });
    return (await Promise.all(has)).every(Boolean);
  }

  /** Address of an asset, for what the browser itself has to load (the cage document). */
  async getUrl(name: AssetName): Promise<URL> {
    return new URL((await this.#describe(name)).file, this.#baseUrl);
  }

  /**
   * The assets that exist, by name, all at once loaded. A Blob lies with the browser, not in the page: to hand it on
   * copies nothing, and whoever needs the bytes reads them.
   *
   * @param onLoaded - Called with each as soon as it is there.
   * @throws {SandboxError} `asset-unavailable` when one that is needed is missing, cut short or not what was built.
   */
  async load(
    names: readonly AssetName[],
    onProgress?: (progress: Progress) => void,
    onLoaded?: (name: AssetName, content: Blob) => void,
  ): Promise<Map<AssetName, Blob>> {
    const { assets } = await this.#loadManifest();
    const wanted = names.filter((name) => assets[name] || !OPTIONAL_ASSETS.includes(name));
    const totalBytes = wanted.reduce((sum, name) => sum + (assets[name]?.bytes ?? 0), 0);
    const loadedByName = new Map<AssetName, number>();
    const report = (name: AssetName, bytes: number) => {
      loadedByName.set(name, bytes);
      const loadedBytes = [...loadedByName.values()].reduce((sum, loaded) => sum + loaded, 0);
      onProgress?.({ message: "Loading", loadedBytes, totalBytes });
    };
    const loaded = await Promise.all(
      wanted.map(async (name) => {
        await this.#forgetUnreadable(name);
        const cached = this.#files.get(name) ?? this.#loadChecked(name, (bytes) => report(name, bytes));
        this.#files.set(name, cached);
        cached.catch(() => this.#files.delete(name));
        // What is only there to be faster must not stand in the way: without it the slower way is taken.
        if (OPTIONAL_ASSETS.includes(name) && (await cached.catch(() => null)) === null) return [];
        const content = await cached;
        onLoaded?.(name, content);
        return [[name, content] as const];
      }),
    );
    return new Map(loaded.flat());
  }

  /** What was loaded before may not be there any more: who clears a site's data takes the copies away. */
  async #forgetUnreadable(name: AssetName): Promise<void> {
    const known = this.#files.get(name);
    try {
      await (await known)?.slice(-1).arrayBuffer();
    } catch {
      if (this.#files.get(name) === known) this.#files.delete(name);
    }
  }

  async #describe(name: AssetName): Promise<AssetDescription> {
    const asset = (await this.#loadManifest()).assets[name];
    if (asset) return asset;
    throw unavailable(`The asset folder ${this.#baseUrl.href} has no "${name}"`);
  }

  #loadManifest(): Promise<AssetManifest> {
    this.#manifest ??= (async () => {
      const url = new URL("manifest.json", this.#baseUrl);
      const pieces: Bytes[] = [];
      await download(url, undefined, (piece) => pieces.push(piece));
      const parsed = v.safeParse(manifestSchema, parseJson(await new Blob(pieces).text()));
      if (!parsed.success) throw unavailable(`${url.href} is not the manifest of an asset folder`);
      return parsed.output;
    })();
    this.#manifest.catch(() => {
      this.#manifest = undefined;
    });
    return this.#manifest;
  }

  /** From the copies of an earlier visit, else fetched. */
  async #loadChecked(name: AssetName, onBytes: (bytes: number) => void): Promise<Blob> {
    const asset = await this.#describe(name);
    const copy = await this.#loadCopy(asset);
    if (copy) {
      onBytes(copy.size);
      return copy;
    }
    const content = new Blob([await this.#fetchChecked(asset, onBytes)]);
    this.#keepLater(asset, content);
    return content;
  }

  async #loadCopy(asset: AssetDescription): Promise<Blob | undefined> {
    const copy = await this.#copies.load(asset);
    if (copy) this.#checkLater(asset, copy);
    return copy;
  }

  async #fetchChecked(asset: AssetDescription, onBytes: (bytes: number) => void): Promise<Bytes> {
    const url = new URL(asset.file, this.#baseUrl);
    const bytes = new Uint8Array(asset.bytes);
    let received = 0;
    await download(url, asset.bytes, (piece) => {
      if (received + piece.length <= bytes.length) bytes.set(piece, received);
      received += piece.length;
      onBytes(received);
    });
    if (received !== asset.bytes)
      throw unavailable(`${url.href} has ${received} bytes; ${asset.bytes} were built`);
    const found = await hash(bytes);
    if (found !== undefined && found !== asset.sha256)
      throw unavailable(`${url.href} has the SHA-256 ${found}; ${asset.sha256} was built`);
    return bytes;
  }

  /** A copy that is not what was built, whoever changed it, is there for this visit only. */
  #checkLater(asset: AssetDescription, copy: Blob): void {
    this.#unkept = this.#unkept.then(async () => {
      await idle();
      const bytes = await copy.arrayBuffer().catch(() => undefined);
      const found = bytes && (await hash(new Uint8Array(bytes)));
      if (found !== asset.sha256) await this.#copies.remove(asset);
    });
  }

  /** When the page has nothing else to do: the reader waits for what runs, not for the next visit. */
  #keepLater(asset: AssetDescription, content: Blob): void {
    this.#unkept = this.#unkept.then(async () => {
      await idle();
      await this.#copies.keep(asset, content);
      if (this.#isPruned) return;
      this.#isPruned = true;
      const { assets } = await this.#loadManifest();
      await this.#copies.prune(Object.values(assets));
    });
  }
}

/** WebCrypto exists in secure contexts only; elsewhere the length is all that can be checked. */
async function hash(bytes: Bytes): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve());
    else setTimeout(resolve, KEEP_DELAY_MS);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
