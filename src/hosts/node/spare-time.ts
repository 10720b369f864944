import { freemem, totalmem } from "node:os";
import type { SpareTime } from "../../client/host.ts";

/** Left free for everybody else, whatever is kept waiting. */
const RESERVE_BYTES = 512 * 2 ** 20;
/** The same as a share of all memory, on larger machines. */
const RESERVE_SHARE = 0.05;
const POLL_MS = 2000;
/** A moment for what the caller does first: opening a cage keeps a core busy for a quarter of a second. */
const IDLE_MS = 30;

/** Spares on a server: kept while memory is free. */
export const spareTime: SpareTime = createSpareTime(
  availableBytes,
  Math.max(RESERVE_BYTES, totalmem() * RESERVE_SHARE),
);

/** @param available - Bytes of memory that can be had now. */
export function createSpareTime(available: () => number, reserveBytes: number): SpareTime {
  return {
    whenIdle(callback) {
      const timer = setTimeout(callback, IDLE_MS);
      timer.unref();
      return () => clearTimeout(timer);
    },
    hasMemory: (bytes) => available() - bytes >= reserveBytes,
    watch(onChange) {
      let mayKeep = true;
      const timer = setInterval(() => {
        const isEnough = available() >= reserveBytes;
        if (isEnough === mayKeep) return;
        mayKeep = isEnough;
        onChange(mayKeep);
      }, POLL_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

/** What a container's own limit leaves, where there is one. */
function availableBytes(): number {
  return typeof process.availableMemory === "function" ? process.availableMemory() : freemem();
}
