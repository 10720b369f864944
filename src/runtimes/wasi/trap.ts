import { readFunctionBodies, readFunctionNames } from "../../wasm/module-reader.ts";
import type { GuestError } from "../runtime.ts";
import { isStackOverflow } from "./abi.ts";
import type { LoadedModule } from "./modules.ts";

/** The specification's words for a trap, by what V8, SpiderMonkey and JavaScriptCore say for it. */
const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/unreachable/i, "unreachable"],
  [/null function|signature|type mismatch/i, "indirect call type mismatch"],
  [/null table entry|call to null|uninitialized/i, "uninitialized element"],
  [/table index|table access|call_indirect|undefined element/i, "undefined element"],
  [/divide by zero|division by zero|remainder by zero/i, "integer divide by zero"],
  [/unrepresentable in integer|invalid conversion|out of bounds trunc/i, "invalid conversion to integer"],
  [/divide result|integer overflow|unrepresentable/i, "integer overflow"],
  [/unaligned/i, "unaligned atomic"],
  [/null (reference|pointer)/i, "null reference"],
  [/cast/i, "cast failure"],
  [/array/i, "out of bounds array access"],
  [/out of bounds|out-of-bounds/i, "out of bounds memory access"],
];

/**
 * A trap in words that are the same on every engine, with the guest's own frames: innermost first, named by the module's
 * name section where there is one, and placed by their offset in the file.
 */
export function trapError(error: unknown, module: LoadedModule, filename: string): GuestError {
  const value = trapWords(error);
  const frames = traceback(error, module, filename);
  return { name: "trap", value, traceback: [`trap: ${value}`, ...frames].join("\n") };
}

function trapWords(error: unknown): string {
  if (isStackOverflow(error)) return "call stack exhausted";
  if (error instanceof WebAssembly.RuntimeError) {
    return WORDS.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message;
  }
  const { Exception } = WebAssembly as typeof WebAssembly & { Exception?: new (...args: never[]) => object };
  if (Exception !== undefined && error instanceof Exception) return "uncaught exception";
  return error instanceof Error ? error.message : "unknown";
}

function traceback(error: unknown, module: LoadedModule, filename: string): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const offsets = [...stack.matchAll(/wasm-function\[\d+\]:0x([0-9a-f]+)/g)];
  if (offsets.length === 0) return [];
  const functionAt = functionFinder(module);
  return offsets.map(([, offset]) => {
    const place = Number.parseInt(offset!, 16) - module.shiftBytes;
    return `  at ${functionAt(place)} (${filename}:0x${place.toString(16)})`;
  });
}

/**
 * Tells the function that an offset in the file lies in. The function's index in a stack trace is of no use for that:
 * Deno (2.9) prints 0 for every one, while the offsets are right everywhere.
 */
function functionFinder({ bytes, structure }: LoadedModule): (place: number) => string {
  const names = readFunctionNames(bytes, structure);
  const bodies = readFunctionBodies(bytes, structure);
  const imported = structure.imports.filter(({ kind }) => kind === "function").length;
  return (place) => {
    const position = bodies.findIndex((body) => body.offset <= place && place < body.offset + body.bytes);
    // A name may be made to look like a frame; such a one may lie in no function.
    if (position < 0) return "function[?]";
    const index = imported + position;
    return names.get(index) ?? `function[${index}]`;
  };
}
