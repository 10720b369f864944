import { describe, expect, test } from "vitest";
import { outcomeOf } from "./contract/harness.ts";
import { DescriptorTable } from "./descriptors.ts";

const entry = (name: string) => ({ name });

function tableOf(...names: string[]): DescriptorTable<{ name: string }> {
  const table = new DescriptorTable<{ name: string }>(6);
  for (const name of names) table.insert(entry(name));
  return table;
}

const open = (table: DescriptorTable<{ name: string }>) =>
  [...table.entries()].map(([fd, { name }]) => `${fd}:${name}`);

describe("DescriptorTable", () => {
  test("hands out the lowest free number", () => {
    const table = tableOf("a", "b", "c", "d");
    table.remove(2);
    table.remove(0);
    expect([table.insert(entry("e")), table.insert(entry("f")), table.insert(entry("g"))]).toEqual([0, 2, 4]);
    expect(open(table)).toEqual(["0:e", "1:b", "2:f", "3:d", "4:g"]);
    expect(table.size).toBe(5);
  });

  test("refuses one more than there may be open with EMFILE, and goes on when one is closed", () => {
    const table = tableOf("a", "b", "c", "d", "e", "f");
    expect(outcomeOf(() => table.insert(entry("g")))).toBe("EMFILE");
    expect(table.size).toBe(6);
    expect(table.remove(3)).toEqual(entry("d"));
    expect(table.insert(entry("g"))).toBe(3);
  });

  test("reserves a number of the caller's choice, which later ones step around", () => {
    const table = tableOf();
    table.reserve(2, entry("preopen"));
    expect([table.insert(entry("a")), table.insert(entry("b")), table.insert(entry("c"))]).toEqual([0, 1, 3]);
    for (const fd of [2, -1, 6, 1.5, Number.NaN]) {
      expect(outcomeOf(() => table.reserve(fd, entry("x")))).toBe("EBADF");
    }
  });

  test.each([-1, 1, 5, 6, 1.5, Number.NaN, 2 ** 32])("%s is no open descriptor", (fd) => {
    const table = tableOf("a");
    expect(table.get(fd)).toBe(undefined);
    expect(outcomeOf(() => table.require(fd))).toBe("EBADF");
    expect(outcomeOf(() => table.remove(fd))).toBe("EBADF");
    expect(outcomeOf(() => table.renumber(fd, 0))).toBe("EBADF");
    expect(open(table)).toEqual(["0:a"]);
  });

  test("renumber moves onto a free or an open number, and gives back what it replaced", () => {
    const table = tableOf("a", "b", "c");
    expect(table.renumber(0, 4)).toBe(undefined);
    expect(table.renumber(4, 1)).toEqual(entry("b"));
    expect(open(table)).toEqual(["1:a", "2:c"]);
    expect(table.insert(entry("d"))).toBe(0);
    expect(table.size).toBe(3);
  });

  test("renumber onto itself changes nothing, out of range is refused", () => {
    const table = tableOf("a");
    expect(table.renumber(0, 0)).toBe(undefined);
    for (const to of [6, -1, 0.5]) expect(outcomeOf(() => table.renumber(0, to))).toBe("EBADF");
    expect(open(table)).toEqual(["0:a"]);
  });
});
