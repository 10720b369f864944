import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileBudget } from "../scripts/size/budgets.mjs";
import { measureFiles, tooLarge } from "../scripts/size/measure.mjs";

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "sandglass-size-"));
  for (const folder of ["playground/page", "assets"]) mkdirSync(join(dist, folder), { recursive: true });
  put(
    "playground/index.html",
    '<script src="/theme.js"></script><script type="module" src="/page/index-AAAAAAAA.js"></script>',
  );
  put("playground/theme.js", "0");
  put("playground/page/index-AAAAAAAA.js", 'import "./shared-BBBBBBBB.js"; import("./lazy-CCCCCCCC.js");');
  put("playground/page/shared-BBBBBBBB.js", 'export { a } from "./deep-DDDDDDDD.js";');
  put("playground/page/deep-DDDDDDDD.js", "export const a = 1;");
  put("playground/page/lazy-CCCCCCCC.js", "export const b = 2;");
  put("assets/worker.js", "3");
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

const put = (path: string, text: string) => writeFileSync(join(dist, path), text);
const gzip = (...texts: string[]) =>
  texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);

const BUDGETS: FileBudget[] = [
  { what: "initial", gzipKb: 1, files: "initial", folder: "page" },
  { what: "other", gzipKb: 2, files: /^lazy$/, folder: "page" },
  { what: "worker", gzipKb: 3, files: /^worker\.js$/, folder: "assets" },
];

describe("sizes", () => {
  it("count what the page loads at once as one, and every other file by itself", () => {
    expect(measureFiles(dist, BUDGETS)).toEqual([
      {
        name: "initial (4 files)",
        bytes: gzip(
          "0",
          'import "./shared-BBBBBBBB.js"; import("./lazy-CCCCCCCC.js");',
          'export { a } from "./deep-DDDDDDDD.js";',
          "export const a = 1;",
        ),
        budgetBytes: 1024,
      },
      { name: "other (page/lazy-CCCCCCCC.js)", bytes: gzip("export const b = 2;"), budgetBytes: 2048 },
      { name: "worker (worker.js)", bytes: gzip("3"), budgetBytes: 3072 },
    ]);
  });

  it("over a budget are told with both numbers", () => {
    const noise = Array.from({ length: 3000 }, (_, index) => Math.sin(index).toString(36)).join("");
    put("playground/page/deep-DDDDDDDD.js", `export const a = "${noise}";`);
    const [initial] = measureFiles(dist, BUDGETS);
    expect(tooLarge(measureFiles(dist, BUDGETS))).toEqual([
      `initial (4 files) has ${((initial?.bytes ?? 0) / 1024).toFixed(1)} KB; its budget is 1.0 KB`,
    ]);
  });

  it("with a budget for nothing are a mistake, not a pass", () => {
    rmSync(join(dist, "assets/worker.js"));
    expect(() => measureFiles(dist, BUDGETS)).toThrow(
      'Nothing was measured for "worker": has it another name now?',
    );
  });
});
