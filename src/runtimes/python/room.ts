import type { EmscriptenModule } from "./emscripten.ts";

/** With less than this free the next program hardly gets past its imports. */
const ROOM_BYTES = 8 * 2 ** 20;

/** True when the interpreter's memory has room for another run, or can still grow by as much. */
export function hasRoom(module: EmscriptenModule): boolean {
  const address = module._malloc(ROOM_BYTES);
  if (address === 0) return false;
  module._free(address);
  return true;
}
