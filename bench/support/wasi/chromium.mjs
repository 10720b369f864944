// @ts-check
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/find-chromium.mjs";

const GUEST_SCRIPT = readFileSync(fileURLToPath(new URL("guest.mjs", import.meta.url)));

const WORKER = `
  import { openSandglass } from "/sandglass.mjs";
  import { measureGuest } from "/guest.mjs";
  onmessage = async ({ data: { kind, count } }) => {
    try {
      const guest = new Uint8Array(await (await fetch("/guest.wasm")).arrayBuffer());
      postMessage({ ms: await measureGuest(openSandglass(guest), kind, count) });
    } catch (error) {
      postMessage({ failure: String(error) });
    }
  };`;

const PAGE = `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module">
  globalThis.measure = (kind, count) => new Promise((resolve, reject) => {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.failure) reject(new Error(data.failure));
      else resolve(data.ms);
    };
    worker.postMessage({ kind, count });
  });
</script>`;

/**
 * Our side in a Chromium's worker, a fresh one for each measurement. The page is cross-origin isolated, so its clock is
 * as fine as it gets.
 *
 * @param {string} script
 * @param {Uint8Array} guest
 */
export async function openChromiumSide(script, guest) {
  /** @type {Map<string, [type: string, body: string | Uint8Array]>} */
  const files = new Map([
    ["/", ["text/html; charset=utf-8", PAGE]],
    ["/worker.js", ["text/javascript", WORKER]],
    ["/sandglass.mjs", ["text/javascript", script]],
    ["/guest.mjs", ["text/javascript", GUEST_SCRIPT]],
    ["/guest.wasm", ["application/wasm", guest]],
  ]);
  const server = createServer((request, response) => {
    const [type, body] = files.get(request.url ?? "/") ?? [];
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (type === undefined) return response.writeHead(404).end();
    response.setHeader("Content-Type", type);
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction("typeof measure === 'function'");
  return {
    version: browser.version(),
    /**
     * @param {string} kind
     * @param {number} count
     * @returns {Promise<number>}
     */
    measure: (kind, count) => page.evaluate(`measure(${JSON.stringify(kind)}, ${count})`),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
