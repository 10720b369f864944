import { expect, test } from "vitest";
import { ASSETS } from "../../protocol/assets.ts";
import { JAVASCRIPT_CASES } from "./javascript.cases.ts";
import { createJavaScriptRuntime } from "./javascript.ts";
import { createTestHost, observe } from "./testing.ts";

const known = new Set<string>([ASSETS.quickjsWasm, ASSETS.javascriptSnapshot, ASSETS.stripTypesWasm]);
const loadAsset = async (name: string): Promise<Uint8Array> => {
  if (!known.has(name)) throw new Error(`no asset ${name}`);
  return new Uint8Array(await (await fetch(`/assets/${name}`)).arrayBuffer());
};

for (const each of JAVASCRIPT_CASES) {
  test(`in Chromium, ${each.title}`, async () => {
    const host = createTestHost(loadAsset);
    const runtime = createJavaScriptRuntime(host);
    for (const [path, text] of Object.entries(each.files ?? {})) {
      host.vfs.writeFile(path, new TextEncoder().encode(text));
    }
    for (const code of each.before ?? []) await observe(runtime, code, each);
    const { stdout, stderr, results, outcome } = await observe(runtime, each.code, each);
    expect({ stdout, stderr, results, outcome }).toEqual({
      ...each.expected,
      outcome: { ...each.expected.outcome, memoryBytes: expect.any(Number) },
    });
  });
}
