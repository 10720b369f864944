import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import { callOut } from "./call-out.ts";
import type { SandboxHost } from "./host.ts";
import type { Progress } from "./options.ts";
import { type CageKind, PreparedCage } from "./prepared-cage.ts";

/** More cages of a kind than this are never kept waiting; memory bounds all kinds together. */
const MAX_SPARES = 16;
/** A guest that computes for long must not keep the next one from being ready. */
const MAX_BUSY_WAIT_MS = 1000;
/** After so many spares in a row that did not start or did not last, none is opened until somebody asks again. */
const MAX_FAILURES = 3;

/**
 * What one waiting cage takes, by what runs in it: measured on a server, resident memory of the process with its language
 * started, rounded up. See docs/performance.md.
 */
const COST_BYTES: Readonly<Record<Language, number>> = {
  python: 160 * 2 ** 20,
  javascript: 96 * 2 ** 20,
  typescript: 128 * 2 ** 20,
  wasi: 64 * 2 ** 20,
};

/** A kind of cage with a language started in it. */
export interface SpareKind extends CageKind {
  language: Language;
}

/** The spares of one kind. */
interface Shelf {
  kind: SpareKind;
  /** How many are wanted. */
  count: number;
  ready: PreparedCage[];
  opening: Promise<void> | undefined;
  /** Who waits for the one that is being opened, in the order they came. */
  claims: Set<Claim>;
  failures: number;
  lastFailure: unknown;
}
type OnProgress = (progress: Progress) => void;

interface Claim {
  onProgress: OnProgress;
  resolve: (cage: PreparedCage | undefined) => void;
}

/**
 * Cages that were opened before somebody needed them. Each is used by one sandbox and then thrown away. Refilled when
 * there is time, one at a time; given up when memory is short or nobody looks.
 */
export class SparePool {
  readonly #host: SandboxHost;
  readonly #shelves = new Map<string, Shelf>();
  #mayKeep = true;
  #stopWatching: (() => void) | undefined;
  #busyCount = 0;
  /** Sandboxes that are being opened, and languages being started, for somebody who waits. */
  #startCount = 0;
  readonly #waiting: (() => void)[] = [];
  #cancelRefill: (() => void) | undefined;

  constructor(host: SandboxHost) {
    this.#host = host;
  }

