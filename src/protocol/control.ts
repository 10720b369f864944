/**
 * The supervisor is the thread of the cage that runs no guest code: the frame's own thread in a browser, the process's
 * main thread on a server. It starts the worker, hands it assets, answers pings and holds the interrupt flag.
 */

/** Host → supervisor, over the control port (browser) or a `control` frame (server). */
export type ControlMessage =
  | { type: "ping"; id: number }
  | { type: "interrupt" }
  /** Browser: the bytes themselves. */
  | { type: "assets"; requestId: number; assets: Record<string, Uint8Array> }
  /** Server: the supervisor reads them from the asset folder; files by asset name. */
  | { type: "load-assets"; requestId: number; files: Record<string, string> };

/** Supervisor → host. Parsed like everything else from below the wall. */
export type SupervisorMessage =
  | { type: "ready"; canInterrupt: boolean }
  | { type: "pong"; id: number }
  | { type: "assets-provided"; requestId: number }
  | { type: "failed"; message: string };

/** Host → frame, once, with two ports: control and worker. */
export interface FrameStart {
  type: "start";
  engine: Uint8Array;
}

/** Supervisor → worker. The first message is `init`; assets may follow at any time. */
export type WorkerControl =
  | { type: "init"; interruptFlag: Int32Array | undefined }
  | { type: "assets"; requestId: number; assets: Record<string, Uint8Array> };

/** Worker → supervisor: it listens; the assets are in place. */
export type WorkerReport = { type: "started" } | { type: "assets-provided"; requestId: number };
