import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { type Engine, EngineOutOfMemory, type HostFunction } from "./engine.ts";
import { fsFault } from "./fs-errors.ts";
import { BOOTSTRAP, BOOTSTRAP_NAME } from "./guest/bootstrap.ts";
import {
  CallArguments,
  decodeText,
  encodeAnswer,
  encodeFault,
  GuestFault,
  type HostCall,
} from "./host-calls.ts";
import { ModuleError } from "./modules.ts";
import { SourceError } from "./source-error.ts";

/** Functions of the bootstrap the host calls. */
const GUEST_FUNCTIONS = [
  ...["begin", "fire", "runTicks", "settle", "describe", "showMainResult"],
  ...["emitProcess", "finishRun", "exitCode", "drop", "builtinNames"],
] as const;
export type GuestFunction = (typeof GUEST_FUNCTIONS)[number];

export interface LinkHandlers {
  /** The request of a name, or undefined. */
  findCall(name: string): HostCall | undefined;
  write(stream: "stdout" | "stderr", text: string): void;
  /** Evaluates a file for `require`; the handle becomes the answer. */
  evaluate(kind: string, name: string, text: string): QuickJSHandle;
  /** An error of the host's own (a bug, or no memory): the run is over. */
  onHostError(error: unknown): void;
}

/** What of a link lies in an engine's memory: where the bootstrap's functions are, and the numbers of the host's. */
export interface LinkAddresses {
  guest: Record<GuestFunction, number>;
  host: number[];
}

/**
 * The host's end of the link to one guest: installs the bootstrap, serves its requests and calls its functions. What a
 * guest sends is text, numbers and bytes, all checked; what it throws stays a handle.
 */
export class GuestLink {
  readonly #context: QuickJSContext;
  readonly #functions = new Map<string, QuickJSHandle>();
  readonly #hostNumbers: number[];

