import { describeOtherFile } from "./file-kind.ts";
import { malformed, skipConstantExpression, WasmReader } from "./reader.ts";

/** What a module's binary says about itself, as far as it matters before it runs. */
export interface ModuleStructure {
  sections: ModuleSection[];
  imports: ModuleImport[];
  exports: ModuleExport[];
  /** The first memory, defined or imported; its size in pages of 64 KiB. */
  memory: ModuleMemory | undefined;
  memoryCount: number;
  tables: ModuleTable[];
  /** Signature of each function by its index, imported ones first: see `SIGNATURES`. `undefined` for no function type. */
  functionTypes: (string | undefined)[];
  /** The function an engine calls by itself, before any export. */
  startFunction: number | undefined;
  /** Proposals beyond the first version that its types and sections cannot do without. */
  proposals: Set<string>;
  /** Custom sections past the `MAX_CUSTOM_SECTIONS`th, which are not listed. */
  omittedSections: number;
}

export interface ModuleTable {
  minElements: number;
  maxElements: number | undefined;
  isImported: boolean;
}

/** A section of a module. */
export interface ModuleSection {
  /** Name by the specification, or a custom section's own. */
  name: string;
  isCustom: boolean;
  /** Where its content begins. */
  offset: number;
  bytes: number;
}

export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

export interface ModuleImport {
  module: string;
  name: string;
  kind: ExternKind;
  /** A function's parameters and results: see `SIGNATURES`. */
  signature?: string | undefined;
}

/** An export of a module. */
export interface ModuleExport {
  name: string;
  kind: ExternKind;
  /** Among the things of its kind, imported ones first. */
  index: number;
}

export interface ModuleMemory {
  minPages: number;
  maxPages: number | undefined;
  isImported: boolean;
  isShared: boolean;
  /** 64-bit addresses. */
  is64: boolean;
}

/** Compilers write a dozen. A hostile file may hold one every three bytes. */
const MAX_CUSTOM_SECTIONS = 1000;

/** Names of the sections, by id. */
const SECTION_NAMES = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];
const KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];
const VALUE_LETTERS: Readonly<Record<number, string>> = { 127: "i", 126: "I", 125: "f", 124: "F", 123: "v" };

/** Nothing read yet. */
export function emptyStructure(): ModuleStructure {
  return {
    sections: [],
    imports: [],
    exports: [],
    memory: undefined,
    memoryCount: 0,
    tables: [],
    functionTypes: [],
    startFunction: undefined,
    proposals: new Set(),
    omittedSections: 0,
  };
}

/**
 * Reads the parts of a module that say what it needs and offers; code and data are stepped over.
 *
 * @param module - Filled as far as the bytes can be read, also when this throws.
 * @throws {SandboxError} `invalid-module`, with the byte offset, when the bytes are no module or end too early.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function readModule(bytes: Uint8Array, module = emptyStructure()): ModuleStructure {
  const reader = new WasmReader(bytes, 0, bytes.length);
  if (bytes.length < 4 || reader.u32le() !== WASM_MAGIC) {
    const { what } = describeOtherFile(bytes);
    throw malformed(0, `not a WebAssembly file but ${what}: it does not begin with \\0asm`);
  }
  const version = bytes.length < 8 ? undefined : reader.u32le();
  if (version === COMPONENT_VERSION) {
    throw malformed(4, "a WebAssembly component (WASI preview 2 or later), not a preview 1 module");
  }
  if (version !== 1) throw malformed(4, "not a WebAssembly module of version 1");

  const types: (string | undefined)[] = [];
  const seen = new Set<number>();
  while (!reader.isAtEnd) {
    const start = reader.offset;
    const id = reader.byte();
    const length = reader.u32();
    const body = reader.sub(length);
    const isCustom = id === 0;
    const known = SECTION_NAMES[id];
    if (known === undefined) throw malformed(start, `an unknown section ${id}`);
    if (!isCustom && seen.has(id)) throw malformed(start, `a second ${known} section`);
    seen.add(id);
    if (isCustom && module.sections.length >= MAX_CUSTOM_SECTIONS) {
      module.omittedSections++;
      continue;
    }
    const name = isCustom ? body.name() : known;
    module.sections.push({ name, isCustom, offset: body.offset, bytes: body.remaining });
    readSection(id, body, module, types);
  }
  return module;
}

/** `\0asm`, lowest byte first. */
export const WASM_MAGIC = 0x6d73_6100;
/** The version field of a component: 13, and layer 1. */
export const COMPONENT_VERSION = 0x0001_000d;

function readSection(
  id: number,
  body: WasmReader,
  module: ModuleStructure,
  types: (string | undefined)[],
): void {
  if (id === 1) readTypes(body, types, module.proposals);
  else if (id === 2) readImports(body, module, types);
  else if (id === 3) body.each(() => void module.functionTypes.push(types[body.u32()]));
  else if (id === 4) body.each(() => void module.tables.push(readTable(body)));
  else if (id === 5) body.each(() => addMemory(body, module, false));
  else if (id === 7) {
    body.each(() => {
      const exported = body.name();
      module.exports.push({ name: exported, kind: readKind(body), index: body.u32() });
    });
  } else if (id === 8) module.startFunction = body.u32();
  else if (id === 12) module.proposals.add("bulk-memory");
  else if (id === 13) module.proposals.add("exception-handling");
}

/** Where one function's code stands. */
export interface FunctionBody {
  offset: number;
  bytes: number;
}

