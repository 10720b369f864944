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

/** Compiled modules kept: an agent edits and runs a handful. */
const KEPT_MODULES = 8;
/** Bytes of modules kept, of which each holds several times as much machine code. A compiler and its linker fit. */
const KEPT_BYTES = 64 * 2 ** 20;

/**
 * Compiles modules, each content once. What was compiled is found again by comparing bytes: that is faster than hashing
 * them (a cached start is 0.1 ms), cannot collide, and needs no `crypto.subtle`, which an insecure page lacks.
 */
export class ModuleCache {
  /** Least recently used first. */
  readonly #loaded: LoadedModule[] = [];
  readonly #maxPages: number;
  readonly #keptBytes: number;

  constructor(maxPages: number, keptBytes: number = KEPT_BYTES) {
    this.#maxPages = maxPages;
    this.#keptBytes = keptBytes;
  }

  /** @throws {SandboxError} `invalid-module` with one line that names the import, the export or the byte offset. */
  async load(bytes: Uint8Array): Promise<LoadedModule> {
    const at = this.#loaded.findIndex((one) => areEqual(one.bytes, bytes));
    const loaded = at < 0 ? await this.#compile(bytes) : this.#loaded.splice(at, 1)[0]!;
    this.#loaded.push(loaded);
    this.#trim();
    return loaded;
  }

  clear(): void {
    this.#loaded.length = 0;
  }

  /** The module used last stays, however large it is. */
  #trim(): void {
    let bytes = 0;
    for (const one of this.#loaded) bytes += one.bytes.length;
    while (this.#loaded.length > 1 && (this.#loaded.length > KEPT_MODULES || bytes > this.#keptBytes)) {
      bytes -= this.#loaded.shift()!.bytes.length;
    }
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
    // Eight at a time: one branch for them, and a module of 20 MB is compared in a few milliseconds.
    for (; at + 8 <= words; at += 8) {
      const differs =
        (aWords[at]! ^ bWords[at]!) |
        (aWords[at + 1]! ^ bWords[at + 1]!) |
        (aWords[at + 2]! ^ bWords[at + 2]!) |
        (aWords[at + 3]! ^ bWords[at + 3]!) |
        (aWords[at + 4]! ^ bWords[at + 4]!) |
        (aWords[at + 5]! ^ bWords[at + 5]!) |
        (aWords[at + 6]! ^ bWords[at + 6]!) |
        (aWords[at + 7]! ^ bWords[at + 7]!);
      if (differs !== 0) return false;
    }
    at *= 4;
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
