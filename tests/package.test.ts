import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../scripts/find-chromium.mjs";
import { readReferences } from "../scripts/imports/read-references.mjs";
import { startServer } from "../scripts/serve.mjs";
import type { AssetManifest } from "../src/protocol/assets.ts";
import { assetFile } from "./support/assets.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MIB = 2 ** 20;
/** What `npm install sandglass` may put on a disk, without the optional Deno. */
const MAX_INSTALL_BYTES = 64 * MIB;

const own: {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  bin: { sandglass: string };
} = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** A user's project, with the packed tarball installed in it. */
let project: string;
let packed: string[];

beforeAll(() => {
  if (!existsSync(join(ROOT, "dist", "lib")) || !existsSync(join(ROOT, "dist", "assets", "manifest.json"))) {
    throw new Error("There is no build to pack: run `npm run build` first.");
  }
  project = mkdtempSync(join(tmpdir(), "sandglass-user-"));
  const [report] = JSON.parse(
    npm(["pack", "--json", "--ignore-scripts", "--pack-destination", project], ROOT),
  );
  packed = report.files.map((file: { path: string }) => file.path);
  writeFileSync(join(project, "package.json"), `{ "name": "user", "version": "1.0.0", "type": "module" }`);
  // The cache that installed this checkout holds everything the package needs; only without it is a registry asked.
  npm(["install", "--prefer-offline", join(project, report.filename)], project);
}, 300_000);
afterAll(() => {
  if (project) rmSync(project, { recursive: true, force: true });
});

function npm(args: string[], cwd: string): string {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * MIB,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    // What `npm test` itself was told must not reach the user's npm.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  });
}

const packedFile = (path: string) => readFileSync(join(project, "node_modules", "sandglass", path));

describe("the packed package", () => {
  it("holds the library, the assets of the manifest and the papers, and nothing else", () => {
    const manifest: AssetManifest = JSON.parse(packedFile("dist/assets/manifest.json").toString());
    const allowed = new Set([
      "LICENSE",
      "README.md",
      "THIRD-PARTY-LICENSES.md",
      "package.json",
      "dist/assets/manifest.json",
      ...Object.values(manifest.assets).map(({ file }) => `dist/assets/${file}`),
    ]);
    const isLibrary = (path: string) =>
      /^dist\/lib\/(.*\.(js|d\.ts)|cli\/\w+\.cjs)$/.test(path) && !/\.(test|contract|test-d)\./.test(path);
    expect(packed.filter((path) => !allowed.has(path) && !isLibrary(path))).toEqual([]);
    expect([...allowed].filter((path) => !packed.includes(path))).toEqual([]);
  });

  it("says nothing about the machine it was built on", () => {
    const traces = ["node_modules", "src", "scripts", "workers", "dist"].map((folder) => join(ROOT, folder));
    const telling = packed.filter((path) => {
      const bytes = packedFile(path);
      return traces.some((trace) => bytes.includes(trace));
    });
    expect(telling).toEqual([]);
  });

  it("depends on the four libraries it runs on, and optionally on the cage", () => {
    expect(Object.keys(own.dependencies)).toEqual([
      "@msgpack/msgpack",
      "@noble/hashes",
      "comlink",
      "valibot",
    ]);
    expect(Object.keys(own.optionalDependencies)).toEqual(["deno"]);
  });

  it("imports nothing that it does not depend on", () => {
    const undeclared = packed
      .filter((path) => path.startsWith("dist/lib/"))
      .flatMap((path) =>
        readReferences(path, packedFile(path).toString())
          .filter(({ kind }) => kind !== "url")
          .map(({ specifier }) => specifier),
      )
      .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
      .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
      .filter((name) => !Object.hasOwn(own.dependencies, name) || builtinModules.includes(name));
    expect(undeclared).toEqual([]);
  });

  it("allows the cage nothing but the script inside it, blobs and WebAssembly", () => {
    const page = packedFile(`dist/assets/${basename(assetFile("cage.html"))}`).toString();
    const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
    expect(scripts.map(([, attributes]) => attributes)).toEqual([""]);
    const hash = createHash("sha256")
      .update(scripts[0]?.[2] ?? "")
      .digest("base64");
    expect(/http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1]).toBe(
      `default-src 'none'; script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'; ` +
        "img-src 'none'; style-src 'none'; font-src 'none'; frame-src 'none'; object-src 'none'; form-action 'none'; " +
        "base-uri 'none'",
    );
    // Nothing that could run or load stands before the policy.
    expect(page.indexOf("<script")).toBeGreaterThan(page.indexOf("Content-Security-Policy"));
  });

  it("gives browsers no module of Node", () => {
    const reached = new Set<string>();
    const foreign: string[] = [];
    const follow = (path: string) => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const { specifier, kind } of readReferences(path, packedFile(path).toString())) {
        if (specifier.startsWith("node:")) foreign.push(`${path}: ${specifier}`);
        if (specifier.startsWith(".") && kind !== "url")
          follow(join(path, "..", specifier).replaceAll("\\", "/"));
      }
    };
    follow("dist/lib/index.browser.js");
    expect(reached.size).toBeGreaterThan(5);
    expect(foreign).toEqual([]);
  });
});

