import type { SandboxHost } from "./client/host.ts";
import { SandboxCore } from "./client/sandbox.ts";
import { type OpenPlace, SnapshotStoreCore } from "./client/store/snapshot-store.ts";
import { openFolderPlace } from "./hosts/node/folder-place.ts";
import { openServerCage } from "./hosts/node/open-cage.ts";
import { spareTime } from "./hosts/node/spare-time.ts";
import { type InspectOptions, inspectWith, type ModuleInspection } from "./wasm/inspect.ts";

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

/**
 * Reads what a WebAssembly module needs, offers and weighs, without running or compiling it, and says whether it runs
 * here: `(await inspectModule(bytes)).runsHere`. Any bytes are answered; those that are no module, or a damaged one, with
 * the reason and the byte offset. The time taken grows with the size of the file only.
 *
 * @param bytes - The file, such as `new Uint8Array(await file.arrayBuffer())`.
 * @throws {SandboxError} `invalid-argument` when `bytes` are no bytes, or `memoryBytes` is out of range.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md
 */
export async function inspectModule(
  bytes: Uint8Array,
  options: InspectOptions = {},
): Promise<ModuleInspection> {
  // The cage is Deno, whose engine is newer than that of the oldest Node this runs on.
  return inspectWith("other", bytes, options);
}
