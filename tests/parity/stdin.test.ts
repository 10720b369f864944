import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_DIR, startCli } from "../../src/cli/test-support/spawn-cli.ts";
import type { SandboxCore } from "../../src/index.ts";
import { NodeSandbox } from "../support/node-sandbox.ts";
import { openSdkPage, type SdkPage } from "../support/sdk-page.ts";

// A module that reads stdin waits for a person: asked once, when the guest asks, and at rest meanwhile.
const fixture = (name: string) => readFileSync(join(PROJECT_DIR, `tests/fixtures/wasi/${name}.wasm`));

/** What waiting costs is measured for so long. */
const WINDOW_MS = 1000;
/**
 * Of the processor time that a busy loop beside it gets in a window, what is waiting may use this share: at rest it is a
 * fiftieth, and with a guest that polled it would be half. A share, because machines are loaded.
 */
const IDLE_SHARE = 0.2;

interface Talk {
  status: string;
  stdout: string;
  /** What had been printed each time the person was asked. */
  asked: string[];
}

/**
 * Runs a module with a person who answers one line after the other, each after `thinkingMs` (null: when the page says so), then
 * ends the input. Stands by itself: it is also sent to a page as source text.
 */
async function talk(
  create: (options: object) => Promise<SandboxCore>,
  code: string,
  answers: string[],
  thinkingMs: number | null,
  args: string[],
): Promise<Talk> {
  const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
  const sandbox = await create({ language: "wasi" });
  const lines = [...answers];
  const asked: string[] = [];
  let printed = "";
  try {
    const { status, logs } = await sandbox.runCode(bytes, {
      args,
      onStdout: (text) => {
        printed += text;
      },
      stdin: async () => {
        asked.push(printed);
        console.log("asked");
        await new Promise((resolve) => {
          if (thinkingMs !== null) setTimeout(resolve, thinkingMs);
          else globalThis.addEventListener("answer", resolve, { once: true });
        });
        return lines.shift() ?? null;
      },
    });
    return { status, stdout: logs.stdout.join(""), asked };
  } finally {
    await sandbox.kill();
  }
}

const GREETED: Talk = {
  status: "completed",
  stdout: "name? hello, Ada\nname? hello, Ünsal\nname? hello, Lin\nname? bye\n",
  // Two lines given at once are read one after the other; the person is asked when both are used up.
  asked: [
    "name? ",
    "name? hello, Ada\nname? ",
    "name? hello, Ada\nname? hello, Ünsal\nname? hello, Lin\nname? ",
  ],
};
/** Longer than any machine needs to bring an answer. */
const PATIENT_MS = "60000";
const NAMES = ["Ada", "Ünsal\nLin"];
const base64 = (name: string) => fixture(name).toString("base64");

describe.each([true, false])("in Chromium, cross-origin isolated: %s", (isolation) => {
  let sdkPage: SdkPage | undefined;
  beforeAll(async () => {
    sdkPage = await openSdkPage({ isolation });
  }, 60_000);
  afterAll(() => sdkPage?.close());

  const talkInPage = (name: string, answers: string[], thinkingMs: number | null, ...args: string[]) =>
    sdkPage!.page.evaluate<Talk>(
      `(${talk})((options) => sandglass.Sandbox.create(options), ${JSON.stringify(base64(name))}, ${JSON.stringify(answers)}, ${thinkingMs}, ${JSON.stringify(args)})`,
    );

  test("a program waits for each line, to the end of the input", async () => {
    expect(await sdkPage!.page.evaluate("crossOriginIsolated")).toBe(isolation);
    expect(await talkInPage("greet", NAMES, 20)).toEqual(GREETED);
  });

  test("poll_oneoff comes back with the clock while the person thinks, and with stdin once there is an answer", async () => {
    expect((await talkInPage("patience", ["x"], 60_000)).stdout).toBe(
      "1 event, type 0, ok\nstdin: nothing yet\n",
    );
    expect((await talkInPage("patience", ["four"], 0, PATIENT_MS)).stdout).toBe(
      "1 event, type 1, ok\nstdin: 5 bytes, hung up 0\n",
    );
    expect((await talkInPage("patience", [], 0, PATIENT_MS)).stdout).toBe(
      "1 event, type 1, ok\nstdin: 0 bytes, hung up 1\n",
    );
  });

  test("no process computes while the person thinks", async () => {
    const inspector = await sdkPage!.browser.newBrowserCDPSession();
    const cpuMs = async () => {
      const { processInfo } = await inspector.send("SystemInfo.getProcessInfo");
      const renderers = processInfo.filter(({ type }) => type === "renderer");
      return renderers.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
    };
    const asked = new Promise<void>((resolve) => {
      sdkPage!.page.on("console", (message) => {
        if (message.text() === "asked") resolve();
      });
    });
    const talking = talkInPage("greet", [], null);
    await asked;
    const share = await smallestShareOf(cpuMs);
    await sdkPage!.page.evaluate("dispatchEvent(new Event('answer'))");
    expect((await talking).asked).toEqual(["name? "]);
    expect(share).toBeLessThan(IDLE_SHARE);
  });
});

