import { readdirSync, readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { LANGUAGE_BY_EXTENSION, type Language } from "../../src/policy/languages.ts";

/** One program with everything it is given, and how it has to end on any host. */
export interface ParityCase {
  /** Unique; the program's path below `programs/`, or a name for a fixture with its arguments. */
  name: string;
  language: Language;
  code: Uint8Array;
  filename: string;
  args: string[];
  envs: Record<string, string>;
  /** Known beforehand, or asked for line by line. */
  stdin?: Uint8Array | string[];
  files: Record<string, Uint8Array>;
  status: "completed" | "failed" | "crashed";
  exitCode: number;
}

/** A case as plain data without bytes, for a page. */
export interface WireCase {
  language: Language;
  isBinary: boolean;
  /** Base64. */
  code: string;
  text: string;
  filename: string;
  args: string[];
  envs: Record<string, string>;
  stdin?: string;
  stdinLines?: string[];
  files: { path: string; content: string }[];
}

interface Given {
  args?: string[];
  envs?: Record<string, string>;
  stdin?: string | Uint8Array | string[];
  files?: Record<string, string | Uint8Array>;
  status?: ParityCase["status"];
  exitCode?: number;
}

const ALL_BYTES = Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff);
const ENVS = { GREETING: "γειά 👋", UNICODE: "ü", EMPTY: "", EQUALS: "a=b=c" };
const ARGS = ["plain", "with space", "ünï 👍", "", "--flag=1", "שלום"];
const TEXT = "first é\nsecond\n\nlast without end";

/** What a program is given beyond its own text, and how it ends where that is not plain success. */
const PROGRAMS: Readonly<Record<string, Given>> = {
  "python/argv-env.py": { args: ARGS, envs: ENVS },
  "python/asyncio-error.py": { exitCode: 1 },
  "python/crash-c-stack.py": { status: "crashed", exitCode: 134 },
  "python/error-chained.py": { exitCode: 1 },
  "python/error-group.py": { exitCode: 1 },
  "python/error-in-repr.py": { exitCode: 1 },
  "python/error-indent.py": { exitCode: 1 },
  "python/error-name-suggestion.py": { exitCode: 1 },
  "python/error-notes.py": { exitCode: 1 },
  "python/error-syntax.py": { exitCode: 1 },
  "python/error-traceback.py": { exitCode: 1 },
  "python/exit-code.py": { exitCode: 3 },
  "python/exit-message.py": { exitCode: 1 },
  "python/files-touch.py": {
    files: {
      "/workspace/read.txt": "read",
      "/workspace/same.txt": "same",
      "/workspace/changed.txt": "before",
      "/workspace/removed.txt": "x",
    },
  },
  "python/imports.py": {
    files: {
      "/workspace/helper.py": "def double(n):\n    return n * 2\n",
      "/workspace/package/__init__.py": "from .inner import VALUE\n",
      "/workspace/package/inner.py": "VALUE = 'v'\n\n\ndef where():\n    return __name__\n",
    },
  },
  "python/keyboard-interrupt.py": { exitCode: 130 },
  "python/recursion.py": { exitCode: 1 },
  "python/stdin-binary.py": { stdin: ALL_BYTES },
  "python/stdin-lines.py": { stdin: TEXT },
  "python/stdin-prompts.py": { stdin: ["Ann é", "41"] },
  "python/stdin-none.py": { exitCode: 1 },
  "python/text-lone-surrogate.py": { exitCode: 1 },
  "javascript/argv-env.js": { args: ARGS, envs: ENVS },
  "javascript/error-cause.js": { exitCode: 1 },
  "javascript/error-in-timer.js": { exitCode: 1 },
  "javascript/error-rejection.js": { exitCode: 1 },
  "javascript/error-syntax.js": { exitCode: 1 },
  "javascript/error-throw.js": { exitCode: 1 },
  "javascript/error-throw-value.js": { exitCode: 1 },
  "javascript/exit-code.js": { exitCode: 3 },
  "javascript/exit-code-property.js": { exitCode: 4 },
  "javascript/imports.js": {
    files: {
      "/workspace/helper.js": "export const double = (n) => n * 2;\nexport default 'helper';\n",
      "/workspace/lazy.mjs": "export const value = await Promise.resolve('lazy');\n",
      "/workspace/data.json": '{"key": "väl"}',
    },
  },
  "javascript/recursion.js": { exitCode: 1 },
  "javascript/stdin.js": { stdin: TEXT },
  "javascript/stdin-async.js": { stdin: ALL_BYTES },
  "typescript/error-position.ts": { exitCode: 1 },
  "typescript/error-syntax.ts": { exitCode: 1 },
  "typescript/modules.ts": {
    files: {
      "/workspace/rows.ts":
        "export interface Row { n: number }\nexport type Options = { round?: boolean };\n" +
        "export const total = (rows: Row[], o: Options): number => {\n" +
        "  const sum = rows.reduce((s, r) => s + r.n, 0);\n  return o.round ? Math.round(sum) : sum;\n};\n",
    },
  },
};

