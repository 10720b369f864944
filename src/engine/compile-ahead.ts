import { COMPILED_AHEAD } from "../protocol/assets.ts";
import type { WorkerDelivery } from "../protocol/control.ts";
import { compileCapped, WASM_PAGE_BYTES } from "../runtimes/wasm-limits.ts";
import { detach } from "./detach.ts";

type Assets = WorkerDelivery["assets"];

/**
 * Compiles what a language is known to need compiled, with its memory capped: for the thread that starts the worker, which
 * has nothing else to do meanwhile. What does not compile stays as it is, and fails where somebody waits for it.
 */
export async function compileAhead(
  assets: Readonly<Record<string, Uint8Array>>,
  memoryBytes: number,
): Promise<Assets> {
  const made: Assets = { ...assets };
  for (const name of COMPILED_AHEAD) {
    const bytes = assets[name];
    if (bytes === undefined) continue;
    try {
      made[name] = await compileCapped(bytes, Math.floor(memoryBytes / WASM_PAGE_BYTES));
      // The engine has a copy of its own.
      detach(bytes);
    } catch {
      // As bytes, then.
    }
  }
  return made;
}

/** The memory that may be handed over: of all that is still bytes. */
export function transferOf(assets: Assets): ArrayBuffer[] {
  return Object.values(assets).flatMap((asset) =>
    asset instanceof Uint8Array ? [asset.buffer as ArrayBuffer] : [],
  );
}
