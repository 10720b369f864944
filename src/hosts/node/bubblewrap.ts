import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Library folders of glibc systems; the process sees these, Deno and the assets, and no other file. */
const LIBRARY_PATHS = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];

export interface Wrapped {
  command: string;
  args: string[];
}

/**
 * A bubblewrap command around a Deno that reads one folder: no network, no other processes, no /proc, no environment, no
 * host name, and nowhere to write: the root and /dev are memory of the host's, outside every limit of ours. /proc is left
 * out because it would show the host's environment (/proc/1/environ).
 */
export function wrapInBubblewrap(
  bwrap: string,
  deno: string,
  denoArgs: readonly string[],
  assetsDir: string,
): Wrapped {
  return {
    command: bwrap,
    args: [
      ...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"],
      ...["--hostname", "sandglass", ...libraryBinds(), "--dev", "/dev"],
      ...["--ro-bind", deno, "/deno", "--ro-bind", assetsDir, "/assets"],
      ...["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/assets"],
      ...Object.entries(cageEnvironment("/deno")).flatMap(([name, value]) => ["--setenv", name, value]),
      ...["/deno", ...denoArgs],
    ],
  };
}

/** All the environment a cage's process has. */
export function cageEnvironment(deno: string): Record<string, string> {
  return { DENO_DIR: noDirectory(deno), ...ALLOCATOR };
}

/**
 * glibc keeps what it freed for itself, and raises the size from which it asks the system with every such piece it
 * freed: a Python cage at rest held 30 MB that nobody used. Set, the size stays where it is (mallopt(3)). With 256 KiB
 * what V8 needs to optimise CPython's loop stayed behind in two cages of three, 22 MB in one piece; with 128 KiB in none,
 * and below 64 KiB starts take longer.
 */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: String(128 * 1024) };

/**
 * A DENO_DIR that can never be made, because it lies below a file. Deno needs none for what it does here, and where it
 * has one, the Cache API of a worker without permissions fills the disk and is shared by all sandboxes.
 */
function noDirectory(file: string): string {
  return join(file, "none");
}

/**
 * The same command with a limit on file sizes of zero, kept by the kernel: what the process or anything below it tries to
 * write into a file ends it, whichever way that came past Deno's permissions (SQLite's temporary files do). Pipes are no
 * files. Windows has no such limit.
 */
export function withoutFileGrowth({ command, args }: Wrapped): Wrapped {
  if (process.platform === "win32") return { command, args };
  return {
    command: "/bin/sh",
    args: ["-c", 'ulimit -c 0; ulimit -f 0 && exec "$0" "$@"', command, ...args],
  };
}

const working = new Map<string, Promise<boolean>>();
const broken = new Set<string>();

/** Path of the bubblewrap on PATH, unless it was found not to work here. */
export function findBubblewrap(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform !== "linux") return undefined;
  const dirs = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return dirs.map((dir) => join(dir, "bwrap")).find((path) => !broken.has(path) && existsSync(path));
}

/** Whether a bubblewrap works here: it may be installed and still be refused its namespaces. Asked once. */
export function worksHere(bwrap: string): Promise<boolean> {
  const known = working.get(bwrap) ?? tryOut(bwrap);
  working.set(bwrap, known);
  return known;
}

async function tryOut(bwrap: string): Promise<boolean> {
  const args = [
    ...["--unshare-all", "--cap-drop", "ALL", "--clearenv", "--hostname", "sandglass"],
    ...[...libraryBinds(), "--dev", "/dev", "--ro-bind", "/usr/bin", "/usr/bin"],
    ...["--remount-ro", "/dev", "--remount-ro", "/", "/usr/bin/true"],
  ];
  const works = await new Promise<boolean>((resolve) =>
    execFile(bwrap, args, { env: {} }, (error) => resolve(error === null)),
  );
  if (!works) broken.add(bwrap);
  return works;
}

function libraryBinds(): string[] {
  return LIBRARY_PATHS.filter((path) => existsSync(path)).flatMap((path) => ["--ro-bind", path, path]);
}
