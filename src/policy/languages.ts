/** The guest languages, by the name a caller gives. `typescript` runs in the same engine as `javascript`. */
export const LANGUAGES = ["python", "javascript", "typescript", "wasi"] as const;
export type Language = (typeof LANGUAGES)[number];

/** File endings, so that a door can tell the language from a name. */
export const LANGUAGE_BY_EXTENSION: Readonly<Record<string, Language>> = {
  ".py": "python",
  ".js": "javascript",
  ".mjs": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".wasm": "wasi",
};
