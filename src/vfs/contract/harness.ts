import { VfsError } from "../errors.ts";
import type { FileSystem, TreeDelta, TreeEntry } from "../filesystem.ts";

/** What an implementation under test is made with. */
export interface ContractOptions {
  fileBytes: number;
  nowNs: () => bigint;
}

/** Makes a filesystem whose directory /workspace is there and empty. Whatever else is in it, tests leave alone. */
export type CreateFileSystem = (options: ContractOptions) => FileSystem;

/** One filesystem with a clock that moves on by one nanosecond each time it is asked. */
export interface Bench {
  fs: FileSystem;
  /** The time last told. */
  now(): bigint;
}

export type CreateBench = (fileBytes?: number) => Bench;

export function benchMaker(create: CreateFileSystem): CreateBench {
  return (fileBytes = 2 ** 24) => {
    let now = 1_000n;
    return { fs: create({ fileBytes, nowNs: () => ++now }), now: () => now };
  };
}

/** The POSIX name a call was refused with, or what it returned. Any other error is a fault and is thrown on. */
export function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof VfsError) return error.errno;
    throw error;
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function readText(fs: FileSystem, path: string): string {
  return textOf(fs.readFile(path));
}

export function writeText(fs: FileSystem, path: string, text: string): void {
  fs.writeFile(path, bytesOf(text));
}

/** Paths under /workspace with what stands there, for comparing whole trees at a glance. */
export function outline(fs: FileSystem): string[] {
  return fs
    .snapshot()
    .filter((entry) => entry.path.startsWith("/workspace/"))
    .map(describeEntry);
}

function describeEntry(entry: TreeEntry): string {
  const path = entry.path.replace("/workspace/", "");
  if (entry.linkTo !== undefined) return `${path} = ${entry.linkTo.replace("/workspace/", "")}`;
  if (entry.type === "directory") return `${path}/`;
  if (entry.type === "symlink") return `${path} -> ${entry.target}`;
  return `${path}: ${textOf(entry.bytes!)}`;
}

/** What a delta says, at a glance. Times of directories move with every name, so they are listed apart. */
export function summarise(delta: TreeDelta): { removed: string[]; entries: string[]; directories: string[] } {
  return {
    removed: delta.removed.map((path) => path.replace("/workspace/", "")),
    entries: delta.entries.filter((entry) => entry.type !== "directory").map(describeEntry),
    directories: delta.entries
      .filter((entry) => entry.type === "directory")
      .map((entry) => entry.path.replace("/workspace/", "")),
  };
}

/** What a holder of `before` has after being told the delta. */
export function applyDelta(before: readonly TreeEntry[], delta: TreeDelta): TreeEntry[] {
  const byPath = new Map(before.map((entry) => [entry.path, entry]));
  for (const path of delta.removed) {
    if (!byPath.delete(path)) throw new Error(`${path} is told as removed but was not there`);
  }
  for (const entry of delta.entries) byPath.set(entry.path, entry);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
