import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readReferences } from "../scripts/imports/read-references.mjs";
import { findLayerFaults } from "./support/layers.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

function readSources(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ["src", "workers"]) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(path.slice(ROOT.length).replaceAll("\\", "/"), readFileSync(path, "utf8"));
    }
  }
  return files;
}

/** Problems of one file among others that are empty. */
function problemsOf(file: string, source: string, others: Record<string, string> = {}): string[] {
  const files = new Map([[file, source], ...Object.entries(others)]);
  return findLayerFaults(files).map((fault) => `${fault.file}:${fault.line} ${fault.problem}`);
}

describe("the project's own sources", () => {
  it("import only what their layer may", () => {
    const files = readSources();
    expect(files.size).toBeGreaterThan(50);
    expect(findLayerFaults(files)).toEqual([]);
  });
});

describe("a planted violation is found", () => {
  it.each([
    ["a door past the index", "src/cli/run.ts", "../client/sandbox.ts", "door may not import client"],
    ["a door into the cage", "src/playground/app.tsx", "../engine/engine.ts", "door may not import engine"],
    [
      "the client into a host",
      "src/client/sandbox.ts",
      "../hosts/node/open-cage.ts",
      "client may not import hosts",
    ],
    [
      "the client into the cage",
      "src/client/sandbox.ts",
      "../engine/engine.ts",
      "client may not import engine",
    ],
    ["the client into the files", "src/client/sandbox.ts", "../vfs/vfs.ts", "client may not import vfs"],
    [
      "a host into the cage",
      "src/hosts/browser/x.ts",
      "../../engine/engine.ts",
      "hosts may not import engine",
    ],
    ["the protocol up", "src/protocol/api.ts", "../client/sandbox.ts", "protocol may not import client"],
    ["the protocol down", "src/protocol/api.ts", "../vfs/filesystem.ts", "protocol may not import vfs"],
    ["the engine up", "src/engine/engine.ts", "../client/sandbox.ts", "engine may not import client"],
    [
      "a worker to a runtime",
      "workers/w.ts",
      "../src/runtimes/registry.ts",
      "workers may not import runtimes",
    ],
    ["a worker to the client", "workers/w.ts", "../src/client/sandbox.ts", "workers may not import client"],
    [
      "a runtime to the engine",
      "src/runtimes/wasi/a.ts",
      "../../engine/run.ts",
      "runtimes may not import engine",
    ],
    ["the files up", "src/vfs/vfs.ts", "../runtimes/runtime.ts", "vfs may not import runtimes"],
    ["the files to the wire", "src/vfs/vfs.ts", "../protocol/api.ts", "vfs may not import protocol"],
    [
      "the binaries into the cage",
      "src/wasm/a.ts",
      "../runtimes/wasi/abi.ts",
      "wasm may not import runtimes",
    ],
    ["a door into the binaries", "src/cli/a.ts", "../wasm/inspect.ts", "door may not import wasm"],
    ["the policy up", "src/policy/limits.ts", "../vfs/vfs.ts", "policy may not import vfs"],
    ["the errors up", "src/errors.ts", "./policy/limits.ts", "errors may not import policy"],
    ["a door from below", "src/client/sandbox.ts", "../cli/main.ts", "client may not import door"],
    ["a door from the index", "src/index.ts", "./cli/main.ts", "index may not import door"],
  ])("%s", (_what, file, specifier, rule) => {
    const [, target] = /(?:\.\.?\/)+(.*)/.exec(specifier) ?? [];
    const named = `src/${target?.replace("src/", "")}`;
    expect(problemsOf(file, `import { x } from "${specifier}";`)).toEqual([
      `${file}:1 imports ${named}: ${rule}`,
    ]);
    // Types are no way around.
    expect(problemsOf(file, `import type { x } from "${specifier}";`)).toHaveLength(1);
  });

  it.each([
    ["a static import", `\nimport { x } from "../engine/engine.ts";`],
    ["an import for its effect", `\nimport "../engine/engine.ts";`],
    ["a dynamic import", `\nconst x = await import("../engine/engine.ts");`],
    ["a dynamic import of a template", `\nconst x = await import(\`../engine/engine.ts\`);`],
    ["a re-export", `\nexport { x } from "../engine/engine.ts";`],
    ["a re-export of everything", `\nexport * from "../engine/engine.ts";`],
    ["a type import", `\nimport type { x } from "../engine/engine.ts";`],
    ["an import in a type", `\ntype X = import("../engine/engine.ts").X;`],
    ["an address", `\nnew Worker(new URL("../engine/engine.js", import.meta.url));`],
    ["a query at its end", `\nimport x from "../engine/engine.ts?worker";`],
  ])("by %s", (_how, source) => {
    expect(problemsOf("src/client/a.ts", source)).toEqual([
      "src/client/a.ts:2 imports src/engine/engine.ts: client may not import engine",
    ]);
  });

  it("a door that imports another door", () => {
    expect(problemsOf("src/embed/frame.ts", `import "../playground/app.ts";`)).toEqual([
      "src/embed/frame.ts:1 imports another door: src/playground/app.ts",
    ]);
  });

  it("a host that imports the other host, and an entry with the wrong one", () => {
    expect(problemsOf("src/hosts/browser/a.ts", `import "../node/b.ts";`)).toEqual([
      "src/hosts/browser/a.ts:1 imports the other host: src/hosts/node/b.ts",
    ]);
    for (const entry of ["src/index.ts", "src/index.browser.ts"]) {
      expect(problemsOf(entry, `import "./hosts/node/b.ts";`)).toEqual([
        `${entry}:1 imports src/hosts/node/b.ts, which is not this entry's host`,
      ]);
    }
  });

  it("a runtime that imports another runtime", () => {
    expect(problemsOf("src/runtimes/python/a.ts", `import "../wasi/b.ts";`)).toEqual([
      "src/runtimes/python/a.ts:1 imports src/runtimes/wasi/b.ts: only registry.ts knows more than one runtime",
    ]);
  });

  it.each([
    ["src/runtimes/wasi/a.ts", "src/protocol/schema.ts"],
    ["src/hosts/node/a.ts", "src/client/options.ts"],
  ])("%s that runs %s, of which it may know the types", (file, target) => {
    const specifier = `../../${target.replace("src/", "")}`;
    expect(problemsOf(file, `import { x } from "${specifier}";`)).toEqual([
      `${file}:1 imports ${target} for more than its types`,
    ]);
    expect(problemsOf(file, `import { x, type Y } from "${specifier}";`)).toHaveLength(1);
    expect(problemsOf(file, `import { type X } from "${specifier}";`)).toEqual([]);
    expect(problemsOf(file, `import type { X } from "${specifier}";`)).toEqual([]);
  });

  it.each(["node:fs", "fs", "fs/promises"])("%s outside of the server's own folders", (specifier) => {
    expect(problemsOf("src/client/a.ts", `import "${specifier}";`)).toEqual([
      `src/client/a.ts:1 uses ${specifier}, which only hosts/node, cli, http, mcp and *.node.ts may`,
    ]);
    for (const file of ["src/hosts/node/a.ts", "src/cli/a.ts", "src/index.node.ts"]) {
      expect(problemsOf(file, `import "${specifier}";`)).toEqual([]);
    }
  });

  it("product code that imports a test, and a folder nobody placed", () => {
    expect(problemsOf("src/vfs/a.ts", `import "./a.contract.ts";`)).toEqual([
      "src/vfs/a.ts:1 imports src/vfs/a.contract.ts, which is test code",
    ]);
    expect(problemsOf("src/vfs/a.ts", `import "../../tests/support/x.ts";`)).toEqual([
      "src/vfs/a.ts:1 imports tests/support/x.ts, which is not shipped",
    ]);
    expect(problemsOf("src/misc/a.ts", `import "../errors.ts";`)).toEqual([
      "src/misc/a.ts:1 is in no layer: add its folder to the table",
    ]);
  });

  it("a circle, within a layer too", () => {
    expect(
      problemsOf("src/vfs/a.ts", `import "./b.ts";`, {
        "src/vfs/b.ts": `export * from "./c.ts";`,
        "src/vfs/c.ts": `const a = import("./a.ts");`,
      }),
    ).toEqual(["src/vfs/a.ts:1 imports itself: src/vfs/a.ts → src/vfs/b.ts → src/vfs/c.ts → src/vfs/a.ts"]);
  });
});

