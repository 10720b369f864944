import { createStore } from "zustand/vanilla";
import { DEFAULT_LIMITS, type Limits, parseLimits } from "../../policy/limits.ts";
import { isRecord, loadStored, saveStored } from "../lib/storage.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What the reader chose, kept in this browser. */
export interface Settings {
  theme: Theme;
  limits: Limits;
  isConsoleWrapped: boolean;
}

export interface SettingsStore extends Settings {
  setTheme(theme: Theme): void;
  /** Throws `invalid-argument` for a figure outside its range; nothing is changed then. */
  setLimit(name: keyof Limits, value: number): void;
  resetLimits(): void;
  setConsoleWrapped(isWrapped: boolean): void;
}

const KEY = "settings";

export const settings = createStore<SettingsStore>((set, get) => {
  const change = (part: Partial<Settings>) => {
    set(part);
    const { theme, limits, isConsoleWrapped } = get();
    saveStored(KEY, { theme, limits, isConsoleWrapped });
  };
  return {
    ...parseSettings(loadStored(KEY)),
    setTheme: (theme) => change({ theme }),
    setLimit: (name, value) => change({ limits: parseLimits({ ...get().limits, [name]: value }) }),
    resetLimits: () => change({ limits: { ...DEFAULT_LIMITS } }),
    setConsoleWrapped: (isConsoleWrapped) => change({ isConsoleWrapped }),
  };
});

/** Whatever an older version or another hand left in storage, each part checked on its own. */
export function parseSettings(stored: unknown): Settings {
  const record = isRecord(stored) ? stored : {};
  const theme = THEMES.find((name) => name === record.theme) ?? "system";
  return {
    theme,
    limits: parseStoredLimits(record.limits),
    isConsoleWrapped: record.isConsoleWrapped !== false,
  };
}

function parseStoredLimits(stored: unknown): Limits {
  const limits = { ...DEFAULT_LIMITS };
  if (!isRecord(stored)) return limits;
  for (const name of Object.keys(limits) as (keyof Limits)[]) {
    try {
      const value = stored[name];
      if (typeof value === "number") limits[name] = parseLimits({ [name]: value })[name];
    } catch {
      // Out of range: the default stands.
    }
  }
  return limits;
}
