import { describe } from "vitest";
import { contentContract } from "./contract/content.ts";
import { forksContract } from "./contract/forks.ts";
import { benchMaker, type CreateFileSystem } from "./contract/harness.ts";
import { limitsContract } from "./contract/limits.ts";
import { marksContract } from "./contract/marks.ts";
import { namesContract } from "./contract/names.ts";
import { pathsContract } from "./contract/paths.ts";
import { snapshotsContract } from "./contract/snapshots.ts";
import { watchingContract } from "./contract/watching.ts";

/** What every `FileSystem` must do, in Node and in a browser. `create` says what it starts from. */
export function vfsContract(name: string, create: CreateFileSystem): void {
  const createBench = benchMaker(create);
  describe(name, () => {
    contentContract(createBench);
    namesContract(createBench);
    pathsContract(createBench);
    limitsContract(createBench);
    marksContract(createBench);
    snapshotsContract(createBench);
    forksContract(createBench);
    watchingContract(create);
  });
}
