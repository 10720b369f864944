import type { Ino } from "./filesystem.ts";
import { type Instant, toMs } from "./instant.ts";

export type ChangeType = "created" | "modified" | "removed";
export type ChangeListener = (change: { path: string; type: ChangeType }) => void;

/** A guest that never yields still shows its changes this often. */
const FLUSH_AFTER_MS = 100;

/**
 * Tells listeners what changed: at most once per path and microtask, and in the middle of a long synchronous run about
 * every 100 ms. What is created and removed in between is not told. Nothing is kept while nobody listens.
 */
export class Watchers {
  readonly #listeners = new Set<ChangeListener>();
  readonly #pathsOf: (ino: Ino) => string[];
  readonly #names = new Map<string, ChangeType>();
  readonly #contents = new Set<Ino>();
  /** Inodes whose every name is told as created: what is written into them is no further news. */
  readonly #fresh = new Set<Ino>();
  #firstMs: number | undefined;
  #isHeld = false;

  constructor(pathsOf: (ino: Ino) => string[]) {
    this.#pathsOf = pathsOf;
  }

  get isActive(): boolean {
    return this.#listeners.size > 0;
  }

  add(listener: ChangeListener): () => void {
    // A wrapper of its own, so that the same function may listen twice.
    const own: ChangeListener = (change) => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** @param onlyNameOf - The inode that got this name, when it has no other. */
  nameChanged(path: string, type: "created" | "removed", now: Instant, onlyNameOf?: Ino): void {
    if (onlyNameOf !== undefined) this.#fresh.add(onlyNameOf);
    const before = this.#names.get(path);
    if (before === "created" && type === "removed") this.#names.delete(path);
    else this.#names.set(path, before === "removed" && type === "created" ? "modified" : type);
    // A removal is told before it happens (afterwards there is no path), a creation as the last step of its change.
    this.#schedule(now, type === "created");
  }

  /** A directory moved: what was told as created below it has another path now, so its next change is news. */
  directoryMoved(): void {
    this.#fresh.clear();
  }

  /** A path is another thing than before, by whatever way. Called as the last step of a change. */
  pathChanged(path: string, type: ChangeType, now: Instant): void {
    if (type === "modified") {
      if (!this.#names.has(path)) this.#names.set(path, type);
      this.#schedule(now, true);
    } else this.nameChanged(path, type, now);
  }

  /** Called as the last step of a change. */
  contentChanged(ino: Ino, now: Instant): void {
    if (!this.#fresh.has(ino)) this.#contents.add(ino);
    this.#schedule(now, true);
  }

  /** Runs a change that may be undone: it is told when it is done, and not at all when it throws. */
  hold<T>(change: () => T): T {
    const names = [...this.#names];
    const contents = [...this.#contents];
    this.#isHeld = true;
    try {
      return change();
    } catch (error) {
      this.#fresh.clear();
      this.#names.clear();
      this.#contents.clear();
      for (const [path, type] of names) this.#names.set(path, type);
      for (const ino of contents) this.#contents.add(ino);
      throw error;
    } finally {
      this.#isHeld = false;
    }
  }

  #schedule(now: Instant, isChangeDone: boolean): void {
    if (this.#firstMs === undefined) {
      this.#firstMs = toMs(now);
      queueMicrotask(() => this.#flush());
    } else if (isChangeDone && !this.#isHeld && toMs(now) - this.#firstMs > FLUSH_AFTER_MS) {
      this.#flush();
      this.#firstMs = toMs(now);
    }
  }

  #flush(): void {
    for (const ino of this.#contents) {
      for (const path of this.#pathsOf(ino)) {
        if (!this.#names.has(path)) this.#names.set(path, "modified");
      }
    }
    const changes = [...this.#names];
    this.#names.clear();
    this.#contents.clear();
    this.#fresh.clear();
    this.#firstMs = undefined;
    for (const [path, type] of changes) {
      for (const listener of this.#listeners) {
        try {
          listener({ path, type });
        } catch {
          // The write it reports has happened: a listener's own fault must reach neither the guest nor the others.
        }
      }
    }
  }
}