describe("on the server", () => {
  const talkOnServer = (name: string, answers: string[], thinkingMs: number, ...args: string[]) =>
    talk((options) => NodeSandbox.create(options), base64(name), answers, thinkingMs, args);

  test("a program waits for each line, to the end of the input", async () => {
    expect(await talkOnServer("greet", NAMES, 20)).toEqual(GREETED);
  });

  test("poll_oneoff comes back with the clock while the person thinks, and with stdin once there is an answer", async () => {
    expect((await talkOnServer("patience", ["x"], 60_000)).stdout).toBe(
      "1 event, type 0, ok\nstdin: nothing yet\n",
    );
    expect((await talkOnServer("patience", ["four"], 0, PATIENT_MS)).stdout).toBe(
      "1 event, type 1, ok\nstdin: 5 bytes, hung up 0\n",
    );
  });

  test("a terminal is asked line by line", async () => {
    const { child, printed, outcome } = startCli(["run", "tests/fixtures/wasi/greet.wasm"]);
    await printed("name? ");
    child.stdin.write("Ada\n");
    await printed("name? hello, Ada\nname? ");
    child.stdin.write("Ünsal\nLin\n");
    await printed("hello, Lin\nname? ");
    child.stdin.end();
    const { stdout, stderr, exitCode } = await outcome;
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: GREETED.stdout, stderr: "", exitCode: 0 });
  });

  test.skipIf(process.platform !== "linux")("no process computes while the person thinks", async () => {
    const { child, printed, outcome } = startCli(["run", "tests/fixtures/wasi/greet.wasm"]);
    await printed("name? ");
    const share = await smallestShareOf(() => Promise.resolve(cpuMsOf(child.pid!)));
    child.stdin.end();
    expect((await outcome).stdout).toBe("name? bye\n");
    expect(share).toBeLessThan(IDLE_SHARE);
  });
});

/** What a process and all below it have used of the processor, by Linux's proc(5): fields 14 and 15, in hundredths of a second. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = (Number(fields[11]) + Number(fields[12])) * 10;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
  return children.reduce((sum, childPid) => sum + cpuMsOf(childPid), own);
}

/**
 * The share used in the first window that is at rest, or the smallest of ten. What the host still has to do beside the run (its
 * next cage, the rest of its start) comes to an end; a guest that computes never lets it come to rest.
 */
async function smallestShareOf(cpuMs: () => Promise<number>): Promise<number> {
  let smallest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 10 && smallest >= IDLE_SHARE; turn++) {
    smallest = Math.min(smallest, await shareOf(cpuMs));
  }
  return smallest;
}

/** What is used in a window, as a share of what a busy loop in this process gets at the same time. */
async function shareOf(cpuMs: () => Promise<number>): Promise<number> {
  const before = await cpuMs();
  const start = process.cpuUsage();
  const end = performance.now() + WINDOW_MS;
  while (performance.now() < end);
  const { user, system } = process.cpuUsage(start);
  return ((await cpuMs()) - before) / ((user + system) / 1000);
}
