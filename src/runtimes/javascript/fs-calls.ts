import { DescriptorTable } from "../../vfs/descriptors.ts";
import { VfsError } from "../../vfs/errors.ts";
import type { FileSystem, Ino, Stat, WalkResult } from "../../vfs/filesystem.ts";
import { fsFault } from "./fs-errors.ts";
import { type CallArguments, GuestFault, type HostCall, type HostCalls } from "./host-calls.ts";
import { type OpenFlags, parseFlags } from "./open-flags.ts";

/** Largest file a guest may read at once: node's own limit is 2 GiB, ours keeps one request small. */
const MAX_READ_BYTES = 512 * 2 ** 20;

interface OpenFile {
  ino: Ino;
  position: number;
  canRead: boolean;
  canWrite: boolean;
  appends: boolean;
}

/** The file calls of one context: paths from its working directory, and its open descriptors. */
export class GuestFiles {
  readonly #fs: FileSystem;
  readonly #random: (target: Uint8Array) => Uint8Array;
  #cwd = "/";
  #open = newTable();

  constructor(fs: FileSystem, random: (target: Uint8Array) => Uint8Array) {
    this.#fs = fs;
    this.#random = random;
  }

  get cwd(): string {
    return this.#cwd;
  }

  /** Starts a run in a directory, with nothing open but the standard streams. */
  begin(cwd: string): void {
    this.closeAll();
    this.#cwd = cwd;
  }

