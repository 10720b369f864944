import { createReadStream, existsSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

const ASSET_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".zip": "application/zip",
};

/** While developing and previewing, serves what a cage is given (dist/assets) where the built page finds it. */
function cageAssets(): Plugin {
  const folder = resolve(root, "dist/assets");
  const serve = (middlewares: import("vite").Connect.Server) => {
    middlewares.use("/assets", (request, response, next) => {
      const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
      const file = join(folder, path);
      if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) return next();
      response.setHeader("Content-Type", ASSET_TYPES[extname(file)] ?? "application/octet-stream");
      createReadStream(file).pipe(response);
    });
  };
  return {
    name: "sandglass:cage-assets",
    configureServer: (server) => serve(server.middlewares),
    configurePreviewServer: (server) => serve(server.middlewares),
  };
}

/** The dev server injects inline scripts, which the page's own policy rightly refuses; the built page keeps it. */
function relaxPolicyWhileDeveloping(): Plugin {
  return {
    name: "sandglass:dev-csp",
    apply: "serve",
    transformIndexHtml: (html) =>
      html
        .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
        .replace("connect-src 'self'", "connect-src 'self' ws:"),
  };
}

export default defineConfig({
  root,
  plugins: [react(), cageAssets(), relaxPolicyWhileDeveloping()],
  worker: { format: "es" },
  build: {
    target: "es2023",
    outDir: "dist/playground",
    emptyOutDir: true,
    // "assets" is taken by what a cage is given.
    assetsDir: "page",
    // Monaco's core is one chunk of about 3 MB, loaded after the page works.
    chunkSizeWarningLimit: 4000,
    rollupOptions: { input: { index: resolve(root, "index.html") } },
  },
});
