import { SandboxError } from "../../errors.ts";
import { type ModuleStructure, readModule } from "../../wasm/module-reader.ts";
import { malformed } from "../../wasm/reader.ts";
import { assertRunnable } from "../../wasm/verdict.ts";
import { capMemory } from "../wasm-limits.ts";

/** A module that was checked, capped and compiled. */
export interface LoadedModule {
  readonly compiled: WebAssembly.Module;
  readonly structure: ModuleStructure;
  /** The bytes as they were handed in, for the names in a trap's traceback. */
  readonly bytes: Uint8Array;
  /** How much longer the compiled bytes are: code offsets an engine reports are later by that much. */
  readonly shiftBytes: number;
}

/** Compiled modules kept: an agent edits and runs a handful, and each may hold tens of megabytes of machine code. */
const KEPT_MODULES = 8;

/**
 * Compiles modules, each content once. What was compiled is found again by comparing bytes: that is faster than hashing
 * them (a cached start is 0.1 ms), cannot collide, and needs no `crypto.subtle`, which an insecure page lacks.
 */
export class ModuleCache {
  /** Least recently used first. */
  readonly #loaded: LoadedModule[] = [];
  readonly #maxPages: number;

  constructor(maxPages: number) {
    this.#maxPages = maxPages;
  }

  /** @throws {SandboxError} `invalid-module` with one line that names the import, the export or the byte offset. */
  async load(bytes: Uint8Array): Promise<LoadedModule> {
    const at = this.#loaded.findIndex((one) => areEqual(one.bytes, bytes));
    const loaded = at < 0 ? await this.#compile(bytes) : this.#loaded.splice(at, 1)[0]!;
    this.#loaded.push(loaded);
    if (this.#loaded.length > KEPT_MODULES) this.#loaded.shift();
    return loaded;
  }

  clear(): void {
    this.#loaded.length = 0;
  }

  async #compile(given: Uint8Array): Promise<LoadedModule> {
    // The caller may change its bytes while they are being compiled.
    const bytes = given.slice();
    const structure = readModule(bytes);
    assertRunnable(structure, this.#maxPages);
    const capped = capMemory(bytes, this.#maxPages);
    const shiftBytes = capped.length - bytes.length;
    return { compiled: await compile(capped, shiftBytes), structure, bytes, shiftBytes };
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  if (a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0) {
    const words = a.length >> 2;
    const aWords = new Int32Array(a.buffer, a.byteOffset, words);
    const bWords = new Int32Array(b.buffer, b.byteOffset, words);
    for (let index = 0; index < words; index++) if (aWords[index] !== bWords[index]) return false;
    at = words * 4;
  }
  for (; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

async function compile(bytes: Uint8Array<ArrayBuffer>, shiftBytes: number): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const offset = /@\+(\d+)/.exec(message)?.[1];
    if (offset === undefined) {
      throw new SandboxError(`Invalid WebAssembly module: ${message}`, { code: "invalid-module", cause });
    }
    const what = message.replace(/^.*?\(\): /, "").replace(/ @\+\d+.*$/s, "");
    throw malformed(Math.max(Number(offset) - shiftBytes, 0), what);
  }
}
