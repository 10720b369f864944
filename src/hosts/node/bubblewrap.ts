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
 * A bubblewrap command around a Deno that reads one folder: no network, no other processes, no /proc, no environment, a
 * private /tmp. /proc is left out because it would show the host's environment (/proc/1/environ).
 */
export function wrapInBubblewrap(
  bwrap: string,
  deno: string,
  denoArgs: readonly string[],
  assetsDir: string,
): Wrapped {
  const libraries = LIBRARY_PATHS.filter((path) => existsSync(path)).flatMap((path) => [
    "--ro-bind",
    path,
    path,
  ]);
  return {
    command: bwrap,
    args: [
      ...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"],
      ...libraries,
      ...["--dev", "/dev", "--tmpfs", "/tmp"],
      ...["--ro-bind", deno, "/deno", "--ro-bind", assetsDir, "/assets", "--chdir", "/assets"],
      ...["--setenv", "DENO_DIR", "/tmp/deno", "/deno", ...denoArgs],
    ],
  };
}

let found: Promise<string | undefined> | undefined;

/** Path of a bubblewrap that works here: it may be installed and still be refused its namespaces. Asked once. */
export function findBubblewrap(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  found ??= probe(env);
  return found;
}

async function probe(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const dirs = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const bwrap = dirs.map((dir) => join(dir, "bwrap")).find((path) => existsSync(path));
  if (!bwrap) return undefined;
  const libraries = LIBRARY_PATHS.filter((path) => existsSync(path)).flatMap((path) => [
    "--ro-bind",
    path,
    path,
  ]);
  const args = [
    "--unshare-all",
    "--cap-drop",
    "ALL",
    "--clearenv",
    ...libraries,
    "--ro-bind",
    "/usr/bin",
    "/usr/bin",
    "/usr/bin/true",
  ];
  const works = await new Promise<boolean>((resolve) =>
    execFile(bwrap, args, { env: {} }, (error) => resolve(error === null)),
  );
  return works ? bwrap : undefined;
}
