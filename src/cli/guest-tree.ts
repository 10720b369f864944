import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import type { HostEntry } from "./host-tree.ts";

/** A file, folder or symlink of the sandbox after the run, hard links resolved to their content. */
export interface GuestEntry {
  path: string;
  type: "file" | "directory" | "symlink";
  mode: number;
  bytes?: Uint8Array | undefined;
  target?: string | undefined;
}

/**
 * The tree a sandbox starts with: what the mounts hold (a later mount covers an earlier one), the program unless a
 * mount brings it along, and every folder above them. Sorted by path.
 *
 * @throws {CliError} exit code 2 when one mount needs a folder where another has a file.
 */
export function buildTree(
  mounted: readonly HostEntry[],
  program: { path: string; bytes: Uint8Array } | undefined,
  nowNs: bigint,
): HostEntry[] {
  const tree = new Map<string, HostEntry>();
  for (const entry of mounted) tree.set(entry.path, entry);
  if (program && !tree.has(program.path)) {
    tree.set(program.path, { ...program, type: "file", mode: 0o644, mtimeNs: nowNs });
  }
  for (const path of [...tree.keys()]) {
    for (const parent of parentsOf(path)) {
      const above = tree.get(parent);
      if (above === undefined)
        tree.set(parent, { path: parent, type: "directory", mode: 0o755, mtimeNs: nowNs });
      else if (above.type !== "directory") {
        throw new CliError(
          `the mounts disagree: ${parent} is a ${above.type}, and ${path} needs it to be a folder`,
          {
            exitCode: EXIT_CODES.usage,
          },
        );
      }
    }
  }
  return [...tree.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `/a/b/c` → `/a`, `/a/b`. */
function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
    parents.push(path.slice(0, slash));
  }
  return parents;
}

/** True when `path` is `folder` or something in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Whether two entries would look the same on the host. Times do not count. */
export function isSameEntry(a: GuestEntry, b: GuestEntry): boolean {
  if (a.type !== b.type || a.target !== b.target) return false;
  if (a.type === "symlink") return true;
  if (a.mode !== b.mode) return false;
  return Buffer.compare(a.bytes ?? new Uint8Array(), b.bytes ?? new Uint8Array()) === 0;
}
