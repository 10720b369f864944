import type { CageRequest } from "../client/cage.ts";
import type { CageStart } from "../protocol/control.ts";

/** What a cage is told when it is opened. */
export function cageStart({ memoryBytes, fileBytes, start, assets = [] }: CageRequest): CageStart {
  return {
    limits: { memoryBytes, fileBytes },
    ...(start === undefined ? {} : { boot: { language: start, assets } }),
  };
}
