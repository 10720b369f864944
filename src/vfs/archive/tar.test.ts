import { packTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import { bytesOf, readText, writeText } from "../contract/harness.ts";
import { type CraftedTarEntry, craftTar } from "./craft.ts";
import { createFs, createFullTree, modesOf, outcomeOf, outline, refusalOf } from "./harness.ts";
import { exportTar, importTar } from "./tar.ts";

describe("exportTar", () => {
  test("and importTar bring back the same tree with hard links and whole seconds of its times", async () => {
    const fs = createFullTree();
    const other = createFs();
    await importTar(other, "/workspace", await exportTar(fs, "/workspace"));
    expect(outline(other)).toEqual(outline(fs));
    expect(modesOf(other)).toEqual(modesOf(fs));
    const timesOf = (some: typeof fs) =>
      some
        .snapshot()
        .filter(({ path }) => path !== "/workspace")
        .map(({ path, mtimeNs }) => [path, mtimeNs / 1_000_000_000n]);
    expect(timesOf(other)).toEqual(timesOf(fs));
    writeText(other, "/workspace/hard", "one file");
    expect(readText(other, "/workspace/src/main.py")).toBe("one file");
  });

  test("gives the same bytes for the same tree, however it came to be", async () => {
    const fs = createFullTree();
    const other = createFs();
    other.restore(fs.snapshot());
    expect(await exportTar(other, "/workspace")).toEqual(await exportTar(fs, "/workspace"));
  });

  test("dates what no header can date with the nearest it can", async () => {
    const fs = createFs();
    for (const [name, mtimeNs] of [
      ["past", -(2n ** 63n)],
      ["future", 2n ** 63n - 1n],
    ] as const) {
      writeText(fs, `/workspace/${name}`, "");
      fs.setTimes(fs.resolve(`/workspace/${name}`), { mtimeNs });
    }
    const other = createFs();
    await importTar(other, "/workspace", await exportTar(fs, "/workspace"));
    const mtimeOf = (name: string) => other.stat(other.resolve(`/workspace/${name}`)).mtimeNs;
    // 2262-04-11, the last second that 64 bits of nanoseconds hold, needs one digit more than a header has.
    expect([mtimeOf("past"), mtimeOf("future")]).toEqual([0n, (8n ** 11n - 1n) * 1_000_000_000n]);
  });

  test("of one file holds it under its own name; of what is not there is refused", async () => {
    const fs = createFs();
    writeText(fs, "/workspace/d/a", "1");
    const other = createFs();
    expect(await importTar(other, "/workspace", await exportTar(fs, "/workspace/d/a"))).toEqual([
      "/workspace/a",
    ]);
    expect(await refusalOf(() => exportTar(fs, "/no"))).toContain("not-found: ");
  });
});

describe("importTar", () => {
  test("reads old headers, a top of its own, long names of both kinds, and parents that are not listed", async () => {
    const fs = createFs();
    const long = `${"d/".repeat(70)}f`;
    const archive = craftTar([
      { name: "./", type: "5", mode: 0o700 },
      { name: "./old", type: "\0", content: "1", mode: 0o6755 },
      { name: "././@LongLink", type: "L", content: `${long}\0` },
      { name: "cut", content: "2" },
      { name: "pax", type: "x", content: "15 path=ü/pax\n" },
      { name: "cut", content: "3" },
      { name: "a/b/c", content: "4" },
    ]);
    expect(await importTar(fs, "/workspace", archive)).toEqual(
      ["a/b/c", long, "old", "ü/pax"].map((path) => `/workspace/${path}`),
    );
    expect(readText(fs, `/workspace/${long}`)).toBe("2");
    expect(readText(fs, "/workspace/ü/pax")).toBe("3");
    expect(fs.stat(fs.resolve("/workspace/old")).mode).toBe(0o755);
    expect(fs.stat(fs.resolve("/workspace")).mode).toBe(0o755);
  });

  const link = (name: string, linkname: string): CraftedTarEntry => ({ name, type: "2", linkname });
  const hard = (name: string, linkname: string): CraftedTarEntry => ({ name, type: "1", linkname });
  const file = (name: string, content = "x"): CraftedTarEntry => ({ name, content });

  const cases: [what: string, entries: CraftedTarEntry[], message: string][] = [
    ["..", [file("a/../../b")], '"a/../../b" has ".." in its path'],
    ["an absolute path", [file("/etc/passwd")], '"/etc/passwd" has an absolute path'],
    ["a drive letter", [file("c:x")], '"c:x" has a drive letter in its path'],
    ["backslashes", [file("a\\b")], '"a\\\\b" has a backslash in its path'],
    [
      "NUL in a long name",
      [{ name: "p", type: "x", content: "12 path=a\0b\n" }, file("cut")],
      '"a\\u0000b" has NUL in its name',
    ],
    ["a name that is not UTF-8", [{ name: Uint8Array.of(0x61, 0xff) }], "has a name that is not UTF-8"],
    ["a name twice", [file("a"), file("a")], '"a" is there twice'],
    ["a symlink to an absolute path", [link("a", "/etc")], '"a" is a symlink that leads out of it: "/etc"'],
    ["a symlink that climbs", [link("a", "../b")], '"a" is a symlink that leads out of it: "../b"'],
    ["a file through its own symlink", [link("a", "b"), file("a/c")], '"a/c" lies below "a"'],
    [
      "a target that is not UTF-8",
      [{ name: "a", type: "2", linkname: Uint8Array.of(0x61, 0xff) }],
      '"a" is a symlink whose target is not UTF-8',
    ],
    ["a hard link to what is not in it", [hard("a", "old")], '"a" is a link to "old", which is no file'],
    ["a hard link that climbs", [hard("a", "../old")], '"../old" has ".." in its path'],
    ["a hard link to a directory", [{ name: "d/", type: "5" }, hard("a", "d")], '"a" is a link to "d"'],
    ["a character device", [{ name: "a", type: "3" }], '"a" is a character device'],
    ["a block device", [{ name: "a", type: "4" }], '"a" is a block device'],
    ["a pipe", [{ name: "a", type: "6" }], '"a" is a pipe'],
    ["a GNU sparse file", [{ name: "a", type: "S" }], '"a" is a sparse file'],
    ["an unknown type", [{ name: "a", type: "Q" }], '"a" is of the unknown type "Q"'],
    [
      "a PAX sparse file",
      [{ name: "p", type: "x", content: "22 GNU.sparse.major=1\n" }, file("a")],
      '"a" has the attribute GNU.sparse.major',
    ],
    [
      "a length beside the header's",
      [
        { name: "p", type: "x", content: "10 size=0\n" },
        { name: "a", content: "" },
      ],
      '"a" has the attribute size',
    ],
    ["more than the quota", [file("a", "0".repeat(2 ** 23))], '"a" cannot be stored: Storing'],
  ];
  test.each(cases)("refuses %s, naming the entry, and imports nothing", async (_what, entries, message) => {
    const fs = createFs();
    writeText(fs, "/workspace/old", "old");
    const before = [fs.snapshot(), fs.usage()];
    const refusal = await refusalOf(() => importTar(fs, "/workspace", craftTar([file("first"), ...entries])));
    expect(refusal).toContain("invalid-archive: The archive's entry ");
    expect(refusal).toContain(message);
    expect([fs.snapshot(), fs.usage()]).toEqual(before);
  });

  test("refuses a device hidden behind a length that the two readers might count differently", async () => {
    const inner = craftTar([{ name: "dev", type: "3" }], false);
    const archive = craftTar([
      { name: "p", type: "x", content: "10 size=0\n" },
      { name: "a", content: inner },
    ]);
    expect(await refusalOf(() => importTar(createFs(), "/workspace", archive))).toContain(
      "invalid-archive: ",
    );
  });

  test("refuses more entries than there may be files", async () => {
    const fs = createFs();
    const archive = craftTar(Array.from({ length: 10_000 }, (_, index) => file(`${index}`, "")));
    expect(await refusalOf(() => importTar(fs, "/workspace", archive))).toContain(
      "cannot be stored: Storing",
    );
    expect(outline(fs)).toEqual([]);
  });

  test("refuses a read-only place with its own code", async () => {
    const fs = createFs();
    fs.setReadOnly("/workspace");
    const archive = craftTar([file("a")]);
    await expect(importTar(fs, "/workspace", archive)).rejects.toMatchObject({ errno: "EROFS" });
  });

  test("refuses every cut and survives every flipped byte of a good archive", async () => {
    const fs = createFs();
    const good = craftTar([file("a", "hello"), { name: "d/", type: "5" }, link("l", "a"), hard("h", "a")]);
    for (let length = 0; length < good.length; length += 7) {
      const refusal = await refusalOf(() => importTar(fs, "/workspace", good.slice(0, length)));
      expect(refusal).toContain("invalid-archive: ");
    }
    expect(outline(fs)).toEqual([]);
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice();
      bad[at]! ^= 0xff;
      try {
        await importTar(fs.fork(), "/workspace", bad);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid-archive" });
      }
    }
  });

  test("refuses what is no tar", async () => {
    for (const bytes of [bytesOf("hello"), new Uint8Array(2000).fill(7), bytesOf("x".repeat(512))]) {
      expect(await refusalOf(() => importTar(createFs(), "/workspace", bytes))).toContain(
        "invalid-archive: ",
      );
    }
  });

  test("reads what another tool packed", async () => {
    const fs = createFs();
    const archive = await packTar([{ header: { name: "a.txt", size: 2, type: "file" }, body: "hi" }]);
    await importTar(fs, "/workspace", archive);
    expect(outline(fs)).toEqual(["a.txt: hi"]);
    expect(outcomeOf(() => fs.readlink(fs.resolve("/workspace/a.txt")))).toBe("EINVAL");
  });
});
