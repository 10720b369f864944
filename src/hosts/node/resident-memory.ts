import { readFile } from "node:fs/promises";

/** How often the cage's memory is looked at: a process fills some hundred megabytes in this time. */
const POLL_MS = 250;
/** Linux reports resident memory in pages of 4 KiB on every platform the npm package `deno` has a binary for. */
const PAGE_BYTES = 4096;

/**
 * Watches the resident memory of a process and everything below it, and calls back once when it passes the cap. Neither
 * V8's heap flag nor the Wasm page cap bounds ArrayBuffers, so a guest that reached the JavaScript realm is stopped here.
 * Does nothing where there is no /proc.
 *
 * @returns "stop watching".
 */
export function watchResidentMemory(
  pid: number,
  capBytes: number,
  onExceeded: (bytes: number) => void,
): () => void {
  if (process.platform !== "linux") return () => {};
  let isStopped = false;
  const timer = setInterval(async () => {
    const bytes = await residentBytes(pid);
    if (isStopped || bytes <= capBytes) return;
    stop();
    onExceeded(bytes);
  }, POLL_MS);
  timer.unref();
  function stop(): void {
    isStopped = true;
    clearInterval(timer);
  }
  return stop;
}

async function residentBytes(pid: number): Promise<number> {
  try {
    const [statm, children] = await Promise.all([
      readFile(`/proc/${pid}/statm`, "utf8"),
      readFile(`/proc/${pid}/task/${pid}/children`, "utf8"),
    ]);
    const own = Number(statm.split(" ")[1]) * PAGE_BYTES;
    const below = await Promise.all(
      children
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map((child) => residentBytes(Number(child))),
    );
    return below.reduce((sum, bytes) => sum + bytes, own);
  } catch {
    // It has ended, or this kernel does not list children.
    return 0;
  }
}
