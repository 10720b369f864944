import * as engineGlue from "@jitl/quickjs-wasmfile-release-sync/emscripten-module";
import { QuickJSFFI } from "@jitl/quickjs-wasmfile-release-sync/ffi";
import {
  Lifetime,
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import { type MemoryImage, writeImage } from "../memory-image.ts";
import { TABLE_EXPORT, TRACKER_MODULE } from "./engine-binary.ts";

/**
 * Most of the engine's C stack a guest may use, in bytes. Each byte of it costs several of the thread's own stack, whose
 * overflow loses the context. Measured: a Chromium 156 worker overflowed at 192 KiB and held at 112 KiB, where plain
 * calls nest about 600 deep; Deno and Node held at 192 KiB (1,000 deep). One figure for all hosts, for the same results.
 */
const MAX_STACK_BYTES = 112 * 1024;
const PAGE_BYTES = 65_536;
/** Pages the engine's binary asks for at the start (INITIAL_MEMORY of its build). */
const INITIAL_PAGES = 256;
/** The least memory an engine can be given, bytes. */
export const LEAST_MEMORY_BYTES = INITIAL_PAGES * PAGE_BYTES;
/** Pages the engine's binary declares as its most. */
const DECLARED_PAGES = 32_768;

/** What became of a promise that nobody handles (yet). */
export interface Rejection {
  promise: bigint;
  isHandled: boolean;
  /** Owned by the receiver; only when `isHandled` is false. */
  reason?: QuickJSHandle;
  /** Identity of the reason, when it is an object. */
  reasonId?: bigint | undefined;
}

export interface EngineOptions {
  /** Most bytes of linear memory: code, heap and stack of the engine together. */
  memoryBytes: number;
  /** Milliseconds since 1970, for `Date`. */
  nowMs(): number;
  onRejection(rejection: Rejection): void;
}

/** Where what JavaScript has to know stands in an engine's memory: the same in every engine that goes the same way. */
export interface EngineAddresses {
  runtime: number;
  context: number;
  internals: Internals;
  /** Eight bytes of the tracker's own, and its place in the function table. */
  scratch: number;
  tracker: number;
}

/** The memory of an engine that has started, to start another one from. */
export interface EngineImage {
  memory: MemoryImage;
  addresses: EngineAddresses;
}

/** The engine could not get the memory the host needs to hand something to the guest. */
export class EngineOutOfMemory extends Error {
  override readonly name = "EngineOutOfMemory";
}

/** One instance of the engine with one runtime and one context in it. Thrown away as a whole: nothing is freed singly. */
export interface Engine {
  readonly context: QuickJSContext;
  readonly runtime: QuickJSRuntime;
  /** Bytes of linear memory, as grown so far. */
  memoryBytes(): number;
  /** Forgets every job (promise reaction) that waits to run. */
  dropJobs(): void;
  /** For an image of this engine: its memory as it is, the memory before anything ran in it, and the addresses. */
  readonly memory: WebAssembly.Memory;
  readonly addresses: EngineAddresses;
  /** The handle of a value whose pointer is known, as from an image. Never to be disposed of. */
  adopt(pointer: number): QuickJSHandle;
  /** A function of the host's, and the number by which the guest's memory knows it. */
  newFunction(name: string, fn: HostFunction): { handle: QuickJSHandle; number: number };
  /** As `newFunction`, where the guest has its function already. @returns the number. */
  register(fn: HostFunction): number;
}

/** What `newFunction` takes. */
export type HostFunction = Parameters<QuickJSContext["newFunction"]>[1];

/** Starts the glue, whose package types its ES module as CommonJS; these are the options this file adds. */
const startGlue = engineGlue.default as unknown as (
  options: object & {
    wasmMemory: WebAssembly.Memory;
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
  },
) => ReturnType<QuickJSSyncVariant["importModuleLoader"]> extends Promise<infer Loader>
  ? Loader extends (...args: never[]) => infer Module
    ? Module
    : never
  : never;

/** What this file uses of the glue's module object. */
interface Glue {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
}

/**
 * Starts an engine in a memory of its own, so that one context can neither see nor starve another.
 *
 * @param image - Of an engine that has started: its memory is written in place of a start, and the library is told where
 *   in it its runtime and its context are.
 */
export async function createEngine(
  module: WebAssembly.Module,
  options: EngineOptions,
  image?: EngineImage,
): Promise<Engine> {
  const { quickjs, memory, table } = await instantiate(module, options, image?.addresses);
  if (image) writeImage(new Uint8Array(memory.buffer), image.memory, 0);
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(options.memoryBytes);
  runtime.setMaxStackSize(MAX_STACK_BYTES);
  const internals = image?.addresses.internals ?? findInternals(runtime, memory);
  const context = runtime.newContext(
    image ? { contextPointer: image.addresses.context as unknown as ContextPointer } : {},
  );
  const inner = context as unknown as Private;
  const scratch = image?.addresses.scratch ?? inner.module._malloc(SCRATCH_BYTES);
  const adopt = (pointer: number): QuickJSHandle => {
    const dup = (value: number) => inner.ffi.QTS_DupValuePointer(inner.ctx.value, value);
    const free = (value: number) => inner.ffi.QTS_FreeValuePointer(inner.ctx.value, value);
    // The library brands pointers in its types only; a handle is a Lifetime of one.
    return new Lifetime(pointer, dup, free, runtime) as unknown as QuickJSHandle;
  };
  const register = (fn: HostFunction): number => (runtime as unknown as WithHostRefs).hostRefs.put(fn);
  const take = (value: bigint): QuickJSHandle => {
    new DataView(memory.buffer).setBigUint64(scratch, BigInt.asUintN(64, value), true);
    return adopt(inner.ffi.QTS_DupValuePointer(inner.ctx.value, scratch));
  };
  const tracker = putTracker(table, take, options.onRejection);
  const trackerWord = new Uint32Array(memory.buffer).subarray(internals.tracker / 4);
  if (image && trackerWord[0] !== tracker) throw new Error("the image is of another function table");
  trackerWord[0] = tracker;
  if (!image) checkJobList(context, memory, internals.jobList);
  return {
    context,
    runtime,
    memory,
    addresses: {
      runtime: runtimePointer(runtime),
      context: inner.ctx.value,
      internals,
      scratch,
      tracker,
    },
    memoryBytes: () => memory.buffer.byteLength,
    dropJobs() {
      const words = new Uint32Array(memory.buffer);
      words[internals.jobList / 4] = internals.jobList;
      words[internals.jobList / 4 + 1] = internals.jobList;
    },
    adopt,
    newFunction(name, fn) {
      const number = register(fn);
      const { value } = inner.ctx;
      return { number, handle: adopt(inner.ffi.QTS_NewFunction(value, name, fn.length, false, number)) };
    },
    register,
  };
}
const SCRATCH_BYTES = 8;

/** The memory of an engine before there is a runtime in it. */
export async function untouchedMemory(module: WebAssembly.Module): Promise<Uint8Array> {
  const { memory } = await instantiate(module, { memoryBytes: 0, nowMs: () => 0 }, undefined);
  return new Uint8Array(memory.buffer);
}

async function instantiate(
  module: WebAssembly.Module,
  options: Pick<EngineOptions, "memoryBytes" | "nowMs">,
  addresses: EngineAddresses | undefined,
) {
  const pages = Math.floor(options.memoryBytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: Math.min(Math.max(pages, INITIAL_PAGES), DECLARED_PAGES),
  });
  let table: WebAssembly.Table | undefined;
  const quickjs = await newQuickJSWASMModuleFromVariant({
    type: "sync",
    importFFI: async () => (addresses ? ffiOf(addresses) : QuickJSFFI),
    importModuleLoader: async () => async (given) => {
      const glue = await startGlue({
        ...given,
        wasmMemory: memory,
        instantiateWasm(imports, receive) {
          patchClock(imports, memory, options.nowMs);
          WebAssembly.instantiate(module, imports).then((instance) => {
            table = instance.exports[TABLE_EXPORT] as WebAssembly.Table;
            receive(instance);
          });
          return {};
        },
      });
      guardAllocation(glue as unknown as Glue);
      return glue;
    },
  });
  return { quickjs, memory, table: table! };
}

