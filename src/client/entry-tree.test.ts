import fc from "fast-check";
import { expect, test } from "vitest";
import type { WireTreeEntry } from "../protocol/api.ts";
import { EntryTree } from "./entry-tree.ts";

const file = (path: string, text = ""): WireTreeEntry => ({
  path,
  type: "file",
  mode: 0o644,
  mtimeNs: 1n,
  bytes: new TextEncoder().encode(text),
});
const many = (count: number) => Array.from({ length: count }, (_, i) => file(`/workspace/d${i % 7}/f${i}`));
const chunksOf = (tree: EntryTree) => tree.chunks.map((chunk) => chunk.map(({ path }) => path));

test("a list in any order becomes one tree, sorted by path; of two entries with one path the later counts", () => {
  const tree = EntryTree.from([file("/b", "1"), file("/a"), file("/b", "22")]);
  expect(tree.entries).toEqual([file("/a"), file("/b", "22")]);
  expect(tree.totals).toEqual({ count: 2, fileCount: 2, contentBytes: 2, textChars: 4, linkCount: 0 });
});

test("changes give the same tree, cut at the same places, as building it anew", () => {
  const path = fc.integer({ min: 0, max: 600 }).map((n) => `/workspace/${n % 5}/${n}`);
  const change = fc.tuple(path, fc.option(fc.string({ maxLength: 3 }), { nil: undefined }));
  fc.assert(
    fc.property(fc.array(path), fc.array(fc.array(change), { maxLength: 5 }), (start, rounds) => {
      let tree = EntryTree.from(start.map((at) => file(at)));
      const model = new Map(start.map((at) => [at, file(at)]));
      for (const round of rounds) {
        const changes = new Map(
          round.map(([at, text]) => [at, text === undefined ? undefined : file(at, text)]),
        );
        tree = tree.with(changes);
        for (const [at, entry] of changes) {
          if (entry) model.set(at, entry);
          else model.delete(at);
        }
      }
      const fresh = EntryTree.from([...model.values()]);
      expect(tree.entries).toEqual(fresh.entries);
      expect(tree.totals).toEqual(fresh.totals);
      expect(chunksOf(tree)).toEqual(chunksOf(fresh));
      for (const at of [...start, "/workspace/no", ""]) expect(tree.get(at)).toEqual(model.get(at));
    }),
  );
});

test("large trees survive removals of whole chunks and changes at both ends", () => {
  const entries = many(5000);
  let tree = EntryTree.from(entries);
  const gone = tree.chunks.slice(3, 9).flatMap((chunk) => chunk.map(({ path }) => path));
  const changes = new Map<string, WireTreeEntry | undefined>(gone.map((path) => [path, undefined]));
  for (const path of ["/a", "/zzz"]) changes.set(path, file(path, "new"));
  tree = tree.with(changes);
  const left = entries.filter(({ path }) => !gone.includes(path));
  expect(chunksOf(tree)).toEqual(chunksOf(EntryTree.from([...left, file("/a", "new"), file("/zzz", "new")])));
});

test("a change of one file in thousands shares all chunks but one, and the old tree stays as it was", () => {
  const before = EntryTree.from(many(5000));
  const after = before.with(new Map([["/workspace/d3/f3", file("/workspace/d3/f3", "new")]]));
  const shared = new Set(before.chunks);
  expect(after.chunks.filter((chunk) => !shared.has(chunk)).length).toBe(1);
  expect([before.get("/workspace/d3/f3"), after.get("/workspace/d3/f3")]).toEqual([
    file("/workspace/d3/f3"),
    file("/workspace/d3/f3", "new"),
  ]);
});

test("no chunk of an ordinary tree is so large that a change copies much of the tree", () => {
  const sizes = EntryTree.from(many(5000)).chunks.map((chunk) => chunk.length);
  expect(Math.max(...sizes)).toBeLessThan(640);
  expect(sizes.length).toBeGreaterThan(40);
});
