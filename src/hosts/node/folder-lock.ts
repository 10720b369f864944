import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { open, readdir, readFile, stat, unlink, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { LockMode } from "../../client/store/place.ts";
import { SandboxError } from "../../errors.ts";
import { codeOf } from "./storage-error.ts";

/** A holder tells this often that it lives. */
const HEARTBEAT_MS = 30_000;
/** A holder on another machine, whose process cannot be asked for, is dead when it was silent for this long. */
const SILENT_MS = 10 * 60_000;
/** Nobody collects garbage for longer. */
const SHARED_WAIT_MS = 60_000;
const ALONE_WAIT_MS = 5_000;

/** Why a marker cannot be made, although the folder can be read. */
const CANNOT_MARK = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"];

type Mode = "shared" | "alone";

interface Marker {
  file: string;
  mode: Mode;
  machine: string;
  pid: number;
  startedAt: string;
}

/**
 * A lock between processes, for any number of `shared` holders or one that is `alone`, made of empty files: whoever wants
 * it puts a marker of its own into the folder, and only then looks for others. Of two that come at the same time at least
 * one sees the other. The holder stands in the marker's name, so that a marker needs no content and is never half there;
 * no name is used twice, so that anybody may remove the marker of a holder that has died.
 */
export class FolderLock {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {SandboxError} `busy` when the others did not leave; file errors as they are. */
  async hold<T>(mode: LockMode, work: () => Promise<T>): Promise<T> {
    const marker = mode === "alone" ? await this.#enterAlone() : await this.#enterShared(mode === "reading");
    const heartbeat = setInterval(() => {
      const now = new Date();
      if (marker) utimes(marker, now, now).catch(() => {});
    }, HEARTBEAT_MS);
    heartbeat.unref();
    try {
      return await work();
    } finally {
      clearInterval(heartbeat);
      if (marker) await unlink(marker).catch(() => {});
    }
  }

  /** Keeps its marker while it waits: who wants to be alone then sees it and steps back. */
  async #enterShared(isReading: boolean): Promise<string | undefined> {
    let marker: string;
    try {
      marker = await this.#mark("shared");
    } catch (error) {
      // Who may only read cannot be seen by others, and harms nobody.
      if (isReading && CANNOT_MARK.includes(codeOf(error))) return undefined;
      throw error;
    }
    const giveUpMs = performance.now() + SHARED_WAIT_MS;
    for (let pauseMs = 2; await this.#othersAreHere(marker, ["alone"]); pauseMs = Math.min(50, pauseMs * 2)) {
      if (performance.now() > giveUpMs) {
        await unlink(marker).catch(() => {});
        throw busy(`Another process has been collecting garbage for ${SHARED_WAIT_MS / 1000} s`);
      }
      await wait(pauseMs);
    }
    return marker;
  }

  /** Steps back when somebody else is there: two that both waited would wait for ever. */
  async #enterAlone(): Promise<string> {
    const giveUpMs = performance.now() + ALONE_WAIT_MS;
    for (let pauseMs = 4; ; pauseMs = Math.min(100, pauseMs * 2)) {
      const marker = await this.#mark("alone");
      if (!(await this.#othersAreHere(marker, ["shared", "alone"]))) return marker;
      await unlink(marker).catch(() => {});
      if (performance.now() > giveUpMs)
        throw busy(`The store was in use all the time for ${ALONE_WAIT_MS / 1000} s`);
      await wait(pauseMs * (0.5 + Math.random()));
    }
  }

  async #mark(mode: Mode): Promise<string> {
    const { machine, pid, startedAt } = SELF;
    const file = join(
      this.#folder,
      [mode, machine, pid, startedAt, randomBytes(8).toString("hex")].join("-"),
    );
    await (await open(file, "wx", 0o600)).close();
    return file;
  }

  async #othersAreHere(own: string, modes: readonly Mode[]): Promise<boolean> {
    let areHere = false;
    for (const name of await readdir(this.#folder)) {
      const marker = parseMarker(this.#folder, name);
      if (!marker || marker.file === own || !modes.includes(marker.mode)) continue;
      if (await isAlive(marker, own)) areHere = true;
      else await unlink(marker.file).catch(() => {});
    }
    return areHere;
  }
}

/**
 * This process: its machine as far as process ids reach (a container has its own), its id, and when it started, as an id
 * is given to another process sooner or later.
 */
const SELF = {
  machine: describeMachine(),
  pid: process.pid,
  startedAt: startOf(readText("/proc/self/stat")) ?? "0",
};

function describeMachine(): string {
  let processSpace: string;
  try {
    processSpace = process.platform === "linux" ? readlinkSync("/proc/self/ns/pid") : "";
  } catch {
    // Nobody can tell whose ids these are: be another machine to everybody.
    processSpace = randomBytes(8).toString("hex");
  }
  const text = `${hostname()}\n${processSpace}\n${readText("/proc/sys/kernel/random/boot_id")}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function parseMarker(folder: string, name: string): Marker | undefined {
  const match = /^(shared|alone)-([0-9a-f]{16})-(\d{1,10})-(\d{1,20})-[0-9a-f]{16}$/.exec(name);
  if (!match) return undefined;
  const [, mode, machine, pid, startedAt] = match as unknown as [string, Mode, string, string, string];
  return { file: join(folder, name), mode, machine, pid: Number(pid), startedAt };
}

async function isAlive(marker: Marker, own: string): Promise<boolean> {
  if (marker.machine === SELF.machine) return isProcessAlive(marker.pid, marker.startedAt);
  try {
    // Both by the clock of the disk, which may be another machine's.
    const [theirs, ours] = await Promise.all([stat(marker.file), stat(own)]);
    return ours.mtimeMs - theirs.mtimeMs < SILENT_MS;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function isProcessAlive(pid: number, startedAt: string): Promise<boolean> {
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (text === undefined) return isSignalable(pid);
    // A process that was killed and not yet waited for still has its entry.
    return !/\) [ZX] /.test(text) && startOf(text) === startedAt;
  }
  return isSignalable(pid);
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat; the second is a name in brackets that may hold anything. */
function startOf(statText: string): string | undefined {
  return statText.slice(statText.lastIndexOf(")") + 2).split(" ")[19];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function busy(message: string): SandboxError {
  return new SandboxError(message, { code: "busy", hint: "Try again later." });
}