type ContextPointer = NonNullable<NonNullable<Parameters<QuickJSRuntime["newContext"]>[0]>["contextPointer"]>;
interface WithHostRefs {
  hostRefs: { put(fn: HostFunction): number };
}

/** The library's calls into an engine that has been written into its memory: its runtime is there already. */
function ffiOf({ runtime }: EngineAddresses): typeof QuickJSFFI {
  return class extends QuickJSFFI {
    constructor(...given: ConstructorParameters<typeof QuickJSFFI>) {
      super(...given);
      this.QTS_NewRuntime = () => runtime as unknown as ReturnType<QuickJSFFI["QTS_NewRuntime"]>;
    }
  };
}

/** The library writes to what malloc gives without looking: at 0 that would be the engine's own data. */
function guardAllocation(glue: Glue): void {
  const malloc = glue._malloc;
  glue._malloc = (bytes) => {
    const pointer = malloc(bytes);
    if (pointer === 0) throw new EngineOutOfMemory(`no ${bytes} bytes left in the guest's memory`);
    return pointer;
  };
}

/**
 * Puts the host's clock and UTC under `Date`. The imports have one-letter names in this build; the tests check that
 * the time and the zone are the host's, so a build with other letters does not pass.
 */
function patchClock(imports: WebAssembly.Imports, memory: WebAssembly.Memory, nowMs: () => number): void {
  const env = imports["a"]!;
  env["p"] = nowMs;
  env["n"] = (timezone: number, daylight: number): void => {
    const words = new Int32Array(memory.buffer);
    words[timezone >> 2] = 0;
    words[daylight >> 2] = 0;
  };
  env["m"] = (seconds: bigint, tm: number): void => {
    const date = new Date(Number(seconds) * 1000);
    const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
    const fields = [
      date.getUTCSeconds(),
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth(),
      date.getUTCFullYear() - 1900,
      date.getUTCDay(),
      Math.floor((date.getTime() - yearStart) / 86_400_000),
      0,
      0,
    ];
    new Int32Array(memory.buffer).set(fields, tm >> 2);
  };
}

