import type { SandboxHost } from "./client/host.ts";
import { SandboxCore } from "./client/sandbox.ts";
import { type OpenPlace, SnapshotStoreCore } from "./client/store/snapshot-store.ts";
import { openBrowserPlace } from "./hosts/browser/browser-place.ts";
import { isAtHand, openBrowserCage } from "./hosts/browser/open-cage.ts";
import { spareTime } from "./hosts/browser/spare-time.ts";
import { type InspectOptions, inspectWith, type ModuleInspection } from "./wasm/inspect.ts";

export * from "./index.ts";

/** A place to run code that nobody here wrote: `await Sandbox.create({ language: "python" })`. */
export class Sandbox extends SandboxCore {
  /** @internal */
  static override readonly host: SandboxHost = { openCage: openBrowserCage, spareTime, isAtHand };
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
  // The cage is a frame of this very browser.
  return inspectWith("cage", bytes, options);
}

/** Snapshots in the browser's private storage: `await SnapshotStore.open()`. */
export class SnapshotStore extends SnapshotStoreCore {
  /** @internal */
  static override readonly openPlace: OpenPlace = openBrowserPlace;
}
