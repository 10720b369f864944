import type { Writable } from "node:stream";

/** Where a run's bytes go. Nothing is changed, held back or decoded. */
export interface ByteSink {
  write(bytes: Uint8Array | string): void;
  /** Resolves when everything has been taken by the reader, or the reader has gone. */
  drained(): Promise<void>;
}

/**
 * Writes to a stream of the process. What a slow reader has not taken yet waits in memory: at most the run's output
 * limit, since the sandbox stops there.
 *
 * @param onBrokenPipe - Called once when the reader goes away (`| head -1`).
 */
export function createByteSink(stream: Writable, onBrokenPipe: () => void): ByteSink {
  let isBroken = false;
  const pending = new Set<Promise<void>>();
  const breakOff = () => {
    if (isBroken) return;
    isBroken = true;
    onBrokenPipe();
  };
  stream.on("error", breakOff);
  return {
    write(bytes) {
      if (isBroken) return;
      const written = new Promise<void>((resolve) => {
        // The listener above deals with the error; here only "it is over" counts.
        stream.write(bytes, () => resolve());
      });
      pending.add(written);
      void written.then(() => pending.delete(written));
    },
    async drained() {
      await Promise.all(pending);
    },
  };
}
