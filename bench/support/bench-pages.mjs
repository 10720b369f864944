// @ts-check
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { build } from "vite";
import { CHROMIUM_FLAGS, findChromium } from "../../scripts/find-chromium.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TASKS = fileURLToPath(new URL("sandbox-tasks.mjs", import.meta.url));
const PYODIDE_DIR = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const SANDGLASS_SCRIPT = `
  import { Sandbox } from "/sdk.js";
  import { createTasks } from "/sandbox-tasks.mjs";
  const tasks = createTasks(Sandbox, { assetsUrl: new URL("/assets/", location.href) });
  globalThis.ask = (task, args) => tasks[task](...args);`;

const PLAIN_SCRIPT = `
  const start = () => new Worker("/plain-worker.js", { type: "module" });
  const answer = (worker) => new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => resolve(data);
  });
  let kept;
  const tasks = {
    async fresh() {
      const startMs = performance.now();
      const worker = start();
      await answer(worker);
      const ms = performance.now() - startMs;
      worker.terminate();
      return ms;
    },
    async visit() {
      const startMs = performance.now();
      const worker = start();
      await answer(worker);
      const first = performance.now() - startMs;
      worker.postMessage("sent");
      const { sent } = await answer(worker);
      worker.terminate();
      return { first, sentFirst: sent };
    },
    async second() {
      await tasks.program("", "print(6 * 7)");
      const startMs = performance.now();
      await tasks.program("", "print(6 * 7)");
      return performance.now() - startMs;
    },
    async program(language, code) {
      if (!kept) {
        kept = start();
        await answer(kept);
      }
      kept.postMessage(code);
      return answer(kept);
    },
  };
  globalThis.ask = (task, args) => tasks[task](...args);`;

const PLAIN_WORKER = `
  import { loadPyodide } from "/pyodide/pyodide.mjs";
  const pyodide = await loadPyodide({ indexURL: "/pyodide/", stdout: (line) => postMessage(line) });
  onmessage = ({ data }) => {
    if (data !== "sent") return pyodide.runPython(data);
    const entries = performance.getEntriesByType("resource");
    postMessage({ sent: entries.reduce((sum, entry) => sum + entry.transferSize, 0) / 1e6 });
  };
  pyodide.runPython("print(6 * 7)");`;

/** @param {string} script */
const page = (script) =>
  `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module">${script}</script>`;

/**
 * Two pages in one Chromium, served alike by one server: one has only the SDK, the other only Pyodide as it comes.
 */
export async function openBenchPages() {
  /** @type {Map<string, { type: string, text: string }>} */
  const texts = new Map([
    ["/sandglass.html", { type: ".html", text: page(SANDGLASS_SCRIPT) }],
    ["/plain.html", { type: ".html", text: page(PLAIN_SCRIPT) }],
    ["/plain-worker.js", { type: ".js", text: PLAIN_WORKER }],
    ["/sdk.js", { type: ".js", text: await bundleSdk() }],
    ["/sandbox-tasks.mjs", { type: ".mjs", text: readFileSync(TASKS, "utf8") }],
  ]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cache-Control", "max-age=3600");
    const text = texts.get(path);
    if (text) {
      response.setHeader("Content-Type", TYPES[text.type] ?? "");
      return response.end(text.text);
    }
    const match = /^\/(assets|pyodide)\/([\w.-]+)$/.exec(path);
    const folder = match?.[1] === "assets" ? join(ROOT, "dist/assets") : PYODIDE_DIR;
    const file = match?.[2] ? join(folder, match[2]) : "";
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  const context = await browser.newContext();
  /** @param {string} path */
  const openPage = async (path) => {
    const opened = await context.newPage();
    await opened.goto(`${origin}${path}`);
    await opened.waitForFunction("typeof ask === 'function'");
    return opened;
  };
  const pages = { sandglass: await openPage("/sandglass.html"), plain: await openPage("/plain.html") };
  return {
    browserVersion: browser.version(),
    /**
     * Does a task of one of the two pages.
     *
     * @param {"sandglass" | "plain"} page
     * @param {string} task
     * @param {unknown[]} args
     * @returns {Promise<any>}
     */
    async ask(page, task, ...args) {
      // Spares are kept in a tab that is looked at only.
      await pages[page].bringToFront();
      return pages[page].evaluate(`ask(${JSON.stringify(task)}, ${JSON.stringify(args)})`);
    },
    /**
     * A visit to the plain page with another browser profile: a worker with Pyodide, from its start to its first line.
     *
     * @param {import("playwright").BrowserContext} profile
     * @returns {Promise<{ first: number, sentFirst: number }>}
     */
    async visitPlain(profile) {
      const page = await profile.newPage();
      try {
        await page.goto(`${origin}/plain.html`);
        await page.waitForFunction("typeof ask === 'function'");
        return await page.evaluate(`ask("visit", [])`);
      } finally {
        await page.close();
      }
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The browser half of the library as one script, as a bundler would put it into a page. */
async function bundleSdk() {
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      write: false,
      target: "es2023",
      lib: { entry: join(ROOT, "dist/lib/index.browser.js"), formats: ["es"], fileName: () => "sdk.js" },
    },
  });
  const chunks = [result].flat().flatMap((part) => ("output" in part ? part.output : []));
  const script = chunks.find((part) => part.type === "chunk");
  if (script?.type !== "chunk") throw new Error("The SDK could not be bundled");
  return script.code;
}
