import { VfsError } from "./errors.ts";
import type { Usage } from "./filesystem.ts";
import { FREE_OVERHEAD_BYTES } from "./limits.ts";

/** What a change would add to (or, negative, take from) what is stored. */
export interface Charge {
  /** Bytes of files and symlink targets. */
  contentBytes?: number;
  /** Fixed costs of inodes and names. */
  overheadBytes?: number;
  inodes?: number;
}

/** The one counter of a filesystem. A charge is refused whole, before anything is changed. */
export class Quota {
  readonly maxBytes: number;
  readonly maxInodes: number;
  #contentBytes = 0;
  #overheadBytes = 0;
  #inodes = 0;
  #refusals = 0;

  constructor(maxBytes: number, maxInodes: number) {
    this.maxBytes = maxBytes;
    this.maxInodes = maxInodes;
  }

  get refusals(): number {
    return this.#refusals;
  }

  usage(): Usage {
    return { bytes: counted(this.#contentBytes, this.#overheadBytes), inodes: this.#inodes };
  }

  /** @throws {VfsError} ENOSPC when the charge does not fit; a charge that only gives back always does. */
  check({ contentBytes = 0, overheadBytes = 0, inodes = 0 }: Charge): void {
    const before = counted(this.#contentBytes, this.#overheadBytes);
    const after = counted(this.#contentBytes + contentBytes, this.#overheadBytes + overheadBytes);
    if (after > this.maxBytes) {
      this.refuse(
        `Storing ${after - before} more bytes would pass the quota: ${before} of ${this.maxBytes} are used`,
      );
    }
    if (inodes > 0 && this.#inodes + inodes > this.maxInodes) {
      this.refuse(
        `Creating ${inodes} more would pass the quota: ${this.#inodes} of ${this.maxInodes} files are used`,
      );
    }
  }

  /** As `check` and `count` of content alone: at every write, so nothing is made on the way. */
  checkContent(bytes: number): void {
    if (counted(this.#contentBytes + bytes, this.#overheadBytes) > this.maxBytes) {
      this.check({ contentBytes: bytes });
    }
  }

  countContent(bytes: number): void {
    this.#contentBytes += bytes;
  }

  /** Checks and counts. */
  charge(charge: Charge): void {
    this.check(charge);
    this.count(charge);
  }

  /** Counts what was checked before, or gives back. */
  count({ contentBytes = 0, overheadBytes = 0, inodes = 0 }: Charge): void {
    this.#contentBytes += contentBytes;
    this.#overheadBytes += overheadBytes;
    this.#inodes += inodes;
  }

  /** Counts a refusal and throws it. */
  refuse(message: string, cause?: unknown): never {
    this.#refusals++;
    throw new VfsError("ENOSPC", message, {
      hint: "Remove files, or raise limits.fileBytes.",
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** A second counter that starts where this one stands, without its refusals. */
  fork(): Quota {
    const fork = new Quota(this.maxBytes, this.maxInodes);
    fork.resetTo(this);
    return fork;
  }

  /** Counts what another counted; refusals stay. */
  resetTo(other: Quota): void {
    this.#contentBytes = other.#contentBytes;
    this.#overheadBytes = other.#overheadBytes;
    this.#inodes = other.#inodes;
  }
}

function counted(contentBytes: number, overheadBytes: number): number {
  return contentBytes + Math.max(0, overheadBytes - FREE_OVERHEAD_BYTES);
}
