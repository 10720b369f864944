import { inspectModule } from "../../index.browser.ts";
import type { ModuleInspection } from "../../index.ts";

interface Kept {
  memoryBytes: number;
  found: Promise<ModuleInspection>;
}

/** The last answer for each module's bytes: who shows a module, who offers to run it and who runs it ask the same thing. */
const kept = new WeakMap<Blob, Kept>();

/** What a module needs, and whether it runs with the memory there may be. */
export function inspectBlob(blob: Blob, memoryBytes: number): Promise<ModuleInspection> {
  const known = kept.get(blob);
  if (known?.memoryBytes === memoryBytes) return known.found;
  const found = blob.arrayBuffer().then((bytes) => inspectModule(new Uint8Array(bytes), { memoryBytes }));
  kept.set(blob, { memoryBytes, found });
  found.catch(() => kept.delete(blob));
  return found;
}
