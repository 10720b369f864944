import { useEffect, useState, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { type ProjectStore, project } from "../store/project.ts";
import { type RunView, runs } from "../store/run.ts";
import { type SettingsStore, settings } from "../store/settings.ts";
import { type TreeStore, tree } from "../store/tree.ts";
import { type ViewStore, view } from "../store/view.ts";

export const useProject = <T>(select: (state: ProjectStore) => T): T => useStore(project, select);
export const useSettings = <T>(select: (state: SettingsStore) => T): T => useStore(settings, select);
export const useTree = <T>(select: (state: TreeStore) => T): T => useStore(tree, select);
export const useView = <T>(select: (state: ViewStore) => T): T => useStore(view, select);
export const useRun = <T>(select: (run: RunView | null) => T): T =>
  useStore(runs, (state) => select(state.run));
/** Runs begun since the page was opened. */
export const useRunCount = (): number => useStore(runs, (state) => state.count);

/** Where what is pressed is a finger wide; the same condition stands in styles/tokens.css and styles/files.css. */
export const TOUCH = "(pointer: coarse), (max-width: 719px)";

/** Whether a CSS media query holds, following changes. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Re-renders about ten times a second while `isOn`; once a second for readers who want less motion. */
export function useTicking(isOn: boolean): number {
  const [nowMs, setNowMs] = useState(() => performance.now());
  const isCalm = useMediaQuery("(prefers-reduced-motion: reduce)");
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setNowMs(performance.now()), isCalm ? 1000 : 100);
    return () => clearInterval(timer);
  }, [isOn, isCalm]);
  return nowMs;
}
