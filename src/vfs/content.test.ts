import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK_BYTES, FileContent } from "./content.ts";
import { Vfs } from "./vfs.ts";

const MIB = 2 ** 20;

/** Offsets where chunks meet, and a little around. */
const OFFSET = fc
  .tuple(
    fc.constantFrom(0, CHUNK_BYTES / 2, CHUNK_BYTES, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES),
    fc.integer({ min: -70, max: 70 }),
  )
  .map(([edge, by]) => Math.max(0, edge + by));
const LENGTH = fc.constantFrom(1, 40, 100, 5000, CHUNK_BYTES, CHUNK_BYTES + 3);

type Step = { kind: "write" | "resize" | "freeze" | "share" | "read"; offset: number; length: number };
const STEPS = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("write", "write", "resize", "freeze", "share", "read"),
    offset: OFFSET,
    length: LENGTH,
  }),
  { maxLength: 12 },
);

/** `toEqual` takes minutes to say where megabytes differ. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

test("a long content is what was written, across chunks, and what was frozen stays", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      let owner = {};
      let content = new FileContent(undefined, owner);
      let model = new Uint8Array(0);
      const frozen: { content: FileContent; model: Uint8Array }[] = [];
      const resizeModel = (size: number) => {
        const next = new Uint8Array(size);
        next.set(model.subarray(0, size));
        model = next;
      };
      for (const [round, { kind, offset, length }] of steps.entries()) {
        if (kind === "write") {
          // A part of a longer buffer, as guest memory is.
          const source = new Uint8Array(length + 9).fill(round + 1, 5, 5 + length);
          content.write(offset, source, 5, length);
          if (offset + length > model.length) resizeModel(offset + length);
          model.fill(round + 1, offset, offset + length);
        } else if (kind === "resize") {
          content.resize(offset);
          resizeModel(offset);
        } else if (kind === "freeze") {
          frozen.push({ content, model: model.slice() });
          owner = {};
          content = content.copyFor(owner);
        } else if (kind === "share") {
          const shared = content.toShared();
          expect(isSame(shared, model)).toBe(true);
          expect(content.toShared() === shared).toBe(true);
          frozen.push({ content, model: model.slice() });
          owner = {};
          content = content.copyFor(owner);
        } else {
          const target = new Uint8Array(length + 9);
          const count = content.read(offset, target, 5, length);
          const expected = new Uint8Array(length + 9);
          expected.set(model.subarray(offset, offset + length), 5);
          expect(count).toBe(Math.max(0, Math.min(length, model.length - offset)));
          expect(isSame(target, expected)).toBe(true);
        }
        expect(content.size).toBe(model.length);
      }
      for (const one of [...frozen, { content, model }]) {
        expect(isSame(one.content.toCopy(), one.model)).toBe(true);
        expect(one.content.equals(new FileContent(one.model.slice()))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

describe("what a long file holds", () => {
  const create = () => {
    const fs = new Vfs({ fileBytes: 64 * MIB, nowNs: () => 0n });
    fs.writeFile("/a", new Uint8Array(8 * MIB));
    return { fs, ino: fs.resolve("/a") };
  };

  test("grows by the chunks that are written after a mark", () => {
    const { fs, ino } = create();
    fs.mark();
    fs.write(ino, 3 * MIB - 1, Uint8Array.of(1, 2));
    expect(fs.heldBytes()).toBe(10 * MIB);
    fs.write(ino, 8 * MIB, Uint8Array.of(1));
    expect(fs.heldBytes()).toBe(11 * MIB);
  });

  test("stays in proportion while it is rewritten, listed and cut over and over", () => {
    const { fs, ino } = create();
    let mark = fs.mark();
    for (let round = 0; round < 40; round++) {
      for (let chunk = round % 3; chunk < 8; chunk += 2) fs.write(ino, chunk * MIB, Uint8Array.of(round));
      fs.changesSince(mark);
      expect(fs.heldBytes()).toBeLessThanOrEqual(2.5 * 8 * MIB * 2);
      const next = fs.mark();
      fs.dropMark(mark);
      mark = next;
    }
    fs.dropMark(mark);
    expect(fs.heldBytes()).toBeLessThanOrEqual(2.5 * 8 * MIB);
  });

  test("is given back when it is cut, though others looked into the same buffer", () => {
    const { fs, ino } = create();
    const mark = fs.mark();
    fs.truncate(ino, MIB + 10);
    fs.dropMark(mark);
    expect(fs.heldBytes()).toBeLessThanOrEqual(2 * (MIB + 10));
    fs.truncate(ino, 10);
    expect(fs.heldBytes()).toBeLessThanOrEqual(64);
  });
});
