import { type Browser, chromium, type Page } from "playwright";
import { CHROMIUM_FLAGS, findChromium } from "../../scripts/find-chromium.mjs";
import { startServer } from "../../scripts/serve.mjs";
// For the type of `globalThis.sandglass`, which the playground puts on its page.
import type {} from "../../src/playground/global.ts";

/** The built playground in a Chromium of its own, for tests that drive the SDK on its page. */
export interface SdkPage {
  page: Page;
  browser: Browser;
  close(): Promise<void>;
}

export interface SdkPageOptions {
  /** The machine's time zone, as the browser sees it. */
  timezone?: string;
  /** The person's language. */
  locale?: string;
  /** False serves the page without the headers that make shared memory possible. Default true. */
  isolation?: boolean;
}

/**
 * Serves `dist/` and opens the playground.
 *
 * @throws {Error} one sentence, when nothing is built or there is no Chromium.
 */
export async function openSdkPage({
  timezone,
  locale,
  isolation = true,
}: SdkPageOptions = {}): Promise<SdkPage> {
  const executablePath = await findChromium();
  const server = await startServer({ port: 0, isolation });
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS],
    env: { ...definedEnv(), ...(timezone === undefined ? {} : { TZ: timezone }) },
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const context = await browser.newContext(locale === undefined ? {} : { locale });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => typeof globalThis.sandglass?.Sandbox === "function");
    return { page, browser, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function definedEnv(): Record<string, string> {
  const defined = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(defined);
}
