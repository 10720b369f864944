import { expect, test } from "vitest";
import { WASI_CASES } from "./wasi.cases.ts";
import { expectedOf, runWasiCase, TestIo, testHost } from "./wasi.testkit.ts";
import { createWasiRuntime } from "./wasi.ts";

for (const one of WASI_CASES) {
  test(`in Chromium, ${one.fixture}: ${one.title}`, async () => {
    const expected = await expectedOf(one, read);
    expect(await runWasiCase(one, await fixture(one.fixture))).toEqual(expected);
  });
}

test("in Chromium, a program waits for a person, line by line, to the end of the input", async () => {
  const io = new TestIo({ answers: ["Ada\n", "Grace\nLin\n"] });
  const outcome = await createWasiRuntime(testHost()).run(
    {
      code: await fixture("greet"),
      language: "wasi",
      filename: "greet.wasm",
      args: [],
      envs: {},
      cwd: "/workspace",
    },
    io,
    "default",
  );
  expect([outcome.ended, io.text("stdout")]).toEqual([
    "exited",
    "name? hello, Ada\nname? hello, Grace\nname? hello, Lin\nname? bye\n",
  ]);
});

const fixture = (name: string): Promise<Uint8Array> => read(`${name}.wasm`);

async function read(name: string): Promise<Uint8Array> {
  const response = await fetch(`/tests/fixtures/wasi/${name}`);
  expect(response.ok, name).toBe(true);
  return new Uint8Array(await response.arrayBuffer());
}
