import type { Language } from "../policy/languages.ts";
import type { CageLimits } from "./api.ts";

/** Bytes of the token of a pipe's frames: as hard to guess as a UUID. */
export const TOKEN_BYTES = 16;

/**
 * The supervisor is the thread of the cage that runs no guest code: the frame's own thread in a browser, the process's
 * main thread on a server. It starts the worker, hands it assets, answers pings and holds the interrupt flag.
 */

/** Host → supervisor, over the control port (browser) or a `control` frame (server). */
export type ControlMessage =
  | { type: "ping"; id: number }
  | { type: "interrupt" }
  /** Browser: the assets themselves. */
  | AssetDelivery
  /** Server: the supervisor reads them from the asset folder; files by asset name, and what the folder lacks. */
  | { type: "load-assets"; requestId: number; files: Record<string, string>; absent: string[] };

/** A part of the assets of one request, as soon as it is there. */
export interface AssetDelivery {
  type: "assets";
  requestId: number;
  assets: Record<string, Blob>;
  /** Asked for, and not in this build. */
  absent: string[];
  /** Nothing more comes for this request. */
  isLast: boolean;
}

/** What a cage is opened for. */
export interface CageStart {
  limits: CageLimits;
  /** A language to start at once, and the assets it waits for. */
  boot?: { language: Language; assets: readonly string[] } | undefined;
}

/** Supervisor → host. Parsed like everything else from below the wall. */
export type SupervisorMessage =
  | { type: "ready"; canInterrupt: boolean }
  | { type: "pong"; id: number }
  | { type: "assets-provided"; requestId: number }
  | { type: "failed"; message: string };

/** Host → frame, once, with two ports: control and worker. */
export interface FrameStart extends CageStart {
  type: "start";
  engine: Blob;
}

/** Host → process, as its first argument in JSON: names of files in the asset folder. */
export interface ProcessStart extends CageStart {
  engine: string;
  /** Longest message of the worker that the host takes. */
  maxMessageBytes: number;
  /** Other files that will be asked for, by asset name: read while the worker starts. */
  ahead: Record<string, string>;
}

/** Supervisor → worker. The first message is `init`; assets may follow at any time. */
export type WorkerControl =
  | ({
      type: "init";
      interruptFlag: Int32Array | undefined;
      /** Whether what crosses the port is packed (`packed-port.ts`). */
      isPacked: boolean;
    } & CageStart)
  | WorkerDelivery;

/** An `AssetDelivery`, read, and compiled where that saves time. */
export interface WorkerDelivery extends Omit<AssetDelivery, "assets"> {
  assets: Record<string, Uint8Array | WebAssembly.Module>;
}

/** Worker → supervisor: it listens; the assets are in place. */
export type WorkerReport = { type: "started" } | { type: "assets-provided"; requestId: number };
