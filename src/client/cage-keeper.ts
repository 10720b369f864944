import type * as v from "valibot";
import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import type { Limits } from "../policy/limits.ts";
import type { BootAnswer, CageEvent, Changed, WireTreeEntry, WorkerApi } from "../protocol/api.ts";
import { ASSETS, ASSETS_BY_LANGUAGE, type AssetName } from "../protocol/assets.ts";
import { bootAnswerSchema, createAnswerSchema } from "../protocol/schema.ts";
import type { OpenCage } from "./cage.ts";
import { type ApiAnswer, CageSession } from "./cage-session.ts";
import { FileImage } from "./file-image.ts";
import type { Progress } from "./options.ts";

/** A language that has not started by then never will. A plain Pyodide boot takes 4–7 s on two slow cores. */
const BOOT_TIMEOUT_MS = 120_000;
/** Room in the host's copy of the files for what the cage counts differently. */
const IMAGE_SLACK_BYTES = 2 ** 20;

type OnProgress = (progress: Progress) => void;

export interface CageKeeperOptions {
  openCage: OpenCage;
  limits: Readonly<Limits>;
  envs: Record<string, string>;
  readOnlyPaths: string[];
  assetsUrl: string | URL | undefined;
  /** Files to start with. */
  entries: readonly WireTreeEntry[];
  onProgress: OnProgress | undefined;
  onEvent: (session: CageSession, event: CageEvent) => void;
}

/**
 * Keeps one sandbox in a cage: opens the first, and another one when the last had to be killed, filled with the files of
 * the last completed work.
 */
export class CageKeeper {
  /** The host's copy of the files, up to date with every answer of the cage. */
  get image(): FileImage {
    return this.#image;
  }
  readonly #options: CageKeeperOptions;
  #session: Promise<CageSession> | undefined;
  #booted = new Set<Language>();
  #isKilled = false;
  #image: FileImage;
  #startEntries: readonly WireTreeEntry[] | undefined;
  /** The last tree that a cage was filled with. */
  #goodEntries: readonly WireTreeEntry[] | undefined;

  constructor(options: CageKeeperOptions) {
    this.#options = options;
    this.#image = this.#imageOf(options.entries);
  }

  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** The present session, if a cage is open or opening. */
  get session(): Promise<CageSession> | undefined {
    return this.#session;
  }

  /** The tree a fresh sandbox starts with, the standard directories included. */
  get startEntries(): readonly WireTreeEntry[] {
    return this.#startEntries ?? this.#options.entries;
  }

  /** The present session; opens a cage when there is none. @throws {SandboxError} `sandbox-killed`, `cage-unavailable`. */
  open(): Promise<CageSession> {
    this.refuseKilled();
    this.#session ??= this.#start().catch((error) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  /** Calls a method of the cage; of the next one, when a run that had to be killed took this one with it. */
  async ask<M extends keyof WorkerApi>(
    method: M,
    answer: v.GenericSchema<unknown, ApiAnswer<M>>,
    ...args: Parameters<WorkerApi[M]>
  ): Promise<ApiAnswer<M>> {
    const session = await this.open();
    try {
      return await session.call(method, answer, ...args);
    } catch (error) {
      const isOthersFault = error instanceof SandboxError && error.code === "cage-died" && !this.#isKilled;
      if (!isOthersFault) throw error;
      return (await this.open()).call(method, answer, ...args);
    }
  }

  /** Takes over what an answer changed. A cage that reports more than it may is ended. */
  async keep<T>({ value, changes }: Changed<T>): Promise<T> {
    try {
      this.#image.apply(changes);
    } catch (error) {
      const session = await this.#session;
      session?.kill({ cause: "protocol-violation", detail: (error as Error).message });
      throw error;
    }
    return value;
  }

  /**
   * Gives the cage what a language needs and starts it, if it does not run yet.
   *
   * @returns how the start went and how long it took, or `undefined` when there was nothing to start.
   */
  async boot(
    session: CageSession,
    language: Language,
    onProgress: OnProgress | undefined = this.#options.onProgress,
  ): Promise<(BootAnswer & { ms: number }) | undefined> {
    const startMs = performance.now();
    const detail = `${language} did not start within ${BOOT_TIMEOUT_MS / 1000} s`;
    const timer = setTimeout(() => session.kill({ cause: "died", detail }), BOOT_TIMEOUT_MS);
    try {
      await session.cage.provide(this.#assetsFor(language), (progress) =>
        onProgress?.({ ...progress, message: `Loading ${language}` }),
      );
      if (this.#booted.has(language)) return undefined;
      const answer = await session.call("boot", bootAnswerSchema, language);
      this.#booted.add(language);
      return answer.booted ? { ...answer, ms: performance.now() - startMs } : undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the cage for good. */
  async kill(): Promise<void> {
    if (this.#isKilled) return;
    this.#isKilled = true;
    const session = await this.#session?.catch(() => undefined);
    session?.kill({ cause: "killed", detail: "the sandbox was killed" });
  }

  refuseKilled(): void {
    if (this.#isKilled) {
      throw new SandboxError("The sandbox was killed", {
        code: "sandbox-killed",
        hint: "Create another one.",
      });
    }
  }

  /** JavaScript may import TypeScript files, and then needs what strips their types. */
  #assetsFor(language: Language): readonly AssetName[] {
    const assets = ASSETS_BY_LANGUAGE[language];
    if (language !== "javascript" || !this.image.has((path) => /\.m?ts$/.test(path))) return assets;
    return [...assets, ASSETS.stripTypesWasm];
  }

  async #start(): Promise<CageSession> {
    const { limits, envs, readOnlyPaths, assetsUrl, onProgress, onEvent } = this.#options;
    const cage = await this.#options.openCage({
      memoryBytes: limits.memoryBytes,
      fileBytes: limits.fileBytes,
      assetsUrl,
      onProgress,
    });
    const session: CageSession = new CageSession(cage, (event) => onEvent(session, event));
    if (this.#isKilled) session.kill({ cause: "killed", detail: "the sandbox was killed" });
    session.ended.then(() => {
      this.#session = undefined;
      this.#booted.clear();
    });
    const entries = this.#image.entries();
    try {
      const answer = await session.call("create", createAnswerSchema, {
        limits,
        envs,
        entries,
        readOnlyPaths,
      });
      this.#image.apply(answer.changes);
    } catch (error) {
      session.kill({ cause: "killed", detail: "the sandbox could not be created" });
      const good = this.#goodEntries;
      if (!good || this.#isKilled) throw error;
      // A cage that was owned before it ended has reported files that make no tree: go back to those that did.
      this.#image = this.#imageOf(good);
      this.#goodEntries = undefined;
      return this.#start();
    }
    this.#goodEntries = entries;
    this.#startEntries ??= this.#image.entries();
    return session;
  }

  #imageOf(entries: readonly WireTreeEntry[]): FileImage {
    return new FileImage(this.#options.limits.fileBytes + IMAGE_SLACK_BYTES, entries);
  }
}
