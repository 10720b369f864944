import type { LockMode } from "../../client/store/place.ts";
import { SandboxError } from "../../errors.ts";

/** Nobody saves or collects garbage for longer. */
const WAIT_MS = 60_000;

/** A lock between the tabs of an origin: given back by the browser when a tab dies. */
export async function holdWebLock<T>(
  locks: LockManager,
  name: string,
  mode: LockMode,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), WAIT_MS);
  let isHeld = false;
  try {
    const options = { mode: mode === "alone" ? "exclusive" : "shared", signal: waiting.signal } as const;
    return await locks.request(name, options, () => {
      isHeld = true;
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (isHeld || !waiting.signal.aborted) throw error;
    throw new SandboxError(`The store was in use by other tabs for ${WAIT_MS / 1000} s`, {
      code: "busy",
      hint: "Try again later.",
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