interface Internals {
  /** Address of the runtime's pointer to its rejection tracker; the tracker's argument follows. */
  tracker: number;
  /** Address of the head of the runtime's list of jobs. */
  jobList: number;
}

/**
 * Finds two fields of JSRuntime that the library does not offer. In quickjs.c the interrupt handler and its argument,
 * the rejection tracker and its argument, and the list of jobs follow one another; setting an interrupt handler shows
 * where the first one is.
 *
 * @see https://github.com/bellard/quickjs/blob/f1139494d18a2053630c5ed3384a42bb70db3c53/quickjs.c (struct JSRuntime)
 */
function findInternals(runtime: QuickJSRuntime, memory: WebAssembly.Memory): Internals {
  const start = runtimePointer(runtime) / 4;
  const before = new Uint32Array(memory.buffer).slice(start, start + 256);
  runtime.setInterruptHandler(() => false);
  const after = new Uint32Array(memory.buffer).subarray(start, start + 256);
  const changed = before.findIndex((word, i) => word !== after[i]);
  const handler = (start + changed) * 4;
  const jobList = handler + 16;
  const words = new Uint32Array(memory.buffer);
  if (changed < 0 || words[jobList / 4] !== jobList || words[handler / 4 + 2] !== 0) {
    throw new Error("this build of QuickJS lays out its runtime in another way");
  }
  return { tracker: handler + 8, jobList };
}

/** The library's handle of the runtime is protected; its pointer is all that is needed. */
function runtimePointer(runtime: QuickJSRuntime): number {
  return (runtime as unknown as { rt: Lifetime<number> }).rt.value;
}

/** The list of jobs is where it is thought to be: it stops being empty when a job waits. */
function checkJobList(context: QuickJSContext, memory: WebAssembly.Memory, jobList: number): void {
  context.unwrapResult(context.evalCode("Promise.resolve().then(() => {})", "check")).dispose();
  const isFilled = new Uint32Array(memory.buffer)[jobList / 4] !== jobList;
  context.runtime.executePendingJobs().dispose();
  if (!isFilled || new Uint32Array(memory.buffer)[jobList / 4] !== jobList) {
    throw new Error("this build of QuickJS keeps its jobs elsewhere");
  }
}

/** The parts of the library's private interface needed to take a value out of the tracker's arguments. */
interface Private {
  ctx: Lifetime<number>;
  ffi: {
    QTS_DupValuePointer(context: number, value: number): number;
    QTS_FreeValuePointer(context: number, value: number): void;
    QTS_NewFunction(
      context: number,
      name: string,
      length: number,
      isConstructor: boolean,
      ref: number,
    ): number;
  };
  module: Glue;
}

/** Puts the function that hears of rejections into the table; its place there is what the runtime calls. */
function putTracker(
  table: WebAssembly.Table,
  take: (value: bigint) => QuickJSHandle,
  onRejection: (rejection: Rejection) => void,
): number {
  const tracker = (_ctx: number, promise: bigint, reason: bigint, isHandled: number): void => {
    if (isHandled) return onRejection({ promise, isHandled: true });
    // The tag is in the upper half of a value; -1 is an object's.
    const reasonId = reason >> 32n === -1n ? reason : undefined;
    onRejection({ promise, isHandled: false, reason: take(reason), reasonId });
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRACKER_MODULE), { h: { f: tracker } });
  const index = table.grow(1);
  table.set(index, exports["f"]);
  return index;
}
