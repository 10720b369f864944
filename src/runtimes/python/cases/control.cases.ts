import type { ObservedRun, PythonCase } from "../python.testkit.ts";

const HEAD = "Traceback (most recent call last):\n";

/** An interrupt that the program did not catch. */
function interrupted(frames: string, stdout?: string): ObservedRun {
  const error = {
    name: "KeyboardInterrupt",
    value: "",
    traceback: `${frames === "" ? "" : HEAD}${frames}KeyboardInterrupt\n`,
  };
  return { ...(stdout === undefined ? {} : { stdout }), outcome: { ended: "stopped", exitCode: 130, error } };
}

/** The interpreter died of the program. */
function crashed(value: string, exitCode: number, frames: string): ObservedRun {
  const traceback = `${frames === "" ? "" : HEAD}${frames}Fatal Python error: ${value}\n`;
  return {
    outcome: { ended: "crashed", exitCode, error: { name: "FatalError", value, traceback }, stateLost: true },
  };
}

/** The program took all memory and holds on to it. */
function outOfMemory(frames: string): ObservedRun {
  const error = { name: "MemoryError", value: "", traceback: `${HEAD}${frames}MemoryError\n` };
  return { outcome: { ended: "out-of-memory", exitCode: 137, error, stateLost: true } };
}

