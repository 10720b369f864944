import { lstat, open, readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import type { MountSpec } from "./mount-spec.ts";
import { formatBytes } from "./units.ts";

/** One file, folder or symlink of the host, as the sandbox is to have it. */
export interface HostEntry {
  /** Absolute guest path. */
  path: string;
  type: "file" | "directory" | "symlink";
  mode: number;
  mtimeNs: bigint;
  bytes?: Uint8Array;
  /** A symlink's target, as written. */
  target?: string;
  /** Another name of this file; only in what a snapshot holds. */
  linkTo?: string;
}

/** A mount whose host side was found. */
export interface Mount extends MountSpec {
  /** HOST with its own symlinks resolved: the one symlink that is followed, because the person named it. */
  realHostPath: string;
  type: "file" | "directory";
}

export interface HostTree {
  mounts: Mount[];
  entries: HostEntry[];
  /** Sockets, devices and unreadable names that were left out. */
  warnings: string[];
}

/**
 * Reads what the mounts name. Symlinks inside are carried as symlinks and never followed.
 *
 * @throws {CliError} exit code 2: nothing is at HOST, it cannot be read, or all of it is more than `fileBytes`. The
 *   sizes are added up before any content is read.
 */
export async function readMounts(specs: readonly MountSpec[], fileBytes: number): Promise<HostTree> {
  const mounts: Mount[] = [];
  const found: Found[] = [];
  const warnings: string[] = [];
  for (const spec of specs) {
    const mount = await findMount(spec);
    mounts.push(mount);
    await walk(mount.realHostPath, mount.guestPath, found, warnings);
  }
  const totalBytes = found.reduce((sum, item) => sum + item.sizeBytes, 0);
  if (totalBytes > fileBytes) {
    throw new CliError(
      `the mounts hold ${formatBytes(totalBytes)}; the sandbox's files may have ${formatBytes(fileBytes)}`,
      { exitCode: EXIT_CODES.usage, hint: "Mount less, or raise --file-limit." },
    );
  }
  const entries: HostEntry[] = [];
  for (const item of found) entries.push(await load(item));
  return { mounts, entries, warnings };
}

interface Found {
  hostPath: string;
  guestPath: string;
  type: HostEntry["type"];
  mode: number;
  mtimeNs: bigint;
  sizeBytes: number;
}

async function findMount(spec: MountSpec): Promise<Mount> {
  try {
    const realHostPath = await realpath(spec.hostPath);
    const stat = await lstat(realHostPath);
    if (!stat.isFile() && !stat.isDirectory()) {
      throw new CliError(`--mount ${spec.hostPath}: this is neither a file nor a folder`, {
        exitCode: EXIT_CODES.usage,
      });
    }
    return { ...spec, realHostPath, type: stat.isFile() ? "file" : "directory" };
  } catch (error) {
    throw cannotRead(`--mount ${spec.hostPath}`, error);
  }
}

async function walk(hostPath: string, guestPath: string, found: Found[], warnings: string[]): Promise<void> {
  const stat = await lstat(hostPath, { bigint: true }).catch((error: unknown) => {
    throw cannotRead(hostPath, error);
  });
  const common = { hostPath, guestPath, mode: Number(stat.mode) & 0o777, mtimeNs: stat.mtimeNs };
  if (stat.isSymbolicLink()) found.push({ ...common, type: "symlink", sizeBytes: Number(stat.size) });
  else if (stat.isFile()) found.push({ ...common, type: "file", sizeBytes: Number(stat.size) });
  else if (!stat.isDirectory())
    warnings.push(`${hostPath} is a socket, pipe or device: left out of the mount`);
  else {
    found.push({ ...common, type: "directory", sizeBytes: 0 });
    const names = await readdir(hostPath, { encoding: "buffer" }).catch((error: unknown) => {
      throw cannotRead(hostPath, error);
    });
    for (const rawName of names.sort(Buffer.compare)) {
      const name = rawName.toString("utf8");
      if (!Buffer.from(name, "utf8").equals(rawName)) {
        warnings.push(
          `${hostPath} holds a name that is not UTF-8 (${JSON.stringify(name)}): left out of the mount`,
        );
        continue;
      }
      await walk(join(hostPath, name), `${guestPath === "/" ? "" : guestPath}/${name}`, found, warnings);
    }
  }
}

async function load(item: Found): Promise<HostEntry> {
  const { guestPath: path, type, mode, mtimeNs } = item;
  try {
    if (type === "directory") return { path, type, mode, mtimeNs };
    if (type === "symlink") return { path, type, mode, mtimeNs, target: await readlink(item.hostPath) };
    return { path, type, mode, mtimeNs, bytes: await readExactly(item) };
  } catch (error) {
    throw cannotRead(item.hostPath, error);
  }
}

/** Reads as many bytes as were counted: a file that grows meanwhile cannot pass the limit that was checked. */
async function readExactly(item: Found): Promise<Uint8Array> {
  const file = await open(item.hostPath, "r");
  try {
    const bytes = new Uint8Array(item.sizeBytes);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length === bytes.length ? bytes : bytes.slice(0, length);
  } finally {
    await file.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of this path is not a folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "this is a folder",
  ELOOP: "its symlinks go in a circle",
  ENAMETOOLONG: "the name is too long",
};

/** A host file could not be read: one line with the path and the reason, exit code 2. */
export function cannotRead(path: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  return new CliError(`${path}: ${reasonOf(error)}`, { exitCode: EXIT_CODES.usage, cause: error });
}

/** The reason of a Node filesystem error in plain words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
