import { beforeEach, expect, test } from "vitest";
import { Snapshot } from "../../index.browser.ts";
import { KeptFiles } from "./kept-files.ts";

const treeOf = (text: string) =>
  new Snapshot([
    { path: "/workspace/a", type: "file", mode: 0o644, mtimeNs: 1n, bytes: new TextEncoder().encode(text) },
  ]);
/** What the page does with its files, and then what a later page finds. */
async function findAfter(use: (kept: KeptFiles) => Promise<void>): Promise<Uint8Array | undefined> {
  const complaints: string[] = [];
  await use(new KeptFiles((sentence) => complaints.push(sentence)));
  expect(complaints).toEqual([]);
  return (await new KeptFiles((sentence) => complaints.push(sentence)).load())?.bytes;
}

beforeEach(() => new KeptFiles(() => {}).clear());

test("of several states the last is kept", async () => {
  const found = await findAfter(async (kept) => {
    for (const text of ["one", "two", "three"]) await kept.save(treeOf(text));
  });
  expect(found).toEqual(treeOf("three").bytes);
});

test("clearing takes away what is kept and what is still on its way", async () => {
  const found = await findAfter(async (kept) => {
    await kept.save(treeOf("one"));
    void kept.save(treeOf("two"));
    await kept.clear();
  });
  expect(found).toBe(undefined);
});

test("what is kept right after clearing is not lost with what was on its way before", async () => {
  const found = await findAfter(async (kept) => {
    void kept.save(treeOf("before"));
    void kept.clear();
    await kept.save(treeOf("after"));
  });
  expect(found).toEqual(treeOf("after").bytes);
});
