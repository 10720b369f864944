import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { SandboxError } from "../errors.ts";
import { DEFAULT_LIMITS, parseLimits } from "../policy/limits.ts";
import { type ModuleProducer, readNotes } from "./custom-sections.ts";
import { describeOtherFile } from "./file-kind.ts";
import { WASM_PAGE_BYTES } from "./limits.ts";
import { proposalsOfLocals } from "./locals.ts";
import {
  COMPONENT_VERSION,
  emptyStructure,
  type ModuleExport,
  type ModuleImport,
  type ModuleSection,
  type ModuleStructure,
  readModule,
  WASM_MAGIC,
} from "./module-reader.ts";
import { isPreview1 } from "./preview1.ts";
import { missingProposals } from "./proposals.ts";
import { kindOf, type ModuleKind, type Refusal, whyNotProvided, whyNotRunnable } from "./verdict.ts";

/**
 * What an import asks of the world. `files` are the standard streams as well; `network` is asked but never given: a
 * socket call answers that there is no socket. `unknown` is what WASI preview 1 does not have.
 */
export type ImportNeed = "arguments" | "clock" | "files" | "network" | "process" | "random" | "unknown";

/** One import of an inspected module. */
export interface InspectedImport extends ModuleImport {
  need: ImportNeed;
  /** Here it is provided, with this very type. */
  isProvided: boolean;
}

/** A table of an inspected module; sizes in elements. `max` is absent when it may grow to the engine's limit. */
export interface InspectedTable {
  min: number;
  max?: number;
  isImported: boolean;
}

/** The memory of an inspected module. */
export interface InspectedMemory {
  minBytes: number;
  /** Absent when it may grow to the sandbox's limit, which holds in any case. */
  maxBytes?: number;
  isImported: boolean;
  isShared: boolean;
}

/**
 * What a file is, before it runs. `command` is what runs here; `reactor` and `library` have no beginning of their own;
 * `component` is WASI preview 2 or later; `damaged` begins as a module and is none; `not-wasm` is some other file. The
 * others are modules made for a host of their own.
 */
export type InspectedKind = ModuleKind | "component" | "damaged" | "not-wasm";

/**
 * What a module is, before it runs; plain data. Lists end at 10,000 entries (custom sections at 1,000) and names at 1,000
 * characters, so that a hostile file has no say in its size; the counts go on.
 */
export interface ModuleInspection {
  kind: InspectedKind;
  /** Size of the file. */
  bytes: number;
  /** Of the whole file, 64 hexadecimal digits. */
  sha256: string;
  /** The module's own name, where its "name" section has one. */
  name?: string;
  imports: InspectedImport[];
  importCount: number;
  /** What it asks of the world, in alphabetical order. */
  needs: ImportNeed[];
  exports: ModuleExport[];
  exportCount: number;
  sections: ModuleSection[];
  sectionCount: number;
  /** Absent when it has none. */
  memory?: InspectedMemory;
  tables: InspectedTable[];
  /** Functions it defines itself. */
  functionCount: number;
  /** How many functions, imported ones included, have a name in a "name" section: what a trap can be told by. */
  namedFunctionCount: number;
  /** Index of the function that an engine calls by itself at the start, before `_start`. */
  startFunction?: number;
  /** Languages and tools that made it, as far as they say so. */
  producers: ModuleProducer[];
  /**
   * Proposals beyond WebAssembly's first version that it was compiled to use or visibly uses, by LLVM's names, in
   * alphabetical order. A module whose "target_features" section was stripped may use more.
   */
  proposals: string[];
  /** Those of `proposals` that the JavaScript engine which inspects does not have. */
  missingProposals: string[];
  /**
   * Whether the JavaScript engine which inspects accepts its code (`WebAssembly.validate`). Absent where nothing can be
   * said: there is no WebAssembly, or it lacks a proposal that the sandbox's own engine may have.
   */
  isValid?: boolean;
  /** It is a command of WASI preview 1 (or of the snapshot before it) that this sandbox can run. */
  runsHere: boolean;
  /** Why not; one line with its numbers. */
  reason?: string;
  /** What to do about it; one sentence. */
  hint?: string;
}

/** How to judge an inspected module. */
export interface InspectOptions {
  /** The memory a module would be given, as `limits.memoryBytes`. Default 512 MiB. */
  memoryBytes?: number;
}

/** Entries of a list that are handed out; the counts go on. */
const MAX_LISTED = 10_000;
/** Characters of a name that are handed out. A file may be one name. */
const MAX_NAME = 1000;

/**
 * Reads what a WebAssembly module needs, offers and weighs, without running or compiling it, and says whether it runs
 * here. Any bytes are answered: those that are no module, or a damaged one, with the reason and the offset.
 *
 * @param engine - `cage`: the engine that inspects is the one that would run it. `other`: it may know less.
 * @throws {SandboxError} `invalid-argument` when `bytes` are no bytes, or `memoryBytes` is out of range.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md
 */
