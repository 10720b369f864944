/** Writes small WebAssembly modules by hand, well-formed or not: the hostile ones no compiler makes. */
export interface ModuleParts {
  imports?: readonly { module: string; name: string; signature?: string; kind?: "function" | "memory" }[];
  /** Pages; `null` for no memory. Default 1. */
  memory?: { min: number; max?: number } | null;
  exportMemoryAs?: string;
  /** The exported function: its name, signature and code. `isInitial`: the engine calls it at instantiation too. */
  start?: { name?: string; signature?: string; code?: readonly number[]; isInitial?: boolean } | null;
}

/** A module with the imports asked for, a memory and a `_start`. */
export function buildModule(parts: ModuleParts = {}): Uint8Array<ArrayBuffer> {
  const imports = parts.imports ?? [];
  const start = parts.start === undefined ? {} : parts.start;
  const memory = parts.memory === undefined ? { min: 1 } : parts.memory;
  const functions = imports.filter((one) => (one.kind ?? "function") === "function");
  const types = [...functions.map((one) => one.signature ?? ":"), ...(start ? [start.signature ?? ":"] : [])];
  const exports: number[][] = [];
  if (memory) exports.push([...name(parts.exportMemoryAs ?? "memory"), 2, 0]);
  if (start) exports.push([...name(start.name ?? "_start"), 0, ...leb(functions.length)]);
  let type = 0;
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types.map(functionType)),
    ...section(
      2,
      imports.map((one) => [
        ...name(one.module),
        ...name(one.name),
        ...(one.kind === "memory" ? [2, 0, 1] : [0, ...leb(type++)]),
      ]),
    ),
    ...section(3, start ? [leb(types.length - 1)] : []),
    ...section(5, memory ? [limits(memory)] : []),
    ...section(7, exports),
    ...(start?.isInitial ? [8, ...sized(leb(functions.length))] : []),
    ...section(10, start ? [sized([0, ...(start.code ?? []), 0x0b])] : []),
  ]);
}

const VALUE_TYPES: Readonly<Record<string, number>> = { i: 0x7f, I: 0x7e, f: 0x7d, F: 0x7c };

function functionType(signature: string): number[] {
  const [parameters = "", results = ""] = signature.split(":");
  const values = (letters: string): number[] => [
    letters.length,
    ...[...letters].map((letter) => VALUE_TYPES[letter]!),
  ];
  return [0x60, ...values(parameters), ...values(results)];
}

function limits({ min, max }: { min: number; max?: number }): number[] {
  return max === undefined ? [0, ...leb(min)] : [1, ...leb(min), ...leb(max)];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return items.length === 0 ? [] : [id, ...sized([...leb(items.length), ...items.flat()])];
}

function name(text: string): number[] {
  return sized([...new TextEncoder().encode(text)]);
}

function sized(bytes: readonly number[]): number[] {
  return [...leb(bytes.length), ...bytes];
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value === 0 ? low : low | 0x80);
  } while (value !== 0);
  return bytes;
}
