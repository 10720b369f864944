import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { ASSETS_DIR, readManifest } from "./assets.ts";
import { bundleWorker } from "./bundle-worker.ts";

/**
 * Serves tests in Chromium what a page of ours would be served: the built asset folder under /assets/, the same folder
 * with the fixture engine of the cage contract under /fixture-assets/, with the engine of an attacker under
 * /hostile-assets/, and /probe, which counts how often it is asked.
 */
export function browserTestServer(): Plugin {
  return {
    name: "sandglass:test-server",
    async configureServer(server) {
      const hits = new Map<string, number>();
      server.middlewares.use("/probe-count", (request, response) => {
        response.end(String(hits.get(request.url ?? "") ?? 0));
      });
      server.middlewares.use("/probe", (request, response) => {
        hits.set(request.url ?? "", (hits.get(request.url ?? "") ?? 0) + 1);
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Content-Type", "text/javascript");
        response.end("export {}");
      });
      const serve = (
        prefix: string,
        change: (name: string, bytes: Buffer) => Buffer,
        headers: Readonly<Record<string, string>> = {},
      ) =>
        server.middlewares.use(prefix, (request, response, next) => {
          const file = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
          if (!/^[\w.-]+$/.test(file)) return next();
          let bytes: Buffer;
          // By the file's name, as the manifest tells it, or by the asset's.
          let name = file;
          try {
            const { assets } = readManifest();
            name = Object.keys(assets).find((asset) => assets[asset]!.file === file) ?? file;
            bytes = change(name, readFileSync(join(ASSETS_DIR, assets[name]?.file ?? file)));
          } catch {
            return next();
          }
          if (name.endsWith(".html")) response.setHeader("Content-Type", "text/html");
          response.setHeader("Cache-Control", "no-store");
          for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
          response.end(bytes);
        });
      serve("/assets", (_name, bytes) => bytes);
      serve("/workerless-assets", (_name, bytes) => bytes, {
        "Content-Security-Policy": "worker-src 'none'",
      });
      serve("/cut-assets", (name, bytes) => (name === "sandbox.worker.js" ? bytes.subarray(0, 1000) : bytes));
      serve("/edited-snapshot-assets", (name, bytes) =>
        name === "python-snapshot.bin" ? Buffer.from("something else") : bytes,
      );
      serve("/edited-assets", (name, bytes) => {
        const edited = Buffer.from(bytes);
        if (name === "sandbox.worker.js") edited[0] = edited[0]! ^ 1;
        return edited;
      });
      const serveWithEngine = async (prefix: string, path: string) => {
        const engine = await bundleWorker(path);
        serve(prefix, (name, bytes) => {
          if (name === "sandbox.worker.js") return engine;
          if (name !== "manifest.json") return bytes;
          const manifest = JSON.parse(bytes.toString("utf8"));
          manifest.assets["sandbox.worker.js"] = {
            ...manifest.assets["sandbox.worker.js"],
            bytes: engine.length,
            sha256: sha256(engine),
          };
          return Buffer.from(JSON.stringify(manifest));
        });
      };
      await serveWithEngine("/fixture-assets", "tests/fixtures/cage/fixture-worker.js");
      await serveWithEngine("/hostile-assets", "tests/escape/hostile-engine.js");
    },
  };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
