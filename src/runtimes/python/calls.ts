import type { EmscriptenModule, PyObject } from "./emscripten.ts";

/** The functions of the runner module, as JavaScript calls them: text in, text out. */
export type RunnerFunction = "run" | "dispose_context" | "warm" | "prepare" | "start";

/** `WebAssembly.promising`, which TypeScript's library does not know yet: a call of it may be suspended. */
interface JspiWebAssembly {
  promising(exported: (...args: number[]) => number): (...args: number[]) => Promise<number>;
}

/**
 * Calls functions of a Python module by CPython's own C API. Pyodide's proxies could do it too, but making them takes
 * longer than all the rest of a restore, and what they keep on the side of JavaScript could not be reset with the memory.
 */
export class PythonCalls {
  readonly #module: EmscriptenModule;
  readonly #functions = new Map<RunnerFunction, PyObject>();
  readonly #runner: PyObject;
  readonly #callSuspendable: ((callee: PyObject, argument: PyObject) => Promise<PyObject>) | undefined;

  /** @param moduleName - Imported here, if it is not yet. */
  constructor(module: EmscriptenModule, moduleName: string) {
    this.#module = module;
    this.#runner = this.#withText(moduleName, (address) => module._PyImport_ImportModule(address));
    if (module.jspiSupported) {
      const { promising } = WebAssembly as typeof WebAssembly & JspiWebAssembly;
      this.#callSuspendable = promising(module._PyObject_CallOneArg);
    }
  }

  /** Without waiting; a function that has to wait fails. */
  call(name: RunnerFunction, argument: string): string {
    return this.#guard(() => {
      const [callee, text] = this.#prepare(name, argument);
      return this.#take(this.#module._PyObject_CallOneArg(callee, text), text);
    });
  }

  /** The guest may be suspended meanwhile, where the engine can do that. */
  async callSuspendable(name: RunnerFunction, argument: string): Promise<string> {
    const call = this.#callSuspendable;
    if (call === undefined) return this.call(name, argument);
    const [callee, text] = this.#guard(() => this.#prepare(name, argument));
    let result: PyObject;
    try {
      result = await call(callee, text);
    } catch (error) {
      return this.#fail(error);
    }
    return this.#guard(() => this.#take(result, text));
  }

  /** The function and its argument, a new reference that `#take` releases. */
  #prepare(name: RunnerFunction, argument: string): [callee: PyObject, argument: PyObject] {
    const module = this.#module;
    let callee = this.#functions.get(name);
    if (callee === undefined) {
      callee = this.#withText(name, (address) => module._PyObject_GetAttrString(this.#runner, address));
      this.#functions.set(name, callee);
    }
    const toObject = (address: number, length: number) =>
      module._PyUnicode_FromStringAndSize(address, length);
    return [callee, this.#withText(argument, toObject)];
  }

  /** The text of a result; result and argument are released. */
  #take(result: PyObject, argument: PyObject): string {
    const module = this.#module;
    module._Py_DecRef(argument);
    if (result === 0) {
      module._PyErr_Clear();
      throw new PythonFailure();
    }
    const size = module._malloc(4);
    const address = size === 0 ? 0 : module._PyUnicode_AsUTF8AndSize(result, size);
    if (address === 0) throw new PythonFailure();
    const start = address >>> 0;
    const length = module.HEAPU32[size >>> 2]!;
    const text = new TextDecoder().decode(module.HEAPU8.subarray(start, start + length));
    module._free(size);
    module._Py_DecRef(result);
    return text;
  }

  /** `use` with the text as UTF-8 in guest memory, ended by a zero byte. */
  #withText(text: string, use: (address: number, length: number) => PyObject): PyObject {
    const module = this.#module;
    const bytes = new TextEncoder().encode(text);
    const address = module._malloc(bytes.length + 1);
    if (address === 0) throw new PythonFailure();
    module.HEAPU8.set(bytes, address);
    module.HEAPU8[address + bytes.length] = 0;
    const object = use(address, bytes.length);
    module._free(address);
    if (object === 0) {
      module._PyErr_Clear();
      throw new PythonFailure();
    }
    return object;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** What is not Python's own failure is the interpreter's end: Pyodide writes Python's stack and tells of the death. */
  #fail(error: unknown): never {
    if (!(error instanceof PythonFailure)) this.#module.API.fatal_error(error);
    throw error;
  }
}

/**
 * The runner failed to tell of a failure: a program has broken it, or no memory is left. No Error, because the interpreter
 * itself is sound.
 */
export class PythonFailure {}
