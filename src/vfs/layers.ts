import type { Ino } from "./filesystem.ts";

/** What a layer says about an inode; `null`: it was there below and is gone. */
type Records<T> = Map<Ino, T | null>;

/** A layer as one stack sees it; its pins are this stack's own. */
export interface Layer<T> {
  records: Records<T>;
  /** A fork holds the same map, or records in it: neither may change any more. */
  isShared: boolean;
  /** Marks whose remembered state ends with this layer. */
  pins: number;
}

/** Looks an inode up in one state. */
export type View<T> = (ino: Ino) => T | undefined;

/**
 * The inode table as a stack of layers. Only the top one is written; those below are immutable states that marks and
 * forks remember. Layers nobody remembers are merged, so depth stays at marks + log2(inodes) and memory at what the
 * remembered states really differ in.
 */
export class LayerStack<T extends object> {
  #layers: Layer<T>[];
  #top: Layer<T>;

  constructor(shared: readonly Records<T>[] = []) {
    this.#layers = shared.map((records) => ({ records, isShared: true, pins: 0 }));
    this.#top = emptyLayer();
    this.#layers.push(this.#top);
  }

  get depth(): number {
    return this.#layers.length;
  }

  get(ino: Ino): T | undefined {
    for (let level = this.#layers.length - 1; level >= 0; level--) {
      const record = this.#layers[level]!.records.get(ino);
      if (record !== undefined) return record ?? undefined;
    }
    return undefined;
  }

  /** The record if it stands in the top layer: then it may be changed in place. */
  getWritable(ino: Ino): T | undefined {
    return this.#top.records.get(ino) ?? undefined;
  }

  set(ino: Ino, record: T): void {
    this.#top.records.set(ino, record);
  }

  delete(ino: Ino): void {
    this.#top.records.delete(ino);
    if (this.get(ino) !== undefined) this.#top.records.set(ino, null);
  }

  /** Freezes the present state and remembers it. O(1). Pairs with `unpin`. */
  pin(): Layer<T> {
    const pinned = this.#freeze();
    pinned.pins++;
    return pinned;
  }

  /** Forgets a remembered state once and merges what only it kept apart. */
  unpin(layer: Layer<T>): void {
    layer.pins--;
    this.#compact();
  }

  /** Goes back to a pinned state: what was written since is gone. The pin stays. */
  rollBack(layer: Layer<T>): void {
    this.#layers.length = this.#layers.indexOf(layer) + 1;
    this.#top = emptyLayer();
    this.#layers.push(this.#top);
  }

  /** A second stack over the same records. Both write into fresh layers from now on. */
  fork(): LayerStack<T> {
    this.#compact();
    this.#freeze();
    const frozen = this.#layers.filter((layer) => layer !== this.#top);
    for (const layer of frozen) layer.isShared = true;
    return new LayerStack(frozen.map((layer) => layer.records));
  }

  /** The state that ended with a pinned layer. */
  viewAt(layer: Layer<T>): View<T> {
    const last = this.#layers.indexOf(layer);
    return (ino) => {
      for (let level = last; level >= 0; level--) {
        const record = this.#layers[level]!.records.get(ino);
        if (record !== undefined) return record ?? undefined;
      }
      return undefined;
    };
  }

  /** Every inode written since a pinned layer was frozen. */
  changedSince(layer: Layer<T>): Set<Ino> {
    const changed = new Set<Ino>();
    for (let level = this.#layers.indexOf(layer) + 1; level < this.#layers.length; level++) {
      for (const ino of this.#layers[level]!.records.keys()) changed.add(ino);
    }
    return changed;
  }

  /** Every record any remembered state still holds, for measuring. */
  *allRecords(): Generator<T> {
    for (const layer of this.#layers) {
      for (const record of layer.records.values()) if (record) yield record;
    }
  }

  #freeze(): Layer<T> {
    const below = this.#layers.at(-2);
    if (this.#top.records.size === 0 && below) return below;
    const frozen = this.#top;
    this.#top = emptyLayer();
    this.#layers.push(this.#top);
    return frozen;
  }

  /**
   * Merges each layer nobody remembers with the one above. Layers of this stack alone: in place, at the cost of the
   * upper one's size. Layers shared with forks (always the lowest): into a new map, once the upper one has grown to
   * half the size of the lower, so that each record is copied O(log n) times.
   */
  #compact(): void {
    for (let level = this.#layers.length - 2; level >= 0; level--) {
      const lower = this.#layers[level]!;
      const upper = this.#layers[level + 1]!;
      if (lower.pins > 0) continue;
      // What stands in the top layer is written in place: records a fork may hold must not get there.
      if (lower.isShared && (!upper.isShared || upper.records.size * 2 < lower.records.size)) continue;
      const merged = lower.isShared ? new Map(lower.records) : lower.records;
      for (const [ino, record] of upper.records) {
        if (record === null && level === 0) merged.delete(ino);
        else merged.set(ino, record);
      }
      upper.records = merged;
      this.#layers.splice(level, 1);
    }
  }
}

function emptyLayer<T>(): Layer<T> {
  return { records: new Map(), isShared: false, pins: 0 };
}
