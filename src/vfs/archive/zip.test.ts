import { deflateSync, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { bytesOf, readText, writeText } from "../contract/harness.ts";
import { type CraftedZipEntry, craftZip } from "./craft.ts";
import { createFs, createFullTree, modesOf, outcomeOf, outline, refusalOf } from "./harness.ts";
import { exportZip, importZip } from "./zip.ts";

describe("exportZip", () => {
  test("and importZip bring back the same tree, hard links as files of their own", () => {
    const fs = createFullTree();
    const other = createFs();
    const made = importZip(other, "/workspace", exportZip(fs, "/workspace"));
    // The copy of the hard link comes first by name in the source, so it is the link that turns into a file.
    const expected = outline(fs).map((line) =>
      line.startsWith("src/main.py = ") ? `src/main.py: ${readText(fs, "/workspace/hard")}` : line,
    );
    expect(outline(other)).toEqual(expected);
    expect(modesOf(other)).toEqual(modesOf(fs));
    expect(made).toEqual(
      fs
        .snapshot()
        .map(({ path }) => path)
        .filter((path) => path !== "/workspace"),
    );
  });

  test("gives the same bytes whatever the order and time things were made in", () => {
    const first = createFs();
    writeText(first, "/workspace/a", "1");
    writeText(first, "/workspace/b/c", "2");
    const second = createFs();
    writeText(second, "/workspace/b/c", "2");
    writeText(second, "/workspace/a", "1");
    second.setTimes(second.resolve("/workspace/a"), { mtimeNs: 5n });
    const bytes = exportZip(first, "/workspace");
    expect(exportZip(second, "/workspace")).toEqual(bytes);
    // The local header's time and date: midnight, 1980-01-01.
    expect([...bytes.slice(10, 14)]).toEqual([0, 0, 0x21, 0]);
  });

  test("is read by another reader, names sorted", () => {
    const fs = createFs();
    writeText(fs, "/workspace/b/c", "2");
    writeText(fs, "/workspace/a", "1");
    fs.makeDir("/workspace/empty");
    const read = unzipSync(exportZip(fs, "/workspace"));
    expect(Object.entries(read).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])).toEqual([
      ["a", "1"],
      ["b/", ""],
      ["b/c", "2"],
      ["empty/", ""],
    ]);
  });

  test("of one file holds it under its own name, of an empty directory nothing", () => {
    const fs = createFs();
    writeText(fs, "/workspace/d/a", "1");
    expect(Object.keys(unzipSync(exportZip(fs, "/workspace/d/a")))).toEqual(["a"]);
    fs.makeDir("/workspace/empty");
    expect(importZip(createFs(), "/workspace", exportZip(fs, "/workspace/empty"))).toEqual([]);
  });

  test("of what is not there is refused", () => {
    expect(outcomeOf(() => exportZip(createFs(), "/no"))).toBe("ENOENT");
  });
});

