/**
 * For the command alone, which knows what it will open before it has read the library: an entry of its own, so that little
 * has to be read before the cage's process starts.
 */

import { startProcessAhead } from "./hosts/node/process-ahead.ts";
import type { Language } from "./policy/languages.ts";
import type { Limits } from "./policy/limits.ts";
import { ASSETS_BY_LANGUAGE } from "./protocol/assets.ts";

/**
 * Starts the process of the sandbox that will be created next, with this language. Resolves when it has been asked for.
 *
 * @returns "it is not needed any more": ends the process, unless a sandbox has taken it.
 */
export function startAhead(
  language: Language,
  { memoryBytes, fileBytes }: Readonly<Limits>,
): Promise<() => void> {
  return startProcessAhead({
    memoryBytes,
    fileBytes,
    assetsUrl: undefined,
    assets: ASSETS_BY_LANGUAGE[language],
    start: language,
    onProgress: undefined,
  });
}
