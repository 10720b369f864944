import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as browser from "../src/index.browser.ts";
import * as node from "../src/index.node.ts";
import { readExports } from "./support/exports.ts";

const pathOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Every public name. A new one is a decision: it is written here by hand. */
const VALUES = [
  "DEFAULT_LIMITS",
  "Files",
  "LANGUAGES",
  "LANGUAGE_BY_EXTENSION",
  "Result",
  "Sandbox",
  "SandboxCore",
  "SandboxError",
  "Snapshot",
  "SnapshotStore",
  "SnapshotStoreCore",
  "inspectModule",
];
const TYPES = [
  "CageClosed",
  "CollectedGarbage",
  "Context",
  "CreateOptions",
  "DiffEntry",
  "Execution",
  "ExecutionError",
  "ExecutionStatus",
  "ExecutionUsage",
  "FileContent",
  "FileInfo",
  "ImportNeed",
  "InspectOptions",
  "InspectedImport",
  "InspectedKind",
  "Language",
  "Limits",
  "MimeBundle",
  "ModuleExport",
  "ModuleInspection",
  "ModuleProducer",
  "ModuleSection",
  "Notice",
  "Progress",
  "RunOptions",
  "SandboxErrorCode",
  "SavedSnapshot",
  "SpareOptions",
  "StartInfo",
  "StdinChunk",
  "StdinSource",
  "StoreOptions",
  "StoreUsage",
  "StoredSnapshot",
  "TraceEvent",
  "WatchEvent",
];

describe.each([
  ["the browser", "src/index.browser.ts", "dist/lib/index.browser.d.ts"],
  ["the server", "src/index.node.ts", "dist/lib/index.node.d.ts"],
])("the public API of %s", (_host, source, declarations) => {
  it("is the names written here, and no other", () => {
    const names = readExports(pathOf(source));
    expect(names.filter(({ isType }) => !isType).map(({ name }) => name)).toEqual(VALUES);
    expect(names.filter(({ isType }) => isType).map(({ name }) => name)).toEqual(TYPES);
  });

  it("is the same in the declarations that are shipped, each with its docstring", () => {
    expect(existsSync(pathOf(declarations)), "run `npm run build` first").toBe(true);
    const names = readExports(pathOf(declarations));
    expect(names.map(({ name }) => name)).toEqual([...VALUES, ...TYPES].sort());
    expect(names.filter(({ isDocumented }) => !isDocumented).map(({ name }) => name)).toEqual([]);
  });
});

describe("one surface for both hosts", () => {
  it("has the same names at run time", () => {
    expect(Object.keys(browser).sort()).toEqual(VALUES);
    expect(Object.keys(node).sort()).toEqual(VALUES);
  });

  it("has the same types", () => {
    expectTypeOf<typeof browser>().toEqualTypeOf<typeof node>();
    expectTypeOf<browser.Sandbox>().toEqualTypeOf<node.Sandbox>();
  });

  it("has the same members on Sandbox", () => {
    const members = (type: object) => Object.getOwnPropertyNames(type).sort();
    expect(members(browser.Sandbox)).toEqual(members(node.Sandbox));
    expect(members(browser.Sandbox.prototype)).toEqual(members(node.Sandbox.prototype));
  });

  it("shares the classes that callers compare with instanceof", () => {
    expect(browser.SandboxError).toBe(node.SandboxError);
    expect(browser.Result).toBe(node.Result);
  });
});
