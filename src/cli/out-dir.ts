import { lstat, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import type { GuestEntry } from "./guest-tree.ts";
import { linkInside, namesBelow } from "./host-names.ts";
import { reasonOf } from "./host-tree.ts";

const WORKSPACE = "/workspace";

/**
 * Refuses a `--out` that could not be written in the end, before anything runs.
 *
 * @throws {CliError} exit code 2: it is a file, or stands below one.
 */
export async function checkOutDir(outDir: string): Promise<void> {
  for (let path = resolve(outDir); ; path = dirname(path)) {
    const stat = await lstatOrUndefined(path);
    if (stat === undefined && path !== dirname(path)) continue;
    if (stat === undefined || stat.isDirectory() || stat.isSymbolicLink()) return;
    throw new CliError(`--out ${outDir}: ${path} is not a folder`, { exitCode: EXIT_CODES.usage });
  }
}

/**
 * Copies artifacts to a host folder, which is made when there is one to copy. They are written to a folder beside it first and moved when all are there, so a
 * failure leaves nothing half-written.
 *
 * @param entries - The artifacts, with their content. Those outside /workspace stay behind, with a warning.
 * @returns What was left out, one line each.
 * @throws {CliError} exit code 125: a file would replace a folder (or the other way round), or the host refuses.
 */
export async function writeOutDir(outDir: string, entries: readonly GuestEntry[]): Promise<string[]> {
  const warnings: string[] = [];
  const items = plan(entries, warnings);
  const target = resolve(outDir);
  // An empty folder would say that there was something.
  if (items.length === 0) return warnings;
  try {
    await checkConflicts(target, items);
    const isNew = (await lstatOrUndefined(target)) === undefined;
    await mkdir(isNew ? dirname(target) : target, { recursive: true });
    const staging = await mkdtemp(
      isNew ? join(dirname(target), `.${basename(target)}-`) : join(target, ".sandglass-"),
    );
    try {
      for (const item of items) await place(item, staging);
      await mkdir(target, { recursive: true });
      for (const { names } of items) {
        await mkdir(dirname(join(target, ...names)), { recursive: true });
        await rename(join(staging, ...names), join(target, ...names));
      }
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`--out ${outDir}: ${reasonOf(error)}`, {
      exitCode: EXIT_CODES.sandboxFailed,
      cause: error,
    });
  }
  return warnings;
}

interface Item {
  names: string[];
  entry: GuestEntry;
  /** A symlink's target as it is written on the host. */
  target?: string;
}

function plan(entries: readonly GuestEntry[], warnings: string[]): Item[] {
  const items: Item[] = [];
  for (const entry of entries) {
    if (entry.type === "directory") continue;
    const names = namesBelow(entry.path, WORKSPACE);
    if (names === undefined) {
      warnings.push(`${entry.path} is outside ${WORKSPACE}: not copied to --out`);
    } else if (entry.type === "file") {
      items.push({ names, entry });
    } else {
      const target = linkInside(entry.path, entry.target ?? "", WORKSPACE);
      if (target !== undefined) items.push({ names, entry, target });
      else warnings.push(`${entry.path} is a symlink that leads out of ${WORKSPACE}: not copied to --out`);
    }
  }
  return items;
}

async function checkConflicts(target: string, items: readonly Item[]): Promise<void> {
  for (const { names } of items) {
    for (let depth = 1; depth <= names.length; depth++) {
      const path = join(target, ...names.slice(0, depth));
      const stat = await lstatOrUndefined(path);
      if (stat === undefined) break;
      // A symlink on the way could lead anywhere: only real folders are entered.
      const isFolderNeeded = depth < names.length;
      if (isFolderNeeded === stat.isDirectory()) continue;
      throw new CliError(
        isFolderNeeded
          ? `--out: ${path} is not a folder, and ${names.join("/")} needs it to be one`
          : `--out: ${path} is a folder, and the program made a file of that name`,
        {
          exitCode: EXIT_CODES.sandboxFailed,
          hint: "Nothing was copied. Choose another folder, or move that one away.",
        },
      );
    }
  }
}

async function place({ names, entry, target }: Item, root: string): Promise<void> {
  const path = join(root, ...names);
  await mkdir(dirname(path), { recursive: true });
  if (target !== undefined) await symlink(target, path);
  else await writeFile(path, entry.bytes ?? new Uint8Array(), { flag: "wx", mode: entry.mode & 0o777 });
}

async function lstatOrUndefined(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
