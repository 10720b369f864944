#!/usr/bin/env node
// @ts-check
/**
 * Serves what was built: the playground at / and the cages' assets under /assets/, on 127.0.0.1 only.
 *
 *   node scripts/serve.mjs [--port N] [--root DIR] [--no-isolation]
 */
import { createReadStream, existsSync, realpathSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CompressedCopies } from "./serve/compressed-copies.mjs";
import { Site } from "./serve/site.mjs";

const HOST = "127.0.0.1";
const DEFAULT_PORT = 4173;
/** How many ports after the first are tried before giving up. */
const PORT_TRIES = 100;
const MIN_COMPRESSED_BYTES = 1024;

/** @type {Readonly<Record<string, string>>} */
const MIME_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".py": "text/x-python; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
  ".zip": "application/zip",
  ".bin": "application/octet-stream",
};
const COMPRESSED_TYPES = new Set([".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm", ".bin", ".csv"]);

/**
 * @typedef {object} ServeOptions
 * @property {string} [root] The build folder; default `dist` beside this script's folder.
 * @property {number} [port] First port to try; 0 lets the system choose. Default 4173.
 * @property {boolean} [isolation] Sends the headers that make the page cross-origin isolated. Default true.
 * @property {number} [quietMs] How long no uncompressed file is asked for before copies are compressed. Default 3000.
 */

/**
 * Starts serving and resolves once the port is open.
 *
 * @param {ServeOptions} [options]
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 * @throws {Error} One sentence, when nothing is built or no port is free.
 */
export async function startServer({
  root = fileURLToPath(new URL("../dist", import.meta.url)),
  port = DEFAULT_PORT,
  isolation = true,
  quietMs = 3000,
} = {}) {
  if (!existsSync(join(root, "playground", "index.html"))) {
    throw new Error("The playground is not built yet: run `npm run build`, then this again.");
  }
  const site = new Site(root);
  const compressed = new CompressedCopies(join(root, ".cache"), quietMs);
  const server = createServer((request, response) => {
    answer({ site, compressed, isolation }, request, response).catch((error) => {
      if (!response.headersSent) refuse(response, 500, "The server could not read that file.");
      else response.destroy(error);
    });
  });
  const open = await listen(server, port);
  return {
    url: `http://${HOST}:${open}/`,
    port: open,
    close: async () => {
      compressed.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Answers one request.
 *
 * @param {{ site: Site, compressed: CompressedCopies, isolation: boolean }} context
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function answer({ site, compressed, isolation }, request, response) {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  if (isolation) {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "Only GET and HEAD are answered here.");
  }
  const path = parsePath(request.url ?? "");
  if (path === undefined) return refuse(response, 400, "That address is not well-formed.");
  const entry = site.find(path);
  if (!entry) return refuse(response, 404, "There is nothing at this address; the playground is at /.");

  const { size, mtimeMs } = statSync(entry.file);
  const type = extname(entry.file);
  response.setHeader("Content-Type", MIME_TYPES[type] ?? "application/octet-stream");
  response.setHeader("Cache-Control", entry.isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
  // Assets are public bytes that another page's SDK may fetch, and the cage is framed with an opaque origin.
  response.setHeader("Cross-Origin-Resource-Policy", entry.isAsset ? "cross-origin" : "same-origin");
  if (entry.isAsset) response.setHeader("Access-Control-Allow-Origin", "*");
  if (type === ".html") {
    const policy = readPolicy(await readFile(entry.file, "utf8"));
    if (policy) response.setHeader("Content-Security-Policy", policy);
  }

  let file = entry.file;
  let bytes = size;
  let tag = `${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}`;
  if (COMPRESSED_TYPES.has(type) && size >= MIN_COMPRESSED_BYTES) {
    response.setHeader("Vary", "Accept-Encoding");
    if (acceptsBrotli(request.headers["accept-encoding"])) {
      const copy = compressed.get(entry.file, size, mtimeMs);
      if (copy) {
        file = copy;
        bytes = statSync(copy).size;
        tag += "-br";
        response.setHeader("Content-Encoding", "br");
      }
    }
  }
  response.setHeader("ETag", `"${tag}"`);
  if (request.headers["if-none-match"] === `"${tag}"`) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader("Content-Length", bytes);
  response.writeHead(200);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  createReadStream(file)
    .on("error", (error) => response.destroy(error))
    .pipe(response);
}

/**
 * The decoded path of a request target, or undefined when it is not a plain absolute path.
 *
 * @param {string} target
 */
function parsePath(target) {
  if (!target.startsWith("/")) return undefined;
  try {
    const path = decodeURIComponent(/** @type {string} */ (target.split(/[?#]/, 1)[0]));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
    return /[\u0000-\u001f\\]/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} sentence
 */
function refuse(response, status, sentence) {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" });
  response.end(`${sentence}\n`);
}

/**
 * The policy a page declares for itself in its meta tag, so that header and page can never disagree.
 *
 * @param {string} html
 */
function readPolicy(html) {
  const tag = /<meta\s[^>]*http-equiv=["']?Content-Security-Policy["']?[^>]*>/i.exec(html)?.[0];
  const content = tag && /\scontent=(?:"([^"]*)"|'([^']*)')/i.exec(tag);
  return content
    ? (content[1] ?? content[2] ?? "").replaceAll("&#39;", "'").replace(/\s+/g, " ").trim()
    : undefined;
}

/** @param {string | string[] | undefined} header */
function acceptsBrotli(header) {
  return /(^|[\s,])br(?!\s*;\s*q=0(\.0*)?\s*(,|$))\s*(;|,|$)/i.test(String(header ?? ""));
}

/**
 * @param {import("node:http").Server} server
 * @param {number} first
 * @returns {Promise<number>} The port that was free.
 */
async function listen(server, first) {
  for (let port = first; port < first + PORT_TRIES && port <= 65_535; port++) {
    const error = await new Promise((resolve) => {
      server.once("error", resolve);
      server.listen(port, HOST, () => {
        server.off("error", resolve);
        resolve(undefined);
      });
    });
    if (!error) return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
  }
  throw new Error(`No port from ${first} on is free: choose another with --port N.`);
}

async function main() {
  /** @type {{ port?: string, root?: string, "no-isolation"?: boolean }} */
  let values;
  try {
    ({ values } = parseArgs({
      options: { port: { type: "string" }, root: { type: "string" }, "no-isolation": { type: "boolean" } },
    }));
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
      throw new Error("--port takes a number.");
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}`);
    console.error("Usage: node scripts/serve.mjs [--port N] [--root DIR] [--no-isolation]");
    process.exitCode = 2;
    return;
  }
  try {
    const server = await startServer({
      isolation: !values["no-isolation"],
      ...(values.port !== undefined && { port: Number(values.port) }),
      ...(values.root !== undefined && { root: values.root }),
    });
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
      process.once(signal, () => void server.close());
    }
    console.log(`Sandglass is at ${server.url}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
