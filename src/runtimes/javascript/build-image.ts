import { DEFAULT_LIMITS } from "../../policy/limits.ts";
import { createInitialTree } from "../../vfs/initial-tree.ts";
import { Vfs } from "../../vfs/vfs.ts";
import { encodeImage } from "../memory-image.ts";
import type { RuntimeHost } from "../runtime.ts";
import { GuestContext } from "./context.ts";
import { untouchedMemory } from "./engine.ts";
import { identifyEngine } from "./image.ts";

/**
 * Starts a context and returns its snapshot file. Nothing of the host that makes it is in there: what the bootstrap needs
 * of a host (time, randomness, files) it asks for when a program does.
 *
 * @param wasm - The engine's binary as it will be given to cages.
 */
export async function buildContextImage(wasm: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const module = await WebAssembly.compile(new Uint8Array(wasm));
  const untouched = await untouchedMemory(module);
  const context = await GuestContext.create(silentHost(), module, () => undefined);
  const { memory, addresses } = context.capture();
  return encodeImage(identifyEngine(module), memory, untouched, addresses);
}

function silentHost(): RuntimeHost {
  const refuse = (): never => {
    throw new Error("the bootstrap asked its host for something");
  };
  const nowNs = () => 0n;
  const vfs = new Vfs({ fileBytes: DEFAULT_LIMITS.fileBytes, nowNs });
  createInitialTree(vfs);
  return {
    vfs,
    limits: DEFAULT_LIMITS,
    loadAsset: refuse,
    loadOptionalAsset: refuse,
    nowNs,
    monotonicNs: nowNs,
    random: refuse,
    progress() {},
  };
}
