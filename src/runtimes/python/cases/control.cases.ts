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
