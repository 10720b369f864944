import type { OpenCage } from "./cage.ts";
import type { CreateOptions } from "./options.ts";
import { SandboxCore } from "./sandbox.ts";
import type { Snapshot } from "./snapshot.ts";

/** Gives `Sandbox` a host: where its cages come from. */
export function bindSandbox(openCage: OpenCage) {
  return class Sandbox extends SandboxCore {
    /**
     * Opens a sandbox. It holds nothing but what the options give it.
     *
     * @throws {SandboxError} `cage-unavailable` where none can be opened, `invalid-argument` for a wrong option,
     *   `file-limit` when the files do not fit.
     */
    static create(options: CreateOptions = {}): Promise<Sandbox> {
      return new Sandbox(openCage, options).open();
    }

    /** Opens a sandbox with the files of a snapshot, taken on any host. */
    static restore(snapshot: Snapshot, options: Omit<CreateOptions, "files"> = {}): Promise<Sandbox> {
      return new Sandbox(openCage, options, snapshot.entries).open();
    }
  };
}
