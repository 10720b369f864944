import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SandboxError, Snapshot } from "../index.node.ts";
import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { cannotRead, type HostEntry, type Mount, reasonOf } from "./host-tree.ts";
import { formatBytes } from "./units.ts";

/** A snapshot is its files' content and their names, which are this much at most (see the client's copy of the files). */
const NAMES_BYTES = 256 * 2 ** 20;

const MAKE_ONE = "--save FILE.snap makes a snapshot.";

/**
 * Reads the snapshot of `--restore`.
 *
 * @throws {CliError} exit code 2: it cannot be read, is none, or holds more than `fileBytes`.
 */
export async function readSnapshotFile(path: string, fileBytes: number): Promise<HostEntry[]> {
  const what = `--restore ${path}`;
  let bytes: Uint8Array;
  try {
    const info = await stat(path);
    if (info.isDirectory()) {
      throw refuse(
        `${what}: this is a folder; a snapshot file is expected`,
        `${MAKE_ONE} --mount brings in a folder.`,
      );
    }
    if (!info.isFile()) throw refuse(`${what}: this is no file`, MAKE_ONE);
    if (info.size > fileBytes + NAMES_BYTES) throw tooLarge(what, info.size, fileBytes);
    bytes = await readFile(path);
  } catch (error) {
    throw cannotRead(what, error);
  }
  let entries: HostEntry[];
  try {
    entries = Snapshot.parse(bytes).entries.map(toHostEntry);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw refuse(`${what}: ${error.message}`, MAKE_ONE);
  }
  const contentBytes = entries.reduce((sum, entry) => sum + (entry.bytes?.length ?? 0), 0);
  if (contentBytes > fileBytes) throw tooLarge(what, contentBytes, fileBytes);
  return entries;
}

/**
 * Refuses a `--save` that could not be written in the end, before anything runs.
 *
 * @throws {CliError} exit code 2: it is a folder, or its folder is not there.
 */
export async function checkSaveFile(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const [self, parent] = await Promise.all([path, folder].map((each) => stat(each).catch(() => undefined)));
  if (self?.isDirectory()) throw refuse(`--save ${path}: this is a folder; name a file, such as FILE.snap`);
  if (self && !self.isFile()) throw refuse(`--save ${path}: this is no file`);
  if (!parent?.isDirectory()) throw refuse(`--save ${path}: there is no folder ${folder}`);
}

/**
 * Writes a snapshot; whatever happens meanwhile, the file is the old one or the new one.
 *
 * @throws {CliError} exit code 125 when the host refuses.
 */
export async function writeSnapshotFile(path: string, snapshot: Snapshot): Promise<void> {
  // Behind a symlink, and with the permissions the old one has: it may be for its owner alone.
  const target = await realpath(path).catch(() => resolve(path));
  const mode = await stat(target).then(
    (info) => info.mode & 0o777,
    () => undefined,
  );
  const temporary = join(dirname(target), `.${basename(target)}-${randomBytes(6).toString("hex")}`);
  try {
    try {
      const file = await open(temporary, "wx", mode);
      try {
        if (mode !== undefined) await file.chmod(mode);
        await file.writeFile(snapshot.bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
  } catch (error) {
    throw new CliError(`--save ${path}: ${reasonOf(error)}`, {
      exitCode: EXIT_CODES.sandboxFailed,
      cause: error,
    });
  }
}

/**
 * The tree a sandbox starts with: a snapshot's, and on it what the command line gives. A mounted folder hides what the
 * snapshot has there, as a mount does; a file replaces a file.
 */
export function coverSnapshot(
  snapshot: readonly HostEntry[],
  given: readonly HostEntry[],
  mounts: readonly Mount[],
): HostEntry[] {
  const tree = new Map<string, HostEntry>();
  const hidden = mounts.map(({ guestPath }) => guestPath);
  for (const { path, type } of given) if (type !== "directory") hidden.push(path);
  const folders = new Set(given.filter(({ type }) => type === "directory").map(({ path }) => path));
  const hiddenPaths = new Set(hidden);
  for (const entry of snapshot) {
    const isFileInTheWay = entry.type !== "directory" && folders.has(entry.path);
    if (!isFileInTheWay && !isHidden(entry.path, hiddenPaths)) tree.set(entry.path, entry);
  }
  moveHiddenContents(tree, snapshot);
  for (const entry of given) {
    // A folder that was only made for what is in it keeps what the snapshot says about it.
    if (entry.type !== "directory" || !tree.has(entry.path)) tree.set(entry.path, entry);
  }
  return [...tree.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether something hides the path, or a folder above it. */
function isHidden(path: string, hidden: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (hidden.has(path.slice(0, end))) return true;
  }
  return false;
}

/** A file with several names has its content at the first; when that is hidden, the next one gets it. */
function moveHiddenContents(tree: Map<string, HostEntry>, snapshot: readonly HostEntry[]): void {
  const contents = new Map(snapshot.map((entry) => [entry.path, entry.bytes]));
  const movedTo = new Map<string, string>();
  for (const entry of snapshot) {
    if (entry.linkTo === undefined || tree.has(entry.linkTo) || !tree.has(entry.path)) continue;
    const { linkTo, ...rest } = entry;
    const now = movedTo.get(linkTo);
    movedTo.set(linkTo, now ?? entry.path);
    const bytes = contents.get(linkTo) ?? new Uint8Array();
    tree.set(entry.path, now === undefined ? { ...rest, bytes } : { ...rest, linkTo: now });
  }
}

function toHostEntry({
  path,
  type,
  mode,
  mtimeNs,
  bytes,
  target,
  linkTo,
}: Snapshot["entries"][number]): HostEntry {
  return {
    path,
    type,
    mode,
    mtimeNs,
    ...(bytes === undefined ? {} : { bytes }),
    ...(target === undefined ? {} : { target }),
    ...(linkTo === undefined ? {} : { linkTo }),
  };
}

function tooLarge(what: string, bytes: number, fileBytes: number): CliError {
  return refuse(
    `${what} holds ${formatBytes(bytes)}; the sandbox's files may have ${formatBytes(fileBytes)}`,
    `Raise --file-limit, if this is a snapshot. ${MAKE_ONE}`,
  );
}

function refuse(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: EXIT_CODES.usage, hint });
}
