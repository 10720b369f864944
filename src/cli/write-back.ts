import { chmod, lstat, mkdir, rename, rm, rmdir, symlink, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type GuestEntry, isSameEntry, isWithin } from "./guest-tree.ts";
import { linkInside, namesBelow } from "./host-names.ts";
import { type HostEntry, type Mount, reasonOf } from "./host-tree.ts";

/**
 * Carries what a run changed below `:rw` mounts back to the host. Each file is replaced in one move; nothing is
 * written through a symlink; a symlink that would lead out of its mount stays behind.
 *
 * @param before - What the sandbox started with.
 * @param after - What it holds now.
 * @returns What could not be written back, one line each. The rest has been.
 */
export async function writeBack(
  mounts: readonly Mount[],
  before: readonly HostEntry[],
  after: readonly GuestEntry[],
): Promise<string[]> {
  const problems: string[] = [];
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const now = new Map(after.map((entry) => [entry.path, entry]));

  const removed = [...old.values()].filter((entry) => {
    const present = now.get(entry.path);
    return present === undefined || present.type !== entry.type;
  });
  // Deepest first, so that folders are empty when their turn comes.
  for (const entry of removed.sort((a, b) => (a.path < b.path ? 1 : -1))) {
    await attempt(mounts, entry.path, problems, (hostPath) => remove(hostPath, entry.type));
  }
  const changed = [...now.values()].filter((entry) => {
    const was = old.get(entry.path);
    return was === undefined || !isSameEntry(was, entry);
  });
  for (const entry of changed.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    await attempt(mounts, entry.path, problems, (hostPath, mount) => write(hostPath, entry, mount));
  }
  return problems;
}

/** Runs one change where its mount is writable, and turns a refusal into a line. */
async function attempt(
  mounts: readonly Mount[],
  path: string,
  problems: string[],
  change: (hostPath: string, mount: Mount) => Promise<void>,
): Promise<void> {
  const mount = mountOf(path, mounts);
  if (!mount?.isWritable) return;
  try {
    await change(await hostPathOf(path, mount), mount);
  } catch (error) {
    problems.push(`${path} was not written back: ${reasonOf(error)}`);
  }
}

/** The innermost mount a path belongs to. */
function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const holding = mounts.filter((mount) => isWithin(path, mount.guestPath));
  return holding.sort((a, b) => b.guestPath.length - a.guestPath.length)[0];
}

/** @throws {Error} when the path is no plain name below the mount, or a folder on the way is a symlink on the host. */
async function hostPathOf(path: string, mount: Mount): Promise<string> {
  if (path === mount.guestPath) return mount.realHostPath;
  const names = namesBelow(path, mount.guestPath);
  if (names === undefined) throw new Error("its name cannot stand on this machine");
  let parent = mount.realHostPath;
  for (const name of names.slice(0, -1)) {
    parent = join(parent, name);
    if ((await lstat(parent)).isSymbolicLink())
      throw new Error("a folder on the way is a symlink on this machine");
  }
  return join(mount.realHostPath, ...names);
}

async function remove(hostPath: string, type: HostEntry["type"]): Promise<void> {
  if (type === "directory") await rmdir(hostPath);
  else await unlink(hostPath);
}

async function write(hostPath: string, entry: GuestEntry, mount: Mount): Promise<void> {
  if (entry.type === "directory") {
    await mkdir(hostPath, { recursive: true });
    await chmod(hostPath, entry.mode & 0o777);
    return;
  }
  const temporary = join(dirname(hostPath), `.sandglass-${process.pid}-${Date.now()}`);
  try {
    if (entry.type === "symlink") {
      const target = linkInside(entry.path, entry.target ?? "", mount.guestPath);
      if (target === undefined) throw new Error("it is a symlink that leads out of the mount");
      await symlink(target, temporary);
    } else {
      await writeFile(temporary, entry.bytes ?? new Uint8Array(), { flag: "wx" });
      await chmod(temporary, entry.mode & 0o777);
    }
    await rename(temporary, hostPath);
  } finally {
    await rm(temporary, { force: true });
  }
}
