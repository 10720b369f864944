import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_FLAGS, findChromium } from "./scripts/find-chromium.mjs";
import { browserTestServer } from "./tests/support/browser-server.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
          exclude: ["**/*.browser.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [browserTestServer()],
        // Named here, because a dependency found late makes Vite reload the page under a running test.
        optimizeDeps: {
          entries: [],
          include: [
            "comlink",
            "valibot",
            "fast-check",
            "fflate",
            "@msgpack/msgpack",
            "@noble/hashes/sha2.js",
            "@noble/hashes/utils.js",
            "@bjorn3/browser_wasi_shim",
            "acorn",
            "quickjs-emscripten-core",
            "@jitl/quickjs-wasmfile-release-sync/emscripten-module",
            "@jitl/quickjs-wasmfile-release-sync/ffi",
            // Of the playground, which a test's frame may load.
            ...[
              "react",
              "react/jsx-dev-runtime",
              "react-dom/client",
              "react-resizable-panels",
              "lucide-react",
            ],
            ...["zustand", "zustand/vanilla", "react-markdown", "@monaco-editor/react"],
          ],
        },
        test: {
          name: "chromium",
          include: [
            "src/**/*.browser.test.ts",
            "tests/escape/*.browser.test.ts",
            "tests/**/*.browser.test.ts",
            "src/vfs/**/*.test.ts",
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
