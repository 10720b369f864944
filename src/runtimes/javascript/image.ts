import { decodeImage, identityOf } from "../memory-image.ts";
import type { ContextAddresses, ContextImage } from "./context.ts";
import { BUILD_SECTION } from "./engine-binary.ts";
import { BOOTSTRAP } from "./guest/bootstrap.ts";

/** Identity of what a context starts with: the engine's binary, as its build has stamped it, and the bootstrap. */
export function identifyEngine(module: WebAssembly.Module): string {
  const stamps = WebAssembly.Module.customSections(module, BUILD_SECTION);
  return identityOf([...stamps.map((stamp) => new Uint8Array(stamp)), new TextEncoder().encode(BOOTSTRAP)]);
}

/** The context in a snapshot file when it is whole and of this engine, else why not. */
export function openContextImage(
  file: Uint8Array,
  module: WebAssembly.Module,
): { image: ContextImage } | { image?: undefined; note: string } {
  const opened = decodeImage(file, identifyEngine(module));
  if (opened.image === undefined) return opened;
  // Written by the same build, which its identity says.
  return { image: { memory: opened.image, addresses: opened.image.values as ContextAddresses } };
}
