import type { WasmImports } from "./emscripten.ts";

/**
 * Imports by which Python reads, sets, calls or makes JavaScript objects. Nothing of ours needs them once the
 * interpreter stands: the runner speaks by strings and by its device.
 */
const REACH = /^(Js[A-Z]|Jsv[A-Z_]|raw_call_js$|create_once_callable$|create_promise_handles$|wrap_)/;
/** Those that every call from outside goes through: they convert its arguments, and only move or test values. */
const NEEDED = new Set([
  "JsvArray_Get",
  "JsvArray_New",
  "JsvArray_Push",
  "JsvError_Check",
  "Jsv_GetError_import",
]);

/**
 * Cuts Python off from the JavaScript around it. Hygiene, not the wall: the runner has already emptied every module that
 * holds a JavaScript object; a program that finds one all the same (through C, say) ends as a crash.
 *
 * @returns A function that closes the way; until then the boot uses it.
 */
export function guardJavaScript(imports: WasmImports): () => void {
  let isClosed = false;
  const env = imports["env"]!;
  for (const [name, original] of Object.entries(env)) {
    if (!REACH.test(name) || NEEDED.has(name) || typeof original !== "function") continue;
    const guarded = (...args: unknown[]): unknown => {
      if (isClosed) throw new Error(`access to JavaScript was denied (${name})`);
      return original(...args);
    };
    // Emscripten keeps the signature on the function, for dynamic linking.
    env[name] = Object.assign(guarded, original);
  }
  return () => {
    isClosed = true;
  };
}
