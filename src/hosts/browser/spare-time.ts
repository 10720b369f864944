import type { SpareTime } from "../../client/host.ts";

/** A page that never rests still gets its spare. */
const IDLE_TIMEOUT_MS = 2000;
/** Safari has no `requestIdleCallback`: a moment after the caller's own work. */
const FALLBACK_IDLE_MS = 50;
/** Devices with less, in GiB, keep nothing waiting. Rounded by browsers to 0.25, 0.5, 1, 2, 4, 8 (Device Memory, W3C). */
const MIN_DEVICE_GIB = 2;

/** Spares in a page: kept while the tab is looked at. */
export const spareTime: SpareTime = {
  whenIdle(callback) {
    if (typeof requestIdleCallback === "function") {
      const handle = requestIdleCallback(callback, { timeout: IDLE_TIMEOUT_MS });
      return () => cancelIdleCallback(handle);
    }
    const timer = setTimeout(callback, FALLBACK_IDLE_MS);
    return () => clearTimeout(timer);
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
