const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * The smallest module that needs each proposal, after the header: an engine that validates it has the proposal. By
 * LLVM's names. Those every engine of the last five years has (bulk-memory, multivalue, …) are not asked for.
 */
const PROBES: Readonly<Record<string, readonly number[]>> = {
  // (type (func (param v128)))
  simd128: [1, 5, 1, 0x60, 1, 0x7b, 0],
  // (memory 1 1 shared)
  atomics: [5, 4, 1, 3, 1, 1],
  // (tag)
  "exception-handling": [1, 4, 1, 0x60, 0, 0, 13, 3, 1, 0, 0],
  // (type (struct))
  gc: [1, 3, 1, 0x5f, 0],
  // (memory i64 1)
  memory64: [5, 3, 1, 4, 1],
  // (memory 0) (memory 0)
  multimemory: [5, 5, 2, 0, 0, 0, 0],
  // (func return_call 0)
  "tail-call": [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x12, 0, 0x0b],
  // (func (drop (i8x16.relaxed_swizzle (v128.const 0) (v128.const 0))))
  "relaxed-simd": [
    ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 44, 1, 42, 0],
    ...[0xfd, 12, ...new Array<number>(16).fill(0), 0xfd, 12, ...new Array<number>(16).fill(0)],
    ...[0xfd, 0x80, 0x02, 0x1a, 0x0b],
  ],
};

/** Those of the proposals that this JavaScript engine does not have, in their order. */
export function missingProposals(proposals: Iterable<string>): string[] {
  return [...proposals].filter((name) => {
    const probe = Object.hasOwn(PROBES, name) ? PROBES[name] : undefined;
    return probe !== undefined && !WebAssembly.validate(Uint8Array.of(...HEADER, ...probe));
  });
}
