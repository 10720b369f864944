import { expect, test, vi } from "vitest";
import { sandboxContract } from "./client/sandbox.contract.ts";
import { sparesContract } from "./client/spares.contract.ts";
import { Sandbox } from "./index.browser.ts";

const base = { assetsUrl: new URL("/assets/", location.href) };
sandboxContract("the page", Sandbox, base);
sparesContract("the page", Sandbox, base);

test("an asset that is away for a moment ends nothing that does not need it, and is asked for again", async () => {
  const { fetch } = globalThis;
  const isInterpreter = (url: unknown) => /pyodide\.asm\.\w+\.wasm$/.test(String(url));
  vi.stubGlobal("fetch", async (url: URL, options?: RequestInit) =>
    isInterpreter(url) ? new Response("", { status: 503 }) : fetch(url, options),
  );
  const assetsUrl = new URL("/edited-snapshot-assets/", location.href);
  const sandbox = await Sandbox.create({ language: "python", assetsUrl });
  try {
    await sandbox.files.write("/workspace/a.txt", "x");
    expect((await sandbox.runCode("6 * 7", { language: "javascript" })).text).toBe("42");
    await expect(sandbox.runCode("1")).rejects.toMatchObject({ code: "asset-unavailable" });
    vi.unstubAllGlobals();
    expect((await sandbox.runCode("open('a.txt').read()")).text).toBe("'x'");
  } finally {
    vi.unstubAllGlobals();
    await sandbox.kill();
  }
});
