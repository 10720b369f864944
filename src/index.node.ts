import type { SandboxHost } from "./client/host.ts";
import { SandboxCore } from "./client/sandbox.ts";
import { type OpenPlace, SnapshotStoreCore } from "./client/store/snapshot-store.ts";
import { openFolderPlace } from "./hosts/node/folder-place.ts";
import { openServerCage } from "./hosts/node/open-cage.ts";
import { spareTime } from "./hosts/node/spare-time.ts";

export * from "./index.ts";

/** A place to run code that nobody here wrote: `await Sandbox.create({ language: "python" })`. */
export class Sandbox extends SandboxCore {
  /** @internal */
  static override readonly host: SandboxHost = { openCage: openServerCage, spareTime };
}

/** Snapshots in a folder: `await SnapshotStore.open({ location: "./snapshots" })`. */
export class SnapshotStore extends SnapshotStoreCore {
  /** @internal */
  static override readonly openPlace: OpenPlace = openFolderPlace;
}
