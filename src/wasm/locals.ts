import { type ModuleStructure, readFunctionBodies } from "./module-reader.ts";
import { WasmReader } from "./reader.ts";

/** Proposals that a local variable's type gives away. */
const PROPOSAL_BY_TYPE: Readonly<Record<number, string>> = {
  123: "simd128",
  112: "reference-types",
  111: "reference-types",
  110: "gc",
  109: "gc",
  108: "gc",
  107: "gc",
  106: "gc",
  100: "gc",
  99: "gc",
  105: "exception-handling",
};

/**
 * Proposals that the functions' local variables show: a module whose sections were stripped keeps its vectors there, as
 * compilers seldom pass them as parameters. The instructions themselves are not read.
 */
export function proposalsOfLocals(bytes: Uint8Array, module: ModuleStructure): Set<string> {
  const found = new Set<string>();
  try {
    for (const { offset, bytes: length } of readFunctionBodies(bytes, module)) {
      const body = new WasmReader(bytes, offset, offset + length);
      body.each(() => {
        body.u32();
        const type = body.byte();
        if (type === 0x63 || type === 0x64) body.s33();
        const proposal = PROPOSAL_BY_TYPE[type];
        if (proposal !== undefined) found.add(proposal);
      });
    }
  } catch {
    // A body that cannot be read is told by the engine, which refuses it.
  }
  return found;
}
