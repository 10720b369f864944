import type { ModuleSection } from "./module-reader.ts";
import { WasmReader } from "./reader.ts";

/** One tool that had a hand in a module. */
export interface ModuleProducer {
  /** `language`, `processed-by` or `sdk`. */
  role: string;
  name: string;
  /** Empty where the tool did not say. */
  version: string;
}

/** What the custom sections of the common tools say. */
export interface ModuleNotes {
  /** The module's own name, by its "name" section. */
  name: string | undefined;
  /** Functions that the "name" section names: above 0, a trap says where it happened. */
  namedFunctions: number;
  producers: ModuleProducer[];
  /** Proposals the module says it was compiled to use, by LLVM's names. */
  features: string[];
}

/** Compilers name two or three; a hostile file has room for a million. */
const MAX_NOTES = 100;
/** Characters of a name that are kept. */
const MAX_NAME = 200;

/**
 * Reads "name", "producers" and "target_features". A section that is damaged is read as far as it goes: engines pass it
 * over as well.
 *
 * @see https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md
 * @see https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#target-features-section
 * @see https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 */
export function readNotes(bytes: Uint8Array, sections: readonly ModuleSection[]): ModuleNotes {
  const notes: ModuleNotes = { name: undefined, namedFunctions: 0, producers: [], features: [] };
  for (const [name, read] of Object.entries(READERS)) {
    // The first of a name counts, as for engines.
    const section = sections.find((one) => one.isCustom && one.name === name);
    if (section === undefined) continue;
    try {
      read(new WasmReader(bytes, section.offset, section.offset + section.bytes), notes);
    } catch {
      // What was read so far is kept.
    }
  }
  return notes;
}

const READERS: Readonly<Record<string, (reader: WasmReader, notes: ModuleNotes) => void>> = {
  name: readNames,
  producers: readProducers,
  target_features: readFeatures,
};

function readNames(reader: WasmReader, notes: ModuleNotes): void {
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const body = reader.sub(reader.u32());
    if (id === 0) notes.name = cut(body.name());
    // The names themselves are read when a trap needs them.
    if (id === 1) notes.namedFunctions = Math.min(body.u32(), body.remaining);
  }
}

function readProducers(reader: WasmReader, notes: ModuleNotes): void {
  reader.each(() => {
    const role = cut(reader.name());
    reader.each(() => {
      const producer = { role, name: cut(reader.name()), version: cut(reader.name()) };
      if (notes.producers.length < MAX_NOTES) notes.producers.push(producer);
    });
  });
}

const USED = "+".charCodeAt(0);

function readFeatures(reader: WasmReader, notes: ModuleNotes): void {
  reader.each(() => {
    const prefix = reader.byte();
    const feature = cut(reader.name());
    if (prefix === USED && notes.features.length < MAX_NOTES) notes.features.push(feature);
  });
}

function cut(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}
