import { type Snapshot, SnapshotStore } from "../../index.browser.ts";
import { describeFailure } from "./failure.ts";

/** The store's name in the browser, and the one snapshot in it. */
const STORE = "sandglass-playground";
const NAME = "workspace";

/**
 * The sandbox's files across reloads, in the browser's private storage. What cannot be kept is said once and stands in
 * nobody's way.
 */
export class KeptFiles {
  readonly #say: (sentence: string) => void;
  #store: Promise<SnapshotStore> | undefined;
  /** One change of the store after the other. */
  #queue: Promise<void> = Promise.resolve();
  /** What is to be kept next; `null` for nothing at all. */
  #next: Snapshot | null | undefined;
  #hasComplained = false;

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  /** What an earlier visit left, if anything. */
  async load(): Promise<Snapshot | undefined> {
    try {
      return await (await this.#open()).load(NAME);
    } catch (error) {
      this.#complain("The files of your last visit could not be read", error);
      return undefined;
    }
  }

  /** Keeps this state instead of the one before; of several at once, the last. Resolves when that is done. */
  save(snapshot: Snapshot): Promise<void> {
    return this.#change(snapshot);
  }

  /** Resolves when nothing is kept. */
  clear(): Promise<void> {
    return this.#change(null);
  }

  #change(next: Snapshot | null): Promise<void> {
    const isWaiting = this.#next !== undefined;
    this.#next = next;
    if (!isWaiting) this.#queue = this.#queue.then(() => this.#write());
    return this.#queue;
  }

  async #write(): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    try {
      const store = await this.#open();
      if (next) await store.save(NAME, next);
      else await store.remove(NAME);
    } catch (error) {
      // Where nothing can be kept, there is nothing to take away.
      if (next) this.#complain("Files are not kept across reloads", error);
    }
  }

  #open(): Promise<SnapshotStore> {
    this.#store ??= SnapshotStore.open({ location: STORE });
    this.#store.catch(() => {
      this.#store = undefined;
    });
    return this.#store;
  }

  #complain(what: string, error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#say(`${what}: ${describeFailure(error).message}.`);
  }
}
