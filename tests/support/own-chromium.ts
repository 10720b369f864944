import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Browser, chromium } from "playwright";
import { CHROMIUM_FLAGS, findChromium } from "../../scripts/find-chromium.mjs";

/** A Chromium with a profile on disk, whose processes may be killed. */
export interface OwnChromium {
  browser: Browser;
  /** Kills the processes of all its pages, however busy they are. */
  killPages(): Promise<void>;
  /** Kills all of it at once, as a power switch would. */
  kill(): Promise<void>;
}

export async function startOwnChromium(profile: string): Promise<OwnChromium> {
  const flags = [...CHROMIUM_FLAGS, "--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  // A process group of its own: its renderers are killed with it.
  const child = spawn(await findChromium(), [...flags, "about:blank"], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const browser = await chromium.connectOverCDP(await readEndpoint(child));
  return {
    browser,
    async killPages() {
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      for (const { type, id } of processInfo) if (type === "renderer") process.kill(id, "SIGKILL");
      await session.detach();
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, "close");
      process.kill(-child.pid!, "SIGKILL");
      await closed;
      await browser.close().catch(() => {});
    },
  };
}

function readEndpoint(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const url = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Chromium did not start: ${text}`)));
  });
}
