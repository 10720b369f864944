/** Names of the host environment that engines in the cage must not find, so that they take their browser path. */
const HOST_GLOBALS = ["Deno", "process", "Buffer", "global", "setImmediate", "clearImmediate"] as const;

/**
 * Takes the host's own names out of the worker's realm. Hygiene, not the wall: it makes the two hosts alike.
 *
 * Pyodide refuses classic workers by looking for `importScripts`; modules are imported from blobs here.
 */
export function removeHostGlobals(): void {
  for (const name of HOST_GLOBALS) Reflect.deleteProperty(globalThis, name);
  // On a server the console writes to the pipe that carries the cage's messages.
  for (const method of Object.keys(console) as (keyof Console)[]) Reflect.set(console, method, () => {});
  Object.defineProperty(globalThis, "importScripts", {
    value: undefined,
    configurable: true,
    writable: true,
  });
}
