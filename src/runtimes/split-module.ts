/**
 * Starts a module that the build has cut in two (scripts/wasm/split-wasm.mjs): the first part at once, the rest when a
 * function in it is first called. Until then its code is bytes that no engine has looked at.
 */

/** What the parts share is exported by the first under names that begin with this. */
const SHARED = "first.";

/**
 * @param rest - The second part; asked for at the first call of a function in it.
 * @returns What the module exports, whole or cut.
 */
export async function instantiateSplit(
  first: WebAssembly.Module,
  imports: WebAssembly.Imports,
  rest: () => WebAssembly.Module,
): Promise<WebAssembly.Exports> {
  const { exports } = await WebAssembly.instantiate(first, imports);
  const shared: Record<string, WebAssembly.ExportValue> = {};
  const own: Record<string, WebAssembly.ExportValue> = {};
  for (const [name, value] of Object.entries(exports)) {
    if (name.startsWith(SHARED)) shared[name.slice(SHARED.length)] = value;
    else own[name] = value;
  }
  const { functions, isLinked } = shared;
  if (!(functions instanceof WebAssembly.Table) || !(isLinked instanceof WebAssembly.Global)) return own;
  // As they are now: what is put in their place later is not for the code that was linked before.
  const linked = Object.fromEntries(Object.entries(imports).map(([name, values]) => [name, copyOf(values)]));
  const link = (): void => {
    // At once, whatever the guest is in the middle of: it cannot wait here.
    new WebAssembly.Instance(rest(), { ...linked, first: shared });
    isLinked.value = 1;
  };
  new WebAssembly.Instance(new WebAssembly.Module(PUT_LINK), { first: { functions, link } });
  return own;
}

/** A table of functions of no names (a proxy) has nothing to copy. */
function copyOf(values: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  return Object.keys(values).length === 0 ? values : { ...values };
}

/**
 * Only a function of WebAssembly can stand in a table. This module makes one of `link`, and puts it in place 0:
 *
 *   (module (import "first" "link" (func)) (import "first" "functions" (table 1 funcref)) (elem (i32.const 0) func 0))
 */
const PUT_LINK = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // A type: no parameters, no results.
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 34, 2],
  ...[5, ...encode("first"), 4, ...encode("link"), 0, 0],
  ...[5, ...encode("first"), 9, ...encode("functions"), 1, 0x70, 0, 1],
  ...[9, 7, 1, 0, 0x41, 0, 0x0b, 1, 0],
);

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
