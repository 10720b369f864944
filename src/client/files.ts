import type * as v from "valibot";
import { SandboxError } from "../errors.ts";
import { parseGuestPath } from "../policy/paths.ts";
import type { Changed, FileInfo, WorkerApi } from "../protocol/api.ts";
import {
  booleanSchema,
  bytesSchema,
  changedSchema,
  fileInfoSchema,
  fileInfosSchema,
  nullableFileInfoSchema,
  nullSchema,
} from "../protocol/schema.ts";
import type { ApiAnswer } from "./cage-session.ts";
import type { FileContent, WatchEvent } from "./options.ts";

/** How the files of a sandbox are reached: asks the present cage, opening one if there is none. */
export interface FileAccess {
  ask<M extends keyof WorkerApi>(
    method: M,
    answer: v.GenericSchema<unknown, ApiAnswer<M>>,
    ...args: Parameters<WorkerApi[M]>
  ): Promise<ApiAnswer<M>>;
  /** Takes over what an answer changed. */
  keep<T>(changed: Changed<T>): Promise<T>;
  watch(listener: (event: WatchEvent) => void): () => void;
}

/**
 * The files of one sandbox. Paths are absolute in the guest; `..` and NUL are refused (`invalid-path`). During a run the
 * answer comes when the guest next waits.
 */
export class Files {
  readonly #access: FileAccess;

  /** @internal */
  constructor(access: FileAccess) {
    this.#access = access;
  }

  /**
   * Reads a file as text (UTF-8, the default) or bytes.
   *
   * @throws {SandboxError} `not-found`, `is-a-directory`, or `invalid-argument` when text is asked for and the bytes are not UTF-8.
   */
  read(path: string, options?: { format?: "text" }): Promise<string>;
  read(path: string, options: { format: "bytes" }): Promise<Uint8Array>;
  async read(
    path: string,
    { format = "text" }: { format?: "text" | "bytes" } = {},
  ): Promise<string | Uint8Array> {
    const parsed = parseGuestPath(path);
    const bytes = await this.#access.ask("readFile", bytesSchema, parsed);
    if (format === "bytes") return bytes;
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new SandboxError(`"${parsed}" (${bytes.length} bytes) is not UTF-8 text`, {
        code: "invalid-argument",
        hint: 'Read it with { format: "bytes" }.',
        cause,
      });
    }
  }

  /** Creates or replaces a file; missing directories are made. `file-limit` when it does not fit, and nothing is changed. */
  async write(path: string, content: FileContent): Promise<FileInfo> {
    const [info] = await this.writeFiles([{ path, content }]);
    return info!;
  }

  /** Several files in one message. Stops at the first that is refused. */
  async writeFiles(files: readonly { path: string; content: FileContent }[]): Promise<FileInfo[]> {
    const encoder = new TextEncoder();
    const writes = files.map(({ path, content }) => ({
      path: parseGuestPath(path),
      bytes: typeof content === "string" ? encoder.encode(content) : content,
    }));
    return this.#access.keep(await this.#access.ask("writeFiles", changedSchema(fileInfosSchema), writes));
  }

  /** What is in a directory, sorted by path; `depth` levels down (default 1). */
  async list(path = "/workspace", { depth = 1 }: { depth?: number } = {}): Promise<FileInfo[]> {
    return this.#access.ask("list", fileInfosSchema, parseGuestPath(path), depth);
  }

  /** Makes a directory and those above it. True when it was not there before. */
  async makeDir(path: string): Promise<boolean> {
    return this.#access.keep(
      await this.#access.ask("makeDir", changedSchema(booleanSchema), parseGuestPath(path)),
    );
  }

  /** Moves a file or directory, replacing a file or empty directory at the new place, as POSIX `rename`. */
  async rename(from: string, to: string): Promise<FileInfo> {
    const answer = this.#access.ask(
      "rename",
      changedSchema(fileInfoSchema),
      parseGuestPath(from),
      parseGuestPath(to),
    );
    return this.#access.keep(await answer);
  }

  /** Removes a file, or a directory with everything in it. */
  async remove(path: string): Promise<void> {
    await this.#access.keep(
      await this.#access.ask("remove", changedSchema(nullSchema), parseGuestPath(path)),
    );
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#access.ask("stat", nullableFileInfoSchema, parseGuestPath(path))) !== null;
  }

  /** @throws {SandboxError} `not-found` when there is nothing. */
  async getInfo(path: string): Promise<FileInfo> {
    const parsed = parseGuestPath(path);
    const info = await this.#access.ask("stat", nullableFileInfoSchema, parsed);
    if (info) return info;
    throw new SandboxError(`There is nothing at "${parsed}"`, {
      code: "not-found",
      hint: "files.exists(path) asks without throwing; files.list(path) shows what is in a directory.",
    });
  }

  /** Calls back for each change in a directory (with `recursive`, below it too), made by the guest or by the caller. */
  async watchDir(
    path: string,
    listener: (event: WatchEvent) => void,
    { recursive = false }: { recursive?: boolean } = {},
  ): Promise<{ stop(): void }> {
    const info = await this.getInfo(path);
    if (info.type !== "directory") {
      throw new SandboxError(`"${info.path}" is not a directory`, {
        code: "not-a-directory",
        hint: "Watch the directory it is in, and look at each event's path.",
      });
    }
    const prefix = info.path === "/" ? "/" : `${info.path}/`;
    const stop = this.#access.watch((event) => {
      if (!event.path.startsWith(prefix)) return;
      if (recursive || !event.path.slice(prefix.length).includes("/")) listener(event);
    });
    return { stop };
  }
}
