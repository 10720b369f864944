import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, type Page, test } from "playwright/test";

/** Interrupting a loop in a page: with shared memory the variables stay, without it the cage goes and the files stay. */

const servers: ChildProcess[] = [];
test.afterAll(() => {
  for (const server of servers) server.kill();
});

async function serveWithoutIsolation(): Promise<string> {
  const server = spawn(process.execPath, ["scripts/serve.mjs", "--no-isolation", "--port", "41830"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  servers.push(server);
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  return line.slice(line.indexOf("http"));
}

async function interruptLoop(page: Page) {
  return page.evaluate(async () => {
    const { Sandbox } = (globalThis as unknown as { sandglass: typeof import("../src/index.browser.ts") })
      .sandglass;
    const sandbox = await Sandbox.create({ language: "python" });
    await sandbox.runCode("x = 41\nopen('kept.txt', 'w').write('kept')");
    let outcome: { stateKept: boolean } | undefined;
    const looped = await sandbox.runCode("print('started', flush=True)\nwhile True: pass", {
      onStdout: () => void sandbox.interrupt().then((answer) => (outcome = answer)),
    });
    const next = await sandbox.runCode("'x' in dir(), open('kept.txt').read()");
    await sandbox.kill();
    return {
      isolated: globalThis.crossOriginIsolated,
      outcome,
      status: looped.status,
      exitCode: looped.exitCode,
      notices: looped.notices.map(({ code }) => code),
      next: next.text,
    };
  });
}

test("in an isolated page an interrupted loop keeps its variables", async ({ page }) => {
  await page.goto("/");
  expect(await interruptLoop(page)).toEqual({
    isolated: true,
    outcome: { stateKept: true },
    status: "cancelled",
    exitCode: 130,
    notices: [],
    next: "(True, 'kept')",
  });
});

test("in a page without isolation the cage is ended, the files stay, and it says so", async ({ page }) => {
  await page.goto(await serveWithoutIsolation());
  expect(await interruptLoop(page)).toEqual({
    isolated: false,
    outcome: { stateKept: false },
    status: "cancelled",
    exitCode: 130,
    notices: ["state-lost", "files-rolled-back"],
    next: "(False, 'kept')",
  });
});
