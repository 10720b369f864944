import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { median, quantile, short } from "../bench/support/figures.mjs";
import { runRow } from "../bench/support/rows.mjs";
import { groupTable, targetTable } from "../bench/support/tables.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Cheap, and with a peer beside it. */
const ROWS = ["--row", "JavaScript, second run", "reuse-server"];
const PAGE = join(ROOT, "docs", "performance.md");

describe("the bench, run once", () => {
  let folder: string;
  let stdout: string;
  let results: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sandglass-bench-test-"));
    const args = [join(ROOT, "bench", "run.mjs"), "--rounds", "1", "--results", folder, ...ROWS];
    stdout = execFileSync(process.execPath, args, { encoding: "utf8" });
    results = join(folder, readdirSync(folder)[0] ?? "");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has a figure for every side, and says on what and with which versions", () => {
    const { machine, versions, failures, rows } = JSON.parse(readFileSync(results, "utf8"));
    expect(failures).toEqual({});
    expect(Object.keys(machine)).toEqual(["cpu", "cores", "memoryGiB", "system", "load"]);
    expect(Object.keys(versions).sort()).toEqual([
      ...["deno", "just-bash", "node", "pyodide", "quickjs-emscripten", "sandglass"],
    ]);
    const sides = rows.flatMap(
      (row: { name: string; sides: { column: string; failure?: string; all: number[] }[] }) =>
        row.sides.map(({ column, failure, all }) => [row.name, column, failure, all.length]),
    );
    expect(sides).toEqual([
      ["JavaScript, second run to its first output", "Sandglass", undefined, 1],
      ["JavaScript, second run to its first output", "quickjs-emscripten", undefined, 1],
    ]);
    expect(stdout).toContain("| JavaScript, second run to its first output |");
  });

  it("brings its figures into a page, and leaves the words and what it did not measure", () => {
    const page = join(folder, "page.md");
    const marked = (name: string) => `<!-- bench: ${name} -->\nold ${name}\n<!-- /bench -->\n`;
    writeFileSync(page, `# Words\n${marked("A sandbox that is there, server")}more\n${marked("elsewhere")}`);
    const said = execFileSync(
      process.execPath,
      [join(ROOT, "bench", "report.mjs"), results, "--page", page],
      {
        encoding: "utf8",
      },
    );
    expect(said).toBe("Left as it was: elsewhere\n");
    const written = readFileSync(page, "utf8");
    expect(written).toMatch(/^# Words\n<!-- bench: A sandbox that is there, server -->\n\n\| /);
    expect(written).not.toContain("old A sandbox");
    expect(written).toContain(`<!-- /bench -->\nmore\n${marked("elsewhere")}`);
  });

  it("finds the page's own markers", () => {
    const page = join(folder, "performance.md");
    copyFileSync(PAGE, page);
    const said = execFileSync(
      process.execPath,
      [join(ROOT, "bench", "report.mjs"), results, "--page", page],
      {
        encoding: "utf8",
      },
    );
    expect(said).not.toContain("No place in the page");
    expect(said).not.toContain("Left as it was: A sandbox that is there, server");
  });
});

describe("a row", () => {
  const quiet = () => {};
  const counting = (start: number) => {
    let next = start;
    return async () => next++;
  };
  const common = { name: "row", unit: "ms", versions: {} };

  it("is measured side by side, without its first round", async () => {
    const order: string[] = [];
    const side = (column: string) => ({
      column,
      measure: async () => {
        order.push(column);
        return order.length;
      },
    });
    const [result] = await runRow({ ...common, sides: [side("a"), side("b")] }, 2, quiet);
    expect(order).toEqual(["a", "b", "a", "b", "a", "b"]);
    expect(result?.sides.map(({ all }) => all)).toEqual([
      [3, 5],
      [4, 6],
    ]);
    expect(result?.sides.map(({ median: middle, ratio }) => [middle, ratio])).toEqual([
      [4, 1],
      [5, 1.25],
    ]);
  });

  it("holds its first side to a target, alone or as a share of another's", async () => {
    const row = {
      ...common,
      group: "g",
      sides: [
        { column: "ours", measure: async () => 10 },
        { column: "theirs", measure: async () => 100 },
      ],
    };
    const targets = [
      { atMost: 10 },
      { atMost: 9 },
      { atMost: 1 / 10, of: "theirs" },
      { atMost: 1 / 11, of: "theirs" },
    ];
    const judged = await Promise.all(
      targets.map(async (target) => (await runRow({ ...row, target }, 1, quiet))[0]),
    );
    expect(judged.map((result) => result?.target?.isMet)).toEqual([true, false, true, false]);
    expect(targetTable(judged.slice(3).flatMap((result) => result ?? []))).toBe(
      [
        "|        | target           | measured |             |",
        "|--------|------------------|----------|-------------|",
        "| g: row | ≤ 1/11 of theirs | 1/10     | **not met** |",
      ].join("\n"),
    );
  });

  it("shows a side that fails with its reason, asks it no more, and never calls its target met", async () => {
    let asked = 0;
    const measure = async () => {
      asked += 1;
      throw new Error("no such thing here");
    };
    const sides = [
      { column: "ours", measure },
      { column: "theirs", measure: counting(7) },
    ];
    const results = await runRow({ ...common, target: { atMost: 1 }, sides }, 3, quiet);
    expect(asked).toBe(1);
    expect(results[0]?.target?.isMet).toBe(undefined);
    expect(groupTable(results)).toBe(
      [
        "|     | who    | median               | least–most | ×   | target               |",
        "|-----|--------|----------------------|------------|-----|----------------------|",
        "| row | ours   | – no such thing here |            |     | ≤ 1 ms: not measured |",
        "|     | theirs | 9 ms                 | 8–10       | –   |                      |",
      ].join("\n"),
    );
  });

  it("gives one result for each of its figures, where more may be better", async () => {
    const figures = [
      { key: "took", name: "time" },
      { key: "rate", name: "rate", unit: "runs/s", higherIsBetter: true },
    ];
    const sides = [
      { column: "ours", measure: async () => ({ took: 10, rate: 100 }) },
      { column: "theirs", measure: async () => ({ rate: 50 }) },
    ];
    const results = await runRow({ ...common, figures, sides }, 1, quiet);
    expect(results.map(({ name, unit, sides: all }) => [name, unit, all.map(({ ratio }) => ratio)])).toEqual([
      ["row: time", "ms", [1]],
      ["row: rate", "runs/s", [1, 2]],
    ]);
  });
});

describe("a figure", () => {
  it("has the median and quantiles that lie between", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), quantile([1, 2, 3, 4, 5], 0.25)]).toEqual([2, 2.5, 2]);
    expect(median([])).toBeNaN();
  });

  it("is shown with three digits, or as many as it has before its point", () => {
    expect([0.01234, 1.234, 12.34, 123.4, 1234.5, 12, 0].map(short)).toEqual([
      ...["0.012", "1.23", "12.3", "123", "1,235", "12", "0"],
    ]);
  });
});
