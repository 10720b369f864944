import { beforeEach, describe, expect, test } from "vitest";
import { parseStoredProject, toStored, toTexts } from "./keep-project.ts";
import { chooseLanguage, isDirty, project } from "./project.ts";
import { parseSettings } from "./settings.ts";
import { type TreeStore, treeRows } from "./tree.ts";

const MAIN = "/workspace/main.py";
const DATA = "/workspace/data.csv";

beforeEach(() => {
  project.getState().replace({
    texts: toTexts([
      { path: MAIN, content: "print(1)" },
      { path: DATA, content: "a\n1\n" },
    ]),
    data: {},
    tabs: [MAIN],
    exampleId: "welcome",
  });
});

const state = () => project.getState();

describe("the project", () => {
  test("Run keeps to the program when a file that is not one is in front", () => {
    state().open(DATA);
    expect([state().activePath, state().entryPath, state().tabs]).toEqual([DATA, MAIN, [MAIN, DATA]]);
  });

  test("an edit makes a file dirty until just that content is in the sandbox", () => {
    state().markSynced(new Map([[MAIN, "print(1)"]]), []);
    expect(isDirty(state().texts[MAIN]!)).toBe(false);
    state().edit(MAIN, "print(2)");
    state().markSynced(new Map([[MAIN, "print(1)"]]), []);
    expect(isDirty(state().texts[MAIN]!)).toBe(true);
    expect(state().isEdited).toBe(true);
  });

  test("renaming a folder moves what is in it, tabs and program included", () => {
    state().rename(MAIN, "/workspace/src/app.py");
    state().rename("/workspace/src", "/workspace/lib");
    expect([Object.keys(state().texts), state().tabs, state().entryPath]).toEqual([
      ["/workspace/lib/app.py", DATA],
      ["/workspace/lib/app.py"],
      "/workspace/lib/app.py",
    ]);
  });

  test("removing the program leaves nothing to run, and a name that only begins alike stays", () => {
    state().put([{ path: `${MAIN}.txt`, content: "", syncedContent: null, origin: "reader" }]);
    state().remove(MAIN);
    expect([Object.keys(state().texts), state().activePath, state().entryPath]).toEqual([
      [DATA, `${MAIN}.txt`],
      null,
      null,
    ]);
  });

  test("a file that was only looked at is forgotten with its tab, and kept once it was edited", () => {
    state().openGuestFile("/workspace/out.txt", "made");
    state().closeTab("/workspace/out.txt");
    expect("/workspace/out.txt" in state().texts).toBe(false);
    state().openGuestFile("/workspace/out.txt", "made");
    state().edit("/workspace/out.txt", "mine");
    state().markUnsynced();
    expect(state().texts["/workspace/out.txt"]).toEqual({
      path: "/workspace/out.txt",
      content: "mine",
      syncedContent: null,
      origin: "reader",
    });
  });

  test("choosing a language opens its program, makes one where there is none, and cannot make a module", () => {
    expect(chooseLanguage("javascript")).toBe(true);
    expect(state().entryPath).toBe("/workspace/main.js");
    expect(chooseLanguage("python")).toBe(true);
    expect(state().entryPath).toBe(MAIN);
    expect(chooseLanguage("wasi")).toBe(false);
  });
});

describe("what a reload brings back", () => {
  test("texts, tabs, arguments and the program", () => {
    state().setArgs("--fast");
    const stored = parseStoredProject(JSON.parse(JSON.stringify(toStored(state()))));
    expect(stored).toEqual({
      exampleId: "welcome",
      isEdited: false,
      args: "--fast",
      tabs: [MAIN],
      activePath: MAIN,
      entryPath: MAIN,
      texts: [
        { path: DATA, content: "a\n1\n" },
        { path: MAIN, content: "print(1)" },
      ],
      missing: [],
    });
  });

  test("a file too large to keep is named, and the small ones are kept", () => {
    state().put([
      { path: "/workspace/big.txt", content: "x".repeat(2_000_000), syncedContent: null, origin: "reader" },
    ]);
    const stored = toStored(state());
    expect([stored.texts.map((file) => file.path), stored.missing]).toEqual([
      [DATA, MAIN],
      ["/workspace/big.txt"],
    ]);
  });

  test.each([
    null,
    "text",
    [],
    { texts: "none" },
    { texts: [{ path: "/etc/passwd", content: "" }] },
    { texts: [{ path: MAIN, content: 1 }] },
  ])("%j from storage is no project", (stored) => {
    expect(parseStoredProject(stored)).toBe(null);
  });

  test("settings of any shape become settings, each part on its own", () => {
    expect(
      parseSettings({ theme: "pink", limits: { timeoutMs: 5000, memoryBytes: -1, fileBytes: "1" } }),
    ).toEqual({
      theme: "system",
      limits: { timeoutMs: 5000, memoryBytes: 512 * 2 ** 20, outputBytes: 2 ** 20, fileBytes: 256 * 2 ** 20 },
      isConsoleWrapped: true,
    });
  });
});

describe("the file tree", () => {
  test("shows what the sandbox and the editor have, folders first, with what the run did", () => {
    const info = (path: string, type: "file" | "directory", bytes: number) => ({
      path,
      name: path.slice(path.lastIndexOf("/") + 1),
      type,
      bytes,
      mode: 0o644,
      modifiedMs: 0,
    });
    const tree: TreeStore = {
      listed: [
        info("/workspace/out", "directory", 0),
        info("/workspace/out/a10.txt", "file", 3),
        info("/workspace/out/a9.txt", "file", 2),
        info(MAIN, "file", 8),
      ],
      storedBytes: null,
      marks: new Map([["/workspace/out/a9.txt", "created"]]),
      collapsed: new Set(),
      selectedPath: null,
      problem: null,
    };
    state().markSynced(new Map([[MAIN, "print(1)"]]), []);
    const rows = treeRows(state(), tree).map((row) => [
      row.name,
      row.level,
      row.bytes,
      row.mark,
      row.isUnsaved,
    ]);
    expect(rows).toEqual([
      ["out", 1, null, null, false],
      ["a9.txt", 2, 2, "created", false],
      ["a10.txt", 2, 3, null, false],
      ["data.csv", 1, 4, null, true],
      ["main.py", 1, 8, null, false],
    ]);
    const folded = treeRows(state(), { ...tree, collapsed: new Set(["/workspace/out"]) });
    expect(folded.map((row) => row.name)).toEqual(["out", "data.csv", "main.py"]);
  });
});
