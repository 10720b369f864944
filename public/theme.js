// Runs before the first paint, so that a dark page never flashes white. The page's own code takes over afterwards.
(() => {
  let theme = "system";
  try {
    theme = JSON.parse(localStorage.getItem("sandglass.settings") ?? "{}").theme ?? "system";
  } catch {
    // Storage is blocked or holds something else: follow the system.
  }
  const isDark =
    theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
