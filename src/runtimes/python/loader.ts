import { type MemoryImage, writeImage } from "../memory-image.ts";
import { instantiateSplit } from "../split-module.ts";
import type {
  CreateEmscriptenModule,
  EmscriptenModule,
  EmscriptenSettings,
  PyodideApi,
  WasmImports,
} from "./emscripten.ts";

/** Where the standard library lies; from the version of CPython inside pyodide 314. */
const STDLIB_ZIP = "/lib/python314.zip";
const PYTHON_LIB = "/lib/python3.14";
const SITE_PACKAGES = `${PYTHON_LIB}/site-packages`;

export interface LoadOptions {
  /** `pyodide.asm.mjs`, evaluated. */
  glue: Promise<CreateEmscriptenModule>;
  /** `pyodide.asm.wasm`, being compiled (and its memory capped). */
  wasm: Promise<WebAssembly.Module>;
  /** `pyodide.rest.wasm`, compiled at the first call of a function in it. */
  rest(): WebAssembly.Module;
  stdlib: Uint8Array;
  /** Python modules to put on the import path, by file name. */
  modules: Readonly<Record<string, string>>;
  /** 64 hex digits; a snapshot only loads where it is the same. */
  buildId: string;
  environment: Readonly<Record<string, string>>;
  /** The memory of one that has booted, to start from instead of a plain boot. */
  image?: MemoryImage | undefined;
  /** Boot so that an image can be made afterwards. */
  isSnapshotSource?: boolean | undefined;
  /** Only make the instance, with what it writes to its memory by itself. */
  isBare?: boolean | undefined;
  /** Changes the table of functions the interpreter may call, before it is linked. */
  wrapImports(imports: WasmImports, settings: EmscriptenSettings): void;
  /** Lines the interpreter prints before our streams stand, and its dying words. */
  onLog(text: string): void;
  /** The interpreter aborted or left; it cannot be used again. */
  onDeath(reason: unknown): void;
}

/**
 * Starts Pyodide from bytes alone. Pyodide's own loader looks for its files by URL, asks what kind of host it is on and
 * fetches; this does the same few steps with what it is given, so that the boot is one and the same in every cage.
 */
export async function loadPyodideFromBytes(options: LoadOptions): Promise<EmscriptenModule> {
  const settings = createSettings(options);
  const createModule = await options.glue;
  const module = await createModule(settings);
  if (options.image !== undefined) {
    // A fresh memory is at its declared minimum, and empty where the image does not say otherwise.
    const { memoryBytes } = options.image;
    if (memoryBytes > module.HEAPU8.length && module.growMemory(memoryBytes) === undefined) {
      throw new Error(`the memory limit is below the snapshot's ${memoryBytes} bytes`);
    }
    writeImage(module.HEAPU8, options.image, 0);
    module.API.isStarted = true;
    module.API.finalizeBootstrap(options.image.values);
  } else if (options.isBare !== true) module.API.finalizeBootstrap();
  return module;
}

/**
 * Puts the memory of a running interpreter back to the image. Its size stays what it has grown to. What JavaScript keeps for
 * Python needs no second start: the image knows the numbers its first one gave out, as they are the same each time.
 */
export function restoreImage(module: EmscriptenModule, image: MemoryImage): void {
  // Nothing was ever written behind the end of the heap.
  const heapEnd = module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2]!;
  writeImage(module.HEAPU8, image, heapEnd);
}

function createSettings(options: LoadOptions): EmscriptenSettings {
  const api = {
    config: {
      BUILD_ID: options.buildId,
      // What Python's `js` module would show; nothing.
      jsglobals: {},
      enableRunUntilComplete: false,
      packages: [],
      _makeSnapshot: options.isSnapshotSource === true,
    },
    runtimeEnv: {
      IN_BUN: false,
      IN_DENO: false,
      IN_NODE: false,
      IN_NODE_COMMONJS: false,
      IN_NODE_ESM: false,
      IN_SAFARI: false,
      IN_SHELL: false,
      IN_WORKERD: false,
      IN_BROWSER: true,
      IN_BROWSER_MAIN_THREAD: false,
      IN_BROWSER_WEB_WORKER: true,
    },
    on_fatal: options.onDeath,
    // The glue fills in the rest before anything reads it.
  } as Partial<PyodideApi> as PyodideApi;
  return {
    API: api,
    noInitialRun: options.image !== undefined || options.isBare === true,
    arguments: [],
    preRun: [(module) => prepareFiles(module, options)],
    print: options.onLog,
    printErr: options.onLog,
    // An abort also traps, and the trap is reported with the Python stack.
    onAbort: () => {},
    onExit: options.onDeath,
    locateFile(name) {
      throw new Error(`the interpreter asked for a file of its own: ${name}`);
    },
    instantiateWasm(imports, done) {
      // The loader of Pyodide supplies these two as a tiny WasmGC module; a marker object does the same.
      const errorMarker = Symbol("Pyodide error marker");
      imports.env!.Jsv_GetError_import = () => errorMarker;
      imports.env!.JsvError_Check = (value: unknown) => value === errorMarker;
      options.wrapImports(imports, this);
      // OpenGL's functions, by name: there are none. The rest is linked in the module itself.
      imports["GOT.func"] = new Proxy(
        {},
        { get: () => new WebAssembly.Global({ value: "i32", mutable: true }, 0) },
      );
      // Linking cannot fail for the guest's doing; a failure here leaves the promise of the glue pending, so report it.
      options.wasm
        .then(async (wasm) => {
          const exports = await instantiateSplit(wasm, imports as WebAssembly.Imports, options.rest);
          done({ exports }, wasm);
        })
        .catch(options.onDeath);
      return {};
    },
  };
}

function prepareFiles(module: EmscriptenModule, options: LoadOptions): void {
  const { FS, ENV } = module;
  FS.mkdirTree(SITE_PACKAGES);
  FS.mkdirTree(`${PYTHON_LIB}/lib-dynload`);
  module.API.sitePackages = SITE_PACKAGES;
  // The file is the bytes themselves, not a copy; the base files are read-only once Python has started.
  FS.writeFile(STDLIB_ZIP, options.stdlib, { canOwn: true });
  for (const [name, source] of Object.entries(options.modules)) {
    FS.writeFile(`${SITE_PACKAGES}/${name}`, new TextEncoder().encode(source));
  }
  Object.assign(ENV, options.environment);
}
