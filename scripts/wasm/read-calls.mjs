// @ts-check
import { Reader } from "./binary.mjs";

/**
 * The functions a body names: those it calls directly, and those it takes a reference to.
 *
 * @param {Uint8Array} body Locals and instructions.
 * @param {(index: number) => void} onCall
 * @see https://webassembly.github.io/spec/core/binary/instructions.html
 */
export function readCalls(body, onCall) {
  const reader = new Reader(body);
  reader.skipLocals();
  while (!reader.isAtEnd) skipInstruction(reader, onCall);
  if (body.at(-1) !== 0x0b) throw new Error("a body that does not end with `end` was not expected");
}

/** @param {Reader} reader @param {(index: number) => void} onCall */
function skipInstruction(reader, onCall) {
  const opcode = reader.byte();
  if (opcode === 0x10 || opcode === 0x12 || opcode === 0xd2) return onCall(reader.u32());
  if (opcode >= 0x28 && opcode <= 0x3e) return skipAddress(reader);
  if (opcode >= 0x45 && opcode <= 0xc4) return;
  if (opcode === 0xfc) return skipBulk(reader);
  if (opcode === 0xfd) return skipVector(reader);
  const skip = PLAIN[opcode];
  if (skip === undefined) throw new Error(`instruction 0x${opcode.toString(16)} was not expected`);
  skip(reader);
}

const nothing = () => {};
/** @param {Reader} reader */
const number = (reader) => reader.skipLeb();
/** @param {Reader} reader */
const twoNumbers = (reader) => {
  reader.skipLeb();
  reader.skipLeb();
};
/** What follows an opcode. @type {Record<number, (reader: Reader) => void>} */
const PLAIN = {
  ...Object.fromEntries([0x00, 0x01, 0x05, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1].map((one) => [one, nothing])),
  // Blocks, branches, exceptions, variables, tables, numbers.
  ...Object.fromEntries(
    [0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0c, 0x0d, 0x18, 0x20, 0x21, 0x22, 0x23, 0x24].map((one) => [
      one,
      number,
    ]),
  ),
  ...Object.fromEntries([0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0].map((one) => [one, number])),
  ...Object.fromEntries([0x11, 0x13].map((one) => [one, twoNumbers])),
  14: (reader) => {
    for (let rest = reader.u32(); rest >= 0; rest--) reader.skipLeb();
  },
  28: (reader) => {
    for (let rest = reader.u32(); rest > 0; rest--) reader.skipValueType();
  },
  67: (reader) => reader.take(4),
  68: (reader) => reader.take(8),
};

/** @param {Reader} reader */
function skipAddress(reader) {
  // With more than one memory, bit 6 of the alignment says that an index follows.
  if (reader.u32() & 64) reader.skipLeb();
  reader.skipLeb();
}

/** @param {Reader} reader */
function skipBulk(reader) {
  const opcode = reader.u32();
  if (opcode <= 7) return;
  if (opcode === 10 || opcode === 14) return twoNumbers(reader);
  if (opcode === 11 || (opcode >= 15 && opcode <= 17)) return number(reader);
  // The others name segments, which only a whole module has.
  throw new Error(`instruction 0xfc ${opcode} was not expected`);
}

/** @param {Reader} reader */
function skipVector(reader) {
  const opcode = reader.u32();
  if (opcode <= 11 || opcode === 92 || opcode === 93) return skipAddress(reader);
  if (opcode === 12 || opcode === 13) return void reader.take(16);
  if (opcode >= 21 && opcode <= 34) return void reader.byte();
  if (opcode >= 84 && opcode <= 91) {
    skipAddress(reader);
    reader.byte();
  }
}
