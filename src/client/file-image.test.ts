import { describe, expect, test } from "vitest";
import { diffEntries, entriesFromFiles, FileImage } from "./file-image.ts";

const file = (path: string, text: string) => ({
  path,
  type: "file" as const,
  mode: 0o644,
  mtimeNs: 5n,
  bytes: new TextEncoder().encode(text),
});

describe("entries for given files", () => {
  test("stand sorted, with the directories above them", () => {
    const directory = (path: string) => ({ path, type: "directory", mode: 0o755, mtimeNs: 5n });
    expect(
      entriesFromFiles(
        new Map([
          ["/workspace/b/c.txt", "hi"],
          ["/a.txt", ""],
        ]),
        5n,
      ),
    ).toEqual([
      file("/a.txt", ""),
      directory("/workspace"),
      directory("/workspace/b"),
      file("/workspace/b/c.txt", "hi"),
    ]);
  });

  test("refuse a file that another one needs as a directory", () => {
    expect(() =>
      entriesFromFiles(
        new Map([
          ["/a", "x"],
          ["/a/b", "y"],
        ]),
        0n,
      ),
    ).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  });
});

describe("the host's copy of the files", () => {
  test("takes over additions, changes and removals", () => {
    const image = new FileImage(100, [file("/a", "1"), file("/b", "2")]);
    image.apply({ removed: ["/a"], entries: [file("/b", "22"), file("/c", "3")] });
    expect(image.entries()).toEqual([file("/b", "22"), file("/c", "3")]);
  });

  test("refuses a cage that reports more than the limit, counting what was replaced once", () => {
    const image = new FileImage(10, [file("/a", "12345")]);
    image.apply({ removed: [], entries: [file("/a", "1234567890")] });
    expect(() => image.apply({ removed: [], entries: [file("/b", "1")] })).toThrow(
      expect.objectContaining({ code: "protocol-violation" }),
    );
  });
});

test("a small content does not keep the large buffer that it came in", () => {
  const image = new FileImage(100);
  const bytes = new Uint8Array(1_000_000).subarray(10, 12);
  image.apply({ removed: [], entries: [{ ...file("/a", ""), bytes }] });
  expect(image.entries()[0]!.bytes!.buffer.byteLength).toBe(2);
});

describe("a diff", () => {
  test("lists what was added, removed and modified, and leaves out what only has another time", () => {
    const before = [file("/gone", "x"), file("/same", "s"), file("/touched", "t"), file("/changed", "old")];
    const after = [
      file("/changed", "newer"),
      file("/new", "n"),
      file("/same", "s"),
      { ...file("/touched", "t"), mtimeNs: 9n },
    ];
    expect(diffEntries(before, after)).toEqual([
      {
        path: "/changed",
        type: "modified",
        before: { type: "file", bytes: 3 },
        after: { type: "file", bytes: 5 },
      },
      { path: "/gone", type: "removed", before: { type: "file", bytes: 1 } },
      { path: "/new", type: "added", after: { type: "file", bytes: 1 } },
    ]);
  });

  test("compares a hard link by the content it leads to", () => {
    const link = { path: "/z", type: "file" as const, mode: 0o644, mtimeNs: 5n, linkTo: "/a" };
    const { path: _path, ...plain } = file("/z", "1");
    expect(diffEntries([file("/a", "1"), link], [file("/a", "1"), { path: "/z", ...plain }])).toEqual([]);
    expect(diffEntries([file("/a", "1"), link], [file("/a", "2"), link]).map(({ path }) => path)).toEqual([
      "/a",
      "/z",
    ]);
  });
});

test("a cage that repeats what is known changes nothing that was shared", () => {
  const image = new FileImage(100, [file("/a", "1"), file("/b", "2")]);
  const before = image.tree;
  image.apply({ removed: [], entries: [file("/a", "1"), { ...file("/b", "2"), mode: 0o600 }] });
  expect(image.tree.get("/a")).toBe(before.get("/a"));
  expect(image.tree.get("/b")).toEqual({ ...file("/b", "2"), mode: 0o600 });
  expect(image.tree.get("/b")!.bytes).toBe(before.get("/b")!.bytes);
});

test("what is refused leaves the copy as it was, and a tree taken before never changes", () => {
  const image = new FileImage(4, [file("/a", "1")]);
  const taken = image.tree;
  expect(() => image.apply({ removed: ["/a"], entries: [file("/b", "12345")] })).toThrow(
    expect.objectContaining({ code: "protocol-violation" }),
  );
  expect(image.tree).toBe(taken);
  image.apply({ removed: ["/a"], entries: [file("/b", "2")] });
  expect([taken.entries, image.entries()]).toEqual([[file("/a", "1")], [file("/b", "2")]]);
});

test("a diff of two trees with much in common says the same as one of two lists", () => {
  const files = Array.from({ length: 500 }, (_, i) => file(`/w/${i}`, String(i)));
  const image = new FileImage(10_000, files);
  const before = image.tree;
  image.apply({ removed: ["/w/7"], entries: [file("/w/8", "new"), file("/new", "n")] });
  const lists = diffEntries([...before.entries], [...image.entries()]);
  expect(diffEntries(before, image.tree)).toEqual(lists);
  expect(lists.map(({ path, type }) => `${type} ${path}`)).toEqual([
    "added /new",
    "removed /w/7",
    "modified /w/8",
  ]);
});
