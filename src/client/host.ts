import type { AssetName } from "../protocol/assets.ts";
import type { OpenCage } from "./cage.ts";

/** What the client needs of the place it runs in. One for pages, one for servers. */
export interface SandboxHost {
  readonly openCage: OpenCage;
  readonly spareTime: SpareTime;
  /** Whether a cage with these assets can be opened without loading any of them. Absent where it always can. */
  readonly isAtHand?: (assets: readonly AssetName[], assetsUrl: string | URL | undefined) => Promise<boolean>;
}

/** When a host can afford to keep cages that nobody uses yet. */
export interface SpareTime {
  /** Calls back once when there is nothing better to do. Returns "not any more". */
  whenIdle(callback: () => void): () => void;
  /** Whether so many bytes can be taken now without making memory short. */
  hasMemory(bytes: number): boolean;
  /**
   * Calls back with false when spares should be given up (the tab is hidden, memory is short), with true when they may come
   * back. Returns "stop watching". Keeps no process alive.
   */
  watch(onChange: (mayKeep: boolean) => void): () => void;
}
