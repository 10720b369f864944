import type { Ino } from "./filesystem.ts";

/** Up to so many are copied outright. */
const SMALL = 64;

/**
 * The names in one directory. A copy shares the names it was made from and keeps beside them what changed since, so that
 * one file more in a directory of ten thousand costs a mark neither ten thousand copies nor as many comparisons.
 */
export class Entries {
  /** Written in place while it is this object's alone. */
  #base: Map<string, Ino>;
  /** What changed since the base was shared; `null`: gone. Undefined while the base is ours. */
  #changes: Map<string, Ino | null> | undefined;
  #size: number;

  constructor() {
    this.#base = new Map();
    this.#size = 0;
  }

  get size(): number {
    return this.#size;
  }

  get(name: string): Ino | undefined {
    const changed = this.#changes?.get(name);
    if (changed === undefined) return this.#base.get(name);
    return changed ?? undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, ino: Ino): void {
    if (!this.has(name)) this.#size++;
    if (this.#changes === undefined) this.#base.set(name, ino);
    else this.#changes.set(name, ino);
  }

  delete(name: string): void {
    if (!this.has(name)) return;
    this.#size--;
    if (this.#changes === undefined) this.#base.delete(name);
    else if (this.#base.has(name)) this.#changes.set(name, null);
    else this.#changes.delete(name);
  }

  /** A copy to be changed while this one stays as it is: from now on this one must not be written. */
  copy(): Entries {
    const copy = new Entries();
    copy.#size = this.#size;
    const changes = this.#changes;
    // Every so many changes a base of its own: then a copy costs the square root of what there is, over time.
    if (this.#size <= SMALL || (changes !== undefined && changes.size ** 2 > this.#base.size)) {
      copy.#base = new Map(this);
    } else {
      copy.#base = this.#base;
      copy.#changes = new Map(changes);
    }
    return copy;
  }

  /** Names that may lead elsewhere in the other: all of both, unless they are copies of one. */
  *namesToCompare(other: Entries): Generator<string> {
    if (this === other) return;
    if (this.#base !== other.#base) {
      for (const [name] of this) yield name;
      for (const [name] of other) if (!this.has(name)) yield name;
      return;
    }
    const mine = this.#changes ?? NO_CHANGES;
    yield* mine.keys();
    for (const name of (other.#changes ?? NO_CHANGES).keys()) if (!mine.has(name)) yield name;
  }

  [Symbol.iterator](): Iterator<[name: string, ino: Ino]> & Iterable<[name: string, ino: Ino]> {
    return this.#changes === undefined ? this.#base[Symbol.iterator]() : this.#merged(this.#changes);
  }

  *#merged(changes: ReadonlyMap<string, Ino | null>): Generator<[name: string, ino: Ino]> {
    for (const entry of this.#base) if (!changes.has(entry[0])) yield entry;
    for (const [name, ino] of changes) if (ino !== null) yield [name, ino];
  }
}

const NO_CHANGES: ReadonlyMap<string, Ino | null> = new Map();
