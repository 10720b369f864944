import { describe, expect, test } from "vitest";
import { splitArguments } from "./arguments.ts";
import {
  formatByteLimit,
  formatBytes,
  formatBytesOf,
  formatMs,
  formatMsLimit,
  formatMsOf,
  plural,
} from "./format.ts";
import { displayPath, extensionOf, freePath, languageOf, resolveTyped } from "./paths.ts";
import { cellText, sortRows, tableOf, toCsv } from "./tables.ts";

describe("figures", () => {
  test("sizes are in KB and MB with one decimal", () => {
    expect([0, 1, 812, 1024, 1_048_524, 1_048_526, 14.2 * 2 ** 20, 3 * 2 ** 30].map(formatBytes)).toEqual([
      "0 bytes",
      "1 byte",
      "812 bytes",
      "1.0 KB",
      "1023.9 KB",
      "1.0 MB",
      "14.2 MB",
      "3.0 GB",
    ]);
  });

  test("a use beside its limit repeats the unit only where it differs", () => {
    expect(formatBytesOf(84 * 2 ** 20, 512 * 2 ** 20)).toBe("84.0 of 512 MB");
    expect(formatBytesOf(76, 2 ** 20)).toBe("76 bytes of 1 MB");
    expect(formatBytesOf(0, 1.5 * 2 ** 20)).toBe("0 of 1.5 MB");
    expect(formatByteLimit(2 ** 29)).toBe("512 MB");
  });

  test("times are in milliseconds below a second", () => {
    expect([0, 999, 999.6, 3200, 125_000].map(formatMs)).toEqual([
      "0 ms",
      "999 ms",
      "1.0 s",
      "3.2 s",
      "2 min 5 s",
    ]);
    expect(formatMsOf(3200, 30_000)).toBe("3.2 of 30 s");
    expect(formatMsOf(91, 30_000)).toBe("91 ms of 30 s");
    expect(formatMsOf(130_000, 600_000)).toBe("2 min 10 s of 10 min 0 s");
    expect(formatMsLimit(1500)).toBe("1.5 s");
  });

  test("one file, several files", () => {
    expect([plural(1, "file"), plural(3200, "file"), plural(0, "entry", "entries")]).toEqual([
      "1 file",
      "3,200 files",
      "0 entries",
    ]);
  });
});

describe("paths", () => {
  test.each([
    ["a.csv", { path: "/workspace/a.csv" }],
    [" ./data//b.py ", { path: "/workspace/data/b.py" }],
    ["/workspace/c.txt", { path: "/workspace/c.txt" }],
    ["/etc/passwd", { path: "/workspace/etc/passwd" }],
    ["../up", { problem: "Files stay inside the workspace: .. is not allowed in a name." }],
    ["a/../../b", { problem: "Files stay inside the workspace: .. is not allowed in a name." }],
    ["a\0b", { problem: "A name cannot contain a NUL character." }],
    ["  ", { problem: "A file needs a name." }],
    ["/", { problem: "A file needs a name." }],
    ["é".repeat(128), { problem: "A name can be at most 255 bytes long." }],
  ])("a typed name %j is resolved below the workspace or refused", (typed, resolved) => {
    expect(resolveTyped(typed)).toEqual(resolved);
  });

  test("the ending decides the language", () => {
    expect(
      ["/workspace/A.PY", "/workspace/x.mjs", "/workspace/x.ts", "/workspace/.py", "/workspace/x.csv"].map(
        languageOf,
      ),
    ).toEqual(["python", "javascript", "typescript", null, null]);
    expect(extensionOf("/workspace/a.b/c")).toBe("");
    expect(displayPath("/workspace/a/b.py")).toBe("a/b.py");
  });

  test("a taken name is counted up before its ending", () => {
    const taken = new Set(["/workspace/main.py", "/workspace/main-2.py"]);
    expect(freePath("/workspace/main.py", (path) => taken.has(path))).toBe("/workspace/main-3.py");
  });
});

describe("arguments", () => {
  test.each([
    ["", []],
    ["  a  b ", ["a", "b"]],
    [`"two words" 'it''s' ""`, ["two words", "its", ""]],
    [String.raw`a\ b "say \"hi\"" 'c:\x'`, ["a b", 'say "hi"', String.raw`c:\x`]],
    ["$HOME *.csv", ["$HOME", "*.csv"]],
  ])("%j is split as a shell would, and nothing is expanded", (text, parts) => {
    expect(splitArguments(text)).toEqual(parts);
  });
});

describe("tables", () => {
  const table = tableOf([
    { name: "b2", size: 10 },
    { name: "b10", size: 9, note: 'say "hi", you' },
    { name: "a", size: null },
  ]);

  test("an array of records is a table of all their names; other values are not", () => {
    expect(table?.columns).toEqual([
      { name: "name", isNumeric: false },
      { name: "size", isNumeric: true },
      { name: "note", isNumeric: false },
    ]);
    expect([[], [1], {}, [{}], [[1]], null].map(tableOf)).toEqual([null, null, null, null, null, null]);
  });

  test("numbers sort by size, text as a reader expects, and empty cells stay last", () => {
    const names = (column: string, direction: "ascending" | "descending") =>
      sortRows(table!, { column, direction }).map((row) => row.name);
    expect(names("size", "ascending")).toEqual(["b10", "b2", "a"]);
    expect(names("size", "descending")).toEqual(["b2", "b10", "a"]);
    expect(names("name", "ascending")).toEqual(["a", "b2", "b10"]);
  });

  test("CSV quotes what it must", () => {
    expect(toCsv(table!.columns, table!.rows)).toBe(
      'name,size,note\r\nb2,10,\r\nb10,9,"say ""hi"", you"\r\na,,\r\n',
    );
    expect(cellText({ a: [1] })).toBe('{"a":[1]}');
  });
});
