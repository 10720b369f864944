import type { FileSystem } from "./filesystem.ts";

/** Where a run starts, and where its files belong. */
const WORKSPACE_PATH = "/workspace";
/** Scratch: never an artifact. */
const TEMPORARY_PATH = "/tmp";
const HOME_PATH = "/home/user";

/** Makes the directories every guest expects. Those that are there already (from a snapshot) stay as they are. */
export function createInitialTree(fs: FileSystem): void {
  fs.makeDir(WORKSPACE_PATH);
  fs.makeDir(HOME_PATH);
  if (fs.makeDir(TEMPORARY_PATH)) fs.setMode(fs.resolve(TEMPORARY_PATH), 0o1777);
}
