import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { HELP } from "../src/cli/help.ts";
import { LANGUAGE_BY_EXTENSION, LANGUAGES } from "../src/policy/languages.ts";
import { DEFAULT_LIMITS } from "../src/policy/limits.ts";
import { ASSETS, ASSETS_BY_LANGUAGE, type AssetManifest } from "../src/protocol/assets.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md"),
);

interface Example {
  line: number;
  language: string;
  code: string;
  /** What the page says it prints, in the ```text output block right after. */
  output: string | undefined;
}

/** Fenced blocks of a page that say they can be run. */
function readExamples(markdown: string): Example[] {
  const blocks = [...markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: info = "", 2: code = "" }) => ({
      line: markdown.slice(0, index).split("\n").length,
      info: info.trim(),
      code,
    }),
  );
  return blocks.flatMap(({ line, info, code }, at) => {
    const language = /^(ts|sh) runnable$/.exec(info)?.[1];
    if (language === undefined) return [];
    const next = blocks[at + 1];
    return [{ line, language, code, output: next?.info === "text output" ? next.code : undefined }];
  });
}

/** A user's project in which the built package is installed. */
let project: string;

beforeAll(() => {
  if (!existsSync(join(ROOT, "dist", "lib", "index.node.js"))) throw new Error("Run `npm run build` first.");
  project = mkdtempSync(join(tmpdir(), "sandglass-docs-"));
  writeFileSync(join(project, "package.json"), `{ "name": "reader", "version": "1.0.0", "type": "module" }`);
  mkdirSync(join(project, "node_modules", ".bin"), { recursive: true });
  symlinkSync(ROOT, join(project, "node_modules", "sandglass"), "junction");
  const { bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    bin: { sandglass: string };
  };
  symlinkSync(join(ROOT, bin.sandglass), join(project, "node_modules", ".bin", "sandglass"));
  symlinkSync(join(ROOT, "examples"), join(project, "examples"), "junction");
});
afterAll(() => {
  if (project) rmSync(project, { recursive: true });
});

async function run({ language, code }: Pick<Example, "language" | "code">) {
  let command = "bash";
  let args = ["-euo", "pipefail", "-c", code];
  if (language === "ts") {
    const file = join(project, "example.js");
    writeFileSync(file, await lower(code));
    command = process.execPath;
    args = [file];
  }
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_)/i.test(name)),
  );
  const child = spawn(command, args, {
    cwd: project,
    env: { ...env, npm_config_offline: "true", npm_config_loglevel: "error" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  return { status, stdout, stderr };
}

/** The example without its types and, as `await using` is newer than Node 20, in the words of ES2022. */
async function lower(code: string): Promise<string> {
  const entry = join(project, "example.ts");
  writeFileSync(entry, code);
  const result = await build({
    root: project,
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      minify: false,
      lib: { entry, formats: ["es"] },
      rollupOptions: { external: ["sandglass", /^node:/] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && "output" in output ? output.output[0] : undefined;
  if (!chunk) throw new Error("The example made no code");
  return chunk.code;
}

describe.each(PAGES)("%s", (page) => {
  const markdown = readFileSync(join(ROOT, page), "utf8");

  it.each(readExamples(markdown))("runs its example at line $line", async ({ output, ...example }) => {
    const { status, stdout, stderr } = await run(example);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    if (output !== undefined) expect(stdout).toBe(output);
  });

  it("links only to files that are there", () => {
    const targets = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
    const local = targets
      .filter((target) => !/^(https?:|#)/.test(target))
      .map((target) => target.replace(/#.*/, ""));
    const missing = local.filter((target) => !existsSync(join(ROOT, dirname(page), target)));
    expect(missing).toEqual([]);
  });
});

/** Rows of a page's first table whose head starts with a word, cell by cell, without their code marks. */
function readTable(page: string, firstHead: string): string[][] {
  const lines = readFileSync(join(ROOT, page), "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${firstHead} |`));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("the figures in the pages", () => {
  it("state the limits as they are, and flags that the command line knows", () => {
    const rows = readTable("README.md", "limit");
    const mib = (bytes: number) => `${bytes / 2 ** 20} MiB`;
    expect(rows.map(([name, value]) => [name, value])).toEqual([
      ["timeoutMs", DEFAULT_LIMITS.timeoutMs.toLocaleString("en")],
      ["memoryBytes", mib(DEFAULT_LIMITS.memoryBytes)],
      ["outputBytes", mib(DEFAULT_LIMITS.outputBytes)],
      ["fileBytes", mib(DEFAULT_LIMITS.fileBytes)],
    ]);
    expect(rows.filter(([, , flag = ""]) => !HELP.includes(`${flag} `))).toEqual([]);
  });

  it("list every language with its endings and the size of its assets", () => {
    const manifest: AssetManifest = JSON.parse(readFileSync(join(ROOT, "dist/assets/manifest.json"), "utf8"));
    const megabytes = (names: readonly string[], digits: number) =>
      (names.reduce((sum, name) => sum + (manifest.assets[name]?.bytes ?? 0), 0) / 1e6).toFixed(digits);
    const endings = (language: string) =>
      Object.entries(LANGUAGE_BY_EXTENSION).flatMap(([ending, of]) => (of === language ? [ending] : []));
    const rows = readTable("docs/runtimes.md", "name");
    expect(rows.map(([name, listed]) => [name, listed])).toEqual(
      LANGUAGES.map((language) => [language, endings(language).join(" ")]),
    );
    const javascript = [ASSETS.quickjsWasm, ASSETS.javascriptSnapshot].map(
      (name) => `${megabytes([name], 1)} MB`,
    );
    const python = ASSETS_BY_LANGUAGE.python.filter((name) => name !== ASSETS.pythonSnapshot);
    expect(rows.map((cells) => cells[4]?.match(/[\d.]+ MB/g) ?? [])).toEqual([
      [`${megabytes(python, 1)} MB`, `${megabytes([ASSETS.pythonSnapshot], 0)} MB`],
      javascript,
      [...javascript, `${megabytes([ASSETS.stripTypesWasm], 1)} MB`],
      [],
    ]);
  });

  it("name every exit code of the command line that the guest did not choose", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    for (const code of [EXIT_CODES.timedOut, EXIT_CODES.killed, EXIT_CODES.sandboxFailed, EXIT_CODES.usage]) {
      expect(readme).toMatch(new RegExp(`\\b${code}\\b`));
    }
  });
});

describe("an example in a page", () => {
  it("is found with the output that stands after it", () => {
    const page =
      "# A\n```ts runnable\nf();\n```\ngives\n```text output\n1\n```\n```ts\nnot run\n```\n```sh runnable\nls\n```\n";
    expect(readExamples(page)).toEqual([
      { line: 2, language: "ts", code: "f();\n", output: "1\n" },
      { line: 12, language: "sh", code: "ls\n", output: undefined },
    ]);
  });

  it("that fails is noticed", async () => {
    expect((await run({ language: "ts", code: "throw new Error('no');" })).status).toBe(1);
    expect((await run({ language: "sh", code: "false | cat" })).status).toBe(1);
  });
});
