import { posix } from "node:path";
import type { Mount } from "./host-tree.ts";

/** A directory a `.wasm` program gets, in descriptor order from 3. */
export interface PreopenSpec {
  name: string;
  path: string;
}

/**
 * The preopens of a `.wasm` program: each mounted folder under the very name given. A mounted file brings the folder
 * it stands in, as only folders can be preopened. Without any mount a program gets no folder, as with other WASI hosts:
 * its first free descriptor is 3, and opening a file is ENOTCAPABLE in its libc.
 *
 * @param hasOutDir - Whether what the program makes is brought out. Without mounts the runtime's own choice holds then:
 *   it includes the working directory.
 */
export function preopensOf(mounts: readonly Mount[], hasOutDir: boolean): PreopenSpec[] | undefined {
  if (mounts.length === 0) return hasOutDir ? undefined : [];
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
