import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { WASI_CASES } from "./wasi.cases.ts";
import { POLL } from "./wasi.expected.ts";
import { expectedOf } from "./wasi.testkit.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

describe("in Deno, which can suspend a module", () => {
  let observed: Record<string, unknown> = {};

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      `${ROOT}node_modules/.bin/deno`,
      [
        "run",
        "--no-prompt",
        "--no-config",
        "--no-lock",
        "--node-modules-dir=manual",
        `--allow-read=${ROOT}`,
        `${ROOT}tests/fixtures/wasi/run-in-deno.ts`,
      ],
      { cwd: ROOT, maxBuffer: 2 ** 24 },
    );
    observed = JSON.parse(stdout);
  });

  for (const one of WASI_CASES) {
    const title = `${one.fixture}: ${one.title}`;
    test(title, async () => {
      const expected = await expectedOf(one, (name) => readFile(`${ROOT}tests/fixtures/wasi/${name}`));
      expect(observed[title]).toEqual(expected);
    });
  }

  test("a program waits for a person, line by line, to the end of the input", () => {
    expect(observed["a person answers"]).toEqual([
      "exited",
      "name? hello, Ada\nname? hello, Grace\nname? hello, Lin\nname? bye\n",
      true,
    ]);
  });

  test("poll waits for a person", () => {
    // stdout is ready at once; stdin only once the person has answered.
    const atFirst = POLL.replace("1000): 2\nstdin 1", "1000): 1\nstdin 0");
    expect(observed["poll waits for a person"]).toEqual(["exited", atFirst]);
  });

  test("a stop ends a program that waits for a person", () => {
    expect(observed["a stop while a person is asked"]).toEqual(["stopped", "name? ", 0]);
  });

  test("a stop ends a program that sleeps, and nothing goes on listening", () => {
    expect(observed["a stop while asleep"]).toEqual(["stopped", 0]);
  });

  test("input that fails is EIO", () => {
    expect(observed["input that fails"]).toEqual([1, "read: I/O error\n"]);
  });
});
