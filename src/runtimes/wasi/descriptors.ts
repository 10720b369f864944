import { DescriptorTable } from "../../vfs/descriptors.ts";
import type { FileSystem, FileType, Ino } from "../../vfs/filesystem.ts";
import { ALL_RIGHTS, abi, DIRECTORY_RIGHTS, FILE_RIGHTS, STREAM_RIGHTS } from "./abi.ts";
import type { StdinSource } from "./stdin.ts";

/**
 * What a descriptor stands for. Preview 1 has no `dup`, so a descriptor is its own open file description.
 *
 * Rights: `rights` is what `fd_fdstat_get` answers, as asked for at `path_open`. FD_READ and FD_WRITE bind. Of the others
 * only those a guest gave up by `fd_fdstat_set_rights` are refused (`dropped`): programs built for hosts that ignore
 * rights forget to ask for half of what they use.
 */
export type Descriptor = FileDescriptor | DirectoryDescriptor | InputDescriptor | OutputDescriptor;

interface Rights {
  rights: number;
  inheriting: number;
  /** Rights given up on this descriptor, and on what is opened through it. */
  dropped: number;
  droppedInheriting: number;
  /** FDFLAGS_*. */
  flags: number;
}

export interface FileDescriptor extends Rights {
  readonly kind: "file";
  readonly ino: Ino;
  /** Bytes from the start where the next read or write happens. */
  offset: number;
}

export interface DirectoryDescriptor extends Rights {
  readonly kind: "directory";
  readonly ino: Ino;
  /** UTF-8 name of a preopen. */
  readonly preopenName: Uint8Array | undefined;
  /** Entries as they were when the reading began at cookie 0: cookies stay good while the directory changes. */
  listing: readonly ListedEntry[] | undefined;
}

export interface ListedEntry {
  readonly name: string;
  readonly ino: Ino;
  readonly fileType: number;
}

export interface InputDescriptor extends Rights {
  readonly kind: "input";
  readonly source: StdinSource;
}

export interface OutputDescriptor extends Rights {
  readonly kind: "output";
  readonly stream: "stdout" | "stderr";
}

/** An open file. `asked` and `inheriting` are what `path_open` was called with, `parent` what it was called on. */
export function openFile(
  ino: Ino,
  asked: number,
  parent: DirectoryDescriptor,
  inheriting: number,
  flags: number,
): FileDescriptor {
  return { kind: "file", ino, offset: 0, ...inherit(asked & FILE_RIGHTS, parent, inheriting), flags };
}

export function openDirectory(
  ino: Ino,
  asked: number,
  parent: DirectoryDescriptor,
  inheriting: number,
  flags: number,
): DirectoryDescriptor {
  return {
    kind: "directory",
    ino,
    preopenName: undefined,
    listing: undefined,
    ...inherit(asked & DIRECTORY_RIGHTS, parent, inheriting),
    flags,
  };
}

export function preopenDirectory(ino: Ino, preopenName: Uint8Array): DirectoryDescriptor {
  return {
    kind: "directory",
    ino,
    preopenName,
    listing: undefined,
    rights: DIRECTORY_RIGHTS,
    inheriting: ALL_RIGHTS,
    dropped: 0,
    droppedInheriting: 0,
    flags: 0,
  };
}

export function inputDescriptor(source: StdinSource): InputDescriptor {
  return { kind: "input", source, ...streamRights(abi.RIGHTS_FD_READ) };
}

export function outputDescriptor(stream: "stdout" | "stderr"): OutputDescriptor {
  return { kind: "output", stream, ...streamRights(abi.RIGHTS_FD_WRITE) };
}

/** File types in preview 1's numbers. */
export const FILE_TYPES: Readonly<Record<FileType, number>> = {
  file: abi.FILETYPE_REGULAR_FILE,
  directory: abi.FILETYPE_DIRECTORY,
  symlink: abi.FILETYPE_SYMBOLIC_LINK,
};

/** The file type a guest sees. */
export function fileTypeOf(descriptor: Descriptor): number {
  switch (descriptor.kind) {
    case "file":
      return abi.FILETYPE_REGULAR_FILE;
    case "directory":
      return abi.FILETYPE_DIRECTORY;
    case "input":
      // A terminal only when a person is there; else programs would start asking questions (CPython its prompt).
      return descriptor.source.isTerminal ? abi.FILETYPE_CHARACTER_DEVICE : abi.FILETYPE_UNKNOWN;
    case "output":
      // A character device, so that a libc sends each line as it is complete: output streams, and a crash loses none.
      return abi.FILETYPE_CHARACTER_DEVICE;
  }
}

/** The guest's descriptors by number. What one stands for is held while it is open: a file outlives its last name. */
export class FdTable {
  readonly #table = new DescriptorTable<Descriptor>(FD_MAX);
  readonly #vfs: FileSystem;

  constructor(vfs: FileSystem) {
    this.#vfs = vfs;
  }

  get(fd: number): Descriptor | undefined {
    return this.#table.get(fd);
  }

  /** True when one more can be added. */
  get hasRoom(): boolean {
    return this.#table.size < FD_MAX;
  }

  /** @throws {VfsError} EMFILE. */
  add(descriptor: Descriptor): number {
    const fd = this.#table.insert(descriptor);
    if ("ino" in descriptor) this.#vfs.retain(descriptor.ino);
    return fd;
  }

  /** @throws {VfsError} EBADF. */
  close(fd: number): void {
    this.#release(this.#table.remove(fd));
  }

  /** Moves `from` to the number `to`, closing what was there. Both must be open: EBADF. */
  renumber(from: number, to: number): void {
    this.#table.require(to);
    const replaced = this.#table.renumber(from, to);
    if (replaced !== undefined) this.#release(replaced);
  }

  closeAll(): void {
    for (const [fd] of [...this.#table.entries()]) this.close(fd);
  }

  #release(descriptor: Descriptor): void {
    if ("ino" in descriptor) this.#vfs.release(descriptor.ino);
  }
}

/** Descriptors one guest may hold: the usual soft limit of a Linux process. */
const FD_MAX = 1024;

function inherit(rights: number, parent: DirectoryDescriptor, inheriting: number): Omit<Rights, "flags"> {
  return {
    rights: rights & parent.inheriting,
    inheriting: inheriting & parent.inheriting,
    dropped: parent.droppedInheriting,
    droppedInheriting: parent.droppedInheriting,
  };
}

function streamRights(direction: number): Rights {
  return { rights: STREAM_RIGHTS | direction, inheriting: 0, dropped: 0, droppedInheriting: 0, flags: 0 };
}
