import { CALL_CASES } from "./calls.cases.ts";
import { RUST_CASES } from "./rust.cases.ts";
import * as expected from "./wasi.expected.ts";
import type { WasiCase } from "./wasi.testkit.ts";

const ORDERS = `region,product,amount
North,tea,12.50
South,coffee,7
North,coffee,30.25
"Ost ☃",tea,1
South,tea,oops
South,tea,2.75
`;
const REPORT = `{
  "rows": 5,
  "skipped": 1,
  "regions": [
    { "region": "\\"Ost ☃\\"", "count": 1, "sum": 1.00, "mean": 1.0000, "min": 1, "max": 1 },
    { "region": "North", "count": 2, "sum": 42.75, "mean": 21.3750, "min": 12.5, "max": 30.25 },
    { "region": "South", "count": 2, "sum": 9.75, "mean": 4.8750, "min": 2.75, "max": 7 }
  ]
}
`;
const PROGRAM = `; squares, Fibonacci, a closure
(define map (lambda (f list) (if (null? list) () (cons (f (car list)) (map f (cdr list))))))
(define square (lambda (n) (* n n)))
(print 'squares (map square '(1 2 3 4)))
(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))
(print 'fib (fib 20))
(define adder (lambda (n) (lambda (m) (+ n m))))
(print ((adder 40) 2) (let ((x 2) (y 3)) (/ x y)))
`;

/** The behaviours of preview 1 as programs meet them. */
export const WASI_CASES: readonly WasiCase[] = [
  {
    title: "arguments and variables arrive as UTF-8, measured in bytes",
    fixture: "arguments",
    args: ["plain", "", "naïve ☃", "𝒳 & \n"],
    envs: { PLAIN: "1", GREETING: "grüß dich", EMPTY: "", MATH: "a=b" },
    expected: { ended: "exited", exitCode: 0, stdout: expected.ARGUMENTS },
  },
  {
    title: "no arguments and no variables",
    fixture: "arguments",
    expected: { ended: "exited", exitCode: 0, stdout: "1 arguments\n0 [arguments.wasm] 14\n0 variables\n" },
  },
  {
    title: "stdin is copied to stdout, stderr is another stream",
    fixture: "cat",
    stdin: "line one\nno newline ☃",
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: "line one\nno newline ☃",
      stderr: "23 bytes\n",
    },
  },
  {
    title: "an empty stdin ends at once",
    fixture: "cat",
    expected: { ended: "exited", exitCode: 0, stdout: "", stderr: "0 bytes\n" },
  },
  {
    title: "a tree is listed by name and every file in it is read",
    fixture: "wordcount",
    args: ["/workspace/docs", "more", "nowhere"],
    files: {
      "/workspace/docs/b.txt": "two words\n",
      "/workspace/docs/a.txt": "one\ntwo\nthree\n",
      "/workspace/docs/deep/er/ü.txt": "ünï cödé\n",
      "/workspace/docs/empty.txt": "",
      "/workspace/more/x": "x",
    },
    expected: {
      ended: "exited",
      exitCode: 1,
      stdout: expected.WORDCOUNT,
      stderr: "nowhere: No such file or directory\n",
    },
  },
  {
    title: "directories are found under the very names they were given, a relative one and the root",
    fixture: "wordcount",
    args: ["fs-tests.dir", "/", "/etc"],
    files: { "/workspace/given/a": "a\n", "/workspace/whole/b": "b\n", "/workspace/whole/etc/c": "c\n" },
    preopens: [
      { name: "fs-tests.dir", path: "/workspace/given" },
      { name: "/", path: "/workspace/whole" },
    ],
    expected: { ended: "exited", exitCode: 0, stdout: expected.MOUNTED },
  },
  {
    title: "files behave as on Linux: append, seek, truncate, rename, links, times",
    fixture: "files",
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: expected.FILES,
      files: {
        "/workspace/a.txt": "short",
        "/workspace/clock": "tick",
        "/workspace/dangling": "-> nowhere",
        "/workspace/hard": "target grew",
        "/workspace/log": "1234567",
        "/workspace/loop1": "-> loop2",
        "/workspace/loop2": "-> loop1",
        "/workspace/nowhere": "made through a symlink",
        "/workspace/r2/moved": "r1",
        "/workspace/s": "0ABC4\0\0\0\0\0\0\0",
        "/workspace/sym": "-> t",
      },
    },
  },
  {
    title: "no path leads out of the preopens",
    fixture: "paths",
    cwd: "/workspace",
    files: { "/secret": "secret", "/workspace/inside.txt": "inside", "/workspace/sub/": "" },
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: expected.PATHS,
      files: {
        "/secret": "secret",
        "/workspace/escape": "-> ../secret",
        "/workspace/inside.txt": "inside",
        "/workspace/stolen": "-> ../secret",
        "/workspace/up": "-> ..",
      },
    },
  },
  {
    title: "descriptors are lowest-free and capped; rights can be given up; listings survive changes",
    fixture: "descriptors",
    preopens: [{ name: ".", path: "/workspace" }],
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: expected.DESCRIPTORS,
      files: expected.DESCRIPTOR_FILES,
    },
  },
  {
    title: "clocks run and sleeps last",
    fixture: "clocks",
    expected: { ended: "exited", exitCode: 0, stdout: expected.CLOCKS },
  },
  {
    title: "several subscriptions are waited for at once",
    fixture: "poll",
    stdin: "a line\n",
    expected: { ended: "exited", exitCode: 0, stdout: expected.POLL },
  },
  {
    title: "random bytes come in any number",
    fixture: "random",
    expected: { ended: "exited", exitCode: 0, stdout: expected.RANDOM },
  },
  {
    title: "a full disk is ENOSPC, and room made is room again",
    fixture: "quota",
    limits: { fileBytes: 1_000_000 },
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: expected.QUOTA,
      files: { "/workspace/big": "<984040 bytes>" },
    },
  },
  {
    title: "memory ends at the cap, and the program lives on",
    fixture: "grow",
    limits: { memoryBytes: 16 * 2 ** 20 },
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: "15 MiB\n0 wrong\na large one again: yes\n",
    },
  },
  {
    title: "a program for the snapshot before preview 1 runs",
    fixture: "snapshot0",
    expected: {
      ended: "exited",
      exitCode: 7,
      stdout: expected.SNAPSHOT0,
      files: { "/workspace/old": "0123456789" },
    },
  },
  {
    title: "a real program: a CSV file is summed into a JSON file",
    fixture: "aggregate",
    args: ["orders.csv", "/workspace/summary.json"],
    files: { "/workspace/orders.csv": ORDERS },
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: "3 regions\n",
      stderr: "orders.csv:6: skipped\n",
      files: { "/workspace/orders.csv": ORDERS, "/workspace/summary.json": REPORT },
    },
  },
  {
    title: "a real program: a Lisp reads its program from stdin",
    fixture: "lisp",
    stdin: PROGRAM,
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: "squares (1 4 9 16)\nfib 6765\n42 0.6666666667\n",
    },
  },
  {
    title: "a real program: a Lisp reads its program from a mounted directory",
    fixture: "lisp",
    args: ["/scripts/main.lisp"],
    files: { "/workspace/code/main.lisp": "(print (list 1 'a))\n(print nonsense)" },
    preopens: [{ name: "/scripts", path: "/workspace/code" }],
    expected: {
      ended: "exited",
      exitCode: 1,
      stdout: "(1 a)\n",
      stderr: "line 2: unknown name nonsense\n",
    },
  },
  ...CALL_CASES,
  ...RUST_CASES,
  ...endings(),
];