export async function inspectWith(
  engine: "cage" | "other",
  bytes: Uint8Array,
  options: InspectOptions = {},
): Promise<ModuleInspection> {
  if (!(bytes instanceof Uint8Array)) {
    throw new SandboxError(
      `inspectModule takes a Uint8Array, not ${bytes === null ? "null" : typeof bytes}`,
      {
        code: "invalid-argument",
        hint: "Read the file as bytes: new Uint8Array(await file.arrayBuffer()), or fs.readFile(path).",
      },
    );
  }
  const { memoryBytes = DEFAULT_LIMITS.memoryBytes } = options;
  const limits = parseLimits({ memoryBytes });
  // Everything is read before the first wait: the caller may change its bytes then.
  const digest = sha256(bytes);
  const found = read(bytes);
  const module = found.structure;
  const notes = readNotes(bytes, module.sections);
  const used = [...module.proposals, ...proposalsOfLocals(bytes, module)];
  const proposals = [...new Set([...notes.features, ...used])].sort();
  const missing = typeof WebAssembly === "undefined" ? [] : missingProposals(proposals);
  const isValid =
    found.refusal === undefined ? validate(bytes, missing.length > 0 && engine === "other") : undefined;
  const refusal =
    found.refusal ??
    whyNotRunnable(module, Math.floor(limits.memoryBytes / WASM_PAGE_BYTES)) ??
    (isValid === false ? whyNotValid(missing) : undefined);
  const imports = module.imports.slice(0, MAX_LISTED).map((one) => ({
    ...cutName(one),
    module: cut(one.module),
    need: needOf(one),
    isProvided: whyNotProvided(one) === undefined,
  }));
  return {
    kind: found.kind,
    bytes: bytes.length,
    sha256: await digest,
    ...(notes.name === undefined ? {} : { name: notes.name }),
    imports,
    importCount: module.imports.length,
    needs: [...new Set(module.imports.map(needOf))].sort(),
    exports: module.exports.slice(0, MAX_LISTED).map(cutName),
    exportCount: module.exports.length,
    sections: module.sections.map(cutName),
    sectionCount: module.sections.length + module.omittedSections,
    ...(module.memory === undefined ? {} : { memory: memorySize(module.memory) }),
    tables: module.tables.slice(0, MAX_LISTED).map(({ minElements, maxElements, isImported }) => ({
      min: minElements,
      ...(maxElements === undefined ? {} : { max: maxElements }),
      isImported,
    })),
    functionCount:
      module.functionTypes.length - module.imports.filter((one) => one.kind === "function").length,
    namedFunctionCount: notes.namedFunctions,
    ...(module.startFunction === undefined ? {} : { startFunction: module.startFunction }),
    producers: notes.producers,
    proposals,
    missingProposals: missing,
    ...(isValid === undefined ? {} : { isValid }),
    runsHere: refusal === undefined,
    ...refusal,
  };
}

interface Found {
  kind: InspectedKind;
  /** As far as it could be read. */
  structure: ModuleStructure;
  refusal?: Refusal;
}

function read(bytes: Uint8Array): Found {
  const structure = emptyStructure();
  const word = (offset: number) =>
    bytes.length < offset + 4
      ? undefined
      : new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0, true);
  if (word(0) !== WASM_MAGIC) {
    const { what, hint } = describeOtherFile(bytes);
    return {
      kind: "not-wasm",
      structure,
      refusal: { reason: `it is ${what}, not a WebAssembly binary: it does not begin with \\0asm`, hint },
    };
  }
  if (word(4) === COMPONENT_VERSION) {
    return {
      kind: "component",
      structure,
      refusal: {
        reason: "it is a component (WASI preview 2 or later); this sandbox runs modules of preview 1",
        hint: "Build it for preview 1: cargo build --target wasm32-wasip1, or clang --target=wasm32-wasi.",
      },
    };
  }
  try {
    readModule(bytes, structure);
    return { kind: kindOf(structure), structure };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return {
      kind: "damaged",
      structure,
      refusal: {
        reason: error.message,
        hint: "The file may have been cut short or changed on its way: build or download it again.",
      },
    };
  }
}

/** Whether this engine accepts the code; `undefined` when its "no" would not count. */
function validate(bytes: Uint8Array, mayKnowLess: boolean): boolean | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  // Engines refuse shared memory here.
  const own =
    bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
  return WebAssembly.validate(own) || (mayKnowLess ? undefined : false);
}

function whyNotValid(missing: readonly string[]): Refusal {
  return missing.length > 0
    ? {
        reason: `it needs ${missing.join(", ")}, which this JavaScript engine does not have`,
        hint: "Use a newer browser, or build it without.",
      }
    : {
        reason: "its code is not valid: the engine refuses to compile it",
        hint: "The file may have been changed on its way, or its compiler has a fault: build or download it again.",
      };
}

/** SHA-256, hexadecimal. The platform's own where there is one: an insecure page and the cage have none. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return bytesToHex(nobleSha256(bytes));
  return bytesToHex(new Uint8Array(await subtle.digest("SHA-256", new Uint8Array(bytes))));
}

function needOf(found: ModuleImport): ImportNeed {
  if (!isPreview1(found.module)) return "unknown";
  if (/^(args|environ)_/.test(found.name)) return "arguments";
  if (/^(clock_|poll_)/.test(found.name)) return "clock";
  if (/^(fd|path)_/.test(found.name)) return "files";
  if (/^sock_/.test(found.name)) return "network";
  if (/^(proc|sched)_/.test(found.name)) return "process";
  return found.name === "random_get" ? "random" : "unknown";
}

function memorySize(memory: NonNullable<ModuleStructure["memory"]>): InspectedMemory {
  const { minPages, maxPages, isImported, isShared } = memory;
  return {
    minBytes: minPages * WASM_PAGE_BYTES,
    ...(maxPages === undefined ? {} : { maxBytes: maxPages * WASM_PAGE_BYTES }),
    isImported,
    isShared,
  };
}

function cutName<T extends { name: string }>(one: T): T {
  return { ...one, name: cut(one.name) };
}

function cut(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}