  /** Spares that wait now, of every kind. */
  get readyCount(): number {
    return [...this.#shelves.values()].reduce((sum, { ready }) => sum + ready.length, 0);
  }

  /**
   * From now on keeps so many of a kind ready; 0 gives up those there are.
   *
   * @throws {SandboxError} `invalid-argument` for a number that is none, or above 16.
   */
  keep(kind: SpareKind, count: number): void {
    if (!Number.isInteger(count) || count < 0 || count > MAX_SPARES) {
      throw new SandboxError(`spares is ${count}; it must be a whole number from 0 to ${MAX_SPARES}`, {
        code: "invalid-argument",
      });
    }
    const shelf = this.#shelfOf(kind);
    shelf.count = count;
    shelf.failures = 0;
    for (const cage of shelf.ready.splice(count)) discard(cage);
    if (count === 0) this.#shelves.delete(keyOf(kind));
    this.#stopWatching ??= this.#host.spareTime.watch((mayKeep) => this.#allow(mayKeep));
    this.#refillLater();
  }

  /** A spare of a kind, if one waits: the caller's from now on. */
  take(kind: SpareKind): PreparedCage | undefined {
    const shelf = this.#shelves.get(keyOf(kind));
    if (!shelf) return undefined;
    const cage = shelf.ready.shift();
    if (cage) {
      // It started and it lasted.
      if (cage.isAlive) shelf.failures = 0;
      this.#refillLater();
    }
    return cage;
  }

  /**
   * As `take`; where none waits but one is on its way, that one, as soon as its language runs: it is further than one that
   * would be opened now, and two at once take each other's time.
   *
   * @param givenUp - Settles when the caller does not want it any more.
   */
  async claim(
    kind: SpareKind,
    onProgress: OnProgress = () => {},
    givenUp?: Promise<unknown>,
  ): Promise<PreparedCage | undefined> {
    const shelf = this.#shelves.get(keyOf(kind));
    const ready = this.take(kind);
    if (ready || !shelf?.opening) return ready;
    return new Promise((resolve) => {
      const claim: Claim = { onProgress, resolve };
      shelf.claims.add(claim);
      void givenUp?.then(() => {
        if (shelf.claims.delete(claim)) resolve(undefined);
      });
    });
  }

  /**
   * Resolves when the spares of a kind are there.
   *
   * @throws {SandboxError} why they cannot be: what opening one ended with, or `cage-unavailable` when spares are not
   *   kept now.
   */
  async fill(kind: SpareKind): Promise<void> {
    const shelf = this.#shelfOf(kind);
    shelf.failures = 0;
    for (;;) {
      if (!shelf.opening && this.#startCount > 0) await this.#untilFree();
      if (shelf.ready.length >= shelf.count) return;
      if (!this.#canOpen(shelf)) {
        throw (
          shelf.lastFailure ??
          new SandboxError(`${shelf.ready.length} of ${shelf.count} spares are ready, and memory is short`, {
            code: "cage-unavailable",
            hint: "Sandboxes can still be created; each opens its own cage.",
          })
        );
      }
      await this.#openOne(shelf);
    }
  }

  /** A run begins or ends; spares are opened in between. */
  noteBusy(isBusy: boolean): void {
    this.#busyCount += isBusy ? 1 : -1;
  }

  /** Does what somebody waits for. No spare is opened meanwhile: it would take half of the processor. */
  async first<T>(work: () => Promise<T>): Promise<T> {
    this.#startCount += 1;
    try {
      return await work();
    } finally {
      this.#startCount -= 1;
      if (this.#startCount === 0) {
        for (const resolve of this.#waiting.splice(0)) resolve();
        this.#refillLater();
      }
    }
  }

  /** Resolves when nobody waits for a start. */
  async #untilFree(): Promise<void> {
    while (this.#startCount > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #shelfOf(kind: SpareKind): Shelf {
    const key = keyOf(kind);
    const known = this.#shelves.get(key);
    if (known) return known;
    const shelf = {
      kind,
      count: 0,
      ready: [],
      opening: undefined,
      claims: new Set<Claim>(),
      failures: 0,
      lastFailure: undefined,
    };
    this.#shelves.set(key, shelf);
    return shelf;
  }

  #allow(mayKeep: boolean): void {
    this.#mayKeep = mayKeep;
    if (mayKeep) return this.#refillLater();
    this.#cancelRefill?.();
    this.#cancelRefill = undefined;
    for (const { ready } of this.#shelves.values()) for (const cage of ready.splice(0)) discard(cage);
  }

  #refillLater(): void {
    if (this.#cancelRefill || this.#startCount > 0 || !this.#nextToFill()) return;
    const startMs = performance.now();
    const wait = () => {
      this.#cancelRefill = this.#host.spareTime.whenIdle(() => {
        if (this.#busyCount > 0 && performance.now() - startMs < MAX_BUSY_WAIT_MS) return wait();
        this.#cancelRefill = undefined;
        // Whose end looks here again.
        if (this.#startCount > 0) return;
        const shelf = this.#nextToFill();
        if (shelf) void this.#openOne(shelf).then(() => this.#refillLater());
      });
    };
    wait();
  }

  #nextToFill(): Shelf | undefined {
    return [...this.#shelves.values()].find(
      (shelf) => !shelf.opening && shelf.ready.length < shelf.count && this.#canOpen(shelf),
    );
  }

  #canOpen({ kind, failures }: Shelf): boolean {
    return (
      this.#mayKeep && failures < MAX_FAILURES && this.#host.spareTime.hasMemory(COST_BYTES[kind.language])
    );
  }

  /** Opens one more spare of a shelf; joins the one that is being opened. Never rejects: the shelf remembers why not. */
  #openOne(shelf: Shelf): Promise<void> {
    shelf.opening ??= this.#open(shelf).finally(() => {
      shelf.opening = undefined;
      // There was one for the first of them at most: the others open their own.
      for (const claim of shelf.claims) claim.resolve(undefined);
      shelf.claims.clear();
    });
    return shelf.opening;
  }

  async #open(shelf: Shelf): Promise<void> {
    const { kind, claims } = shelf;
    const onProgress = (progress: Progress) => {
      for (const claim of [...claims]) callOut(() => claim.onProgress(progress));
    };
    let cage: PreparedCage | undefined;
    try {
      cage = await PreparedCage.open(this.#host.openCage, kind, kind.language, true, onProgress);
      const boot = await cage.boot(kind.language, [], onProgress);
      // A Python that was booted plainly cannot go back: it waits as it is.
      const canGoBack = kind.language !== "python" || boot.fromSnapshot !== false;
      if (canGoBack) await cage.rehearse(kind, () => claims.size > 0);
    } catch (error) {
      if (cage) discard(cage);
      shelf.failures += 1;
      shelf.lastFailure = error;
      return;
    }
    const [first] = claims;
    // Somebody waits for it, whatever has become of the reasons to keep one.
    if (first) {
      claims.delete(first);
      shelf.failures = 0;
      return first.resolve(cage);
    }
    // Given up, or enough of them, while it was opening.
    if (!this.#mayKeep || shelf.ready.length >= shelf.count) return discard(cage);
    shelf.ready.push(cage);
    const waiting = cage;
    void waiting.session.ended.then(({ detail }) => {
      const index = shelf.ready.indexOf(waiting);
      if (index < 0) return;
      shelf.ready.splice(index, 1);
      shelf.failures += 1;
      shelf.lastFailure = new SandboxError(`A spare ended while it waited: ${detail}`, { code: "cage-died" });
      this.#refillLater();
    });
  }
}

const keyOf = ({ memoryBytes, fileBytes, assetsUrl, language }: SpareKind) =>
  JSON.stringify([memoryBytes, fileBytes, String(assetsUrl ?? ""), language]);

function discard(cage: PreparedCage): void {
  cage.session.kill({ cause: "killed", detail: "the spare was not needed" });
}
