import type { Language } from "../policy/languages.ts";
import type { AssetName } from "../protocol/assets.ts";
import type { Progress } from "./options.ts";

/** What the client asks a host for: somewhere to run a sandbox, and the means to end it. */
export type OpenCage = (request: CageRequest) => Promise<Cage>;

export interface CageRequest {
  /** Cap on the guest's linear memory, bytes. */
  memoryBytes: number;
  /** Cap on everything in the sandbox's filesystem, bytes: no message can be much longer than this. */
  fileBytes: number;
  assetsUrl: string | URL | undefined;
  /** What will probably be needed: loaded while the cage starts. A failure shows when it is provided. */
  assets?: readonly AssetName[];
  /** A language that starts with the cage, on those assets. */
  start?: Language | undefined;
  onProgress: ((progress: Progress) => void) | undefined;
}

/**
 * One open cage: an opaque-origin frame or a permissionless process, with one worker in it. Both hosts pass
 * `cage.contract.ts`.
 */
export interface Cage {
  /** How this cage is built, in words, for whoever asks what stands between the guest and the machine. */
  readonly description: string;
  /** True when `interrupt` reaches a guest that computes (memory shared with a supervising thread). */
  readonly canInterrupt: boolean;
  /** Sends to the worker. Buffers in `transfer` are gone for the sender. */
  post(message: unknown, transfer?: Transferable[]): void;
  /** Everything the worker sends, unparsed; set once, before the first `post`. */
  onMessage: ((message: unknown) => void) | undefined;
  /** Puts assets into the worker; those already there are skipped. Fails with `asset-unavailable`. */
  provide(assets: readonly AssetName[], onProgress?: (progress: Progress) => void): Promise<void>;
  /** Raises the shared flag. Does nothing when `canInterrupt` is false. */
  interrupt(): void;
  /** Answers when the supervising thread, which runs no guest code, is alive. A busy guest does not delay it. */
  ping(): Promise<void>;
  /**
   * A cage that somebody waits for keeps the host's process alive; one that only waits does not. Calls are counted: each
   * `hold` pairs with a `letGo`, and an open cage starts without. Does nothing in a page.
   */
  hold(): void;
  letGo(): void;
  /** Ends the cage now, whatever it is doing. It is never asked. */
  kill(): void;
  /** Settles once, when the cage is gone. */
  readonly closed: Promise<CageClosed>;
}

export interface CageClosed {
  cause: "killed" | "died" | "out-of-memory" | "protocol-violation";
  /** One line for a person. */
  detail: string;
}
