import type { Language } from "../../src/index.ts";

/** One program in some language: its source, or a module's fixture with its arguments. */
export interface Program {
  code?: string;
  /** A module in tests/fixtures/wasi, for `wasi`. */
  fixture?: string;
  args?: string[];
}

/** The same small tasks in every language, for `languageContract`. What a language has no way to do is left out. */
export interface Programs {
  language: Language;
  /** Prints "one" to stdout, then copies its stdin, if there is any, in upper or unchanged case. */
  echo: Program;
  /** Ends with exit code 3, after printing "before". */
  exit: Program;
  /** Fails by itself, with this error. */
  fail: Program & { error: { name: string; value: string; frame: string } };
  /** Prints for ever. */
  flood: Program;
  /** Writes until the quota refuses, and says so by printing a line with ENOSPC. */
  fill: Program;
  /** Takes memory until there is no more. */
  hog: Program;
  /** Asks "name? " and answers "hello, NAME". */
  ask: Program;
  /** Leaves a value behind, and reads it; computes for ever. */
  state?: { keep: Program; read: Program; text: string; loop: Program };
  /** Breaks its engine; nothing is known that breaks QuickJS on every host. */
  crash?: Program;
}

export const PYTHON: Programs = {
  language: "python",
  echo: { code: "import sys\nprint('one')\nsys.stdout.write(sys.stdin.read())" },
  exit: { code: "import sys\nprint('before')\nsys.exit(3)" },
  fail: {
    code: "def f():\n    raise ValueError('no ü')\nf()",
    error: { name: "ValueError", value: "no ü", frame: 'File "/workspace/main.py", line 2, in f' },
  },
  flood: { code: "while True: print('x' * 79)" },
  fill: {
    code: "import errno\ntry:\n    with open('big', 'wb') as f:\n        while True: f.write(b'q' * 65536)\nexcept OSError as e:\n    print(errno.errorcode[e.errno])\n    raise",
  },
  hog: { code: "kept = []\nwhile True: kept.append(bytes(1_000_000))" },
  ask: { code: "print('hello, ' + input('name? '))" },
  state: {
    keep: { code: "kept = 'here'" },
    read: { code: "kept" },
    text: "'here'",
    loop: { code: "while True: pass" },
  },
  crash: { code: "import os\nos.abort()" },
};

export const JAVASCRIPT: Programs = {
  language: "javascript",
  echo: { code: "console.log('one'); process.stdout.write(require('fs').readFileSync(0, 'utf8'))" },
  exit: { code: "console.log('before'); process.exit(3)" },
  fail: {
    code: "function f() {\n  throw new RangeError('no ü')\n}\nf()",
    error: { name: "RangeError", value: "no ü", frame: "/workspace/main.js:2" },
  },
  flood: { code: "for (;;) console.log('x'.repeat(79))" },
  fill: {
    code: "const fs = require('fs'); try { for (;;) fs.appendFileSync('big', 'q'.repeat(65536)) } catch (e) { console.log(e.code); throw e }",
  },
  hog: { code: "const kept = []; for (;;) kept.push(new Uint8Array(1_000_000).fill(1))" },
  ask: { code: "console.log('hello, ' + await input('name? '))" },
  state: {
    keep: { code: "const kept = 'here'" },
    read: { code: "kept" },
    text: "'here'",
    loop: { code: "for (;;);" },
  },
};

export const TYPESCRIPT: Programs = {
  ...JAVASCRIPT,
  language: "typescript",
  fail: {
    code: "function f(why: string): never {\n  throw new RangeError(why)\n}\nf('no ü' as string)",
    error: { name: "RangeError", value: "no ü", frame: "/workspace/main.ts:2" },
  },
  state: {
    keep: { code: "const kept: string = 'here'" },
    read: { code: "kept satisfies string" },
    text: "'here'",
    loop: { code: "for (let n: number = 0; ; n++);" },
  },
};

export const WASI: Programs = {
  language: "wasi",
  echo: { fixture: "cat" },
  exit: { fixture: "ending", args: ["exit", "3"] },
  fail: {
    fixture: "ending",
    args: ["unreachable"],
    error: { name: "trap", value: "unreachable", frame: "main" },
  },
  flood: { fixture: "flood" },
  fill: { fixture: "quota" },
  hog: { fixture: "grow" },
  ask: { fixture: "greet" },
  crash: { fixture: "ending", args: ["unreachable"] },
};
