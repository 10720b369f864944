import { SandboxError } from "../errors.ts";
import { DEFAULT_MAX_TABLE_ELEMENTS, WASM_PAGE_BYTES } from "./limits.ts";
import { findMaker, type Maker } from "./makers.ts";
import type { ModuleImport, ModuleStructure } from "./module-reader.ts";
import { isPreview1, SIGNATURES } from "./preview1.ts";

/** Why a well-formed module cannot run here. */
export interface Refusal {
  /** One line that names the import, the export or both numbers. */
  reason: string;
  /** What to do; one sentence. */
  hint: string;
}

/** What a well-formed module is: `command` is what runs here. */
export type ModuleKind = "command" | "reactor" | "library" | Maker;

const BUILD_HINT =
  "Build a command for WASI preview 1: clang --target=wasm32-wasi, or cargo build --target wasm32-wasip1.";

/** What a module is, by its exports and its maker's marks. */
export function kindOf(module: ModuleStructure): ModuleKind {
  const maker = findMaker(module);
  // A command that asks for one thing too many is still a command to whoever built it, and its maker tells more.
  if (maker !== undefined && module.imports.some((one) => whyNotProvided(one) !== undefined))
    return maker.kind;
  if (maker?.kind === "dynamic-library") return maker.kind;
  const has = (name: string) => module.exports.some((one) => one.kind === "function" && one.name === name);
  if (has("_start")) return "command";
  return has("_initialize") ? "reactor" : "library";
}

/**
 * Why a well-formed module cannot run here; `undefined` when it can.
 *
 * @param maxPages - The memory one module may have, in pages of 64 KiB.
 */
export function whyNotRunnable(module: ModuleStructure, maxPages: number): Refusal | undefined {
  const kind = kindOf(module);
  const maker = findMaker(module);
  const refused = module.imports.filter((one) => whyNotProvided(one) !== undefined);
  if (maker !== undefined && maker.kind === kind) {
    const [first] = refused;
    const what = first === undefined ? "" : `: it imports ${fullName(first)}${andMore(refused.length)}`;
    return { reason: `it ${maker.says}${what}`, hint: maker.hint };
  }
  if (refused.length > 0) {
    return { reason: `${whyNotProvided(refused[0]!)}${andMore(refused.length)}`, hint: BUILD_HINT };
  }
  return whyNoCommand(module) ?? whyTooLarge(module, maxPages);
}

/**
 * As `whyNotRunnable`, thrown.
 *
 * @throws {SandboxError} `invalid-module`.
 */
export function assertRunnable(module: ModuleStructure, maxPages: number): void {
  const refusal = whyNotRunnable(module, maxPages);
  if (refusal === undefined) return;
  throw new SandboxError(`This WebAssembly module cannot run here: ${refusal.reason}`, {
    code: "invalid-module",
    hint: refusal.hint,
  });
}

/** Why an import is not given here, or `undefined` when it is, with this very type. */
export function whyNotProvided(found: ModuleImport): string | undefined {
  const name = fullName(found);
  if (!isPreview1(found.module)) return `it imports ${name}, which is not part of WASI preview 1`;
  if (!Object.hasOwn(SIGNATURES, found.name)) return `it imports ${name}, which WASI preview 1 does not have`;
  if (found.kind !== "function") return `it imports ${name} as a ${found.kind}; it is a function`;
  if (found.signature !== SIGNATURES[found.name as keyof typeof SIGNATURES]) {
    return `it imports ${name} with parameters or results of other types than WASI preview 1 gives it`;
  }
  return undefined;
}

function whyNoCommand(module: ModuleStructure): Refusal | undefined {
  const refuse = (reason: string, hint = BUILD_HINT): Refusal => ({ reason, hint });
  const start = module.exports.find((one) => one.name === "_start");
  if (start === undefined || start.kind !== "function") {
    return kindOf(module) === "reactor"
      ? refuse(
          'it exports "_initialize" but no "_start": a library (reactor), not a program',
          "Build it as a program: without -mexec-model=reactor, and with a main function.",
        )
      : refuse('it exports no function "_start": not a WASI command');
  }
  if (module.functionTypes[start.index] !== ":")
    return refuse('"_start" takes parameters or returns something');
  const memory = module.exports.find((one) => one.name === "memory");
  if (memory === undefined || memory.kind !== "memory") return refuse('it exports no memory named "memory"');
  if (module.memory?.is64) {
    return refuse("its memory has 64-bit addresses; WASI preview 1 has 32-bit ones");
  }
  if (module.memory?.isShared) {
    return refuse(
      "its memory is shared between threads, which this sandbox does not have",
      "Build it without threads: --target=wasm32-wasi, not wasm32-wasi-threads.",
    );
  }
  if (module.memoryCount > 1) return refuse(`it has ${module.memoryCount} memories; one is supported`);
  return undefined;
}

function whyTooLarge({ memory, tables }: ModuleStructure, maxPages: number): Refusal | undefined {
  if (memory !== undefined && memory.minPages > maxPages) {
    const size = (pages: number) => `${pages} pages (${pages * WASM_PAGE_BYTES} bytes)`;
    return {
      reason: `its memory begins at ${size(memory.minPages)}; the limit is ${size(maxPages)}`,
      hint: "Raise limits.memoryBytes, or build it with a smaller initial memory and static data.",
    };
  }
  const table = tables.find(({ minElements }) => minElements > DEFAULT_MAX_TABLE_ELEMENTS);
  if (table === undefined) return undefined;
  return {
    reason: `it has a table that begins at ${table.minElements} elements; the limit is ${DEFAULT_MAX_TABLE_ELEMENTS}`,
    hint: "Build it with fewer functions whose address is taken.",
  };
}

function fullName({ module, name }: ModuleImport): string {
  return `${shorten(module)}.${shorten(name)}`;
}

/** A name may be as long as the file. */
function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

function andMore(count: number): string {
  return count <= 1 ? "" : ` (and ${count - 1} more)`;
}
