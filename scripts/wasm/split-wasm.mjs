// @ts-check
/**
 * Cuts a module in two: what a start calls, and the rest. An engine reads all code of a module before it runs any of it;
 * of CPython, a start and most programs call a quarter.
 *
 * Both parts have every function under its old index, so that no instruction changes. A function whose code is in the
 * other part is replaced by a few instructions that call it there, through a table of such functions. Memory, tables, tags
 * and variables are the first part's, and shared; the rest is linked when it is first called. How: src/runtimes/split-module.ts.
 *
 * Emscripten's SPLIT_MODULE does the same at link time, for a module one compiles oneself.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @see https://emscripten.org/docs/optimizing/Module-Splitting.html
 */
import {
  concat,
  FUNCREF,
  I32,
  joinSections,
  KIND,
  leb,
  list,
  name,
  Reader,
  readBodies,
  readImports,
  readSections,
  SECTION,
  signedLeb,
  sized,
} from "./binary.mjs";
import { readCalls } from "./read-calls.mjs";

/** What the first part exports for the rest begins with this; the rest imports it from the module of the name "first". */
const SHARED = "first.";
/** A function that is no longer than its replacement stays in both parts. */
const SMALL_BYTES = 16;
/** For a function nobody in its part calls. */
const UNREACHABLE = Uint8Array.of(0, 0x00, 0x0b);

/**
 * @param {Uint8Array} wasm
 * @param {ReadonlySet<number>} hot Functions of the first part, by their place in the code section.
 * @returns {{ first: Uint8Array<ArrayBuffer>, rest: Uint8Array<ArrayBuffer> }}
 */
export function splitWasm(wasm, hot) {
  const module = readModule(wasm);
  const { bodies, imports } = module;
  const firstFunction = imports.counts.function;
  const own = (/** @type {number} */ index) => index - firstFunction;

  const isInFirst = bodies.map((body, at) => hot.has(at) || body.length <= SMALL_BYTES);
  const isInRest = bodies.map((body, at) => !hot.has(at) || body.length <= SMALL_BYTES);
  const calledIn = (/** @type {boolean[]} */ part) => {
    const called = new Set();
    for (const [at, body] of bodies.entries()) {
      if (part[at]) readCalls(body, (index) => index >= firstFunction && called.add(own(index)));
    }
    return called;
  };
  const calledInFirst = calledIn(isInFirst);
  for (const index of module.named) if (index >= firstFunction) calledInFirst.add(own(index));
  const calledInRest = calledIn(isInRest);

  // Place 0 is for the function that links the rest.
  const crossings = [
    ...[...calledInFirst].filter((at) => !isInFirst[at]),
    ...[...calledInRest].filter((at) => !isInRest[at]),
  ].sort((a, b) => a - b);
  const places = new Map(crossings.map((at, index) => [at, index + 1]));
  const length = crossings.length + 1;
  const table = imports.counts.table + module.tables.length;
  const isLinked = imports.counts.global + module.globals.length;
  const ensure = firstFunction + bodies.length;
  const noType = module.types.findIndex(({ params, isEmpty }) => params === 0 && isEmpty);
  if (noType < 0) throw new Error("the module has no function without parameters and results");

  /** Hands a call over to the other part. @param {number} at @param {boolean} mayBeMissing */
  const handOver = (at, mayBeMissing) => {
    const type = module.functionTypes[at] ?? 0;
    const params = Array.from({ length: module.types[type]?.params ?? 0 }, (_, index) => index);
    return concat([
      leb(0),
      ...(mayBeMissing ? [Uint8Array.of(0x10), leb(ensure)] : []),
      ...params.map((index) => concat([Uint8Array.of(0x20), leb(index)])),
      ...[Uint8Array.of(0x41), signedLeb(places.get(at) ?? 0)],
      ...[Uint8Array.of(0x11), leb(type), leb(table), Uint8Array.of(0x0b)],
    ]);
  };
  /** @param {boolean[]} part @param {Set<number>} called @param {boolean} mayBeMissing */
  const bodiesOf = (part, called, mayBeMissing) =>
    bodies.map((body, at) =>
      sized(part[at] ? body : called.has(at) ? handOver(at, mayBeMissing) : UNREACHABLE),
    );
  /** Puts those of a part that the other calls into the table. @param {boolean[]} part @param {boolean[]} other */
  const offered = (part, other) =>
    crossings.flatMap((at) =>
      part[at] && !other[at] ? [{ place: places.get(at) ?? 0, index: firstFunction + at }] : [],
    );

  const linkIfMissing = concat([
    leb(0),
    ...[Uint8Array.of(0x23), leb(isLinked), Uint8Array.of(0x45, 0x04, 0x40)],
    ...[Uint8Array.of(0x41, 0, 0x11), leb(noType), leb(table), Uint8Array.of(0x0b, 0x0b)],
  ]);
  const tableType = concat([Uint8Array.of(FUNCREF, 1), leb(length), leb(length)]);
  const shared = sharedThings(module);

  const first = replaceSections(module.sections, {
    [SECTION.functions]: list([...module.functionTypes.map(leb), leb(noType)]),
    [SECTION.tables]: list([...module.tables, tableType]),
    [SECTION.globals]: list([...module.globals, Uint8Array.of(I32, 1, 0x41, 0, 0x0b)]),
    [SECTION.exports]: list([
      ...module.exports,
      ...shared.map(({ key, kind, index }) => concat([name(SHARED + key), Uint8Array.of(kind), leb(index)])),
      concat([name(`${SHARED}functions`), Uint8Array.of(KIND.table), leb(table)]),
      concat([name(`${SHARED}isLinked`), Uint8Array.of(KIND.global), leb(isLinked)]),
    ]),
    [SECTION.elements]: list([...module.elements, ...segments(table, offered(isInFirst, isInRest))]),
    [SECTION.code]: list([...bodiesOf(isInFirst, calledInFirst, true), sized(linkIfMissing)]),
  });
  const rest = joinSections([
    { id: SECTION.types, body: module.typeSection },
    {
      id: SECTION.imports,
      body: list([
        ...imports.items,
        ...shared.map(({ key, kind, type }) => concat([name("first"), name(key), Uint8Array.of(kind), type])),
        concat([name("first"), name("functions"), Uint8Array.of(KIND.table), tableType]),
      ]),
    },
    { id: SECTION.functions, body: list(module.functionTypes.map(leb)) },
    { id: SECTION.globals, body: list(module.globals.slice(module.variables)) },
    { id: SECTION.elements, body: list(segments(table, offered(isInRest, isInFirst))) },
    { id: SECTION.code, body: list(bodiesOf(isInRest, calledInRest, false)) },
  ]);
  return { first, rest };
}