/** Every way of `ending.c`. */
function endings(): WasiCase[] {
  const ending = (
    title: string,
    args: string[],
    expected: Omit<WasiCase["expected"], "stdout">,
  ): WasiCase => ({
    title,
    fixture: "ending",
    args,
    expected: { stdout: "before\n", ...expected },
  });
  const trap = (value: string): Omit<WasiCase["expected"], "stdout"> => ({
    ended: "crashed",
    exitCode: 134,
    error: { name: "trap", value },
  });
  return [
    ending("exit(3) is exit code 3", ["exit", "3"], { ended: "exited", exitCode: 3 }),
    ending("an exit code above 255 is kept", ["exit", "300"], { ended: "exited", exitCode: 300 }),
    ending("a negative exit code is its u32", ["exit", "-1"], { ended: "exited", exitCode: 4294967295 }),
    ending("main's value is the exit code", ["return", "9"], { ended: "exited", exitCode: 9 }),
    ending("abort() is a crash", ["abort"], trap("unreachable")),
    ending("unreachable is a crash", ["unreachable"], trap("unreachable")),
    ending("a division by zero is a crash", ["divide"], trap("integer divide by zero")),
    ending("a remainder by zero is a crash", ["remainder"], trap("integer divide by zero")),
    ending("an overflowing division is a crash", ["overflow"], trap("integer overflow")),
    ending("an access beyond memory is a crash", ["beyond"], trap("out of bounds memory access")),
    ending(
      "a conversion that does not fit is a crash",
      ["to-integer"],
      trap("invalid conversion to integer"),
    ),
    ending("a call by the wrong type is a crash", ["wrong-type"], trap("indirect call type mismatch")),
    ending("endless recursion is a crash", ["dive"], trap("call stack exhausted")),
    ending("SIGABRT is a crash", ["raise", "6"], {
      ended: "crashed",
      exitCode: 134,
      error: { name: "signal", value: "SIGABRT" },
    }),
    ending("SIGTERM ends the program", ["raise", "15"], { ended: "exited", exitCode: 143 }),
    {
      ...ending("SIGWINCH changes nothing", ["raise", "27"], { ended: "exited", exitCode: 0 }),
      expected: { ended: "exited", exitCode: 0, stdout: "before\nsurvived 0\n" },
    },
    {
      title: "an endless stream of lines ends at the output limit",
      fixture: "flood",
      limits: { outputBytes: 200 },
      expected: {
        ended: "stopped",
        exitCode: 137,
        stdout: `${"x".repeat(79)}\n${"x".repeat(79)}\n${"x".repeat(40)}`,
      },
    },
    {
      title: "an endless line ends at the output limit",
      fixture: "flood",
      args: ["line"],
      limits: { outputBytes: 100 },
      expected: { ended: "stopped", exitCode: 137, stdout: "x".repeat(100) },
    },
  ];
}
