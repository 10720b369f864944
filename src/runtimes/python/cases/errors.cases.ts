import type { GuestError } from "../../runtime.ts";
import type { ObservedRun, PythonCase } from "../python.testkit.ts";

/** A run that ended by an uncaught error. */
function failed(name: string, value: string, traceback: string, exitCode = 1): ObservedRun {
  const error: GuestError = { name, value, traceback };
  return { outcome: { ended: exitCode === 137 ? "out-of-memory" : "failed", exitCode, error } };
}

const HEAD = "Traceback (most recent call last):\n";
const AT = (line: number, where: string, file = "/workspace/main.py") =>
  `  File "${file}", line ${line}, in ${where}\n`;

/** Errors: their words, the user's frames, and that the interpreter goes on. */
export const ERROR_CASES: readonly PythonCase[] = [
  {
    title: "a package that is not there is explained",
    runs: [
      {
        code: "import pandas",
        expect: failed(
          "ModuleNotFoundError",
          "No module named 'pandas'",
          `${HEAD}${AT(1, "<module>")}    import pandas\nModuleNotFoundError: No module named 'pandas'\n` +
            "There are no packages here: Python has its standard library, and the files beside the program.\n",
        ),
      },
    ],
  },
  {
    title: "a traceback shows the user's frames, lines and file name",
    runs: [
      {
        code: "def f(n):\n    return 1 / n\n\nf(0)",
        filename: "/workspace/sub/prog.py",
        expect: failed(
          "ZeroDivisionError",
          "division by zero",
          `${HEAD}${AT(4, "<module>", "/workspace/sub/prog.py")}    f(0)\n    ~^^^\n` +
            `${AT(2, "f", "/workspace/sub/prog.py")}    return 1 / n\n           ~~^~~\nZeroDivisionError: division by zero\n`,
        ),
      },
      { code: "print('alive')", expect: { stdout: "alive\n" } },
    ],
  },
  {
    title: "frames of the standard library are left out",
    runs: [
      {
        code: "import json\njson.loads('{')",
        expect: failed(
          "JSONDecodeError",
          "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
          `${HEAD}${AT(2, "<module>")}    json.loads('{')\n    ~~~~~~~~~~^^^^^\n` +
            "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)\n",
        ),
      },
    ],
  },
  {
    title: "chained errors keep their chain",
    runs: [
      {
        code: "try:\n    {}['k']\nexcept KeyError as error:\n    raise RuntimeError('outer') from error",
        expect: failed(
          "RuntimeError",
          "outer",
          `${HEAD}${AT(2, "<module>")}    {}['k']\n    ~~^^^^^\nKeyError: 'k'\n\n` +
            "The above exception was the direct cause of the following exception:\n\n" +
            `${HEAD}${AT(4, "<module>")}    raise RuntimeError('outer') from error\nRuntimeError: outer\n`,
        ),
      },
      {
        code: "try:\n    int('x')\nexcept ValueError:\n    undefined_name",
        expect: failed(
          "NameError",
          "name 'undefined_name' is not defined",
          `${HEAD}${AT(2, "<module>")}    int('x')\n    ~~~^^^^^\nValueError: invalid literal for int() with base 10: 'x'\n\n` +
            "During handling of the above exception, another exception occurred:\n\n" +
            `${HEAD}${AT(4, "<module>")}    undefined_name\nNameError: name 'undefined_name' is not defined\n`,
        ),
      },
    ],
  },
  {
    title: "an exception group shows its parts",
    runs: [
      {
        code: "raise ExceptionGroup('g', [ValueError(1), TypeError('t')])",
        expect: failed(
          "ExceptionGroup",
          "g (2 sub-exceptions)",
          "  + Exception Group Traceback (most recent call last):\n" +
            '  |   File "/workspace/main.py", line 1, in <module>\n' +
            "  |     raise ExceptionGroup('g', [ValueError(1), TypeError('t')])\n" +
            "  | ExceptionGroup: g (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n" +
            "    | ValueError: 1\n    +---------------- 2 ----------------\n    | TypeError: t\n" +
            "    +------------------------------------\n",
        ),
      },
    ],
  },
  {
    title: "a syntax error points at its place",
    runs: [
      {
        code: "x = 1\nif x\n    print(x)",
        expect: failed(
          "SyntaxError",
          "expected ':' (main.py, line 2)",
          "  File \"/workspace/main.py\", line 2\n    if x\n        ^\nSyntaxError: expected ':'\n",
        ),
      },
      {
        code: "def f():\nreturn 1",
        expect: failed(
          "IndentationError",
          "expected an indented block after function definition on line 1 (main.py, line 2)",
          '  File "/workspace/main.py", line 2\n    return 1\n    ^^^^^^\n' +
            "IndentationError: expected an indented block after function definition on line 1\n",
        ),
      },
      {
        code: "print('a\\0b')\n\0",
        expect: failed(
          "SyntaxError",
          "source code string cannot contain null bytes",
          "SyntaxError: source code string cannot contain null bytes\n",
        ),
      },
    ],
  },
  {
    title: "lines of an earlier run are shown as they were then",
    runs: [
      { code: "def first():\n    raise ValueError('old text')", expect: {} },
      {
        code: "# another text\n# in the same file\nfirst()",
        expect: failed(
          "ValueError",
          "old text",
          `${HEAD}${AT(3, "<module>")}    first()\n    ~~~~~^^\n${AT(2, "first")}    raise ValueError('old text')\nValueError: old text\n`,
        ),
      },
    ],
  },
  {
    title: "endless recursion is a RecursionError",
    runs: [
      {
        code: "def f(): return f()\ntry:\n    f()\nexcept RecursionError as error:\n    print(error)",
        expect: { stdout: "maximum recursion depth exceeded\n" },
      },
      {
        code: `
class A:
    def __repr__(self): return repr(self)
class B:
    def __getattr__(self, name): return getattr(self, name)
import functools
@functools.cache
def c(n): return c(n + 1)
for attempt in (lambda: repr(A()), lambda: B().x, lambda: c(0)):
    try: attempt()
    except RecursionError as error: print(type(error).__name__)
@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(300))`,
        expect: {
          stdout:
            "RecursionError\nRecursionError\nRecursionError\n" +
            "222232244629420445529739893461909967206666939096499764990979600\n",
        },
      },
    ],
  },
  {
    title: "an error whose own words fail is still reported",
    runs: [
      {
        code: "class Odd(Exception):\n    def __str__(self): raise KeyError\nraise Odd",
        expect: failed(
          "Odd",
          "<exception str() failed>",
          `${HEAD}${AT(3, "<module>")}    raise Odd\nOdd: <exception str() failed>\n`,
        ),
      },
    ],
  },
  {
    title: "warnings are shown as CPython shows them",
    runs: [
      {
        code: "import warnings\nwarnings.warn('careful')",
        expect: { stderr: "/workspace/main.py:2: UserWarning: careful\n  warnings.warn('careful')\n" },
      },
      {
        code: "print('\\d')",
        expect: {
          stdout: "\\d\n",
          stderr:
            '/workspace/main.py:1: SyntaxWarning: "\\d" is an invalid escape sequence. Such sequences will not work in the future. ' +
            "Did you mean \"\\\\d\"? A raw string is also an option.\n  print('\\d')\n",
        },
      },
    ],
  },
  {
    title: "threads and processes answer in Python's own words",
    runs: [
      {
        code: `import threading, subprocess, os, socket
def attempt(call):
    try: print(call())
    except Exception as error: print(f"{type(error).__name__}: {error}")
attempt(lambda: threading.Thread(target=print).start())
attempt(lambda: subprocess.run(["ls"]))
attempt(lambda: os.system("id"))
attempt(lambda: os.fork())
attempt(lambda: socket.create_connection(("example.com", 80)))
attempt(lambda: socket.socket())`,
        expect: {
          stdout:
            "RuntimeError: can't start new thread\nOSError: [Errno 138] emscripten does not support processes.\n-1\n" +
            "OSError: [Errno 52] Function not implemented\ngaierror: [Errno -4] Non-recoverable error\n" +
            "PermissionError: [Errno 2] Permission denied\n",
        },
      },
    ],
  },
];
