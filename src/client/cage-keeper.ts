import type * as v from "valibot";
import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import type { Limits } from "../policy/limits.ts";
import type { CageEvent, Changed, WorkerApi } from "../protocol/api.ts";
import { createAnswerSchema, resetAnswerSchema } from "../protocol/schema.ts";
import { packEntries } from "../protocol/tree-pack.ts";
import type { ApiAnswer, CageSession } from "./cage-session.ts";
import { type EntrySource, EntryTree } from "./entry-tree.ts";
import { FileImage } from "./file-image.ts";
import type { SandboxHost } from "./host.ts";
import type { Progress } from "./options.ts";
import { type Boot, PreparedCage, TYPE_STRIPPER } from "./prepared-cage.ts";
import type { SpareKind, SparePool } from "./spares.ts";

/** Room in the host's copy of the files for what the cage counts differently. */
const IMAGE_SLACK_BYTES = 2 ** 20;
/** Files of the largest filesystem there can be take seconds. */
const FILL_TIMEOUT_MS = 60_000;
/** A reset takes milliseconds; one that takes this long is a guest's doing. */
const RESET_TIMEOUT_MS = 5000;

type OnProgress = (progress: Progress) => void;

export interface CageKeeperOptions {
  host: SandboxHost;
  spares: SparePool;
  limits: Readonly<Limits>;
  language: Language;
  /** Whether the language is started while the sandbox opens. */
  startsAtOnce: boolean;
  envs: Record<string, string>;
  readOnlyPaths: string[];
  assetsUrl: string | URL | undefined;
  /** Files to start with. */
  entries: EntrySource;
  /** Whether these files have been in a sandbox with the same limits: then nothing waits until they are in. */
  isKnownToFit: boolean;
  onProgress: OnProgress | undefined;
  onEvent: (session: CageSession, event: CageEvent) => void;
}

/**
 * Keeps one sandbox in a cage: takes a spare or opens one, and when that had to be killed, another one, filled with the
 * files of the last completed work and with the same languages started.
 */
