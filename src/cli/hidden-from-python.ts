import { CliError } from "./cli-error.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import type { HostEntry } from "./host-tree.ts";

/** Folders of the interpreter's own: what the sandbox holds there, Python does not see. */
const INTERPRETERS_OWN = ["/lib", "/dev", "/proc"];

/**
 * Refuses what would be mounted and then not be there.
 *
 * @throws {CliError} exit code 2 for a file right in `/`, or anything in a folder of the interpreter's own.
 */
export function refuseHiddenFromPython(mounted: readonly Pick<HostEntry, "path" | "type">[]): void {
  for (const { path, type } of mounted) {
    const own = INTERPRETERS_OWN.find((folder) => path === folder || path.startsWith(`${folder}/`));
    const isRightInRoot = type !== "directory" && path.lastIndexOf("/") === 0;
    if (own === undefined && !isRightInRoot) continue;
    const where = own === undefined ? "files right in / are" : `${own} is`;
    throw new CliError(`Python could not see ${path}: ${where} the interpreter's own`, {
      exitCode: EXIT_CODES.usage,
      hint: "Mount it elsewhere, such as /workspace or /data.",
    });
  }
}
