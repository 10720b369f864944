import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Language } from "../../src/policy/languages.ts";
import type { Limits } from "../../src/policy/limits.ts";
import type { ExecutionStatus } from "../../src/protocol/api.ts";

/** Code that behaves as badly as it can, and what its caller gets. */
export interface Scenario {
  name: string;
  language: Language;
  code: string;
  /** A module instead of code. */
  moduleBase64?: string;
  args?: string[];
  limits: Partial<Limits>;
  timeoutMs: number;
  expected: {
    /** More than one where the guest's own error and the sandbox's verdict are both right. */
    status: ExecutionStatus[];
    exitCode?: number;
    errorName?: string;
    /** What was printed before it went wrong. */
    stdout?: string;
    stdoutBytes?: number;
    artifacts?: string[];
    /** The run has to be over by then, counted as `runMs`. */
    withinMs?: number;
  };
}

/** A run that has to be stopped is over this long after its deadline. */
const STOP_WITHIN_MS = 500;
/** A flood of output is over by then: the same table. */
const FLOOD_WITHIN_MS = 1000;
const TIMEOUT_MS = 800;
const OUTPUT_BYTES = 200_000;
const MEMORY_BYTES = 96 * 2 ** 20;
const FILE_BYTES = 4 * 2 ** 20;

const timedOut = (name: string, language: Language, code: string, stdout = ""): Scenario => ({
  name,
  language,
  code,
  limits: {},
  timeoutMs: TIMEOUT_MS,
  expected: { status: ["timed-out"], exitCode: 124, stdout, withinMs: TIMEOUT_MS + STOP_WITHIN_MS },
});

const flood = (name: string, language: Language, code: string): Scenario => ({
  name,
  language,
  code,
  limits: { outputBytes: OUTPUT_BYTES },
  timeoutMs: 20_000,
  expected: {
    status: ["output-limit"],
    exitCode: 153,
    stdoutBytes: OUTPUT_BYTES,
    withinMs: FLOOD_WITHIN_MS,
  },
});

const hungry = (name: string, language: Language, code: string, errorName: string): Scenario => ({
  name,
  language,
  code,
  limits: { memoryBytes: MEMORY_BYTES },
  timeoutMs: 20_000,
  expected: { status: ["out-of-memory", "failed"], errorName, stdout: "before\n" },
});