export class CageKeeper {
  /** The host's copy of the files, up to date with every answer of the cage. */
  get image(): FileImage {
    return this.#image;
  }
  readonly #options: CageKeeperOptions;
  #cage: Promise<PreparedCage> | undefined;
  #isKilled = false;
  #tellKilled = () => {};
  readonly #killed = new Promise<void>((resolve) => {
    this.#tellKilled = resolve;
  });
  #image: FileImage;
  #start: EntryTree | undefined;
  /** The last tree that a cage was filled with. */
  #lastGood: EntryTree | undefined;
  /** The cage that is this sandbox's and alive. */
  #current: PreparedCage | undefined;
  #isKnownToFit: boolean;
  /** Settles when the files that nobody waited for are in. */
  #firstFiles: Promise<unknown> | undefined;
  /** Whether anybody asked for the cage since it came: one that ends unasked is not followed by another. */
  #isUsed = false;

  constructor(options: CageKeeperOptions) {
    this.#options = options;
    this.#isKnownToFit = options.isKnownToFit;
    this.#image = this.#imageOf(options.entries);
  }

  /** The present session, if a cage is open or opening. */
  get session(): Promise<CageSession> | undefined {
    return this.#cage?.then(({ session }) => session);
  }

  /** The tree a fresh sandbox starts with, the standard directories included. */
  get startTree(): EntryTree {
    return this.#start ?? EntryTree.from(this.#options.entries);
  }

  /** The present cage; opens one when there is none. @throws {SandboxError} `sandbox-killed`, `cage-unavailable`. */
  async open(): Promise<PreparedCage> {
    this.refuseKilled();
    this.#isUsed = true;
    const opening = this.#cage;
    if (!opening) return this.#open();
    try {
      return await opening;
    } catch (error) {
      // One that was opened ahead of this call, and ended before it could be filled.
      if (!isGone(error) || this.#isKilled) throw error;
      return this.#open();
    }
  }

  #open(): Promise<PreparedCage> {
    this.#cage ??= this.#options.spares
      .first(() => this.#fillNext())
      .catch((error) => {
        this.#cage = undefined;
        throw error;
      });
    return this.#cage;
  }

  /** Calls a method of the cage; of the next one, when a run that had to be killed took this one with it. */
  async ask<M extends keyof WorkerApi>(
    method: M,
    answer: v.GenericSchema<unknown, ApiAnswer<M>>,
    ...args: Parameters<WorkerApi[M]>
  ): Promise<ApiAnswer<M>> {
    const { session } = await this.open();
    try {
      return await session.call(method, answer, ...args);
    } catch (error) {
      if (!isGone(error) || this.#isKilled) throw error;
      return (await this.open()).session.call(method, answer, ...args);
    }
  }

  /** Resolves when the first cage has told what it made of its files: the image is whole then. */
  async settled(): Promise<void> {
    await this.#firstFiles;
  }

  /** Takes over what an answer changed. A cage that reports more than it may is ended. */
  async keep<T>({ value, changes }: Changed<T>): Promise<T> {
    await this.settled();
    try {
      this.#image.apply(changes);
    } catch (error) {
      const session = await this.session;
      session?.kill({ cause: "protocol-violation", detail: (error as Error).message });
      throw error;
    }
    return value;
  }

  /**
   * Starts a language in a cage of this sandbox, if it does not run yet.
   *
   * @returns how the start went and how long it took; `booted` is false when there was nothing left to start.
   */
  boot(
    cage: PreparedCage,
    language: Language,
    onProgress: OnProgress | undefined = this.#options.onProgress,
  ): Promise<Boot> {
    const mayImportTypes = language === "javascript" && this.image.has((path) => /\.m?ts$/.test(path));
    const moreAssets = mayImportTypes ? TYPE_STRIPPER : [];
    return this.#options.spares.first(() => cage.boot(language, moreAssets, onProgress));
  }

  /** Starts a language in the present cage. Where a spare turns out to be gone, in the next one. */
  async start(language: Language, onProgress: OnProgress | undefined): Promise<Boot> {
    const cage = await this.open();
    try {
      return await this.boot(cage, language, onProgress);
    } catch (error) {
      if (!isGone(error) || (await cage.filled) || this.#isKilled) throw error;
      return this.boot(await this.open(), language, onProgress);
    }
  }

  /**
   * Back to the files and the state the sandbox started with: in place, or, where that cannot be, in another cage.
   *
   * @returns whether it was in place.
   */
  async reset(): Promise<boolean> {
    const cage = await this.open();
    const { session } = cage;
    const timer = setTimeout(
      () => session.kill({ cause: "died", detail: `it was not reset within ${RESET_TIMEOUT_MS / 1000} s` }),
      RESET_TIMEOUT_MS,
    );
    let isClean = false;
    try {
      ({ isClean } = await session.call("reset", resetAnswerSchema));
    } catch (error) {
      if (this.#isKilled) throw error;
    } finally {
      clearTimeout(timer);
    }
    await this.settled();
    this.#image = this.#imageOf(this.startTree);
    if (isClean) return true;
    session.kill({ cause: "killed", detail: "it could not be reset" });
    await session.ended;
    const next = await this.open();
    await Promise.all(cage.languages.map((language) => this.boot(next, language)));
    return false;
  }

  /** Whether it was ended for good. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** Ends the cage for good. */
  async kill(): Promise<void> {
    if (this.#isKilled) return;
    this.#isKilled = true;
    this.#tellKilled();
    const cage = await this.#cage?.catch(() => undefined);
    cage?.session.kill({ cause: "killed", detail: "the sandbox was killed" });
  }

  refuseKilled(): void {
    if (this.#isKilled) {
      throw new SandboxError("The sandbox was killed", {
        code: "sandbox-killed",
        hint: "Create another one.",
      });
    }
  }

  /** A spare or a new cage, filled; or a spare with its files on their way, where only the cage itself can be in the way. */
  async #fillNext(): Promise<PreparedCage> {
    const { host, spares, language, startsAtOnce, onProgress } = this.#options;
    const kind = this.#kind();
    for (;;) {
      const spare = spares.take(kind) ?? (await this.#claim(kind));
      const cage =
        spare ?? (await PreparedCage.open(host.openCage, kind, language, startsAtOnce, onProgress));
      const filling = this.#fill(cage);
      cage.filled = filling.then(
        () => true,
        () => false,
      );
      if (spare && this.#isKnownToFit) {
        // Once: what did not go well is told the next time.
        this.#isKnownToFit = false;
        this.#firstFiles = cage.filled;
        return this.#own(cage);
      }
      try {
        await filling;
        return this.#own(cage);
      } catch (error) {
        if (this.#isKilled) throw error;
        if (isGone(error)) {
          // A spare may have died while it waited: then it is as if there had been none.
          if (spare) continue;
          throw error;
        }
        // A cage that was owned before it ended has reported files that make no tree: go back to those that did.
        if (!this.#lastGood) throw error;
        this.#image = this.#imageOf(this.#lastGood);
        this.#lastGood = undefined;
      }
    }
  }

  /** The spare that is on its way, for who waits for its language anyway. */
  async #claim(kind: SpareKind): Promise<PreparedCage | undefined> {
    const { spares, startsAtOnce, onProgress } = this.#options;
    if (!startsAtOnce) return undefined;
    const spare = await spares.claim(kind, onProgress, this.#killed);
    if (!spare) this.refuseKilled();
    return spare;
  }

  /** Makes a cage this sandbox's. Spares are opened afterwards: somebody waits for this one. */
  async #fill(cage: PreparedCage): Promise<void> {
    const { envs, readOnlyPaths, onEvent, language, startsAtOnce } = this.#options;
    const { session } = cage;
    cage.onEvent = (event) => onEvent(session, event);
    if (this.#isKilled) session.kill({ cause: "killed", detail: "the sandbox was killed" });
    session.ended.then(() => this.#forget(cage));
    const { tree } = this.#image;
    const detail = `it did not take the files within ${FILL_TIMEOUT_MS / 1000} s`;
    const timer = setTimeout(() => session.kill({ cause: "died", detail }), FILL_TIMEOUT_MS);
    try {
      const created = session.call("create", createAnswerSchema, {
        envs,
        entries: tree.chunks.map(packEntries),
        readOnlyPaths,
        isRehearsal: false,
      });
      // A failure is told to the run that needs it.
      if (startsAtOnce) this.boot(cage, language).catch(() => {});
      this.#image.apply((await created).changes);
      this.#lastGood = tree;
      this.#start ??= this.#image.tree;
    } catch (error) {
      session.kill({ cause: "killed", detail: "the sandbox could not be created" });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #own(cage: PreparedCage): PreparedCage {
    this.#current = cage;
    if (!cage.isAlive) this.#forget(cage);
    return cage;
  }

  #forget(cage: PreparedCage): void {
    if (this.#current !== cage) return;
    this.#current = undefined;
    this.#cage = undefined;
    this.#resume(cage.languages);
  }

  /** After a kill the next cage comes by itself, with the same languages, unless nobody asked for the last one. */
  #resume(languages: readonly Language[]): void {
    if (!this.#isUsed || this.#isKilled) return;
    this.#isUsed = false;
    // Not at once: a caller that gets the end of its run may be about to end the sandbox.
    setTimeout(async () => {
      if (this.#isKilled) return;
      try {
        const cage = await this.#open();
        await Promise.all(languages.map((language) => this.boot(cage, language)));
      } catch {
        // Whoever needs it next is told.
      }
    });
  }

  #kind(): SpareKind {
    const { limits, assetsUrl, language } = this.#options;
    return { memoryBytes: limits.memoryBytes, fileBytes: limits.fileBytes, assetsUrl, language };
  }

  #imageOf(entries: EntrySource): FileImage {
    return new FileImage(this.#options.limits.fileBytes + IMAGE_SLACK_BYTES, entries);
  }
}

const isGone = (error: unknown) => error instanceof SandboxError && error.code === "cage-died";
