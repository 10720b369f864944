import { DEFAULT_MAX_TABLE_ELEMENTS, WASM_PAGE_BYTES } from "../wasm/limits.ts";
import { malformed, skipConstantExpression, WasmReader } from "../wasm/reader.ts";

export { WASM_PAGE_BYTES };

/**
 * Rewrites a module's binary so that its memory can never grow past `maxPages` pages, whether it defines its memory or
 * imports it, and its tables never past `maxTableElements`. A lower limit already declared is kept; the shared flag too.
 * Only the import, table and memory sections are parsed; the rest is copied as it is.
 *
 * @param maxPages - Pages of 64 KiB, rounded down to a whole number by the caller.
 * @returns A new module.
 * @throws {SandboxError} `invalid-module` when the bytes are no module (the message names the offset), when the
 *   declared minimum is above the cap (the message has both numbers), or when there is more than one memory.
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function capMemory(
  bytes: Uint8Array,
  maxPages: number,
  maxTableElements = DEFAULT_MAX_TABLE_ELEMENTS,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const { start, end, body } of planCaps(bytes, maxPages, maxTableElements)) {
    parts.push(bytes.subarray(copied, start), Uint8Array.from(leb(BigInt(body.length))), body);
    copied = end;
  }
  return concat([...parts, bytes.subarray(copied)]);
}

/**
 * Compiles a module whose memory cannot grow past `maxPages`: as `capMemory`, but without a copy of the module where its
 * limits can be written over (they are put back once the engine has taken its own copy, which it does at the call).
 */
export function compileCapped(bytes: Uint8Array, maxPages: number): Promise<WebAssembly.Module> {
  const sections = planCaps(bytes, maxPages, DEFAULT_MAX_TABLE_ELEMENTS);
  const fits = sections.every(({ bodyStart, end, body }) => end - bodyStart === body.length);
  // Another thread may be compiling from the same memory.
  if (!fits || !(bytes.buffer instanceof ArrayBuffer)) return WebAssembly.compile(capMemory(bytes, maxPages));
  const originals = sections.map(({ bodyStart, end }) => bytes.slice(bodyStart, end));
  for (const { bodyStart, body } of sections) bytes.set(body, bodyStart);
  const compiling = WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  for (const [index, { bodyStart }] of sections.entries()) bytes.set(originals[index]!, bodyStart);
  return compiling;
}

/** A section that declares memories or tables: where its size and its body stand, and what the body is to be. */
interface CappedSection {
  start: number;
  bodyStart: number;
  end: number;
  body: Uint8Array;
}

function planCaps(bytes: Uint8Array, maxPages: number, maxTableElements: number): CappedSection[] {
  const caps: Caps = {
    pages: BigInt(maxPages),
    elements: BigInt(maxTableElements),
    memories: 0,
    patches: [],
  };
  const input = new WasmReader(bytes, 0, bytes.length);
  if (bytes.length < 4 || input.u32le() !== 0x6d73_6100) {
    throw malformed(0, "not a WebAssembly file: it does not begin with \\0asm");
  }
  const version = bytes.length < 8 ? undefined : input.u32le();
  if (version === 0x0001_000d) throw malformed(4, "a WebAssembly component, not a core module");
  if (version !== 1) throw malformed(4, "not a WebAssembly module of version 1");

  const sections: CappedSection[] = [];
  while (input.remaining > 0) {
    const id = input.byte();
    const start = input.offset;
    const size = input.u32();
    const bodyStart = input.offset;
    const reader = input.sub(size);
    const read = READERS[id];
    if (read === undefined) continue;
    read(reader, caps);
    if (reader.remaining > 0)
      throw malformed(reader.offset, `section ${id} is longer than what it says it holds`);
    const patches = caps.patches.splice(0);
    const end = input.offset;
    if (patches.length > 0)
      sections.push({ start, bodyStart, end, body: patch(bytes, bodyStart, end, patches) });
  }
  return sections;
}

interface Caps {
  readonly pages: bigint;
  readonly elements: bigint;
  /** Memories seen so far, imported and defined. */
  memories: number;
  /** Limits of the section that is being read, in order. */
  readonly patches: Patch[];
}

