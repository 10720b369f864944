import { ASSETS } from "../../protocol/assets.ts";
import type { RuntimeHost } from "../runtime.ts";

/** The file of the rest is not what the build made. Nothing the guest did. */
export class BrokenInterpreter extends Error {}

/** What common programs do not call of the interpreter (see ../split-module.ts): bytes until a program needs it. */
export class RestOfInterpreter {
  /** Resolves when it is at hand. */
  readonly loaded: Promise<void>;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #module: WebAssembly.Module | undefined;

  constructor(host: Pick<RuntimeHost, "loadAsset">) {
    this.loaded = host.loadAsset(ASSETS.pyodideRest).then((bytes) => {
      this.#bytes = bytes as Uint8Array<ArrayBuffer>;
    });
    // A failure is told to whoever awaits it.
    this.loaded.catch(() => {});
  }

  /**
   * Compiles it, the first time.
   *
   * @throws {BrokenInterpreter} When it is damaged, or not there yet.
   */
  compile(): WebAssembly.Module {
    if (this.#module !== undefined) return this.#module;
    const bytes = this.#bytes;
    if (bytes === undefined) throw new BrokenInterpreter(`${ASSETS.pyodideRest} has not arrived yet`);
    try {
      this.#module = new WebAssembly.Module(bytes);
    } catch (error) {
      // Anything else, such as the end of the stack, is the guest's.
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      throw new BrokenInterpreter(
        `${ASSETS.pyodideRest} (${bytes.length} bytes) is damaged: ${error.message}`,
      );
    }
    this.#bytes = undefined;
    return this.#module;
  }
}
