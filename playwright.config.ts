import { defineConfig } from "playwright/test";
import { CHROMIUM_FLAGS, findChromium } from "./scripts/find-chromium.mjs";

/** Fixed, so that a test can name the page's own origin. */
const PORT = 41730;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // A cage with Python in it takes a core for a second; two pages at a time keep deadlines honest on a small machine.
  workers: 2,
  timeout: 90_000,
  fullyParallel: true,
  expect: { timeout: 15_000 },
  retries: 0,
  reporter: process.env.CI ? "line" : "list",
  forbidOnly: true,
  use: {
    baseURL: `http://127.0.0.1:${PORT}/`,
    browserName: "chromium",
    launchOptions: { executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] },
    acceptDownloads: true,
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    trace: "off",
    video: "off",
  },
  webServer: {
    command: `node scripts/serve.mjs --port ${PORT}`,
    url: `http://127.0.0.1:${PORT}/`,
    reuseExistingServer: false,
    stdout: "ignore",
    timeout: 30_000,
  },
});
