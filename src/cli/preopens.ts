import { posix } from "node:path";
import type { Mount } from "./host-tree.ts";

/** A directory a `.wasm` program gets, in descriptor order from 3. */
export interface PreopenSpec {
  name: string;
  path: string;
}

/**
 * The preopens of a `.wasm` program: each mounted folder under the very name given. A mounted file brings the folder
 * it stands in, as only folders can be preopened. Without any mount the runtime's own choice holds.
 */
export function preopensOf(mounts: readonly Mount[]): PreopenSpec[] | undefined {
  if (mounts.length === 0) return undefined;
  const preopens: PreopenSpec[] = [];
  for (const mount of mounts) {
    const preopen =
      mount.type === "directory"
        ? { name: mount.guestName, path: mount.guestPath }
        : { name: posix.dirname(mount.guestName), path: posix.dirname(mount.guestPath) };
    if (!preopens.some(({ name }) => name === preopen.name)) preopens.push(preopen);
  }
  return preopens;
}