/** Stops, limits and crashes: every run ends, and says how. */
export const CONTROL_CASES: readonly PythonCase[] = [
  {
    title: "an endless loop is stopped, and what it made is kept",
    runs: [
      {
        code: "x = 0\ntry:\n    while True: x += 1\nexcept KeyboardInterrupt as error:\n    caught = error\n    raise",
        stop: { reason: "timed-out", at: 100 },
        expect: interrupted(
          '  File "/workspace/main.py", line 3, in <module>\n    while True: x += 1\n                ^\n',
        ),
      },
      { code: "print(x > 0, repr(caught))", expect: { stdout: "True KeyboardInterrupt()\n" } },
    ],
  },
  {
    title: "a long sleep is stopped",
    runs: [
      {
        code: "import time\ntime.sleep(1e9)",
        stop: { reason: "cancelled", at: "waiting" },
        expect: interrupted(
          '  File "/workspace/main.py", line 2, in <module>\n    time.sleep(1e9)\n    ~~~~~~~~~~^^^^^\n',
        ),
      },
    ],
  },
  {
    title: "a stop cancels what an event loop waits for, and finally blocks run",
    runs: [
      {
        code: `import asyncio
async def main():
    try: await asyncio.sleep(1000)
    finally: print("finally")
asyncio.run(main())`,
        stop: { reason: "timed-out", at: "waiting" },
        expect: interrupted(
          '  File "/workspace/main.py", line 5, in <module>\n    asyncio.run(main())\n    ~~~~~~~~~~~^^^^^^^^\n',
          "finally\n",
        ),
      },
      {
        code: `try: await asyncio.sleep(1000)\nfinally: print("finally 2")`,
        stop: { reason: "timed-out", at: "waiting" },
        expect: interrupted("", "finally 2\n"),
      },
    ],
  },
  {
    title: "a program that catches the interrupt and ends is stopped all the same",
    runs: [
      {
        code: "try:\n    while True: pass\nexcept KeyboardInterrupt:\n    print('caught')\nprint('done')",
        stop: { reason: "cancelled", at: 50 },
        expect: { stdout: "caught\ndone\n", outcome: { ended: "stopped" } },
      },
      {
        code: "try:\n    while True: pass\nexcept KeyboardInterrupt:\n    raise SystemExit(9)",
        stop: { reason: "timed-out", at: 50 },
        expect: { outcome: { ended: "stopped", exitCode: 9 } },
      },
    ],
  },
  {
    title: "a program may raise KeyboardInterrupt itself",
    runs: [
      {
        code: "raise KeyboardInterrupt",
        expect: {
          outcome: {
            ended: "failed",
            exitCode: 130,
            error: {
              name: "KeyboardInterrupt",
              value: "",
              traceback: `${HEAD}  File "/workspace/main.py", line 1, in <module>\n    raise KeyboardInterrupt\nKeyboardInterrupt\n`,
            },
          },
        },
      },
    ],
  },
  {
    title: "a list bomb is a MemoryError, and the interpreter lives",
    limits: { memoryBytes: 64 * 2 ** 20 },
    runs: [
      {
        code: "x = [0]\nwhile True: x += x",
        expect: {
          outcome: {
            ended: "out-of-memory",
            exitCode: 137,
            error: {
              name: "MemoryError",
              value: "",
              traceback: `${HEAD}  File "/workspace/main.py", line 2, in <module>\n    while True: x += x\n                ^^^^^^\nMemoryError\n`,
            },
          },
        },
      },
      {
        code: "del x\ntry: b = 'x' * 10**9\nexcept MemoryError: print('too large')\nprint(len(bytes(2**20)))",
        expect: { stdout: "too large\n1048576\n" },
      },
    ],
  },
  ...[64 * 2 ** 20, undefined].map(
    (memoryBytes): PythonCase => ({
      title: `memory held for good is given back by a new interpreter, at ${memoryBytes ?? "the default"} bytes`,
      ...(memoryBytes === undefined ? {} : { limits: { memoryBytes } }),
      runs: [
        {
          code: "kept = []\nwhile True: kept.append(bytes(1_000_000))",
          expect: outOfMemory(
            '  File "/workspace/main.py", line 2, in <module>\n    while True: kept.append(bytes(1_000_000))\n' +
              "                            ~~~~~^^^^^^^^^^^\n",
          ),
        },
        { code: "print(len(bytes(2**23)), 'kept' in globals())", expect: { stdout: "8388608 False\n" } },
      ],
    }),
  ),
  {
    title: "memory that was only borrowed is free again, and the interpreter lives",
    limits: { memoryBytes: 64 * 2 ** 20 },
    runs: [
      { code: "x = 1", expect: {} },
      {
        code: "def f():\n    kept = []\n    while True: kept.append(bytes(1000))\nf()",
        expect: {
          outcome: {
            ended: "out-of-memory",
            exitCode: 137,
            error: {
              name: "MemoryError",
              value: "",
              traceback:
                `${HEAD}  File "/workspace/main.py", line 4, in <module>\n    f()\n    ~^^\n` +
                '  File "/workspace/main.py", line 3, in f\n    while True: kept.append(bytes(1000))\n' +
                "                            ~~~~~^^^^^^\nMemoryError\n",
            },
          },
        },
      },
      { code: "print(x, len(bytes(2**23)))", expect: { stdout: "1 8388608\n" } },
    ],
  },
  {
    title:
      "a program that caught its MemoryError completes; a run that finds no memory says so, and the next one works",
    limits: { memoryBytes: 64 * 2 ** 20 },
    runs: [
      {
        code: "kept = []\ntry:\n    while True: kept.append(bytes(100))\nexcept MemoryError: print('caught')",
        expect: { stdout: "caught\n" },
      },
      {
        code: "print('not reached')",
        expect: {
          outcome: {
            ended: "out-of-memory",
            exitCode: 137,
            error: {
              name: "MemoryError",
              value: "no memory was left to run in",
              traceback: "MemoryError: no memory was left to run in\n",
            },
            stateLost: true,
          },
        },
      },
      { code: "print('works')", expect: { stdout: "works\n" } },
    ],
  },
  {
    title: "a program that breaks the runtime's own code ends as a crash, in words",
    runs: [
      { code: "import json\njson.loads = None", expect: {} },
      {
        code: "1",
        expect: crashed("the runtime failed: TypeError: 'NoneType' object is not callable", 134, ""),
      },
      { code: "import _sandglass\n_sandglass.run.__code__ = (lambda request: 1 / 0).__code__", expect: {} },
      { code: "1", expect: crashed("the runtime failed", 134, "") },
      { code: "import _sandglass\n_sandglass.run.__code__ = (lambda request: '{}').__code__", expect: {} },
      { code: "1", expect: crashed("the runtime failed: {}", 134, "") },
      {
        code: "class D:\n    def __del__(self):\n        import os\n        os.abort()\ndef f():\n    d = D()\n    d.itself = d\n    1 / 0\nf()",
        expect: crashed("aborted", 134, ""),
      },
      { code: "print('works')", expect: { stdout: "works\n" } },
    ],
  },
  {
    title: "os._exit leaves with its code, and the state is lost",
    runs: [
      {
        code: "import os\nprint('out', flush=True)\nos._exit(3)",
        expect: { stdout: "out\n", outcome: { exitCode: 3, stateLost: true } },
      },
    ],
  },
  {
    title: "an abort is a crash",
    runs: [
      {
        code: "import os\ndef f():\n    os.abort()\nf()",
        expect: crashed(
          "aborted",
          134,
          '  File "/workspace/main.py", line 4 in <module>\n  File "/workspace/main.py", line 3 in f\n',
        ),
      },
    ],
  },
  {
    title: "a read outside memory is a crash",
    runs: [
      {
        code: "import ctypes\nctypes.string_at(0xfffffff0, 100)",
        expect: crashed(
          "segmentation fault (memory access out of bounds)",
          139,
          '  File "/workspace/main.py", line 2 in <module>\n',
        ),
      },
    ],
  },
  {
    title: "a call of a bad pointer is a crash",
    runs: [
      {
        code: "import ctypes\nctypes.CFUNCTYPE(None)(12345678)()",
        expect: crashed(
          "segmentation fault (call of a bad function pointer)",
          139,
          '  File "/workspace/main.py", line 2 in <module>\n',
        ),
      },
    ],
  },
  {
    title: "a C stack overflow is a crash",
    runs: [
      {
        code: "import json\njson.loads('[' * 100_000)",
        expect: crashed("stack overflow", 139, '  File "/workspace/main.py", line 2 in <module>\n'),
      },
    ],
  },
  {
    title: "after a crash a new interpreter starts clean",
    runs: [{ code: "print('x' in globals())", expect: { stdout: "False\n" } }],
  },
];
