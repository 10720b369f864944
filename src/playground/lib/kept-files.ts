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
  #next: Snapshot | undefined;
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

  /** Keeps this state instead of the one before; of several at once, the last. */
  save(snapshot: Snapshot): void {
    const isWaiting = this.#next !== undefined;
    this.#next = snapshot;
    if (isWaiting) return;
    this.#queue = this.#queue.then(async () => {
      const next = this.#next;
      this.#next = undefined;
      try {
        if (next !== undefined) await (await this.#open()).save(NAME, next);
      } catch (error) {
        this.#complain("Files are not kept across reloads", error);
      }
    });
  }

  clear(): Promise<void> {
    this.#next = undefined;
    this.#queue = this.#queue.then(async () => {
      try {
        await (await this.#open()).remove(NAME);
      } catch {
        // Nothing could be kept here, so nothing is.
      }
    });
    return this.#queue;
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