/** The WASI fixtures, by a name for what they are given. */
const MODULES: Readonly<Record<string, Given & { module: string }>> = {
  "wasi/aggregate": {
    module: "aggregate",
    args: ["in.csv", "out/summary.json"],
    files: {
      "/workspace/in.csv": "region,product,amount\nnorth,a,1.5\nsüd,b,2.25\nnorth,c,1e3\n",
      "/workspace/out/keep": "",
    },
  },
  "wasi/aggregate without arguments": { module: "aggregate", exitCode: 2 },
  "wasi/arguments": { module: "arguments", args: ARGS, envs: ENVS },
  "wasi/cat": { module: "cat", stdin: ALL_BYTES },
  "wasi/cat with nothing": { module: "cat" },
  "wasi/clocks": { module: "clocks" },
  "wasi/descriptors": { module: "descriptors" },
  "wasi/ending by exit": { module: "ending", args: ["exit", "42"], exitCode: 42 },
  "wasi/ending by return": { module: "ending", args: ["return", "7"], exitCode: 7 },
  "wasi/ending by unreachable": { module: "ending", args: ["unreachable"], status: "crashed", exitCode: 134 },
  "wasi/ending by division": { module: "ending", args: ["divide"], status: "crashed", exitCode: 134 },
  "wasi/ending by memory access": { module: "ending", args: ["beyond"], status: "crashed", exitCode: 134 },
  "wasi/ending by stack": { module: "ending", args: ["dive"], status: "crashed", exitCode: 134 },
  "wasi/files": { module: "files" },
  "wasi/greet": { module: "greet", stdin: ["Ann é", "Böb"] },
  "wasi/lisp": {
    module: "lisp",
    args: ["fib.lisp"],
    files: {
      "/workspace/fib.lisp":
        "(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))\n(print (fib 18))\n(print (/ 1 3))\n(print '(a (b) c))\n",
    },
  },
  "wasi/paths": { module: "paths" },
  "wasi/poll": { module: "poll", stdin: "a line\n" },
  "wasi/random": { module: "random" },
  "wasi/wordcount": {
    module: "wordcount",
    args: ["."],
    files: {
      "/workspace/a.txt": "one two\nthree\n",
      "/workspace/sub/b.txt": "é 👍\n",
      "/workspace/empty": "",
    },
  },
};

const HERE = fileURLToPath(new URL(".", import.meta.url));
const encoder = new TextEncoder();
const toBytes = (content: string | Uint8Array) =>
  typeof content === "string" ? encoder.encode(content) : content;

/** Every case there is. Fails on an option that belongs to no program. */
export function loadCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  const unused = new Set(Object.keys(PROGRAMS));
  for (const folder of ["python", "javascript", "typescript"]) {
    for (const file of readdirSync(`${HERE}programs/${folder}`).sort()) {
      const name = `${folder}/${file}`;
      unused.delete(name);
      const language = LANGUAGE_BY_EXTENSION[extname(file)];
      if (language === undefined) throw new Error(`programs/${name} has no language`);
      const code = new Uint8Array(readFileSync(`${HERE}programs/${name}`));
      cases.push(createCase(name, language, code, `/workspace/${file}`, PROGRAMS[name] ?? {}));
    }
  }
  if (unused.size > 0) throw new Error(`There is no program for ${[...unused].join(", ")}`);
  for (const [name, given] of Object.entries(MODULES)) {
    const code = new Uint8Array(readFileSync(`${HERE}../fixtures/wasi/${given.module}.wasm`));
    cases.push(createCase(name, "wasi", code, `/workspace/${basename(given.module)}.wasm`, given));
  }
  return cases;
}

function createCase(
  name: string,
  language: Language,
  code: Uint8Array,
  filename: string,
  given: Given,
): ParityCase {
  const exitCode = given.exitCode ?? 0;
  return {
    name,
    language,
    code,
    filename,
    args: given.args ?? [],
    envs: given.envs ?? {},
    ...(given.stdin === undefined
      ? {}
      : { stdin: Array.isArray(given.stdin) ? given.stdin : toBytes(given.stdin) }),
    files: Object.fromEntries(
      Object.entries(given.files ?? {}).map(([path, content]) => [path, toBytes(content)]),
    ),
    status: given.status ?? (exitCode === 0 ? "completed" : "failed"),
    exitCode,
  };
}

/** For sending into a page. */
export function toWireCase(item: ParityCase): WireCase {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const { language, filename, args, envs, stdin } = item;
  return {
    language,
    isBinary: language === "wasi",
    code: base64(item.code),
    text: language === "wasi" ? "" : new TextDecoder().decode(item.code),
    filename,
    args,
    envs,
    ...(stdin instanceof Uint8Array ? { stdin: base64(stdin) } : {}),
    ...(Array.isArray(stdin) ? { stdinLines: stdin } : {}),
    files: Object.entries(item.files).map(([path, bytes]) => ({ path, content: base64(bytes) })),
  };
}
