import { LANGUAGE_BY_EXTENSION, LANGUAGES, type Language } from "../policy/languages.ts";
import { usage } from "./usage.ts";

/** Languages the command line will speak one day, by ending: named so that the answer is not "unknown". */
const LATER_EXTENSIONS: readonly string[] = [".sh", ".rb", ".sql", ".c", ".cpp"];

/** The language a file's ending says; `undefined` when it says none. */
export function languageByEnding(path: string): Language | undefined {
  const ending = endingOf(path);
  return Object.hasOwn(LANGUAGE_BY_EXTENSION, ending) ? LANGUAGE_BY_EXTENSION[ending] : undefined;
}

/** Exit code 2, for a program that is there and whose language nobody has said. */
export function unknownLanguage(path: string) {
  const ending = endingOf(path);
  const endings = Object.keys(LANGUAGE_BY_EXTENSION).join(" ");
  if (LATER_EXTENSIONS.includes(ending)) {
    return usage(`${ending} programs are not yet available`, `Runs now: ${endings}`);
  }
  return usage(
    `cannot tell the language of ${path}`,
    `Say it with --lang (${LANGUAGES.join(", ")}), or use one of the endings ${endings}`,
  );
}

function endingOf(path: string): string {
  return /\.[^./\\]+$/.exec(path)?.[0]?.toLowerCase() ?? "";
}
