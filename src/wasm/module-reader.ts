import { malformed, WasmReader } from "./reader.ts";

/** What a module's binary says about itself, as far as it matters before it runs. */
export interface ModuleStructure {
  sections: ModuleSection[];
  imports: ModuleImport[];
  exports: ModuleExport[];
  /** The memory, defined or imported; its size in pages of 64 KiB. */
  memory: ModuleMemory | undefined;
  /** Signature of each function by its index, imported ones first: see `SIGNATURES`. `undefined` for no function type. */
  functionTypes: (string | undefined)[];
}

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

export interface ModuleExport {
  name: string;
  kind: ExternKind;
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

/**
 * Reads the parts of a module that say what it needs and offers; code and data are stepped over.
 *
 * @throws {SandboxError} `invalid-module`, with the byte offset, when the bytes are no module or end too early.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function readModule(bytes: Uint8Array): ModuleStructure {
  const reader = new WasmReader(bytes, 0, bytes.length);
  if (bytes.length < 4 || reader.u32le() !== 0x6d73_6100) {
    throw malformed(0, "not a WebAssembly file: it does not begin with \\0asm");
  }
  const version = bytes.length < 8 ? undefined : reader.u32le();
  if (version === 0x0001_000d) {
    throw malformed(4, "a WebAssembly component (WASI preview 2 or later), not a preview 1 module");
  }
  if (version !== 1) throw malformed(4, "not a WebAssembly module of version 1");

  const types: (string | undefined)[] = [];
  const module: ModuleStructure = {
    sections: [],
    imports: [],
    exports: [],
    memory: undefined,
    functionTypes: [],
  };
  while (!reader.isAtEnd) {
    const start = reader.offset;
    const id = reader.byte();
    const length = reader.u32();
    const body = reader.sub(length);
    const isCustom = id === 0;
    const known = SECTION_NAMES[id];
    if (known === undefined) throw malformed(start, `an unknown section ${id}`);
    const name = isCustom ? body.name() : known;
    module.sections.push({ name, isCustom, offset: body.offset, bytes: body.remaining });
    if (id === 1) readTypes(body, types);
    else if (id === 2) readImports(body, module, types);
    else if (id === 3)
      body.each(() => {
        module.functionTypes.push(types[body.u32()]);
      });
    else if (id === 5)
      body.each(() => {
        module.memory = readMemory(body, false);
      });
    else if (id === 7) {
      body.each(() => {
        const exported = body.name();
        module.exports.push({ name: exported, kind: readKind(body), index: body.u32() });
      });
    }
  }
  return module;
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

function readTypes(body: WasmReader, types: (string | undefined)[]): void {
  body.each(() => {
    if (body.peek() === 0x4e) {
      body.byte();
      body.each(() => void types.push(readSubtype(body)));
    } else types.push(readSubtype(body));
  });
}

/** A function type as letters; `undefined` for a struct or an array (garbage-collected languages have them). */
function readSubtype(body: WasmReader): string | undefined {
  const offset = body.offset;
  let form = body.byte();
  if (form === 0x50 || form === 0x4f) {
    body.each(() => body.u32());
    form = body.byte();
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
    return `${parameters}:${results}`;
  }
  const readField = (): void => {
    readValueType(body);
    body.byte();
  };
  if (form === 0x5f) body.each(readField);
  else if (form === 0x5e) readField();
  else throw malformed(offset, `an unknown type form ${form}`);
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
    } else if (found.kind === "memory") module.memory = readMemory(body, true);
    else if (found.kind === "table") {
      readValueType(body);
      readLimits(body);
    } else {
      // A global's type and mutability, or a tag's attribute and type index.
      if (found.kind === "global") readValueType(body);
      else body.byte();
      body.u32();
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

function readMemory(body: WasmReader, isImported: boolean): ModuleMemory {
  const { min, max, flags } = readLimits(body);
  return {
    minPages: min,
    maxPages: max,
    isImported,
    isShared: (flags & 2) !== 0,
    is64: (flags & 4) !== 0,
  };
}

function readLimits(body: WasmReader): { min: number; max: number | undefined; flags: number } {
  const flags = body.byte();
  const number = (flags & 4) !== 0 ? () => Number(body.u64()) : () => body.u32();
  return { flags, min: number(), max: (flags & 1) !== 0 ? number() : undefined };
}
