import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { rolldown } from "rolldown";

const ROOT = join(import.meta.dirname, "../..");

/** Serves an empty page, `/opaque` without an origin of its own, with the library under test as `library`. */
export interface StorePage {
  origin: string;
  /** Resolves when a page has come to its k-th storage operation. That page then stands still. */
  reached(): Promise<void>;
  close(): Promise<void>;
}

export async function serveStorePage(): Promise<StorePage> {
  const bundle = await rolldown({
    input: join(ROOT, "tests/support/store-page.entry.ts"),
    platform: "browser",
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  const script = output[0].code;
  let reach = () => {};
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    // Never answered.
    if (path === "/reached") return reach();
    if (path === "/page.js") {
      response.setHeader("Content-Type", "text/javascript");
      // A page without an origin fetches it as a stranger.
      response.setHeader("Access-Control-Allow-Origin", "*");
      return response.end(script);
    }
    if (path.startsWith("/assets/")) {
      const bytes = await readFile(join(ROOT, "dist/assets", path.slice(8))).catch(() => undefined);
      if (path.endsWith(".html")) response.setHeader("Content-Type", "text/html");
      response.statusCode = bytes ? 200 : 404;
      return response.end(bytes);
    }
    if (path === "/opaque") response.setHeader("Content-Security-Policy", "sandbox allow-scripts");
    response.setHeader("Content-Type", "text/html");
    response.end('<!doctype html><title>Store</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached: () =>
      new Promise<void>((resolve) => {
        reach = resolve;
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
