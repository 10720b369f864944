import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LANGUAGES } from "../../src/policy/languages.ts";
import { NodeSandbox } from "../support/node-sandbox.ts";
import { openSdkPage, type SdkPage } from "../support/sdk-page.ts";
import { loadCases, type ParityCase, toWireCase } from "./cases.ts";
import { KNOWN_DIFFERENCES } from "./differences.ts";
import { type Observation, observeCases } from "./observe.ts";

const CASES = loadCases();
/** A plain Python start on two busy cores, and some fifty programs on both hosts at the same time. */
const GROUP_MS = 240_000;

let sdkPage: SdkPage | undefined;

beforeAll(async () => {
  // A zone and a language that are not the server's, so that a guest which can see them is found out.
  sdkPage = await openSdkPage({ timezone: "Asia/Kathmandu", locale: "ar-EG" });
}, 60_000);
afterAll(() => sdkPage?.close());

test("there are at least forty programs", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(40);
});

describe.each(LANGUAGES)("%s", (language) => {
  const cases = CASES.filter((item) => item.language === language);
  const onServer = new Map<string, Observation>();
  const inPage = new Map<string, Observation>();

  beforeAll(async () => {
    // One sandbox per language and host: Python's start is what costs.
    const group = cases.map(toWireCase);
    const inPageCall = `(${observeCases})((options) => sandglass.Sandbox.create(options), ${JSON.stringify(group)})`;
    const [server, chromium] = await Promise.all([
      observeCases((options) => NodeSandbox.create(options), group),
      sdkPage!.page.evaluate<Observation[]>(inPageCall),
    ]);
    for (const [index, { name }] of cases.entries()) {
      onServer.set(name, server[index]!);
      inPage.set(name, chromium[index]!);
    }
  }, GROUP_MS);

  test.each(cases.map((item) => [item.name, item] as const))(
    "%s ends as it must on the server",
    (name, item) => {
      expect(endOf(onServer.get(name))).toEqual(expectedEnd(item));
    },
  );

  test.each(cases.map(({ name }) => name))("%s gives the same bytes in Chromium as on the server", (name) => {
    const server = onServer.get(name);
    const chromium = inPage.get(name);
    const known = KNOWN_DIFFERENCES[name]?.fields ?? [];
    if (known.length === 0) expect(readable(chromium)).toEqual(readable(server));
    const differing = (Object.keys(server ?? {}) as (keyof Observation)[]).filter(
      (field) => JSON.stringify(server?.[field]) !== JSON.stringify(chromium?.[field]),
    );
    // One that is listed and no longer there is out of date.
    expect(differing).toEqual(known);
  });
});

test("every listed difference belongs to a program and has a reason", () => {
  const names = new Set(CASES.map(({ name }) => name));
  for (const [name, { reason }] of Object.entries(KNOWN_DIFFERENCES)) {
    expect(names).toContain(name);
    expect(reason).not.toBe("");
  }
});

function expectedEnd({ status, exitCode }: ParityCase) {
  return { status, exitCode };
}

function endOf(observation: Observation | undefined) {
  return observation && { status: observation.status, exitCode: observation.exitCode };
}

/** Latin-1 keeps every byte and lets a person read most of them in a failure. */
function readable(observation: Observation | undefined) {
  if (!observation) return undefined;
  const text = (base64: string) => Buffer.from(base64, "base64").toString("latin1");
  return { ...observation, stdout: text(observation.stdout), stderr: text(observation.stderr) };
}