/** Memory, tables, tags and variables of the module's own, in the order in which the rest must import them.
 * @param {ReturnType<typeof readModule>} module */
function sharedThings({ imports, memories, tables, tags, globals, variables }) {
  const of = (
    /** @type {string} */ word,
    /** @type {number} */ kind,
    /** @type {number} */ imported,
    /** @type {Uint8Array[]} */ types,
  ) => types.map((type, at) => ({ key: `${word}${at}`, kind, index: imported + at, type }));
  return [
    ...of("table", KIND.table, imports.counts.table, tables),
    ...of("memory", KIND.memory, imports.counts.memory, memories),
    ...of("tag", KIND.tag, imports.counts.tag, tags),
    // Of a variable: its value type and that it is one.
    ...of(
      "global",
      KIND.global,
      imports.counts.global,
      globals.slice(0, variables).map((global) => global.subarray(0, 2)),
    ),
  ];
}

/** One active segment for each run of neighbours.
 * @param {number} table @param {readonly { place: number, index: number }[]} entries */
function segments(table, entries) {
  /** @type {{ place: number, functions: number[] }[]} */
  const runs = [];
  for (const { place, index } of entries) {
    const run = runs.at(-1);
    if (run !== undefined && run.place + run.functions.length === place) run.functions.push(index);
    else runs.push({ place, functions: [index] });
  }
  return runs.map(({ place, functions }) =>
    concat([
      ...[leb(2), leb(table), Uint8Array.of(0x41), signedLeb(place), Uint8Array.of(0x0b, 0x00)],
      list(functions.map(leb)),
    ]),
  );
}