/**
 * The bodies in the code section, in the order of the functions: the first belongs to the function whose index is the
 * number of imported ones.
 *
 * @throws {SandboxError} `invalid-module` when a body reaches past the section, which no module that compiled has.
 */
export function readFunctionBodies(bytes: Uint8Array, module: ModuleStructure): FunctionBody[] {
  const bodies: FunctionBody[] = [];
  const section = module.sections.find((one) => !one.isCustom && one.name === "code");
  if (section === undefined) return bodies;
  const reader = new WasmReader(bytes, section.offset, section.offset + section.bytes);
  reader.each(() => {
    const length = reader.u32();
    bodies.push({ offset: reader.offset, bytes: length });
    reader.skip(length);
  });
  return bodies;
}

/** Function names of the module's "name" section, by function index; empty when it was stripped or is damaged. */
export function readFunctionNames(bytes: Uint8Array, module: ModuleStructure): Map<number, string> {
  const names = new Map<number, string>();
  const section = module.sections.find((one) => one.isCustom && one.name === "name");
  if (section === undefined) return names;
  try {
    const reader = new WasmReader(bytes, section.offset, section.offset + section.bytes);
    while (!reader.isAtEnd) {
      const id = reader.byte();
      const body = reader.sub(reader.u32());
      if (id === 1) body.each(() => void names.set(body.u32(), body.name()));
    }
  } catch {
    // A damaged name section spoils no run: what was read so far is used.
  }
  return names;
}

function readTypes(body: WasmReader, types: (string | undefined)[], proposals: Set<string>): void {
  body.each(() => {
    if (body.peek() === 0x4e) {
      body.byte();
      proposals.add("gc");
      body.each(() => void types.push(readSubtype(body, proposals)));
    } else types.push(readSubtype(body, proposals));
  });
}

/** A function type as letters; `undefined` for a struct or an array (garbage-collected languages have them). */
function readSubtype(body: WasmReader, proposals: Set<string>): string | undefined {
  const offset = body.offset;
  let form = body.byte();
  if (form === 0x50 || form === 0x4f) {
    body.each(() => body.u32());
    form = body.byte();
    proposals.add("gc");
  }
  if (form === 0x60) {
    let parameters = "";
    let results = "";
    body.each(() => {
      parameters += readValueType(body);
    });
    body.each(() => {
      results += readValueType(body);
    });
    const signature = `${parameters}:${results}`;
    if (signature.includes("v")) proposals.add("simd128");
    if (signature.includes("r")) proposals.add("reference-types");
    if (results.length > 1) proposals.add("multivalue");
    return signature;
  }
  const readField = (): void => {
    // A packed field (i8, i16) has a letter of its own nowhere else, and none is needed.
    readValueType(body);
    body.byte();
  };
  if (form === 0x5f) body.each(readField);
  else if (form === 0x5e) readField();
  else throw malformed(offset, `an unknown type form ${form}`);
  proposals.add("gc");
  return undefined;
}

function readValueType(body: WasmReader): string {
  const code = body.byte();
  if (code === 0x63 || code === 0x64) body.s33();
  return VALUE_LETTERS[code] ?? "r";
}

function readImports(
  body: WasmReader,
  module: ModuleStructure,
  types: readonly (string | undefined)[],
): void {
  body.each(() => {
    const found: ModuleImport = { module: body.name(), name: body.name(), kind: readKind(body) };
    if (found.kind === "function") {
      found.signature = types[body.u32()];
      module.functionTypes.push(found.signature);
    } else if (found.kind === "memory") addMemory(body, module, true);
    else if (found.kind === "table") {
      readValueType(body);
      module.tables.push(tableOf(readLimits(body), true));
    } else if (found.kind === "global") {
      readValueType(body);
      if (body.byte() !== 0) module.proposals.add("mutable-globals");
    } else {
      body.byte();
      body.u32();
      module.proposals.add("exception-handling");
    }
    module.imports.push(found);
  });
}

function readKind(body: WasmReader): ExternKind {
  const offset = body.offset;
  const kind = KINDS[body.byte()];
  if (kind === undefined) throw malformed(offset, "an import or export of an unknown kind");
  return kind;
}

function addMemory(body: WasmReader, module: ModuleStructure, isImported: boolean): void {
  const { min, max, flags } = readLimits(body);
  const isShared = (flags & 2) !== 0;
  const is64 = (flags & 4) !== 0;
  module.memory ??= { minPages: min, maxPages: max, isImported, isShared, is64 };
  module.memoryCount++;
  if (isShared) module.proposals.add("atomics");
  if (is64) module.proposals.add("memory64");
  if (module.memoryCount > 1) module.proposals.add("multimemory");
}

function readTable(body: WasmReader): ModuleTable {
  const hasInitialiser = body.peek() === 0x40;
  if (hasInitialiser) body.skip(2);
  readValueType(body);
  const table = tableOf(readLimits(body), false);
  if (hasInitialiser) skipConstantExpression(body);
  return table;
}

function tableOf({ min, max }: Limits, isImported: boolean): ModuleTable {
  return { minElements: min, maxElements: max, isImported };
}

interface Limits {
  min: number;
  max: number | undefined;
  flags: number;
}

function readLimits(body: WasmReader): Limits {
  const offset = body.offset;
  const flags = body.byte();
  if (flags > 7) throw malformed(offset, `unknown limit flags ${flags}`);
  const number = (flags & 4) !== 0 ? () => Number(body.u64()) : () => body.u32();
  return { flags, min: number(), max: (flags & 1) !== 0 ? number() : undefined };
}
