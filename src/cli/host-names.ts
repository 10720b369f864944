import { posix } from "node:path";

/**
 * Where a guest path lands below a host folder: its parts, each one a plain name. The path comes from inside the
 * wall, so nothing is normalised away: what is not plainly below `folder` is refused.
 *
 * @returns `undefined` for a path that is not below `folder` or has a part no host name may be.
 */
export function namesBelow(path: string, folder: string): string[] | undefined {
  const prefix = folder === "/" ? "/" : `${folder}/`;
  if (!path.startsWith(prefix)) return undefined;
  const names = path.slice(prefix.length).split("/");
  return names.every(isPlainName) ? names : undefined;
}

/** Backslash and colon are separators on some hosts; a NUL ends a name on all of them. */
function isPlainName(name: string): boolean {
  const isSeparated = process.platform === "win32" && /[\\:]/.test(name);
  return name !== "" && name !== "." && name !== ".." && !name.includes("\0") && !isSeparated;
}

/**
 * A symlink's target as it may stand on the host: relative, and inside `folder` all the way. An absolute one that
 * stays inside is made relative.
 *
 * @returns `undefined` when it leads out: such a link would be a trap for whoever reads the folder later.
 */
export function linkInside(linkPath: string, target: string, folder: string): string | undefined {
  if (target === "" || target.includes("\0")) return undefined;
  const linkDir = posix.dirname(linkPath);
  if (!target.startsWith("/")) {
    // Each step counts, not only the end: "../../x/y" could pass through the outside.
    let depth = linkDir === folder ? 0 : linkDir.slice(folder.length + 1).split("/").length;
    for (const part of target.split("/")) {
      if (part === "..") depth -= 1;
      else if (part !== "" && part !== ".") depth += 1;
      if (depth < 0) return undefined;
    }
    return target;
  }
  const normal = posix.normalize(target);
  if (normal !== folder && !normal.startsWith(`${folder}/`)) return undefined;
  return posix.relative(linkDir, normal) || ".";
}