  closeAll(): void {
    for (const [fd, file] of this.#open.entries()) if (fd > 2) this.#fs.release(file.ino);
    this.#open = newTable();
  }

  readonly calls: HostCalls = {
    "process.cwd": () => this.#cwd,
    "process.chdir": this.#pathCall("chdir", (path) => {
      const ino = this.#resolve(path);
      if (this.#fs.stat(ino).type !== "directory") throw new VfsError("ENOTDIR", path);
      this.#cwd = this.#fs.pathOf(ino);
    }),
    "fs.readFile": this.#pathCall("open", (path) => {
      const ino = this.#resolve(path);
      if (this.#fs.stat(ino).type === "directory") throw fsFault("EISDIR", "read");
      return this.#readAll(ino, 0);
    }),
    "fs.writeFile": this.#pathCall("open", (path, args) => {
      const file = this.#openFile(path, parseFlags(args.text(1)), args.size(2));
      const at = file.appends ? this.#fs.stat(file.ino).size : 0;
      this.#guard("write", undefined, () => this.#fs.write(file.ino, at, args.bytes));
    }),
    "fs.exists": (args) => {
      try {
        this.#resolve(args.text(0));
        return true;
      } catch (error) {
        if (error instanceof VfsError) return false;
        throw error;
      }
    },
    "fs.stat": (args) => {
      const path = args.text(0);
      const syscall = args.optionalText(2) ?? "stat";
      return this.#guard(syscall, path, () => encodeStat(this.#fs.stat(this.#resolve(path, args.flag(1)))));
    },
    "fs.readdir": this.#pathCall("scandir", (path, args) => this.#list(path, args.flag(1))),
    "fs.mkdir": this.#pathCall("mkdir", (path, args) =>
      args.flag(1) ? this.#makeDirs(path, args.size(2)) : void this.#makeDir(path, args.size(2)),
    ),
    "fs.mkdtemp": this.#pathCall("mkdtemp", (path) => {
      const letters = Array.from(this.#random(new Uint8Array(6)), (byte) => (byte % 36).toString(36)).join(
        "",
      );
      this.#makeDir(path + letters, 0o700);
      return path + letters;
    }),
    "fs.rm": this.#pathCall("rm", (path, args) => this.#remove(path, args.flag(1), args.flag(2))),
    "fs.rmdir": this.#pathCall("rmdir", (path) => {
      const at = this.#walk(path, false);
      this.#fs.rmdirAt(at.parent, at.name);
    }),
    "fs.unlink": this.#pathCall("unlink", (path) => {
      const at = this.#walk(path, false);
      this.#fs.unlinkAt(at.parent, at.name);
    }),
    "fs.rename": this.#twoPathCall("rename", (from, to) => {
      const source = this.#walk(from, false);
      const target = this.#walk(to, false);
      this.#fs.renameAt(source.parent, source.name, target.parent, target.name);
    }),
    "fs.copyFile": this.#twoPathCall("copyfile", (from, to, args) => {
      const isExclusive = args.size(2) === 1;
      this.#copyFile(this.#resolve(from), to, isExclusive);
    }),
    "fs.cp": this.#twoPathCall("cp", (from, to, args) => this.#copyTree(from, to, args.flag(2))),
    "fs.symlink": this.#twoPathCall("symlink", (target, path) => {
      const at = this.#walk(path, false);
      if (at.ino !== undefined) throw new VfsError("EEXIST", path);
      this.#fs.symlinkAt(at.parent, at.name, target);
    }),
    "fs.link": this.#twoPathCall("link", (from, to) => {
      const at = this.#walk(to, false);
      if (at.ino !== undefined) throw new VfsError("EEXIST", to);
      this.#fs.link(this.#resolve(from, false), at.parent, at.name);
    }),
    "fs.readlink": this.#pathCall("readlink", (path) => {
      const ino = this.#resolve(path, false);
      if (this.#fs.stat(ino).type !== "symlink") throw new VfsError("EINVAL", path);
      return this.#fs.readlink(ino);
    }),
    "fs.realpath": this.#pathCall("realpath", (path) => this.#fs.pathOf(this.#resolve(path))),
    "fs.truncate": this.#pathCall("open", (path, args) =>
      this.#fs.truncate(this.#resolve(path), args.size(1)),
    ),
    "fs.chmod": this.#pathCall("chmod", (path, args) =>
      this.#fs.setMode(this.#resolve(path), args.size(1) & 0o777),
    ),
    "fs.utimes": this.#pathCall("utime", (path, args) => {
      const times = { atimeNs: toNs(args.number(1)), mtimeNs: toNs(args.number(2)) };
      this.#fs.setTimes(this.#resolve(path), times);
    }),
    "fs.open": this.#pathCall("open", (path, args) => {
      const file = this.#openFile(path, parseFlags(args.text(1)), args.size(2));
      const fd = this.#open.insert(file);
      this.#fs.retain(file.ino);
      return fd;
    }),
    "fs.close": this.#fdCall("close", (_file, args) => {
      const fd = args.size(0);
      this.#fs.release(this.#open.remove(fd).ino);
    }),
    "fs.fstat": this.#fdCall("fstat", (file) => encodeStat(this.#fs.stat(file.ino))),
    "fs.ftruncate": this.#fdCall("ftruncate", (file, args) => this.#fs.truncate(file.ino, args.size(1))),
    "fs.readAllFd": this.#fdCall("read", (file) => {
      const bytes = this.#readAll(file.ino, file.position);
      file.position += bytes.length;
      return bytes;
    }),
    "fs.readFd": this.#fdCall("read", (file, args) => {
      if (!file.canRead) throw new VfsError("EBADF", "opened for writing only");
      const position = args.optionalSize(2);
      const at = position ?? file.position;
      const left = Math.max(0, this.#fs.stat(file.ino).size - at);
      const target = new Uint8Array(Math.min(args.size(1), left, MAX_READ_BYTES));
      const count = this.#fs.read(file.ino, at, target);
      if (position === undefined) file.position += count;
      return target.subarray(0, count);
    }),
    "fs.writeFd": this.#fdCall("write", (file, args) => {
      if (!file.canWrite) throw new VfsError("EBADF", "opened for reading only");
      const position = args.optionalSize(1);
      const at = file.appends ? this.#fs.stat(file.ino).size : (position ?? file.position);
      const count = this.#fs.write(file.ino, at, args.bytes);
      if (position === undefined || file.appends) file.position = at + count;
      return count;
    }),
  };

  #pathCall(syscall: string, call: (path: string, args: CallArguments) => ReturnType<HostCall>): HostCall {
    return (args) => {
      const path = args.text(0);
      return this.#guard(syscall, path, () => call(path, args));
    };
  }

  #twoPathCall(
    syscall: string,
    call: (from: string, to: string, args: CallArguments) => ReturnType<HostCall>,
  ): HostCall {
    return (args) => {
      const from = args.text(0);
      const to = args.text(1);
      return this.#guard(syscall, from, () => call(from, to, args), to);
    };
  }

  #fdCall(syscall: string, call: (file: OpenFile, args: CallArguments) => ReturnType<HostCall>): HostCall {
    return (args) =>
      this.#guard(syscall, undefined, () => {
        const fd = args.size(0);
        if (fd <= 2) throw new VfsError("EBADF", "a standard stream");
        return call(this.#open.require(fd), args);
      });
  }

  /** Turns the filesystem's refusals into node's errors. */
  #guard<T>(syscall: string, path: string | undefined, call: () => T, dest?: string): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof VfsError) throw fsFault(error.errno, syscall, path, dest);
      throw error;
    }
  }

  #walk(path: string, follow = true): WalkResult {
    if (path === "") throw new VfsError("ENOENT", path);
    return this.#fs.walk(path, { base: this.#base(path), follow });
  }
  #resolve(path: string, follow = true): Ino {
    if (path === "") throw new VfsError("ENOENT", path);
    return this.#fs.resolve(path, { base: this.#base(path), follow });
  }
  #base(path: string): Ino {
    return path.startsWith("/") ? this.#fs.root : this.#fs.resolve(this.#cwd);
  }

  #readAll(ino: Ino, from: number): Uint8Array {
    const size = Math.max(0, this.#fs.stat(ino).size - from);
    if (size > MAX_READ_BYTES) {
      throw new GuestFault("RangeError", `File size (${size}) is greater than ${MAX_READ_BYTES} bytes`, {
        code: "ERR_FS_FILE_TOO_LARGE",
      });
    }
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, this.#fs.read(ino, from, bytes));
  }

  #openFile(path: string, flags: OpenFlags, mode: number): OpenFile {
    const at = this.#walk(path, !flags.exclusive);
    let ino = at.ino;
    if (ino === undefined) {
      if (!flags.create) throw new VfsError("ENOENT", path);
      if (at.wantsDirectory) throw new VfsError("EISDIR", path);
      ino = this.#fs.create(at.parent, at.name, mode & 0o755);
    } else if (flags.exclusive) throw new VfsError("EEXIST", path);
    if (this.#fs.stat(ino).type === "directory") {
      if (flags.write) throw new VfsError("EISDIR", path);
    } else if (at.wantsDirectory) throw new VfsError("ENOTDIR", path);
    if (flags.write && this.#fs.isReadOnly(ino)) throw new VfsError("EROFS", path);
    if (flags.truncate) this.#fs.truncate(ino, 0);
    return { ino, position: 0, canRead: flags.read, canWrite: flags.write, appends: flags.append };
  }

  #makeDir(path: string, mode: number): void {
    const at = this.#walk(path, false);
    if (at.ino !== undefined) throw new VfsError("EEXIST", path);
    this.#fs.mkdirAt(at.parent, at.name, mode & 0o755);
  }

  /** The first directory that had to be made, as node answers; undefined when all were there. */
  #makeDirs(path: string, mode: number): string | undefined {
    const parts = path.split("/");
    let first: string | undefined;
    for (let i = 1; i <= parts.length; i++) {
      const part = parts.slice(0, i).join("/");
      if (part === "" || parts[i - 1] === "") continue;
      const at = this.#walk(part);
      if (at.ino === undefined) {
        this.#fs.mkdirAt(at.parent, at.name, mode & 0o755);
        first ??= this.#fs.pathOf(this.#resolve(part));
      } else if (this.#fs.stat(at.ino).type !== "directory") {
        throw new VfsError(i === parts.length ? "EEXIST" : "ENOTDIR", path);
      }
    }
    return first;
  }

  #remove(path: string, isRecursive: boolean, isForced: boolean): void {
    const at = this.#walk(path, false);
    if (at.ino === undefined) {
      if (isForced) return;
      throw fsFault("ENOENT", "lstat", path);
    }
    if (this.#fs.stat(at.ino).type !== "directory") return this.#fs.unlinkAt(at.parent, at.name);
    if (!isRecursive) {
      throw new GuestFault("Error", `Path is a directory: rm returned EISDIR (is a directory) ${path}`, {
        code: "ERR_FS_EISDIR",
        syscall: "rm",
        path,
      });
    }
    this.#fs.remove(this.#fs.pathOf(at.ino));
  }

  #list(
    path: string,
    isRecursive: boolean,
  ): { name: string; relative: string; parent: string; type: string }[] {
    const found: { name: string; relative: string; parent: string; type: string }[] = [];
    const pending: [ino: Ino, prefix: string][] = [[this.#resolve(path), ""]];
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const [ino, prefix] = next;
      const entries = this.#fs.readdir(ino).filter(({ name }) => name !== "." && name !== "..");
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        const parent = prefix === "" ? path : `${path.replace(/\/$/, "")}/${prefix.slice(0, -1)}`;
        found.push({ name: entry.name, relative: prefix + entry.name, parent, type: entry.type });
        if (isRecursive && entry.type === "directory") pending.push([entry.ino, `${prefix}${entry.name}/`]);
      }
    }
    return found;
  }

  #copyFile(from: Ino, to: string, isExclusive: boolean): void {
    if (this.#fs.stat(from).type === "directory") throw new VfsError("EISDIR", to);
    const bytes = this.#readAll(from, 0);
    const flags = { ...parseFlags(isExclusive ? "wx" : "w"), truncate: false };
    const target = this.#openFile(to, flags, this.#fs.stat(from).mode);
    if (target.ino === from) return;
    this.#fs.truncate(target.ino, 0);
    this.#fs.write(target.ino, 0, bytes);
  }

  #copyTree(from: string, to: string, isRecursive: boolean): void {
    const source = this.#resolve(from);
    if (this.#fs.stat(source).type !== "directory") return this.#copyFile(source, to, false);
    if (!isRecursive) throw new VfsError("EISDIR", from);
    const sourcePath = this.#fs.pathOf(source);
    const entries = this.#fs.readdir(source).filter(({ name }) => name !== "." && name !== "..");
    this.#makeDirs(to, 0o777);
    const target = this.#fs.pathOf(this.#resolve(to));
    if (`${target}/`.startsWith(`${sourcePath}/`)) throw new VfsError("EINVAL", to);
    for (const { name, type, ino } of entries) {
      if (type === "symlink") this.#fs.symlinkAt(this.#resolve(target), name, this.#fs.readlink(ino));
      else this.#copyTree(`${sourcePath}/${name}`, `${target}/${name}`, true);
    }
  }
}

/** 0, 1 and 2 are taken by the standard streams, which the guest's side handles. */
function newTable(): DescriptorTable<OpenFile> {
  const table = new DescriptorTable<OpenFile>();
  for (let fd = 0; fd <= 2; fd++) {
    table.reserve(fd, { ino: 0, position: 0, canRead: false, canWrite: false, appends: false });
  }
  return table;
}

function toNs(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1000)) * 1_000_000n;
}

function encodeStat(stat: Stat): object {
  const { type, mode, size, nlink, ino } = stat;
  const ms = (ns: bigint) => Number(ns / 1000n) / 1000;
  return {
    ...{ type, mode, size, nlink, ino },
    ...{ atimeMs: ms(stat.atimeNs), mtimeMs: ms(stat.mtimeNs), ctimeMs: ms(stat.ctimeNs) },
  };
}
