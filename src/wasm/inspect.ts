import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { SandboxError } from "../errors.ts";
import { WASM_PAGE_BYTES } from "./limits.ts";
import {
  type ModuleExport,
  type ModuleImport,
  type ModuleMemory,
  type ModuleSection,
  type ModuleStructure,
  readModule,
} from "./module-reader.ts";
import { PREVIEW1, SIGNATURES, SNAPSHOT0 } from "./preview1.ts";

/** What an import gives a module. `network` is never given: the calls answer that no descriptor is a socket. */
export type ImportNeed = "arguments" | "clock" | "files" | "network" | "process" | "random" | "unknown";

export interface InspectedImport extends ModuleImport {
  need: ImportNeed;
  /** Here it is provided, with this very type. */
  isProvided: boolean;
}

/** What a module is, before it runs. */
export interface ModuleInspection {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  imports: InspectedImport[];
  /** What it asks of the world, in alphabetical order. */
  needs: ImportNeed[];
  exports: ModuleExport[];
  sections: ModuleSection[];
  /** `undefined` when it has none. `maxBytes` is absent when it may grow to the sandbox's limit. */
  memory: { minBytes: number; maxBytes?: number } | undefined;
  /** It is a command of WASI preview 1 (or of the snapshot before it) that this sandbox can run. */
  runsHere: boolean;
  /** Why not; one line. */
  reason?: string;
}

/**
 * Reads what a module needs and offers, without compiling it.
 *
 * @throws {SandboxError} `invalid-module`, with the byte offset, when the bytes are no module at all.
 */
export async function inspectModule(bytes: Uint8Array): Promise<ModuleInspection> {
  const module = readModule(bytes);
  const imports = module.imports.map((one) => ({
    ...one,
    need: needOf(one),
    isProvided: whyNotProvided(one) === undefined,
  }));
  const reason = whyNotRunnable(module);
  return {
    bytes: bytes.length,
    sha256: await sha256(bytes),
    imports,
    needs: [...new Set(imports.map((one) => one.need))].sort(),
    exports: module.exports,
    sections: module.sections,
    memory: module.memory && memorySize(module.memory),
    runsHere: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Why a well-formed module cannot run here, in one line that names the import or export; `undefined` when it can. */
function whyNotRunnable(module: ModuleStructure): string | undefined {
  const refused = module.imports.filter((one) => whyNotProvided(one) !== undefined);
  if (refused.length > 0) {
    const more = refused.length === 1 ? "" : ` (and ${refused.length - 1} more)`;
    return `${whyNotProvided(refused[0]!)}${more}`;
  }
  const start = module.exports.find((one) => one.name === "_start");
  if (start === undefined || start.kind !== "function") {
    const isReactor = module.exports.some((one) => one.name === "_initialize");
    return isReactor
      ? 'it exports "_initialize" but no "_start": a library (reactor), not a program'
      : 'it exports no function "_start": not a WASI command';
  }
  if (module.functionTypes[start.index] !== ":") return '"_start" takes parameters or returns something';
  const memory = module.exports.find((one) => one.name === "memory");
  if (memory === undefined || memory.kind !== "memory") return 'it exports no memory named "memory"';
  if (module.memory?.is64) return "its memory has 64-bit addresses; WASI preview 1 has 32-bit ones";
  if (module.memory?.isShared)
    return "its memory is shared between threads, which this sandbox does not have";
  return undefined;
}

/** As `whyNotRunnable`, thrown. */
export function assertRunnable(module: ModuleStructure): void {
  const reason = whyNotRunnable(module);
  if (reason === undefined) return;
  throw new SandboxError(`This WebAssembly module cannot run here: ${reason}`, {
    code: "invalid-module",
    hint: "Build a command for WASI preview 1: clang --target=wasm32-wasi, or cargo build --target wasm32-wasip1.",
  });
}

/** SHA-256, hexadecimal. The platform's own where there is one: an insecure page and the cage have none. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return bytesToHex(nobleSha256(bytes));
  return bytesToHex(new Uint8Array(await subtle.digest("SHA-256", new Uint8Array(bytes))));
}

function whyNotProvided(found: ModuleImport): string | undefined {
  const name = `${found.module}.${found.name}`;
  if (found.module !== PREVIEW1 && found.module !== SNAPSHOT0) {
    return `it imports ${name}, which is not part of WASI preview 1`;
  }
  if (!Object.hasOwn(SIGNATURES, found.name)) return `it imports ${name}, which WASI preview 1 does not have`;
  if (found.kind !== "function") return `it imports ${name} as a ${found.kind}; it is a function`;
  if (found.signature !== SIGNATURES[found.name as keyof typeof SIGNATURES]) {
    return `it imports ${name} with parameters or results of other types than WASI preview 1 gives it`;
  }
  return undefined;
}

function needOf(found: ModuleImport): ImportNeed {
  if (found.module !== PREVIEW1 && found.module !== SNAPSHOT0) return "unknown";
  if (/^(args|environ)_/.test(found.name)) return "arguments";
  if (/^(clock_|poll_)/.test(found.name)) return "clock";
  if (/^(fd|path)_/.test(found.name)) return "files";
  if (/^sock_/.test(found.name)) return "network";
  if (/^(proc|sched)_/.test(found.name)) return "process";
  return found.name === "random_get" ? "random" : "unknown";
}

function memorySize(memory: ModuleMemory): { minBytes: number; maxBytes?: number } {
  const minBytes = memory.minPages * WASM_PAGE_BYTES;
  return memory.maxPages === undefined
    ? { minBytes }
    : { minBytes, maxBytes: memory.maxPages * WASM_PAGE_BYTES };
}
