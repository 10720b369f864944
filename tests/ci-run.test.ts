import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../.ci/run", import.meta.url));

/** Runs .ci/run with an npm that only says what it is told to. */
function runWith(npm: { install?: string; test: string }) {
  const folder = mkdtempSync(join(tmpdir(), "sandglass-ci-"));
  const shell = `#!/bin/sh\necho "npm $*"\ncase "$1" in\ninstall) ${npm.install ?? ":"} ;;\ntest) ${npm.test} ;;\nesac\n`;
  writeFileSync(join(folder, "npm"), shell, { mode: 0o755 });
  const { status, stdout } = spawnSync(script, {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
  });
  rmSync(folder, { recursive: true });
  return { status, lines: stdout.trimEnd().split("\n") };
}

describe(".ci/run", () => {
  it("runs the README's command and ends with its count", () => {
    expect(runWith({ test: `echo "12 passed, 0 failed"` })).toEqual({
      status: 0,
      lines: ["npm install", "npm test", "12 passed, 0 failed"],
    });
  });

  it("ends with the count and the exit code of a failed run, whatever npm says afterwards", () => {
    expect(
      runWith({ test: `echo "11 passed, 1 failed, 2 skipped"; echo "npm error code 1" >&2; exit 1` }),
    ).toEqual({
      status: 1,
      lines: [
        "npm install",
        "npm test",
        "11 passed, 1 failed, 2 skipped",
        "npm error code 1",
        "11 passed, 1 failed, 2 skipped",
      ],
    });
  });

  it.each([
    ["the installation failed", { install: "exit 7", test: "echo never" }, 1],
    ["the run died without a count", { test: "echo half; exit 137" }, 1],
    ["the run ended well without a count", { test: "echo half" }, 1],
  ])("counts one failure when %s", (_what, npm, status) => {
    const run = runWith(npm);
    expect([run.status, run.lines.at(-1)]).toEqual([status, "0 passed, 1 failed"]);
    expect(run.lines).not.toContain("never");
  });
});