/** Bytes to put in place of those between two offsets. */
interface Patch {
  start: number;
  end: number;
  bytes: readonly number[];
}

/** The bytes between two offsets, patched. */
function patch(bytes: Uint8Array, start: number, end: number, patches: readonly Patch[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let copied = start;
  for (const one of patches) {
    parts.push(bytes.subarray(copied, one.start), Uint8Array.from(one.bytes));
    copied = one.end;
  }
  return concat([...parts, bytes.subarray(copied, end)]);
}

/** How each section that can declare a memory or a table is read, by section id. */
const READERS: Record<number, (body: WasmReader, caps: Caps) => void> = {
  2: readImports,
  4: readTables,
  5: readMemories,
};

function readImports(body: WasmReader, caps: Caps): void {
  for (let rest = body.u32(); rest > 0; rest--) {
    body.skip(body.u32());
    body.skip(body.u32());
    const kindOffset = body.offset;
    const kind = body.byte();
    if (kind === 0) body.u32();
    else if (kind === 1) {
      skipValueType(body);
      capTable(body, caps);
    } else if (kind === 2) capMemoryLimits(body, caps);
    else if (kind === 3) {
      skipValueType(body);
      body.byte();
    } else if (kind === 4) {
      body.byte();
      body.u32();
    } else throw malformed(kindOffset, `an import of an unknown kind ${kind}`);
  }
}

function readTables(body: WasmReader, caps: Caps): void {
  for (let rest = body.u32(); rest > 0; rest--) {
    const hasInitialiser = body.peek() === 0x40;
    if (hasInitialiser) body.skip(2);
    skipValueType(body);
    capTable(body, caps);
    if (hasInitialiser) skipConstantExpression(body);
  }
}

function readMemories(body: WasmReader, caps: Caps): void {
  for (let rest = body.u32(); rest > 0; rest--) capMemoryLimits(body, caps);
}

/** Bits of the flags byte before a memory's or table's limits. */
const HAS_MAX = 1;
const IS_SHARED = 2;
const IS_64 = 4;

function capMemoryLimits(body: WasmReader, caps: Caps): void {
  const offset = body.offset;
  caps.memories++;
  if (caps.memories > 1) throw malformed(offset, "a second memory; one is supported");
  capLimits(body, caps, caps.pages, (min) => {
    const bytes = (pages: bigint): string => `${pages} pages (${pages * BigInt(WASM_PAGE_BYTES)} bytes)`;
    return `at least ${bytes(min)} of memory are asked for; the limit is ${bytes(caps.pages)}`;
  });
}

function capTable(body: WasmReader, caps: Caps): void {
  capLimits(
    body,
    caps,
    caps.elements,
    (min) => `a table of at least ${min} elements is asked for; the limit is ${caps.elements}`,
  );
}

function capLimits(body: WasmReader, caps: Caps, cap: bigint, tooLarge: (min: bigint) => string): void {
  const offset = body.offset;
  const flags = body.byte();
  if ((flags & ~(HAS_MAX | IS_SHARED | IS_64)) !== 0) throw malformed(offset, `unknown limit flags ${flags}`);
  const isWide = (flags & IS_64) !== 0;
  const number = (): bigint => (isWide ? body.u64() : BigInt(body.u32()));
  const min = number();
  if (min > cap) throw malformed(offset, tooLarge(min));
  const maxOffset = body.offset;
  const declared = flags & HAS_MAX ? number() : cap;
  if (declared < min) throw malformed(offset, `a maximum of ${declared} below the minimum of ${min}`);
  // As long as the one that stands there, so that it can be written over.
  const max = leb(declared < cap ? declared : cap, body.offset - maxOffset);
  caps.patches.push({ start: offset, end: body.offset, bytes: [flags | HAS_MAX, ...leb(min), ...max] });
}

/** A value or reference type: one byte, or `(ref null? heap-type)` with an index behind it. */
function skipValueType(body: WasmReader): void {
  const first = body.byte();
  if (first === 0x63 || first === 0x64) body.s33();
}

/** At least `width` bytes: the specification allows zeros behind the value, up to five bytes for 32 bits. */
function leb(value: bigint, width = 1): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n && out.length + 1 >= width ? low : low | 0x80);
  } while (rest !== 0n || out.length < width);
  return out;
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