  /** @param addresses - Of an engine that has started with a link: then the bootstrap is there already. */
  constructor(engine: Engine, handlers: LinkHandlers, addresses?: LinkAddresses) {
    const { context } = engine;
    this.#context = context;
    const host = Object.entries(this.#hostFunctions(handlers));
    if (addresses) {
      this.#hostNumbers = host.map(([, fn]) => engine.register(fn));
      if (String(this.#hostNumbers) !== String(addresses.host))
        throw new Error("the image is of another link");
      for (const name of GUEST_FUNCTIONS) this.#functions.set(name, engine.adopt(addresses.guest[name]));
      return;
    }
    const install = this.#unwrap(context.evalCode(BOOTSTRAP, BOOTSTRAP_NAME, { type: "global" }));
    const functions = host.map(([name, fn]) => engine.newFunction(name, fn));
    this.#hostNumbers = functions.map(({ number }) => number);
    const handles = functions.map(({ handle }) => handle);
    const made = this.#unwrap(context.callFunction(install, context.undefined, handles));
    for (const name of GUEST_FUNCTIONS) this.#functions.set(name, context.getProp(made, name));
    for (const handle of [install, made, ...handles]) handle.dispose();
  }

  get addresses(): LinkAddresses {
    const guest = GUEST_FUNCTIONS.map((name) => [name, Number(this.#functions.get(name)!.value)]);
    return {
      guest: Object.fromEntries(guest) as LinkAddresses["guest"],
      host: this.#hostNumbers,
    };
  }

  /** Calls a function of the bootstrap. The caller disposes what it returns; `error` is what the guest threw. */
  call(name: GuestFunction, ...args: QuickJSHandle[]): { value?: QuickJSHandle; error?: QuickJSHandle } {
    const result = this.#context.callFunction(this.#functions.get(name)!, this.#context.undefined, args);
    return result.error ? { error: result.error } : { value: result.value };
  }

  /** As `call`, with text or a number in; what comes back is text, or undefined when it threw or is none. */
  callForText(name: GuestFunction, ...args: (string | number | QuickJSHandle)[]): string | undefined {
    const handles = args.map((arg) => this.#toHandle(arg));
    const { value, error } = this.call(name, ...handles);
    for (const [i, handle] of handles.entries()) if (handle !== args[i]) handle.dispose();
    error?.dispose();
    if (!value) return undefined;
    const text = this.#context.typeof(value) === "string" ? this.#context.getString(value) : undefined;
    value.dispose();
    return text;
  }

  /** An answer for `settle`: bytes or the JSON of a reply. */
  toHandle(answer: string | Uint8Array): QuickJSHandle {
    return typeof answer === "string"
      ? this.#context.newString(answer)
      : this.#context.newArrayBuffer(exactBuffer(answer));
  }

  #toHandle(value: string | number | QuickJSHandle): QuickJSHandle {
    if (typeof value === "string") return this.#context.newString(value);
    return typeof value === "number" ? this.#context.newNumber(value) : value;
  }

  /** In the order of the bootstrap's parameters. */
  #hostFunctions(handlers: LinkHandlers): Record<string, HostFunction> {
    const context = this.#context;
    return {
      hostCall: (name, bytes, ...values) => {
        try {
          const operation = handlers.findCall(context.getString(name));
          if (!operation) throw new GuestFault("TypeError", "no such host call");
          const args = new CallArguments(
            values.map((value) => this.#toPrimitive(value)),
            this.#takeBytes(bytes),
          );
          return this.toHandle(encodeAnswer(operation(args)));
        } catch (error) {
          const fault = toFault(error);
          if (fault === undefined) handlers.onHostError(error);
          return context.newString(encodeFault(fault ?? new GuestFault("Error", "the sandbox failed")));
        }
      },
      hostWrite: (stream, text) => {
        try {
          handlers.write(
            context.getNumber(stream) === 1 ? "stderr" : "stdout",
            decodeText(context.getString(text)),
          );
        } catch (error) {
          handlers.onHostError(error);
        }
        return context.undefined;
      },
      hostPromiseState: (value) => {
        const found = context.getPromiseState(value);
        if (found.type === "pending") return context.newNumber(0);
        if (found.type === "rejected") {
          found.error.dispose();
          return context.newNumber(2);
        }
        if (found.notAPromise) return context.newNumber(-1);
        found.value.dispose();
        return context.newNumber(1);
      },
      hostPromiseResult: (value) => {
        const found = context.getPromiseState(value);
        if (found.type === "pending") return context.undefined;
        return found.type === "rejected" ? found.error : found.notAPromise ? context.undefined : found.value;
      },
      hostEvaluate: (kind, name, text) =>
        handlers.evaluate(context.getString(kind), context.getString(name), context.getString(text)),
    };
  }

  #toPrimitive(handle: QuickJSHandle): string | number | boolean | undefined {
    switch (this.#context.typeof(handle)) {
      case "string":
        return decodeText(this.#context.getString(handle));
      case "number":
        return this.#context.getNumber(handle);
      case "boolean":
        return this.#context.sameValue(handle, this.#context.true);
      default:
        return undefined;
    }
  }

  #takeBytes(handle: QuickJSHandle | undefined): Uint8Array {
    if (!handle || this.#context.typeof(handle) !== "object") return new Uint8Array();
    const view = this.#context.getArrayBuffer(handle);
    const copy = view.value.slice();
    view.dispose();
    return copy;
  }

  #unwrap(result: { error?: QuickJSHandle | undefined; value?: QuickJSHandle }): QuickJSHandle {
    if (result.error)
      throw new Error(`the guest's bootstrap failed: ${JSON.stringify(this.#context.dump(result.error))}`);
    return result.value!;
  }
}

/** What a guest may be told of a host call that failed; undefined when it is the host's own failure. */
function toFault(error: unknown): GuestFault | undefined {
  if (error instanceof GuestFault) return error;
  if (error instanceof ModuleError) return new GuestFault("Error", error.message, { code: error.code });
  if (error instanceof SourceError) {
    return new GuestFault("SyntaxError", `${error.message} (${error.file}:${error.line}:${error.column})`);
  }
  if (error instanceof EngineOutOfMemory) return undefined;
  if (error instanceof Error && error.name === "VfsError" && "errno" in error) {
    return fsFault(error.errno as Parameters<typeof fsFault>[0], "open");
  }
  return undefined;
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength
    ? buffer
    : (bytes.slice().buffer as ArrayBuffer);
}
