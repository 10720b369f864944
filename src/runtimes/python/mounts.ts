import type { FileSystem } from "../../vfs/filesystem.ts";
import { type EmscriptenModule, type FsType, MODE } from "./emscripten.ts";
import { createVfsType } from "./mount.ts";

/** Top-level directories that are Pyodide's own; the sandbox's of the same name stay hidden from Python. */
const RESERVED = new Set(["dev", "lib", "proc"]);

/** Which directories of the sandbox's filesystem Python sees: every one at the top but Pyodide's own. */
export class Mounts {
  readonly #module: EmscriptenModule;
  readonly #vfs: FileSystem;
  readonly #type: FsType;
  /** Mounted paths and the inode each showed when it was mounted. */
  readonly #mounted = new Map<string, number>();

  readonly #unseal: (change: () => void) => void;

  /** @param unseal - Lets mount points be made in the sealed base; see `sealBaseFiles`. */
  constructor(
    module: EmscriptenModule,
    vfs: FileSystem,
    options: { fileBytes: number; umask: () => number; unseal: (change: () => void) => void },
  ) {
    this.#module = module;
    this.#vfs = vfs;
    this.#unseal = options.unseal;
    this.#type = createVfsType(module, vfs, options.fileBytes, options.umask);
  }

  /** Mounts what is new, drops what is gone, and remounts what was replaced. Cheap when nothing changed. */
  refresh(): void {
    const { FS } = this.#module;
    const present = new Map<string, number>();
    for (const entry of this.#vfs.readdir(this.#vfs.root)) {
      if (entry.type === "directory" && !RESERVED.has(entry.name)) present.set(`/${entry.name}`, entry.ino);
    }
    for (const [path, ino] of this.#mounted) {
      if (present.get(path) === ino) continue;
      FS.chdir("/");
      FS.unmount(path);
      if (!present.has(path)) this.#unseal(() => FS.rmdir(path));
      this.#mounted.delete(path);
    }
    for (const [path, ino] of present) {
      if (this.#mounted.has(path)) continue;
      this.#unseal(() => FS.mkdirTree(path));
      if ((FS.lookupPath(path).node.mode & MODE.typeMask) !== MODE.directory) continue;
      FS.mount(this.#type, { path }, path);
      this.#mounted.set(path, ino);
    }
  }
}
