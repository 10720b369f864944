import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import type { BootAnswer, CageEvent, CageLimits } from "../protocol/api.ts";
import { ASSETS, ASSETS_BY_LANGUAGE, type AssetName } from "../protocol/assets.ts";
import {
  bootAnswerSchema,
  createAnswerSchema,
  resetAnswerSchema,
  runAnswerSchema,
} from "../protocol/schema.ts";
import type { OpenCage } from "./cage.ts";
import { CageSession } from "./cage-session.ts";
import { callOut } from "./call-out.ts";
import type { Progress } from "./options.ts";
import { FILES, rehearsalOf, rehearsalTree, TREE_BYTES, TREE_TURNS } from "./rehearsal.ts";

/** A language that has not started by then never will. A plain Pyodide boot takes 4–7 s on two slow cores. */
const BOOT_TIMEOUT_MS = 120_000;

/** What a cage is built for: two sandboxes that agree in this can take each other's. */
export interface CageKind extends CageLimits {
  assetsUrl: string | URL | undefined;
}

/** How a language's start went. */
export type Boot = BootAnswer & { ms: number };

/**
 * An open cage that no sandbox was put into yet, and the languages that run in it. It may wait as a spare, or be filled
 * at once.
 */
export class PreparedCage {
  readonly session: CageSession;
  /** Who hears what the cage says; nobody while it waits. */
  onEvent: (event: CageEvent) => void = () => {};
  /** Whether a sandbox's files are in it; settles when that is known. */
  filled: Promise<boolean> = Promise.resolve(false);
  readonly #boots = new Map<Language, Promise<Boot>>();
  readonly #running = new Set<Language>();
  /** Languages whose start has failed. */
  readonly #failed = new Set<Language>();

  /** Who waits for a start. */
  readonly #listeners = new Set<(progress: Progress) => void>();
  /** What was said last of a start that goes on, for who comes to wait for it. */
  #progress: Progress | undefined;

  private constructor(session: (onEvent: (event: CageEvent) => void) => CageSession) {
    this.session = session((event) => {
      this.onEvent(event);
      if (event.type === "progress") this.#tell({ message: event.message });
    });
  }

  /**
   * @param language - What will probably be run: its assets are on their way while the cage starts.
   * @param isStarted - Whether it is started as well, with the cage; `boot` then says how that went.
   * @throws {SandboxError} `cage-unavailable`, `asset-unavailable`.
   */
  static async open(
    openCage: OpenCage,
    { memoryBytes, fileBytes, assetsUrl }: CageKind,
    language: Language,
    isStarted: boolean,
    onProgress: ((progress: Progress) => void) | undefined,
  ): Promise<PreparedCage> {
    const assets = ASSETS_BY_LANGUAGE[language];
    const start = isStarted ? language : undefined;
    const cage = await openCage({ memoryBytes, fileBytes, assetsUrl, assets, start, onProgress });
    return new PreparedCage((onEvent) => new CageSession(cage, onEvent));
  }

  get isAlive(): boolean {
    return this.session.isAlive;
  }

  /** Languages that run, or are starting. */
  get languages(): Language[] {
    return [...this.#boots.keys()];
  }

  /**
   * Gives the cage what a language needs and starts it, if it does not run yet. A start that fails can be tried again.
   *
   * @param onProgress - Hears of this start, also of one that goes on already.
   * @returns how the start went and how long the caller waited for it; `booted` is false when there was nothing to wait for.
   */
  async boot(
    language: Language,
    moreAssets: readonly AssetName[],
    onProgress: ((progress: Progress) => void) | undefined,
  ): Promise<Boot> {
    if (onProgress && !this.#running.has(language)) {
      this.#listeners.add(onProgress);
      const said = this.#progress;
      if (said && this.#boots.has(language)) callOut(() => onProgress(said));
    }
    try {
      return await this.#boot(language, moreAssets);
    } finally {
      if (onProgress) this.#listeners.delete(onProgress);
    }
  }

  async #boot(language: Language, moreAssets: readonly AssetName[]): Promise<Boot> {
    const startMs = performance.now();
    const known = this.#boots.get(language);
    if (known) {
      if (moreAssets.length > 0) await this.#provide(language, moreAssets);
      if (this.#running.has(language)) return { ...(await known), booted: false };
      return { ...(await known), ms: performance.now() - startMs };
    }
    const boot = this.#start(language, [...ASSETS_BY_LANGUAGE[language], ...moreAssets], startMs);
    this.#boots.set(language, boot);
    try {
      const done = await boot;
      this.#running.add(language);
      return done;
    } catch (error) {
      this.#boots.delete(language);
      this.#failed.add(language);
      throw error;
    } finally {
      this.#progress = undefined;
    }
  }

  async #start(language: Language, assets: readonly AssetName[], startMs: number): Promise<Boot> {
    const provided = this.#provide(language, assets);
    // What did not come the first time has to be there before it is asked for again.
    if (this.#failed.has(language)) await provided;
    // Else side by side: what is here is compiled while the rest is on its way.
    const answered = this.session.call("boot", bootAnswerSchema, language, assets);
    answered.catch(() => {});
    await provided;
    return { ...(await this.#inTime(language, () => answered)), ms: performance.now() - startMs };
  }

  async #provide(language: Language, assets: readonly AssetName[]): Promise<void> {
    const { cage } = this.session;
    // The last asset may be reported after the start has been answered: the host's process waits for that as well.
    cage.hold();
    try {
      await cage.provide(assets, (progress) => this.#tell({ ...progress, message: `Loading ${language}` }));
    } finally {
      cage.letGo();
    }
  }

  #tell(progress: Progress): void {
    this.#progress = progress;
    for (const listener of [...this.#listeners]) callOut(() => listener(progress));
  }

  /**
   * Has the cage do everything that a sandbox will ask of it, and go back to where it was: several times with files, once with a run.
   *
   * @param isWanted - Whether somebody waits for this cage by now: then what is left is left out.
   * @throws {SandboxError} `internal` when it does not come through; such a cage is not to be used.
   */
  async rehearse(
    { language, fileBytes }: CageKind & { language: Language },
    isWanted: () => boolean,
  ): Promise<void> {
    const run = rehearsalOf(language);
    const { session } = this;
    if (!run) return;
    await this.#inTime(language, async () => {
      const create = (entries: readonly Uint8Array[]) =>
        session.call("create", createAnswerSchema, {
          envs: {},
          entries,
          readOnlyPaths: [],
          isRehearsal: true,
        });
      const turns = fileBytes < TREE_BYTES ? 0 : TREE_TURNS;
      for (let turn = 0; turn < turns && !isWanted(); turn++) await create(rehearsalTree(FILES));
      if (isWanted()) return;
      await create(rehearsalTree(0));
      const { status } = await session.call("run", runAnswerSchema, run);
      const { isClean } = await session.call("reset", resetAnswerSchema);
      if (status !== "completed" || !isClean) {
        throw new SandboxError(`${language} did not come back from its rehearsal`, { code: "internal" });
      }
      await session.call("boot", bootAnswerSchema, language, []);
    });
  }

  async #inTime<T>(language: Language, work: () => Promise<T>): Promise<T> {
    const detail = `${language} did not start within ${BOOT_TIMEOUT_MS / 1000} s`;
    const timer = setTimeout(() => this.session.kill({ cause: "died", detail }), BOOT_TIMEOUT_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What JavaScript needs beside its engine when it may import TypeScript files: what strips their types. */
export const TYPE_STRIPPER: readonly AssetName[] = [ASSETS.stripTypesWasm];