const crash = (name: string, code: string, expected: Scenario["expected"]): Scenario => ({
  name,
  language: "python",
  code: `print("before", flush=True)\n${code}`,
  limits: {},
  timeoutMs: 20_000,
  expected: { stdout: "before\n", ...expected },
});

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/wasi/${name}.wasm`, import.meta.url))).toString("base64");

/** `(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))` */
const ENDLESS_LOOP = Buffer.from(
  "0061736d01000000010401600000030201000503010001071302066d656d6f72790200065f737461727400000a0901070003400c000b0b",
  "hex",
).toString("base64");

const wasi = (
  name: string,
  module: string,
  args: string[],
  rest: Pick<Scenario, "limits" | "timeoutMs" | "expected">,
) => ({
  name,
  language: "wasi" as const,
  code: "",
  moduleBase64: module,
  args,
  ...rest,
});

export const SCENARIOS: readonly Scenario[] = [
  timedOut("python: while True", "python", "print('on')\nwhile True: pass", "on\n"),
  timedOut("python: a loop inside C", "python", "sum(range(10**12))"),
  timedOut("python: a sleep without end", "python", "import time\nprint('on')\ntime.sleep(1e9)", "on\n"),
  timedOut("python: an await without end", "python", "import asyncio\nawait asyncio.Event().wait()"),
  timedOut("python: a big power", "python", "x = 7 ** (7 ** 9)"),
  timedOut(
    "python: a regular expression that backtracks",
    "python",
    "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
  ),
  timedOut(
    "python: a loop that catches everything",
    "python",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
  ),
  timedOut("javascript: for (;;)", "javascript", "console.log('on'); for (;;);", "on\n"),
  timedOut(
    "javascript: a promise without end",
    "javascript",
    "await new Promise(() => setInterval(() => {}, 10));",
  ),
  timedOut(
    "javascript: microtasks without end",
    "javascript",
    "const next = () => Promise.resolve().then(next); await next();",
  ),
  timedOut(
    "javascript: a loop that catches everything",
    "javascript",
    "for (;;) { try { for (;;); } catch {} finally { continue; } }",
  ),
  timedOut(
    "javascript: a regular expression that backtracks",
    "javascript",
    "/^(a+)+$/.test('a'.repeat(60) + 'b');",
  ),
  wasi("wasi: a loop without calls", ENDLESS_LOOP, [], {
    limits: {},
    timeoutMs: TIMEOUT_MS,
    expected: { status: ["timed-out"], exitCode: 124, withinMs: TIMEOUT_MS + STOP_WITHIN_MS },
  }),

  hungry(
    "python: a list bomb",
    "python",
    "print('before')\nall = []\nwhile True: all.append(bytearray(10**6))",
    "MemoryError",
  ),
  // More than a 32-bit index can count: refused before any memory is asked for.
  hungry("python: a 10 GB string", "python", "print('before')\ntext = 'x' * 10**10", "OverflowError"),
  hungry(
    "python: a string that doubles",
    "python",
    "print('before')\ntext = 'x'\nwhile True: text += text",
    "MemoryError",
  ),
  hungry(
    "javascript: an array bomb",
    "javascript",
    "console.log('before'); const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));",
    "InternalError",
  ),
  hungry(
    "javascript: a string that doubles",
    "javascript",
    "console.log('before'); let text = 'x'; for (;;) text += text;",
    "InternalError",
  ),
  wasi("wasi: memory without end is refused to the program, which lives on", fixture("grow"), [], {
    limits: { memoryBytes: 32 * 2 ** 20 },
    timeoutMs: 20_000,
    expected: { status: ["completed"], exitCode: 0 },
  }),

  {
    name: "python: a file bomb sees ENOSPC",
    language: "python",
    code: [
      "import errno",
      "written = 0",
      "with open('big', 'wb', buffering=0) as file:",
      "    try:",
      "        while True: written += file.write(bytes(65536))",
      "    except OSError as error:",
      "        print(errno.errorcode[error.errno], written <= 4 * 2**20)",
      "import os; os.remove('big')",
      "open('small', 'w').write('fits again')",
    ].join("\n"),
    limits: { fileBytes: FILE_BYTES },
    timeoutMs: 20_000,
    expected: { status: ["completed"], stdout: "ENOSPC True\n", artifacts: ["/workspace/small"] },
  },
  {
    name: "python: a file bomb nobody catches",
    language: "python",
    code: "with open('big', 'wb') as file:\n    while True: file.write(bytes(65536))",
    limits: { fileBytes: FILE_BYTES },
    timeoutMs: 20_000,
    expected: { status: ["file-limit"], exitCode: 1, errorName: "OSError" },
  },
  {
    name: "python: a bomb of empty files",
    language: "python",
    code: "n = 0\nwhile True:\n    open(f'f{n}', 'w').close()\n    n += 1",
    limits: { fileBytes: 2 ** 20 },
    timeoutMs: 60_000,
    expected: { status: ["file-limit"], exitCode: 1, errorName: "OSError" },
  },
  {
    name: "javascript: a file bomb sees ENOSPC",
    language: "javascript",
    code: [
      "const fs = await import('node:fs');",
      "try { for (;;) fs.appendFileSync('big', new Uint8Array(65536)); } catch (error) { console.log(error.code); }",
    ].join("\n"),
    limits: { fileBytes: FILE_BYTES },
    timeoutMs: 20_000,
    expected: { status: ["completed"], stdout: "ENOSPC\n", artifacts: ["/workspace/big"] },
  },
  wasi("wasi: a full disk sees ENOSPC and goes on", fixture("quota"), [], {
    limits: { fileBytes: FILE_BYTES },
    timeoutMs: 20_000,
    expected: { status: ["completed"], exitCode: 0, artifacts: ["/workspace/big"] },
  }),

  flood("python: 1 GB of lines", "python", "for _ in range(10**7): print('x' * 99)"),
  flood("python: 1 GB at once", "python", "print('x' * 10**7, flush=True)\nwhile True: print('x' * 10**7)"),
  flood("python: one endless line", "python", "import sys\nwhile True: sys.stdout.write('xy')"),
  flood("python: bytes past the text layer", "python", "import os\nwhile True: os.write(1, b'x' * 1000)"),
  flood("javascript: 1 GB of lines", "javascript", "for (;;) console.log('x'.repeat(99));"),
  flood("javascript: one endless line", "javascript", "for (;;) process.stdout.write('x'.repeat(50));"),
  wasi("wasi: lines without end", fixture("flood"), [], {
    limits: { outputBytes: OUTPUT_BYTES },
    timeoutMs: 20_000,
    expected: {
      status: ["output-limit"],
      exitCode: 153,
      stdoutBytes: OUTPUT_BYTES,
      withinMs: FLOOD_WITHIN_MS,
    },
  }),
  wasi("wasi: one endless line", fixture("flood"), ["line"], {
    limits: { outputBytes: OUTPUT_BYTES },
    timeoutMs: 20_000,
    expected: {
      status: ["output-limit"],
      exitCode: 153,
      stdoutBytes: OUTPUT_BYTES,
      withinMs: FLOOD_WITHIN_MS,
    },
  }),

  crash("python: a segmentation fault", "import faulthandler\nfaulthandler._sigsegv()", {
    status: ["crashed"],
  }),
  crash("python: abort", "import os\nos.abort()", { status: ["crashed"] }),
  crash("python: os._exit(3)", "import os\nos._exit(3)", { status: ["crashed", "failed"], exitCode: 3 }),
  crash("python: a C stack overflow", "import json\njson.loads('[' * 10**6)", {
    status: ["crashed", "failed"],
  }),
  crash(
    "python: a stack overflow without a recursion limit",
    "import sys\nsys.setrecursionlimit(10**9)\ndef down(): down()\ndown()",
    { status: ["crashed", "failed"] },
  ),
  crash("python: recursion without end", "def down(): down()\ndown()", {
    status: ["failed"],
    exitCode: 1,
    errorName: "RecursionError",
  }),
  crash("python: a syntax error in what it evaluates", "eval('1 +')", {
    status: ["failed"],
    exitCode: 1,
    errorName: "SyntaxError",
  }),
  {
    name: "javascript: recursion without end",
    language: "javascript",
    code: "console.log('before'); const down = () => down() + 1; down();",
    limits: {},
    timeoutMs: 20_000,
    expected: { status: ["failed"], exitCode: 1, stdout: "before\n" },
  },
  wasi("wasi: a trap", fixture("ending"), ["unreachable"], {
    limits: {},
    timeoutMs: 20_000,
    expected: { status: ["crashed"], exitCode: 134, stdout: "before\n" },
  }),
  wasi("wasi: abort", fixture("ending"), ["abort"], {
    limits: {},
    timeoutMs: 20_000,
    expected: { status: ["crashed"], exitCode: 134, stdout: "before\n" },
  }),
  wasi("wasi: a stack overflow", fixture("ending"), ["dive"], {
    limits: {},
    timeoutMs: 20_000,
    expected: { status: ["crashed"], exitCode: 134, stdout: "before\n" },
  }),
];
