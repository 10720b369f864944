import { VfsError } from "./errors.ts";

/** RLIMIT_NOFILE's usual soft limit. */
const DEFAULT_MAX_OPEN = 1024;

/**
 * Descriptors of one guest program, handed out lowest-free as POSIX asks. What stands behind a descriptor, and what
 * closing it means, is the runtime's: the table only maps numbers.
 */
export class DescriptorTable<T extends object> {
  readonly #maxOpen: number;
  readonly #slots: (T | undefined)[] = [];
  /** No slot below this is free. */
  #lowestFree = 0;
  #size = 0;

  /** @param maxOpen - Most descriptors open at once, and one more than the highest number. Default 1,024. */
  constructor(maxOpen: number = DEFAULT_MAX_OPEN) {
    this.#maxOpen = maxOpen;
  }

  get size(): number {
    return this.#size;
  }

  /** Opens the lowest free descriptor. @throws {VfsError} EMFILE. */
  insert(entry: T): number {
    let fd = this.#lowestFree;
    while (this.#slots[fd] !== undefined) fd++;
    if (fd >= this.#maxOpen) {
      throw new VfsError("EMFILE", `${this.#size} descriptors are open, the most there may be`);
    }
    this.#set(fd, entry);
    this.#lowestFree = fd + 1;
    return fd;
  }

  /**
   * Opens exactly `fd`, as for standard streams and preopens.
   *
   * @throws {VfsError} EBADF when it is open already or out of range.
   */
  reserve(fd: number, entry: T): void {
    this.#checkRange(fd);
    if (this.#slots[fd] !== undefined) throw new VfsError("EBADF", `Descriptor ${fd} is open already`);
    this.#set(fd, entry);
  }

  get(fd: number): T | undefined {
    return this.#slots[fd];
  }

  /** @throws {VfsError} EBADF. */
  require(fd: number): T {
    const entry = this.#slots[fd];
    if (entry === undefined) throw new VfsError("EBADF", `Descriptor ${fd} is not open`);
    return entry;
  }

  /** Closes. The caller lets go of what it returns. @throws {VfsError} EBADF. */
  remove(fd: number): T {
    const entry = this.require(fd);
    this.#slots[fd] = undefined;
    this.#size--;
    this.#lowestFree = Math.min(this.#lowestFree, fd);
    return entry;
  }

  /**
   * Moves `from` to `to`, as dup2 followed by close. `from` onto itself does nothing.
   *
   * @returns What stood at `to` before, for the caller to close.
   * @throws {VfsError} EBADF when `from` is not open or `to` is out of range.
   */
  renumber(from: number, to: number): T | undefined {
    const entry = this.require(from);
    this.#checkRange(to);
    if (from === to) return undefined;
    const replaced = this.#slots[to] === undefined ? undefined : this.remove(to);
    this.remove(from);
    this.#set(to, entry);
    return replaced;
  }

  /** Open descriptors, lowest first. */
  *entries(): Generator<[fd: number, entry: T]> {
    for (const [fd, entry] of this.#slots.entries()) {
      if (entry !== undefined) yield [fd, entry];
    }
  }

  #set(fd: number, entry: T): void {
    // Filled up to `fd`, so that the array never becomes a sparse one.
    while (this.#slots.length < fd) this.#slots.push(undefined);
    this.#slots[fd] = entry;
    this.#size++;
  }

  #checkRange(fd: number): void {
    if (!Number.isInteger(fd) || fd < 0 || fd >= this.#maxOpen) {
      throw new VfsError("EBADF", `Descriptor ${fd} is not between 0 and ${this.#maxOpen - 1}`);
    }
  }
}