/** @param {Uint8Array} wasm */
function readModule(wasm) {
  const sections = readSections(wasm);
  const bodyOf = (/** @type {number} */ id) => sections.find((one) => one.id === id)?.body;
  const reader = (/** @type {number} */ id) => new Reader(bodyOf(id) ?? Uint8Array.of(0));
  /** The items of a section as they stand. @param {number} id @param {(reader: Reader) => void} skip */
  const itemsOf = (id, skip) => {
    const input = reader(id);
    return Array.from({ length: input.u32() }, () => {
      const start = input.offset;
      skip(input);
      return input.bytes.subarray(start, input.offset);
    });
  };
  /** Functions that can be called by more than a call instruction. @type {number[]} */
  const named = [];
  const globals = itemsOf(SECTION.globals, (input) => {
    input.skipValueType();
    input.byte();
    skipConstant(input, named);
  });
  const startSection = bodyOf(SECTION.start);
  if (startSection !== undefined) named.push(new Reader(startSection).u32());
  const types = [];
  for (let input = reader(SECTION.types), rest = input.u32(); rest > 0; rest--) {
    const form = input.byte();
    if (form !== 0x60) throw new Error(`a type of form ${form} was not expected`);
    const params = input.u32();
    for (let left = params; left > 0; left--) input.skipValueType();
    const results = input.u32();
    for (let left = results; left > 0; left--) input.skipValueType();
    types.push({ params, isEmpty: params + results === 0 });
  }
  const functions = reader(SECTION.functions);
  return {
    sections,
    imports: readImports(bodyOf(SECTION.imports)),
    typeSection: bodyOf(SECTION.types) ?? list([]),
    types,
    functionTypes: Array.from({ length: functions.u32() }, () => functions.u32()),
    tables: itemsOf(SECTION.tables, (input) => {
      if (input.bytes[input.offset] === 0x40)
        throw new Error("a table with an initial value was not expected");
      input.skipValueType();
      input.limits();
    }),
    memories: itemsOf(SECTION.memories, (input) => input.limits()),
    tags: itemsOf(SECTION.tags, (input) => {
      input.byte();
      input.u32();
    }),
    globals,
    /** Those among them that can change, and all before the last of these. */
    variables: globals.findLastIndex((global) => global[1] === 1) + 1,
    exports: itemsOf(SECTION.exports, (input) => {
      input.name();
      const kind = input.byte();
      const index = input.u32();
      if (kind === KIND.function) named.push(index);
    }),
    elements: itemsOf(SECTION.elements, (input) => {
      const flags = input.u32();
      if (flags !== 0 && flags !== 2) throw new Error(`an element segment of kind ${flags} was not expected`);
      if (flags === 2) input.u32();
      skipConstant(input, named);
      if (flags === 2) input.byte();
      for (let rest = input.u32(); rest > 0; rest--) named.push(input.u32());
    }),
    bodies: readBodies(bodyOf(SECTION.code) ?? Uint8Array.of(0)),
    named,
  };
}

/** A constant expression; functions it refers to are added to `named`.
 * @param {Reader} input @param {number[]} named */
function skipConstant(input, named) {
  for (;;) {
    const opcode = input.byte();
    if (opcode === 0x0b) return;
    if (opcode === 0xd2) named.push(input.u32());
    else if (opcode === 0x23 || opcode === 0x41 || opcode === 0x42 || opcode === 0xd0) input.skipLeb();
    else if (opcode === 0x43) input.take(4);
    else if (opcode === 0x44) input.take(8);
    else throw new Error(`a constant with instruction 0x${opcode.toString(16)} was not expected`);
  }
}

/** The sections with other bodies; one that was not there comes before the first that must follow it.
 * @param {readonly import("./binary.mjs").Section[]} sections @param {Readonly<Record<number, Uint8Array>>} bodies */
function replaceSections(sections, bodies) {
  const result = sections.map(({ id, body }) => ({ id, body: bodies[id] ?? body }));
  for (const key of Object.keys(bodies)) {
    const id = Number(key);
    if (result.some((one) => one.id === id)) continue;
    const next = result.findIndex(
      (one) => one.id !== SECTION.custom && ORDER.indexOf(one.id) > ORDER.indexOf(id),
    );
    result.splice(next, 0, { id, body: bodies[id] ?? list([]) });
  }
  return joinSections(result);
}
/** In which sections stand in a module, by id: tags (13) come before globals, the count of data (12) before code. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
