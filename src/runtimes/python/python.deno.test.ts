import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { PYTHON_CASES } from "./python.cases.ts";
import type { ObservedRun } from "./python.testkit.ts";
import { DIRTY } from "./reset.cases.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../..");
const PYTHON = join(tmpdir(), "sandglass-test-python-assets");

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build-python.mjs"), PYTHON]);
}, 120_000);

/** Runs a script of this folder in Deno, and parses the answer it leaves in a file: nothing else can get in between. */
async function runInDeno(script: string, ...args: string[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "sandglass-test-python-"));
  const answerFile = join(folder, "answer.json");
  try {
    await promisify(execFile)(join(ROOT, "node_modules/.bin/deno"), [
      ...[
        "run",
        "--no-prompt",
        "--no-remote",
        "--no-npm",
        "--no-config",
        "--no-lock",
        "--v8-flags=--expose-gc",
      ],
      ...[`--allow-read=${ROOT},${tmpdir()}`, `--allow-write=${answerFile}`],
      ...[join(HERE, script), PYTHON, answerFile, ...args],
    ]);
    return JSON.parse(readFileSync(answerFile, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Node 20 has no JSPI; Deno has, and is what the server cage runs.
describe.each([
  ["restored from a snapshot", "snapshot"],
  ["booted plainly", "plain"],
])("python in Deno, %s", (_how, how) => {
  let observed: Record<string, ObservedRun[]> = {};

  beforeAll(async () => {
    observed = (await runInDeno("run-in-deno.testkit.mjs", how)) as Record<string, ObservedRun[]>;
  }, 300_000);

  for (const one of PYTHON_CASES) {
    test(one.title, () => {
      expect(observed[one.title]).toEqual(one.runs.map((run) => run.expect));
    });
  }
});

interface ResetAnswer {
  fresh: unknown;
  clean: boolean;
  cleanDifferences: number;
  dirty: { error?: string; stderr: string; isInPlace: boolean; differences: number; probe: unknown }[];
  leaks: Record<"first" | "last", { heapBytes: number; rssBytes: number; memoryBytes: number }>;
  afterDeath: boolean;
  afterPlainBoot: boolean;
  afterCallback: boolean;
}

describe("a reset of Python", () => {
  let answer: ResetAnswer;

  beforeAll(async () => {
    answer = (await runInDeno("reset-in-deno.testkit.mjs")) as ResetAnswer;
  }, 300_000);

  test("leaves nothing of what a program did: memory is the same in every byte", () => {
    expect(answer.dirty.map(({ error }) => error)).toEqual(DIRTY.map(({ error }) => error));
    for (const { isInPlace, differences, probe } of answer.dirty) {
      expect({ isInPlace, differences, probe }).toEqual({
        isInPlace: true,
        differences: 0,
        probe: answer.fresh,
      });
    }
  });

  test("is at what a boot gives, but for what the boot had allocated and freed", () => {
    expect(answer.clean).toBe(true);
    expect(answer.cleanDifferences).toBeLessThan(64);
  });

  test("leaks nothing: 200 of them take no memory", () => {
    const { first, last } = answer.leaks;
    expect(last.memoryBytes).toBe(first.memoryBytes);
    expect(last.heapBytes - first.heapBytes).toBeLessThan(2 ** 20);
    expect(last.rssBytes - first.rssBytes).toBeLessThan(16 * 2 ** 20);
  });

  test("is refused after a death, without an image to go back to, and where a callback is left", () => {
    expect(answer.afterDeath).toBe(false);
    expect(answer.afterPlainBoot).toBe(false);
    expect(answer.afterCallback).toBe(false);
  });
});

describe("the rest of the interpreter", () => {
  let answer: Record<string, unknown> = {};

  beforeAll(async () => {
    answer = (await runInDeno("rest-in-deno.testkit.mjs")) as Record<string, unknown>;
  }, 300_000);

  test("is not read for what most programs do, nor for their second run and a reset", () => {
    expect(answer.neededByCommon).toEqual([]);
    expect(answer.before).toEqual({ stdout: "1\n", restCount: 0 });
  });

  test("is read once, by the first program that needs it, and stays after a reset", () => {
    const seen = { stdout: "[('1,2',)]\n", restCount: 1 };
    expect([answer.first, answer.second, answer.isInPlace, answer.afterReset]).toEqual([
      seen,
      seen,
      true,
      seen,
    ]);
  });

  test("can wait for a person, in its first call too", () => {
    const seen = { stdout: "name? ('Ann',)\n", restCount: 1 };
    expect([answer.waiting, answer.waitingFirst]).toEqual([seen, seen]);
  });

  test("is read as deep in a recursion as Python goes", () => {
    expect(answer.deep).toEqual({ stdout: "True\n", restCount: 1 });
  });

  test("says so when its file is damaged, to the program that needs it", () => {
    expect(answer.damagedButNotNeeded).toEqual({ stdout: "1\n", restCount: 0 });
    const value = expect.stringMatching(
      /^the runtime failed: pyodide\.rest\.wasm \(1000 bytes\) is damaged: /,
    );
    expect(answer.damaged).toMatchObject({
      outcome: { ended: "crashed", exitCode: 134, stateLost: true, error: { name: "FatalError", value } },
    });
  });
});

describe("python's boot", () => {
  let observed: Record<string, unknown> = {};
  const plain = (note: string) => ({
    bootInfo: { fromSnapshot: false, note },
    observed: [{ stdout: "42\n" }],
  });

  beforeAll(async () => {
    observed = (await runInDeno("boot-in-deno.testkit.mjs")) as Record<string, unknown>;
  }, 300_000);

  test("is from the snapshot where there is one that fits", () => {
    expect(observed.good).toEqual({ bootInfo: { fromSnapshot: true }, observed: [{ stdout: "42\n" }] });
  });

  test("is plain where the snapshot is of another build, and says so", () => {
    const { note } = (observed.foreign as { bootInfo: { note: string } }).bootInfo;
    expect(note).toMatch(/^the snapshot is of another build: [0-9a-f]{32}, this one is [0-9a-f]{32}$/);
    expect(observed.foreign).toEqual(plain(note));
  });

  test("is plain where the snapshot is damaged", () => {
    expect(observed.notASnapshot).toEqual(plain("the snapshot is not a snapshot file"));
    expect(Object.keys(observed.damaged as object)).toHaveLength(8);
    for (const damaged of Object.values(observed.damaged as object)) {
      expect(damaged).toEqual(plain("the snapshot is damaged"));
    }
  });

  test("is plain where the memory limit is below the snapshot's size", () => {
    const { note } = (observed.small as { bootInfo: { note: string } }).bootInfo;
    expect(note).toMatch(/^the snapshot did not load: the memory limit is below the snapshot's \d+ bytes$/);
    expect(observed.small).toEqual(plain(note));
  });

  test("is refused where the memory limit is below what Python needs", () => {
    expect(observed.tooSmall).toEqual([
      "invalid-argument",
      "limits.memoryBytes is 1048576; Python needs at least 31457280",
    ]);
  });

  test("works without JSPI: only a person cannot be asked", () => {
    expect(observed.withoutJspi).toEqual({
      bootInfo: { fromSnapshot: false, note: "this engine has no JSPI, which the snapshot needs" },
      observed: [
        { stdout: "at hand\n" },
        {
          // The prompt is out before the wait is refused, as it is before any other failure to read.
          stdout:
            "? interactive input needs a browser or server with JavaScript Promise Integration (JSPI)\n",
        },
      ],
    });
  });
});
