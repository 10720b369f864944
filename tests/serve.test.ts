import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startServer } from "../scripts/serve.mjs";

const POLICY = "default-src 'none'; script-src 'sha256-abc=' blob: 'wasm-unsafe-eval'; worker-src blob:";
const CAGE = `<!doctype html>\n<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n<script></script>`;
const WASM = Buffer.alloc(4096, "\0asm");
const HASH = "ab12cd34".repeat(8);

let root: string;
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "sandglass-serve-"));
  mkdirSync(join(root, "playground", "page"), { recursive: true });
  mkdirSync(join(root, "playground", "docs"));
  mkdirSync(join(root, "assets"));
  writeFileSync(join(root, "secret.txt"), "not for the page");
  writeFileSync(join(root, "playground", "index.html"), "<!doctype html><title>Playground</title>");
  writeFileSync(join(root, "playground", "docs", "index.html"), "<!doctype html><title>Docs</title>");
  writeFileSync(join(root, "playground", "page", "index-Dx4kXJAl.js"), "export {};");
  writeFileSync(join(root, "playground", "page", "python-snapshot.bin"), "plain name");
  symlinkSync(join(root, "secret.txt"), join(root, "playground", "link.txt"));
  writeFileSync(join(root, "assets", "cage.html"), CAGE);
  writeFileSync(join(root, "assets", "pyodide.asm.wasm"), WASM);
  writeFileSync(join(root, "assets", `engine.${HASH.slice(0, 8)}.js`), "self.x = 1;");
  writeFileSync(
    join(root, "assets", "manifest.json"),
    JSON.stringify({
      assets: { engine: { file: `engine.${HASH.slice(0, 8)}.js`, bytes: 11, sha256: HASH } },
    }),
  );
  server = await startServer({ root, port: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** One request exactly as written: `fetch` would tidy the path and set headers of its own. */
async function ask(
  path: string,
  init: { method?: string; headers?: Record<string, string>; port?: number } = {},
) {
  const sent = request({
    host: "127.0.0.1",
    port: init.port ?? server.port,
    path,
    method: init.method ?? "GET",
    headers: init.headers ?? {},
  }).end();
  const [response] = await once(sent, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const answer: Answer = {
    status: response.statusCode,
    headers: response.headers,
    body: Buffer.concat(chunks),
  };
  return answer;
}

describe("the static server", () => {
  it("serves the playground at / with the headers that isolate it", async () => {
    const { status, headers, body } = await ask("/?theme=dark");
    const { date, etag, connection, "keep-alive": _keepAlive, ...rest } = headers;
    expect([date, etag, connection].every(Boolean)).toBe(true);
    expect({ status, headers: rest, body: body.toString() }).toEqual({
      status: 200,
      headers: {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        "content-length": "40",
      },
      body: "<!doctype html><title>Playground</title>",
    });
  });

  it("serves a folder's index", async () => {
    expect((await ask("/docs/")).body.toString()).toBe("<!doctype html><title>Docs</title>");
  });

  it("answers the cage with the very policy its meta tag holds, and lets any page frame it", async () => {
    const { status, headers, body } = await ask("/assets/cage.html");
    expect(status).toBe(200);
    expect(body.toString()).toBe(CAGE);
    expect(headers["content-security-policy"]).toBe(POLICY);
    expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
    expect(headers["x-frame-options"]).toBeUndefined();
  });

  it("gives WebAssembly its own type and lets another origin fetch it", async () => {
    const { headers, body } = await ask("/assets/pyodide.asm.wasm");
    expect(headers["content-type"]).toBe("application/wasm");
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(body.equals(WASM)).toBe(true);
  });

  it.each([
    ["/page/index-Dx4kXJAl.js", "public, max-age=31536000, immutable"],
    [`/assets/engine.${HASH.slice(0, 8)}.js`, "public, max-age=31536000, immutable"],
    ["/page/python-snapshot.bin", "no-cache"],
    ["/assets/pyodide.asm.wasm", "no-cache"],
    ["/assets/manifest.json", "no-cache"],
  ])("caches %s as %s", async (path, caching) => {
    expect((await ask(path)).headers["cache-control"]).toBe(caching);
  });

  it("answers 304 to a browser that still holds the file", async () => {
    const first = await ask("/assets/pyodide.asm.wasm");
    const second = await ask("/assets/pyodide.asm.wasm", {
      headers: { "If-None-Match": String(first.headers.etag) },
    });
    expect([second.status, second.body.length]).toEqual([304, 0]);
  });

  it("answers HEAD with the headers and no body", async () => {
    const { status, headers, body } = await ask("/assets/pyodide.asm.wasm", { method: "HEAD" });
    expect([status, headers["content-length"], body.length]).toEqual([200, "4096", 0]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    const { status, headers } = await ask("/", { method });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it.each([
    ["/nothing", 404],
    ["/../secret.txt", 404],
    ["/assets/../../secret.txt", 404],
    ["/%2e%2e/secret.txt", 404],
    ["/..%2fsecret.txt", 404],
    ["/assets/..%2f..%2fsecret.txt", 404],
    ["/link.txt", 404],
    ["//playground/index.html", 404],
    ["/.cache/", 404],
    ["/__proto__", 404],
    ["/..%5csecret.txt", 400],
    ["/index.html%00.png", 400],
    ["/%zz", 400],
    ["/%ff", 400],
    ["http://elsewhere.example/", 400],
    ["*", 400],
  ])("has nothing to give for %s", async (path, expected) => {
    const { status, headers, body } = await ask(path);
    expect(status).toBe(expected);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(body.toString()).toBe(
      expected === 404
        ? "There is nothing at this address; the playground is at /.\n"
        : "That address is not well-formed.\n",
    );
  });

  it("survives bytes that are not HTTP", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.end("\0\0\0 what\r\n\r\n");
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask("/")).status).toBe(200);
  });

  it("sends a brotli copy once one was made, and only to who takes it", async () => {
    const eager = await startServer({ root, port: 0, quietMs: 0 });
    const path = "/assets/pyodide.asm.wasm";
    const port = eager.port;
    const first = await ask(path, { port, headers: { "Accept-Encoding": "gzip, br" } });
    expect([first.headers["content-encoding"], first.body.equals(WASM)]).toEqual([undefined, true]);
    const packed = await vi.waitUntil(async () => {
      const answer = await ask(path, { port, headers: { "Accept-Encoding": "gzip, br" } });
      return answer.headers["content-encoding"] === "br" && answer;
    });
    expect(brotliDecompressSync(packed.body).equals(WASM)).toBe(true);
    expect(packed.headers.vary).toBe("Accept-Encoding");
    expect(packed.headers.etag).not.toBe(first.headers.etag);
    for (const encoding of ["gzip", "gzip, br;q=0", "brine"]) {
      const plain = await ask(path, { port, headers: { "Accept-Encoding": encoding } });
      expect([plain.headers["content-encoding"], plain.body.equals(WASM)]).toEqual([undefined, true]);
    }
    // A rebuilt file is never answered with the old copy.
    utimesSync(join(root, "assets", "pyodide.asm.wasm"), 1, 1);
    const rebuilt = await ask(path, { port, headers: { "Accept-Encoding": "br" } });
    expect(rebuilt.headers["content-encoding"]).toBeUndefined();
    await eager.close();
  });

  it("sends no isolation headers when told not to", async () => {
    const plain = await startServer({ root, port: 0, isolation: false });
    const { headers } = await ask("/", { port: plain.port });
    await plain.close();
    expect(headers["cross-origin-opener-policy"]).toBeUndefined();
    expect(headers["cross-origin-embedder-policy"]).toBeUndefined();
  });

  it("takes the next free port when the first is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const next = await startServer({ root, port: address.port });
    expect(next.port).toBeGreaterThan(address.port);
    expect(next.url).toBe(`http://127.0.0.1:${next.port}/`);
    await next.close();
    taken.close();
  });

  it("says what to do when nothing is built", async () => {
    await expect(startServer({ root: join(root, "assets"), port: 0 })).rejects.toThrow(
      "The playground is not built yet: run `npm run build`, then this again.",
    );
  });
});

describe("the serve command", () => {
  const script = fileURLToPath(new URL("../scripts/serve.mjs", import.meta.url));

  it("prints where it is, and ends quietly on Ctrl-C", async () => {
    const child = spawn(process.execPath, [script, "--port", "0", "--root", root], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [line] = await once(child.stdout, "data");
    const port = /^Sandglass is at http:\/\/127\.0\.0\.1:(\d+)\/\n$/.exec(String(line))?.[1];
    // A browser's idle connection must not keep the process.
    const idle = connect(Number(port), "127.0.0.1");
    idle.on("error", () => {});
    await once(idle, "connect");
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([0, null]);
    idle.destroy();
  });

  it.each([[["--port", "many"]], [["--wat"]]])("answers %j with its usage and exit code 2", async (args) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(2);
    expect(errors).toMatch(
      /\nUsage: node scripts\/serve\.mjs \[--port N\] \[--root DIR\] \[--no-isolation\]\n$/,
    );
  });
});