describe("what is allowed stays allowed", () => {
  it.each([
    ["src/cli/run.ts", "../index.node.ts"],
    ["src/playground/app.tsx", "./lib/format.ts"],
    ["src/index.node.ts", "./hosts/node/open-cage.ts"],
    ["src/hosts/node/open-cage.ts", "../../client/cage.ts"],
    ["src/hosts/node/open-cage.ts", "../shared.ts"],
    ["src/cli/args.ts", "../policy/languages.ts"],
    ["src/runtimes/python/python.ts", "../../protocol/assets.ts"],
    ["src/engine/engine.ts", "../runtimes/registry.ts"],
    ["src/runtimes/registry.ts", "./python/python.ts"],
    ["src/runtimes/python/python.ts", "../wasm-limits.ts"],
    ["workers/sandbox.worker.ts", "../src/engine/engine.ts"],
    ["src/vfs/a.test.ts", "../client/sandbox.ts"],
    ["src/index.ts", "./wasm/inspect.ts"],
    ["src/runtimes/wasi/a.ts", "../../wasm/reader.ts"],
    ["src/vfs/a.ts", "fflate"],
  ])("%s imports %s", (file, specifier) => {
    expect(problemsOf(file, `import { x } from "${specifier}";`)).toEqual([]);
  });

  it("a host enters a worker by its address", () => {
    const source = `new Worker(new URL("../../../workers/sandbox.worker.js", import.meta.url));`;
    expect(problemsOf("src/hosts/browser/a.ts", source)).toEqual([]);
  });

  it("words in strings and comments are not imports", () => {
    expect(
      readReferences("a.ts", `// import "x"\nconst s = 'import "y"'; /* import("z") */ f("./w.ts");`),
    ).toEqual([]);
  });
});