describe("importZip", () => {
  test("makes missing directories, keeps what is beside, replaces files and symlinks, and gives modes and times", () => {
    const fs = createFs();
    writeText(fs, "/workspace/kept/a", "kept");
    writeText(fs, "/workspace/target", "untouched");
    fs.symlinkAt(fs.resolve("/workspace"), "b", "target");
    const archive = craftZip([
      { name: "./kept/c", content: "new", unixMode: 0o106755 },
      { name: "b", content: "stored", method: 0 },
    ]);
    expect(importZip(fs, "/workspace", archive)).toEqual(["/workspace/b", "/workspace/kept/c"]);
    expect(outline(fs)).toEqual(["b: stored", "kept/", "kept/a: kept", "kept/c: new", "target: untouched"]);
    const stat = fs.stat(fs.resolve("/workspace/kept/c"));
    // 0x5821 is 2024-01-01; setuid and setgid of a stranger are dropped.
    expect([stat.mode, stat.mtimeNs]).toEqual([0o755, 1_704_067_200_000_000_000n]);
  });

  test("unpacks below a path that is not there yet", () => {
    const fs = createFs();
    importZip(fs, "/workspace/new/place", craftZip([{ name: "a", content: "1" }]));
    expect(readText(fs, "/workspace/new/place/a")).toBe("1");
  });

  test("reads an archive with a comment, and names without the UTF-8 flag", () => {
    const fs = createFs();
    importZip(fs, "/workspace", craftZip([{ name: "ü", content: "1", flags: 0 }], "PK\u0005\u0006 no end"));
    expect(outline(fs)).toEqual(["ü: 1"]);
  });

  const link = (name: string, target: string): CraftedZipEntry => ({
    name,
    content: target,
    unixMode: 0o120777,
  });
  const file = (name: string, content = "x"): CraftedZipEntry => ({ name, content });
  const bomb = deflateSync(new Uint8Array(2 ** 26));

  const cases: [what: string, entries: CraftedZipEntry[], message: string][] = [
    ["NUL", [file("a\0b")], '"a\\u0000b" has NUL in its name'],
    ["..", [file("../a")], '"../a" has ".." in its path'],
    [".. in the middle", [file("a/../../b")], '"a/../../b" has ".." in its path'],
    ["an absolute path", [file("/etc/passwd")], '"/etc/passwd" has an absolute path'],
    ["a drive letter", [file("C:/a")], '"C:/a" has a drive letter in its path'],
    ["backslashes", [file("..\\a")], '"..\\\\a" has a backslash in its path'],
    ["an empty name", [file("")], '"" has no name'],
    [
      "a name that is not UTF-8",
      [{ name: Uint8Array.of(0x61, 0xff) }],
      '"a\ufffd" has a name that is not UTF-8',
    ],
    ["a long name", [file("n".repeat(256))], "has a path that cannot be stored"],
    ["a name twice", [file("a"), file("a")], '"a" is there twice'],
    ["a name twice, written differently", [file("a"), file("./a")], '"a" is there twice'],
    ["a file and a directory of one name", [file("a"), file("a/", "")], '"a" is there twice'],
    ["a file below a file", [file("a"), file("a/b")], '"a/b" lies below "a", which is no directory'],
    [
      "a file below its own symlink",
      [link("a", "b"), file("a/c")],
      '"a/c" lies below "a", which is no directory',
    ],
    ["a symlink to an absolute path", [link("a", "/etc")], '"a" is a symlink that leads out of it: "/etc"'],
    ["a symlink that climbs", [link("d/a", "../../b")], '"d/a" is a symlink that leads out of it: "../../b"'],
    [
      "a symlink that climbs by way of another",
      [link("d/up", ".."), link("out", "d/up/../x")],
      '"out" is a symlink that leads out of it: "d/up/../x"',
    ],
    [
      "a symlink that climbs past what is not there",
      [link("a", "no/../../b")],
      '"a" is a symlink that leads out of it',
    ],
    [
      "an absolute symlink further down",
      [link("d/a", "/etc")],
      '"d/a" is a symlink that leads out of it: "/etc"',
    ],
    ["a symlink to nothing", [link("a", "")], '"a" is a symlink whose target cannot be stored'],
    ["a device", [{ name: "a", unixMode: 0o020644 }], '"a" is a device, a pipe or a socket'],
    ["a directory with content", [file("a/")], '"a/" is a directory with content'],
    ["an encrypted entry", [{ ...file("a"), flags: 1 }], '"a" is encrypted'],
    ["an unknown method", [{ ...file("a"), method: 12 }], '"a" is compressed by the unknown method 12'],
    ["a ZIP64 entry", [{ ...file("a"), size: 0xffffffff }], '"a" is in ZIP64 format'],
    ["another local name", [{ ...file("a"), localName: "b" }], "its local header has another name"],
    ["a wrong checksum", [{ ...file("a"), crc: 1 }], '"a" is corrupt: its checksum is wrong'],
    [
      "broken deflate data",
      [{ ...file("a"), data: Uint8Array.of(7, 7, 7) }],
      '"a" is corrupt: it cannot be inflated',
    ],
    [
      "no deflate data",
      [{ ...file("a"), data: new Uint8Array(0) }],
      '"a" holds 0 bytes instead of the 1 it declares',
    ],
    ["less than declared", [{ ...file("a"), size: 9 }], '"a" holds 1 bytes instead of the 9 it declares'],
    [
      "stored lengths that differ",
      [{ ...file("a"), method: 0, size: 9 }],
      '"a" is corrupt: its lengths differ',
    ],
    ["a declared bomb", [{ name: "a", data: bomb, size: 2 ** 26 }], '"a" cannot be stored: Storing'],
    [
      "a declared bomb before inflating it",
      [{ name: "a", data: Uint8Array.of(7, 7, 7), size: 2 ** 26 }],
      '"a" cannot be stored: Storing 67108864 more bytes',
    ],
    ["a hidden bomb", [{ name: "a", data: bomb, size: 10 }], '"a" holds more than the 10 bytes it declares'],
    [
      "a bomb in pieces",
      Array.from({ length: 9 }, (_, i) => file(`${i}`, "0".repeat(2 ** 19))),
      "cannot be stored",
    ],
    [
      "a bomb as a target",
      [{ ...link("a", ""), data: bomb, size: 2 ** 26 }],
      '"a" is a symlink with a too long target',
    ],
  ];
  test.each(cases)("refuses %s, naming the entry, and imports nothing", async (_what, entries, message) => {
    const fs = createFs();
    writeText(fs, "/workspace/old", "old");
    const before = [fs.snapshot(), fs.usage()];
    const refusal = await refusalOf(() => importZip(fs, "/workspace", craftZip([file("first"), ...entries])));
    expect(refusal).toContain("invalid-archive: The archive's entry ");
    expect(refusal).toContain(message);
    expect([fs.snapshot(), fs.usage()]).toEqual(before);
  });

  test("inflates no further than one piece past what is declared", async () => {
    // 64 MiB of zeros followed by garbage: whoever inflates on finds the garbage and says so.
    const data = Uint8Array.from([...bomb.subarray(0, -8), 255, 255, 255, 255, 255, 255, 255, 255]);
    expect(
      await refusalOf(() => importZip(createFs(), "/workspace", craftZip([{ name: "a", data, size: 1 }]))),
    ).toBe('invalid-archive: The archive\'s entry "a" holds more than the 1 bytes it declares');
  });

  test("refuses more entries than there may be files", async () => {
    const fs = createFs();
    const archive = craftZip(Array.from({ length: 10_000 }, (_, index) => file(`${index}`, "")));
    expect(await refusalOf(() => importZip(fs, "/workspace", archive))).toContain(
      "cannot be stored: Storing",
    );
    expect(outline(fs)).toEqual([]);
  });

  test("refuses to write through what is there already", async () => {
    const fs = createFs();
    fs.makeDir("/workspace/in");
    fs.makeDir("/workspace/d/e");
    writeText(fs, "/workspace/in/f", "1");
    fs.symlinkAt(fs.resolve("/workspace/in"), "out", "..");
    fs.makeDir("/workspace/in/dir");
    const before = fs.snapshot();
    for (const [entries, message] of [
      [[file("out/a")], '"out/a" would be written through "out", which is no directory'],
      [[file("f/a")], '"f/a" would be written through "f", which is no directory'],
      [[file("dir")], '"dir" is a file where there is a directory'],
      [[file("f/", "")], '"f/" is a directory where there is a file'],
      [[link("dir/l", "../out/d")], '"dir/l" is a symlink that leads out of it: "../out/d"'],
    ] as const) {
      const refusal = await refusalOf(() => importZip(fs, "/workspace/in", craftZip(entries)));
      expect(refusal).toContain(message.replace('"f/"', '"f"'));
      expect(fs.snapshot()).toEqual(before);
    }
  });

  test("refuses a read-only place with its own code", () => {
    const fs = createFs();
    fs.setReadOnly("/workspace");
    expect(outcomeOf(() => importZip(fs, "/workspace", craftZip([file("a")])))).toBe("EROFS");
  });

  test("refuses every cut and survives every flipped byte of a good archive", async () => {
    const fs = createFs();
    const good = craftZip([file("a", "hello, hello, hello"), file("d/b", "y"), link("l", "a")]);
    for (let length = 0; length < good.length; length++) {
      const refusal = await refusalOf(() => importZip(fs, "/workspace", good.slice(0, length)));
      expect(refusal).toContain("invalid-archive: ");
    }
    expect(outline(fs)).toEqual([]);
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice();
      bad[at]! ^= 0xff;
      try {
        importZip(fs.fork(), "/workspace", bad);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid-archive" });
      }
    }
  });

  test("refuses a part of a split archive, and ZIP64", async () => {
    const good = craftZip([file("a")]);
    const end = good.length - 22;
    for (const [at, value, message] of [
      [end + 4, 1, "is one part of a split ZIP"],
      [end + 6, 1, "is one part of a split ZIP"],
      [end + 8, 2, "is one part of a split ZIP"],
    ] as const) {
      const bytes = good.slice();
      bytes[at] = value;
      expect(await refusalOf(() => importZip(createFs(), "/workspace", bytes))).toBe(
        `invalid-archive: The archive ${message}`,
      );
    }
    const zip64 = good.slice();
    zip64.fill(0xff, end + 8, end + 20);
    expect(await refusalOf(() => importZip(createFs(), "/workspace", zip64))).toBe(
      "invalid-archive: The archive is a ZIP64 archive, which cannot be read",
    );
  });

  test("refuses what is no ZIP", async () => {
    for (const bytes of [new Uint8Array(0), bytesOf("hello"), new Uint8Array(1000)]) {
      expect(await refusalOf(() => importZip(createFs(), "/workspace", bytes))).toBe(
        "invalid-archive: The archive is no ZIP, or is truncated: it has no end record",
      );
    }
  });
});