describe("installed as a user would", () => {
  it("runs Python through the SDK", () => {
    writeFileSync(
      join(project, "main.js"),
      `import { Sandbox } from "sandglass";
       const sandbox = await Sandbox.create();
       const execution = await sandbox.runCode("print(6*7)");
       await sandbox.kill();
       console.log(JSON.stringify([execution.status, execution.logs.stdout.join("")]));`,
    );
    expect(user(process.execPath, ["main.js"])).toEqual({
      status: 0,
      stdout: '["completed","42\\n"]\n',
      stderr: "",
    });
  });

  it("runs Python through its command, which prints the answer and nothing else", () => {
    expect(user("npx", ["sandglass", "run", "-c", "print(6*7)"])).toEqual({
      status: 0,
      stdout: "42\n",
      stderr: "",
    });
  });

  it("can be started from the checkout by the path in package.json", () => {
    const command = join(ROOT, own.bin.sandglass);
    expect(user(process.execPath, [command, "run", "-c", "print(6*7)"])).toEqual({
      status: 0,
      stdout: "42\n",
      stderr: "",
    });
  });

  it("runs Python in a page that a bundler made of it, under the policy that docs/embedding.md asks for", async () => {
    const policy = "default-src 'none'; script-src 'self'; frame-src 'self'; connect-src 'self'";
    expect(readFileSync(join(ROOT, "docs/embedding.md"), "utf8")).toMatch(
      /frame-src 'self';.*\nconnect-src 'self';/,
    );
    writeFileSync(
      join(project, "index.html"),
      `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>User</title>
       <body><script type="module" src="/page.js"></script></body>`,
    );
    writeFileSync(
      join(project, "page.js"),
      `import { Sandbox } from "sandglass";
       const sandbox = await Sandbox.create({ assetsUrl: "/assets/" });
       const execution = await sandbox.runCode("print(6*7)");
       await sandbox.kill();
       document.title = JSON.stringify([execution.status, execution.logs.stdout.join("")]);`,
    );
    await build({
      root: project,
      configFile: false,
      logLevel: "error",
      build: { outDir: join(project, "site", "playground"), target: "es2022" },
    });
    cpSync(join(project, "node_modules", "sandglass", "dist", "assets"), join(project, "site", "assets"), {
      recursive: true,
    });
    const server = await startServer({ root: join(project, "site"), port: 0, isolation: false });
    const browser = await chromium.launch({
      executablePath: await findChromium(),
      args: [...CHROMIUM_FLAGS],
    });
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      await page.goto(server.url);
      await page.waitForFunction(() => document.title !== "User", undefined, { timeout: 60_000 });
      expect(await page.title()).toBe('["completed","42\\n"]');
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  }, 120_000);

  it("takes no more of the disk than it says", () => {
    const modules = join(project, "node_modules");
    const sizes = {
      all: bytesUnder(modules),
      deno: bytesUnder(join(modules, "@deno")) + bytesUnder(join(modules, "deno")),
      assets: bytesUnder(join(modules, "sandglass", "dist", "assets")),
      library: bytesUnder(join(modules, "sandglass", "dist", "lib")),
    };
    const inMib = Object.entries(sizes).map(([name, bytes]) => `${name} ${(bytes / MIB).toFixed(1)} MiB`);
    console.log(`install size: ${inMib.join(", ")}`);
    expect(sizes.all - sizes.deno).toBeLessThan(MAX_INSTALL_BYTES);
  });
});

function user(command: string, args: string[]) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_)/i.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: project,
    encoding: "utf8",
    env: { ...env, npm_config_loglevel: "error", npm_config_offline: "true" },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  return { status, stdout, stderr };
}

function bytesUnder(folder: string): number {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}
