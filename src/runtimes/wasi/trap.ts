import type { GuestError } from "../runtime.ts";
import { isStackOverflow } from "./abi.ts";
import { readFunctionNames } from "./module-reader.ts";
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
  const frames = [...stack.matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g)];
  if (frames.length === 0) return [];
  const names = readFunctionNames(module.bytes, module.structure);
  return frames.map(([, index, offset]) => {
    const name = names.get(Number(index)) ?? `function[${index}]`;
    const place = Number.parseInt(offset!, 16) - module.shiftBytes;
    return `  at ${name} (${filename}:0x${place.toString(16)})`;
  });
}
