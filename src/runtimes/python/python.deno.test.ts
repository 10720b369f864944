import { execFile, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { PYTHON_CASES } from "./python.cases.ts";
import type { ObservedRun } from "./python.testkit.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../..");
const PYODIDE = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
const SNAPSHOT = join(tmpdir(), "sandglass-test-python-snapshot.bin");

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build-python-snapshot.mjs"), SNAPSHOT]);
}, 120_000);

// Node 20 has no JSPI; Deno has, and is what the server cage runs.
describe.each([
  ["restored from a snapshot", SNAPSHOT],
  ["booted plainly", ""],
])("python in Deno, %s", (_how, snapshot) => {
  let observed: Record<string, ObservedRun[]> = {};

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      join(ROOT, "node_modules/.bin/deno"),
      [
        ...["run", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"],
        `--allow-read=${ROOT},${PYODIDE},${tmpdir()}`,
        ...[join(HERE, "run-in-deno.testkit.mjs"), PYODIDE, snapshot],
      ],
      { maxBuffer: 2 ** 26 },
    );
    observed = JSON.parse(stdout);
  }, 300_000);

  for (const one of PYTHON_CASES) {
    test(one.title, () => {
      expect(observed[one.title]).toEqual(one.runs.map((run) => run.expect));
    });
  }
});
