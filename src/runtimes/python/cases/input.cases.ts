import type { PythonCase } from "../python.testkit.ts";

const EOF_ERROR = (line: number, code: string, marks: string) => ({
  outcome: {
    ended: "failed" as const,
    exitCode: 1,
    error: {
      name: "EOFError",
      value: "EOF when reading a line",
      traceback:
        `Traceback (most recent call last):\n  File "/workspace/main.py", line ${line}, in <module>\n` +
        `    ${code}\n    ${marks}\nEOFError: EOF when reading a line\n`,
    },
  },
});

/** Standard input: bytes at hand, and a person who is asked. */
export const INPUT_CASES: readonly PythonCase[] = [
  {
    title: "input at hand is read by every way there is",
    runs: [
      {
        code: `import sys, os
print(input("a? "))
print(repr(sys.stdin.readline()))
print(next(sys.stdin).encode())
print(sys.stdin.read(3))
print(sys.stdin.buffer.read(2))
for line in sys.stdin: print("line", line, end="")
print(repr(sys.stdin.read()), os.read(0, 10))`,
        stdin: "one\ntwo\nthr\u00e9e\nfourXYlast\nend",
        expect: {
          stdout: "a? one\n'two\\n'\nb'thr\\xc3\\xa9e\\n'\nfou\nb''\nline rXYlast\nline end'' b''\n",
        },
      },
      {
        code: "import os\nprint(os.read(0, 3), os.read(0, 100), os.read(0, 5))",
        stdin: "abcdef",
        expect: { stdout: "b'abc' b'def' b''\n" },
      },
      {
        code: "print(open(0, closefd=False).read().upper())",
        stdin: "whole\nfile",
        expect: { stdout: "WHOLE\nFILE\n" },
      },
      {
        code: "print(open('/dev/stdin','rb').read())",
        stdin: "x\u0000y",
        expect: { stdout: "b'x\\x00y'\n" },
      },
    ],
  },
  {
    title: "no input is the end of input at once",
    runs: [
      {
        code: 'input("name? ")',
        expect: { stdout: "name? ", ...EOF_ERROR(1, 'input("name? ")', "~~~~~^^^^^^^^^^") },
      },
      { code: "import sys\nsys.stdin.read()", expect: { results: [[{ text: "''" }, true]] } },
    ],
  },
  {
    title: "what one run left unread is not the next one's input",
    runs: [
      { code: "print(input())", stdin: "first\nleft over\n", expect: { stdout: "first\n" } },
      { code: "print(input())", stdin: "second\n", expect: { stdout: "second\n" } },
    ],
  },
  {
    title: "a person is asked while the program waits",
    runs: [
      {
        code: `name = input("name? ")\nage = int(input("age? "))\nprint(f"{name} is {age}")\nimport sys\nprint(repr(sys.stdin.readline()), repr(sys.stdin.read()))`,
        answers: ["Ada\n", "36\n", "more\n", "rest 1\n", "rest 2\n"],
        expect: { stdout: "name? age? Ada is 36\n'more\\n' 'rest 1\\nrest 2\\n'\n" },
      },
      {
        code: `while True:\n    print("got", input("> "))`,
        answers: ["a\n", "b\n"],
        expect: {
          stdout: "> got a\n> got b\n> ",
          ...EOF_ERROR(2, 'print("got", input("> "))', "             ~~~~~^^^^^^"),
        },
      },
    ],
  },
  {
    title: "a person can be asked from deep inside other calls",
    runs: [
      {
        code: `class Asks:
    def __repr__(self): return input("repr? ").strip()
print(sorted([2, 1], key=lambda n: int(input(f"{n}? "))), [Asks()])
import asyncio
async def main():
    return input("async? ")
print(await main(), await main())`,
        answers: ["5\n", "9\n", "shown\n", "first\n", "second\n"],
        expect: { stdout: "2? 1? [2, 1] repr? [shown]\nasync? async? first second\n" },
      },
    ],
  },
  {
    title: "a stop while a person is asked is a KeyboardInterrupt there",
    runs: [
      {
        code: `try:\n    input("? ")\nfinally:\n    print("cleaned up")`,
        answers: [],
        stop: { reason: "cancelled", at: "waiting" },
        expect: {
          stdout: "? cleaned up\n",
          outcome: {
            ended: "stopped",
            exitCode: 130,
            error: {
              name: "KeyboardInterrupt",
              value: "",
              traceback:
                'Traceback (most recent call last):\n  File "/workspace/main.py", line 2, in <module>\n' +
                '    input("? ")\n    ~~~~~^^^^^^\nKeyboardInterrupt\n',
            },
          },
        },
      },
      { code: "print('goes on')", expect: { stdout: "goes on\n" } },
    ],
  },
];
