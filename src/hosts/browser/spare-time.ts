import type { SpareTime } from "../../client/host.ts";

/** A page that never rests still gets its spare. */
const IDLE_TIMEOUT_MS = 2000;
/** For what the caller does first with the sandbox that made a spare due: an idle moment in between is not the end of it. */
const FIRST_MS = 500;
/** Devices with less, in GiB, keep nothing waiting. Rounded by browsers to 0.25, 0.5, 1, 2, 4, 8 (Device Memory, W3C). */
const MIN_DEVICE_GIB = 2;

/** Spares in a page: kept while the tab is looked at. */
export const spareTime: SpareTime = {
  whenIdle(callback) {
    let cancel = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      // Safari has none.
      if (typeof requestIdleCallback !== "function") return callback();
      const handle = requestIdleCallback(callback, { timeout: IDLE_TIMEOUT_MS });
      cancel = () => cancelIdleCallback(handle);
    }, FIRST_MS);
    return () => cancel();
  },
  // A page is not told how much is free, only how much there is.
  hasMemory: () =>
    ((navigator as { deviceMemory?: number }).deviceMemory ?? MIN_DEVICE_GIB) >= MIN_DEVICE_GIB,
  watch(onChange) {
    const tell = () => onChange(!document.hidden);
    document.addEventListener("visibilitychange", tell);
    if (document.hidden) tell();
    return () => document.removeEventListener("visibilitychange", tell);
  },
};
