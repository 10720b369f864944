import { expect, test } from "vitest";
import greetUrl from "../../tests/fixtures/wasi/greet.wasm?url";
import { inspectModule } from "../index.browser.ts";
import { buildModule } from "../runtimes/wasi/module-builder.testkit.ts";

test("a browser says of a module what a server says of it", async () => {
  const bytes = new Uint8Array(await (await fetch(greetUrl)).arrayBuffer());
  const found = await inspectModule(bytes);
  expect(found).toMatchObject({
    kind: "command",
    bytes: 20_781,
    sha256: "cf207543bd29282bc8da31f8193569334809b40968a77a0b58a78d2aa5d0bd86",
    needs: ["files", "process"],
    isValid: true,
    runsHere: true,
  });
});

test("a page without crypto.subtle has the hash all the same", async () => {
  const bytes = buildModule();
  const { sha256 } = await inspectModule(bytes);
  const original = Object.getOwnPropertyDescriptor(Crypto.prototype, "subtle")!;
  Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined, configurable: true });
  try {
    expect((await inspectModule(bytes)).sha256).toBe(sha256);
  } finally {
    Object.defineProperty(Crypto.prototype, "subtle", original);
  }
});

test("a browser that lacks no proposal the module uses has the last word on its code", async () => {
  const { isValid, runsHere, reason } = await inspectModule(buildModule({ start: { code: [0x6a] } }));
  expect({ isValid, runsHere, reason }).toEqual({
    isValid: false,
    runsHere: false,
    reason: "its code is not valid: the engine refuses to compile it",
  });
});
