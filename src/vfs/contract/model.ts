import type { Errno } from "../errors.ts";
import type { FileType, TreeEntry } from "../filesystem.ts";

interface ModelNode {
  type: FileType;
  mode: number;
  bytes: Uint8Array;
  target: string;
}

/** A refusal of the model, by its POSIX name. */
export class ModelRefusal extends Error {
  readonly errno: Errno;
  constructor(errno: Errno) {
    super(errno);
    this.errno = errno;
  }
}

/**
 * A filesystem as slow and as plain as can be: one flat map from path to node, hard links by identity, a rename
 * rewrites every path below. The random tests hold the real one against it.
 */
export class ModelFileSystem {
  #nodes = new Map<string, ModelNode>([["/", directory(0o755)]]);

  writeFile(path: string, bytes: Uint8Array): void {
    const at = this.#find(path, true, true);
    const there = this.#nodes.get(at);
    if (there?.type === "directory") throw new ModelRefusal("EISDIR");
    if (there) there.bytes = bytes;
    else {
      this.#makeParents(at);
      this.#nodes.set(at, { type: "file", mode: 0o644, bytes, target: "" });
    }
  }

  writeAt(path: string, offset: number, bytes: Uint8Array): void {
    const node = this.#fileAt(path);
    const grown = new Uint8Array(Math.max(node.bytes.length, offset + bytes.length));
    grown.set(node.bytes);
    grown.set(bytes, offset);
    node.bytes = grown;
  }

  truncate(path: string, size: number): void {
    const node = this.#fileAt(path);
    const cut = new Uint8Array(size);
    cut.set(node.bytes.subarray(0, size));
    node.bytes = cut;
  }

  makeDir(path: string): void {
    const at = this.#find(path, true, true);
    const there = this.#nodes.get(at);
    if (there && there.type !== "directory") throw new ModelRefusal("EEXIST");
    if (there) return;
    this.#makeParents(at);
    this.#nodes.set(at, directory(0o755));
  }

  symlink(path: string, target: string): void {
    const at = this.#find(path, false);
    if (this.#nodes.has(at)) throw new ModelRefusal("EEXIST");
    this.#nodes.set(at, { type: "symlink", mode: 0o777, bytes: new Uint8Array(0), target });
  }

  link(from: string, to: string): void {
    const node = this.#require(this.#find(from, false));
    const at = this.#find(to, false);
    if (this.#nodes.has(at)) throw new ModelRefusal("EEXIST");
    if (node.type === "directory") throw new ModelRefusal("EPERM");
    this.#nodes.set(at, node);
  }

  unlink(path: string): void {
    const at = this.#find(path, false);
    if (this.#require(at).type === "directory") throw new ModelRefusal("EISDIR");
    this.#nodes.delete(at);
  }

  rmdir(path: string): void {
    const at = this.#find(path, false);
    if (this.#require(at).type !== "directory") throw new ModelRefusal("ENOTDIR");
    if (this.#below(at).length > 0) throw new ModelRefusal("ENOTEMPTY");
    this.#nodes.delete(at);
  }

  remove(path: string): void {
    const at = this.#find(path, false);
    this.#require(at);
    for (const below of this.#below(at)) this.#nodes.delete(below);
    this.#nodes.delete(at);
  }

  chmod(path: string, mode: number): void {
    this.#require(this.#find(path, true)).mode = mode;
  }

  rename(from: string, to: string): void {
    const source = this.#find(from, false);
    const node = this.#require(source);
    const target = this.#find(to, false);
    const replaced = this.#nodes.get(target);
    if (replaced === node) return;
    if (node.type === "directory" && target.startsWith(`${source}/`)) throw new ModelRefusal("EINVAL");
    if (replaced) {
      if (node.type !== "directory" && replaced.type === "directory") throw new ModelRefusal("EISDIR");
      if (node.type === "directory" && replaced.type !== "directory") throw new ModelRefusal("ENOTDIR");
      if (this.#below(target).length > 0) throw new ModelRefusal("ENOTEMPTY");
    }
    const moved = [source, ...this.#below(source)].map((path) => [path, this.#nodes.get(path)!] as const);
    for (const [path] of moved) this.#nodes.delete(path);
    for (const [path, one] of moved) this.#nodes.set(target + path.slice(source.length), one);
  }

  /** As `FileSystem.snapshot`, without times. */
  tree(): Omit<TreeEntry, "mtimeNs">[] {
    const first = new Map<ModelNode, string>();
    return [...this.#nodes]
      .filter(([path]) => path !== "/")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, node]) => {
        const { type, mode, bytes, target } = node;
        const linkTo = first.get(node);
        if (linkTo !== undefined) return { path, type, mode, linkTo };
        first.set(node, path);
        if (type === "file") return { path, type, mode, bytes };
        return type === "symlink" ? { path, type, mode, target } : { path, type, mode };
      });
  }

  #require(path: string): ModelNode {
    const node = this.#nodes.get(path);
    if (!node) throw new ModelRefusal("ENOENT");
    return node;
  }

  #fileAt(path: string): ModelNode {
    const node = this.#require(this.#find(path, true));
    if (node.type === "directory") throw new ModelRefusal("EISDIR");
    return node;
  }

  #below(path: string): string[] {
    return [...this.#nodes.keys()].filter((other) => other.startsWith(`${path}/`));
  }

  #makeParents(path: string): void {
    for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
      const parent = path.slice(0, slash);
      if (!this.#nodes.has(parent)) this.#nodes.set(parent, directory(0o755));
    }
  }

  /** The path without symlinks and dots; with `mayMiss`, its parents need not be there. */
  #find(path: string, follow: boolean, mayMiss = false): string {
    let todo = path.split("/").filter((part) => part !== "");
    let at = "";
    for (let links = 0; todo.length > 0; ) {
      const [part, ...rest] = todo;
      todo = rest;
      if (part === "..") {
        if (at !== "" && !this.#nodes.has(at)) throw new ModelRefusal("ENOENT");
        at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
        continue;
      }
      const next = `${at}/${part}`;
      const node = this.#nodes.get(next);
      if (node?.type === "symlink" && (todo.length > 0 || follow)) {
        if (++links > 40) throw new ModelRefusal("ELOOP");
        if (node.target.startsWith("/")) at = "";
        todo = [...node.target.split("/").filter((some) => some !== ""), ...todo];
        continue;
      }
      if (todo.length > 0) {
        if (!node && !mayMiss) throw new ModelRefusal("ENOENT");
        if (node && node.type !== "directory") throw new ModelRefusal("ENOTDIR");
      }
      at = next;
    }
    return at === "" ? "/" : at;
  }
}

function directory(mode: number): ModelNode {
  return { type: "directory", mode, bytes: new Uint8Array(0), target: "" };
}
