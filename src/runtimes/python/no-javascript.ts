import type { WasmImports } from "./emscripten.ts";

/**
 * Imports by which Python reads, sets, lists, calls or makes JavaScript objects. Nothing of ours needs them once the
 * interpreter stands: the runner speaks by strings and by its device. The others only test or convert values.
 */
const REACH = new RegExp(
  `^(${[
    "JsProxy_(Get|Set|Del|Dir|subscript|exit|aexit|to_weakref).*",
    "Js(ObjMap|Map|Module|Array|Buffer|Exception)_.*",
    "JsvFunction_(Call|Construct).*",
    "JsvObject_(CallMethod|SetAttr|Entries|Keys|Values).*",
    "JsvBuffer_.*",
    "raw_call_js|create_once_callable|create_promise_handles|wrap_(async_)?generator",
  ].join("|")})$`,
);

/**
 * Cuts Python off from the JavaScript around it. Hygiene, not the wall: the runner has already emptied every module that
 * holds a JavaScript object; a program that finds one all the same (through C, say) ends as a crash.
 *
 * @returns A function that closes the way; until then the boot uses it.
 */
export function guardJavaScript(imports: WasmImports): () => void {
  let isClosed = false;
  const env = imports.env!;
  for (const [name, original] of Object.entries(env)) {
    if (!REACH.test(name) || typeof original !== "function") continue;
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
