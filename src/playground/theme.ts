import { settings, type Theme } from "./store/settings.ts";

const DARK = "(prefers-color-scheme: dark)";

/** Keeps the page in the reader's theme. The first paint's theme is set by public/theme.js. */
export function followTheme(): void {
  const apply = () => {
    document.documentElement.dataset.theme = resolveTheme(settings.getState().theme);
  };
  settings.subscribe(apply);
  matchMedia(DARK).addEventListener("change", apply);
  apply();
}

export function resolveTheme(theme: Theme): "light" | "dark" {
  if (theme !== "system") return theme;
  return matchMedia(DARK).matches ? "dark" : "light";
}
