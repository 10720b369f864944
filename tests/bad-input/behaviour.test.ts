import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeSandbox } from "../support/node-sandbox.ts";
import { openSdkPage, type SdkPage } from "../support/sdk-page.ts";
import { type Aftermath, runScenario } from "./run-scenario.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

/** What a shared, busy machine may add to a bound: a test that fails for want of a core says nothing. */
const NOISE_MS = 1500;
/** Where to keep the measured times, for a report; nothing is kept when it is not set. */
const FIGURES_FILE = process.env.BAD_INPUT_FIGURES;

let sdkPage: SdkPage | undefined;
const figures: Record<string, Record<string, number>> = {};

const HOSTS = {
  "on the server": (scenario: Scenario) => runScenario((options) => NodeSandbox.create(options), scenario),
  "in Chromium": (scenario: Scenario) =>
    sdkPage!.page.evaluate<Aftermath>(
      `(${runScenario})((options) => sandglass.Sandbox.create(options), ${JSON.stringify(scenario)})`,
    ),
};

beforeAll(async () => {
  sdkPage = await openSdkPage();
}, 60_000);
afterAll(async () => {
  await sdkPage?.close();
  if (FIGURES_FILE) writeFileSync(FIGURES_FILE, JSON.stringify(figures, null, 1));
});

describe.each(Object.entries(HOSTS))("%s", (host, run) => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    "%s",
    async (name, scenario) => {
      const { expected } = scenario;
      const aftermath = await run(scenario);
      figures[name] = { ...figures[name], [host]: Math.round(aftermath.runMs) };

      expect(expected.status).toContain(aftermath.status);
      expect(pick(aftermath, expected)).toEqual(pick(expected, expected));
      if (expected.withinMs !== undefined) expect(aftermath.runMs).toBeLessThan(expected.withinMs + NOISE_MS);

      // The next run works, has the files of completed work, and is told what it has lost.
      const { next } = aftermath;
      expect({ status: next.status, keptFile: next.keptFile }).toEqual({
        status: "completed",
        keptFile: "kept",
      });
      if (scenario.language !== "wasi" || !next.isStateKept) {
        expect(next.isStateKept).toBe(!next.notices.includes("state-lost"));
      }
    },
    120_000,
  );
});

/** Only what a scenario says something about. */
function pick(from: Partial<Record<string, unknown>> | object, expected: Scenario["expected"]) {
  const source = from as Record<string, unknown>;
  const keys = ["exitCode", "errorName", "stdout", "stdoutBytes", "artifacts"] as const;
  return Object.fromEntries(
    keys.filter((key) => expected[key] !== undefined).map((key) => [key, source[key]]),
  );
}
