import { detach } from "./detach.ts";

/** A file's bytes, or the module that was compiled of them on their way. */
export type Asset = Uint8Array | WebAssembly.Module;

interface Slot {
  asset: Promise<Asset | undefined>;
  fill: (asset: Asset | undefined) => void;
}

/**
 * The assets the host has sent or is about to send. They arrive one by one, so that the first can be worked on while the
 * others are on their way.
 */
export class AssetShelf {
  readonly #slots = new Map<string, Slot>();

  /** Says that these come, or that their absence will be told. Loading any other answers at once. */
  expect(names: readonly string[]): void {
    for (const name of names) this.#slotOf(name);
  }

  /** Takes what has arrived; `absent` are those that will not. */
  put(assets: Readonly<Record<string, Asset>>, absent: readonly string[]): void {
    for (const [name, asset] of Object.entries(assets)) this.#slotOf(name).fill(asset);
    for (const name of absent) {
      this.#slotOf(name).fill(undefined);
      // It may come after all, when it is asked for again.
      this.#markGone(name);
    }
  }

  /** An asset's bytes once they are here; `undefined` for one that is absent, compiled, or was never spoken of. */
  async load(name: string): Promise<Uint8Array | undefined> {
    const asset = await this.#slots.get(name)?.asset;
    return asset instanceof Uint8Array ? asset : undefined;
  }

  /** As `load`, for what was compiled. */
  async loadCompiled(name: string): Promise<WebAssembly.Module | undefined> {
    const asset = await this.#slots.get(name)?.asset;
    return asset instanceof Uint8Array ? undefined : asset;
  }

  /** Frees an asset's memory at once, whoever holds on to the bytes: a collector may not come by for a long time. */
  async drop(name: string): Promise<void> {
    const bytes = await this.load(name);
    this.#markGone(name);
    if (bytes !== undefined) detach(bytes);
  }

  /** Forgets what has been used: the bytes of an interpreter are as large as the interpreter. */
  release(names: readonly string[]): void {
    for (const name of names) this.#markGone(name);
  }

  /** The host sends nothing twice: who asks again, after a start that failed, is told at once instead of waiting. */
  #markGone(name: string): void {
    this.#slots.set(name, {
      asset: Promise.resolve(undefined),
      fill: (asset) => void this.#slots.set(name, { asset: Promise.resolve(asset), fill() {} }),
    });
  }

  #slotOf(name: string): Slot {
    const known = this.#slots.get(name);
    if (known) return known;
    let fill: Slot["fill"] = () => {};
    const asset = new Promise<Asset | undefined>((resolve) => {
      fill = resolve;
    });
    const slot = { asset, fill };
    this.#slots.set(name, slot);
    return slot;
  }
}
