// @ts-check
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { CHROMIUM_FLAGS, findChromium } from "../../scripts/find-chromium.mjs";
import { startServer } from "../../scripts/serve.mjs";

const MANIFEST = fileURLToPath(new URL("../../dist/assets/manifest.json", import.meta.url));
/** The server compresses when nobody asks for anything; the largest file takes some seconds. */
const COMPRESSED_MS = 120_000;
const WAIT_MS = 60_000;
const REST_MS = 1000;

/**
 * Runs in the page before its own scripts: puts a program into the editor as a returning reader has it, notes when the
 * page can be used, and waits for what a run prints as the reader sees it. Nothing of the page's own is called.
 */
const WATCHER = `(() => {
  if (globalThis !== globalThis.top) return;
  performance.setResourceTimingBufferSize(5000);
  const path = "/workspace/main.py";
  const content = "import time\\nprint('printed at', time.time_ns())\\n";
  localStorage.setItem("sandglass.project", JSON.stringify({
    exampleId: null, isEdited: true, args: "", tabs: [path], activePath: path, entryPath: path,
    texts: [{ path, content }], missing: [],
  }));
  const when = (find) => new Promise((resolve) => {
    const found = find();
    if (found) return resolve(found);
    const observer = new MutationObserver(() => {
      const found = find();
      if (!found) return;
      observer.disconnect();
      resolve(found);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const runButton = () => [...document.querySelectorAll("button[data-run][aria-disabled=false]")].find(
    (button) => button.offsetParent !== null && !button.disabled);
  const hasText = () => [...document.querySelectorAll("textarea, .view-lines")].some(
    (field) => /print/.test(field.value || field.textContent));
  const printed = () => [...document.querySelectorAll("[data-testid=stdout-text]")].map((text) => text.textContent);
  const sent = () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, entry) => sum + entry.transferSize, 0) / 1e6;
  globalThis.benchEnabled = when(() => hasText() && runButton()).then(() => ({ ms: performance.now(), sent: sent() }));
  globalThis.benchRun = async () => {
    const button = await when(runButton);
    const before = new Set(printed());
    const startMs = performance.now();
    button.click();
    await when(() => printed().some((text) => text.startsWith("printed at") && !before.has(text)));
    return { ms: performance.now() - startMs, sent: sent() };
  };
  globalThis.benchSpare = () => globalThis.sandglass.Sandbox.prepare({
    language: "python", spares: 1, assetsUrl: new URL("assets/", document.baseURI),
  });
})();`;

/** @typedef {{ ms: number, sent: number }} Seen Milliseconds, and megabytes that came over the network so far. */

/** The built playground, served as \`npm start\` does, and browsers to visit it with. */
export async function openPlayground() {
  const server = await startServer({ port: 0, quietMs: 500 });
  const executablePath = await findChromium();
  const launch = { executablePath, args: [...CHROMIUM_FLAGS] };
  const browser = await chromium.launch(launch);
  const folder = mkdtempSync(join(tmpdir(), "sandglass-bench-profile-"));
  const profile = await chromium.launchPersistentContext(folder, launch);
  await untilCompressed(server.url);

  return {
    browserVersion: browser.version(),
    /** A browser profile that knows nothing. */
    newProfile: () => browser.newContext(),
    /** One profile for the whole bench, with a cache on disk. */
    profile,
    /**
     * A visit to the playground; the page is closed afterwards.
     *
     * @template T
     * @param {import("playwright").BrowserContext} context
     * @param {(page: { enabled: () => Promise<Seen>, run: () => Promise<Seen>, spare: () => Promise<void>, rest: () => Promise<void>, reset: () => Promise<void> }) => Promise<T>} work
     * @param {{ deviceGiB?: number }} [device] The memory that the browser says its device has.
     * @returns {Promise<T>}
     */
    async visit(context, work, { deviceGiB } = {}) {
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      try {
        await page.addInitScript(WATCHER);
        if (deviceGiB !== undefined) {
          await page.addInitScript(
            `Object.defineProperty(navigator, "deviceMemory", { value: ${deviceGiB} })`,
          );
        }
        await page.goto(server.url);
        return await work({
          enabled: () => inTime(page.evaluate("benchEnabled"), "Run enabled"),
          run: () => inTime(page.evaluate("benchRun()"), "first output"),
          spare: () => inTime(page.evaluate("benchSpare()"), "spare"),
          /** The full editor is there, and a moment has passed. */
          rest: async () => {
            await page.locator("[data-editor=monaco]").waitFor();
            await page.waitForTimeout(REST_MS);
          },
          /** Lets go of the sandbox that was opened for the files of the last visit. */
          reset: async () => {
            await page.getByRole("button", { name: "Reset", exact: true }).click();
            const confirm = page.getByRole("dialog").getByRole("button", { name: "Reset" });
            // Where nothing would be lost, nobody is asked.
            await page.waitForTimeout(REST_MS);
            if (await confirm.isVisible()) await confirm.click();
            await page.waitForTimeout(REST_MS);
          },
        });
      } finally {
        await page.close();
      }
    },
    close: async () => {
      await Promise.all([browser.close(), profile.close()]);
      rmSync(folder, { recursive: true, force: true });
      await server.close();
    },
  };
}

/**
 * Asks for every asset until it is sent compressed, as a reader gets it from a server that has been up for a while.
 *
 * @param {string} url
 */
async function untilCompressed(url) {
  /** @type {{ assets: Record<string, { file: string, bytes: number }> }} */
  const manifest = JSON.parse(readFileSync(MANIFEST, "utf8"));
  const endMs = performance.now() + COMPRESSED_MS;
  for (const { file, bytes } of Object.values(manifest.assets)) {
    if (bytes < 100_000 || file.endsWith(".zip")) continue;
    for (;;) {
      const response = await fetch(`${url}assets/${file}`, {
        method: "HEAD",
        headers: { "Accept-Encoding": "br" },
      });
      if (response.headers.get("content-encoding") === "br" || performance.now() > endMs) break;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/**
 * @template T
 * @param {Promise<unknown>} work
 * @param {string} what
 * @returns {Promise<T>}
 */
async function inTime(work, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${WAIT_MS / 1000} s`)), WAIT_MS);
  });
  try {
    return /** @type {T} */ (await Promise.race([work, late]));
  } finally {
    clearTimeout(timer);
  }
}
