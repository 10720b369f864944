/** JavaScript Promise Integration, which TypeScript's library does not declare yet. */
interface PromiseIntegration {
  Suspending?: new (call: (...args: unknown[]) => unknown) => object;
  promising?: (start: () => void) => () => Promise<void>;
}

const { Suspending, promising } = WebAssembly as typeof WebAssembly & PromiseIntegration;

/** This host can suspend a module while a promise is open: Chromium, Deno and Node 24 do, Node 20 does not. */
export const hasSuspension = Suspending !== undefined && promising !== undefined;

/** An import that may answer with a promise; the guest is suspended until then. Only where `hasSuspension`. */
export function suspending(call: (...args: unknown[]) => unknown): WebAssembly.ImportValue {
  if (Suspending === undefined) throw new TypeError("WebAssembly.Suspending is missing");
  // Typed as an object by its proposal; an engine takes it wherever a function import is wanted.
  return new Suspending(call) as unknown as WebAssembly.ImportValue;
}

/** The exported function as one that answers with a promise. */
export function promise(start: () => void): () => Promise<void> {
  if (promising === undefined) throw new TypeError("WebAssembly.promising is missing");
  return promising(start);
}
