import { abi, Refusal } from "./abi.ts";
import { GuestStopped, isEnding } from "./ended.ts";
import { throwIfStopped, type WasiProcess } from "./process.ts";

/** How long a synchronous sleep goes before it looks whether the run is being stopped. */
const SLICE_MS = 20;
/** `setTimeout` takes no more than this; longer sleeps are taken in turns. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Suspends the guest (JSPI) until `waiting` ends. A stop that arrives in between unwinds it; a failed wait is EIO.
 * What is buffered is sent first: a person reads the question before answering it.
 */
export async function suspendUntil(process: WasiProcess, waiting: Promise<unknown>): Promise<void> {
  process.io.flush();
  let unsubscribe = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    unsubscribe = process.io.onStop((reason) => {
      process.ending = new GuestStopped(reason);
      reject(process.ending);
    });
  });
  stopped.catch(() => {});
  try {
    await Promise.race([waiting, stopped]);
  } catch (error) {
    if (isEnding(error)) throw error;
    throw INPUT_FAILED;
  } finally {
    unsubscribe();
  }
  throwIfStopped(process);
}

const INPUT_FAILED = new Refusal(abi.ERRNO_IO);

/** A promise of that many milliseconds from now, and the way to give it up. */
export function timer(durationMs: number): { done: Promise<void>; cancel: () => void } {
  let handle: ReturnType<typeof setTimeout> | undefined;
  const end = performance.now() + durationMs;
  const done = new Promise<void>((resolve) => {
    const arm = (): void => {
      const leftMs = end - performance.now();
      // A timer may fire a little early; a guest that asked for 10 ms never gets 9.99.
      if (leftMs <= 0) resolve();
      else handle = setTimeout(arm, Math.min(Math.ceil(leftMs), TIMER_MAX_MS));
    };
    arm();
  });
  return { done, cancel: () => clearTimeout(handle) };
}

/** Blocks the thread for that long without burning it, where the host allows a thread to block. */
export function sleepBlocking(process: WasiProcess, durationMs: number): void {
  process.io.flush();
  const end = performance.now() + durationMs;
  for (;;) {
    throwIfStopped(process);
    const leftMs = end - performance.now();
    if (leftMs <= 0) return;
    pause(Math.min(leftMs, SLICE_MS));
  }
}

let neverWoken: Int32Array | undefined | null;

/** Waits on memory that nobody wakes. Where that is not allowed (a page's main thread) it returns at once. */
function pause(durationMs: number): void {
  if (neverWoken === undefined) neverWoken = sharedWord();
  if (neverWoken === null) return;
  try {
    Atomics.wait(neverWoken, 0, 0, durationMs);
  } catch {
    neverWoken = null;
  }
}

/** A shared word, also in a page that is not cross-origin isolated: there only a shared wasm memory has one. */
function sharedWord(): Int32Array | null {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return new Int32Array(memory.buffer, 0, 1);
  } catch {
    return null;
  }
}
