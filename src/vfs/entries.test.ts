import { describe, expect, test } from "vitest";
import { Entries } from "./entries.ts";

/** As many names as make a copy share its base. */
const MANY = 1000;

function filled(count: number): Entries {
  const entries = new Entries();
  for (let ino = 1; ino <= count; ino++) entries.set(`name-${ino}`, ino);
  return entries;
}

const listed = (entries: Entries) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each([3, MANY])("a copy of %d names", (count) => {
  test("may change, and what it was made from stays", () => {
    const first = filled(count);
    const before = listed(first);
    const copy = first.copy();
    copy.set("name-1", 5000);
    copy.delete("name-2");
    copy.set("new", 5001);
    copy.set("gone", 5002);
    copy.delete("gone");
    copy.delete("never was");
    expect([copy.get("name-1"), copy.get("name-2"), copy.get("name-3"), copy.get("new")]).toEqual([
      5000,
      undefined,
      3,
      5001,
    ]);
    expect([copy.size, copy.has("name-2"), copy.has("gone")]).toEqual([count, false, false]);
    expect(listed(first)).toEqual(before);
    const model = new Map(before);
    model.set("name-1", 5000).set("new", 5001).delete("name-2");
    expect(listed(copy)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  test("of a copy of a copy has what all of them changed", () => {
    let entries = filled(count);
    const model = new Map(entries);
    for (let round = 0; round < 200; round++) {
      entries = entries.copy();
      entries.set(`round-${round}`, 10_000 + round);
      model.set(`round-${round}`, 10_000 + round);
      entries.delete(`round-${round - 5}`);
      model.delete(`round-${round - 5}`);
      entries.delete(`name-${round}`);
      model.delete(`name-${round}`);
    }
    expect(listed(entries)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(entries.size).toBe(model.size);
  });
});

test("a copy is compared with what it was made from by its changes alone", () => {
  const first = filled(MANY);
  const copy = first.copy();
  copy.set("new", 1);
  copy.delete("name-7");
  const expected = ["name-7", "new"];
  expect([...first.namesToCompare(copy)].sort()).toEqual(expected);
  expect([...copy.namesToCompare(first)].sort()).toEqual(expected);
  expect([...copy.namesToCompare(copy.copy())].sort()).toEqual(expected);
});

test("two that share nothing are compared by all their names", () => {
  const first = filled(2);
  const second = filled(3);
  second.delete("name-1");
  expect([...first.namesToCompare(second)].sort()).toEqual(["name-1", "name-2", "name-3"]);
});
