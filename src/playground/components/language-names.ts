import type { Language } from "../../policy/languages.ts";

/** The guest languages as a reader calls them. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  python: "Python",
  javascript: "JavaScript",
  typescript: "TypeScript",
  wasi: "WebAssembly",
};
