import type { PythonCase } from "../python.testkit.ts";

/** What a program finds around it: arguments, environment, modules, exit codes, the event loop. */
export const PROGRAM_CASES: readonly PythonCase[] = [
  {
    title: "a program finds its arguments, environment and place",
    runs: [
      {
        code: `import sys, os
print(sys.argv, __name__, __file__, sys.path[0], os.getcwd(), os.environ["REGION"], os.environ["HOME"], os.path.expanduser("~"))
print(sys.modules["__main__"].__file__, os.environ["TZ"], os.environ["TMPDIR"], os.getenv("LANG"))`,
        filename: "/workspace/app/main.py",
        args: ["--flag", "caf\u00e9 x"],
        envs: { REGION: "eu" },
        cwd: "/tmp",
        expect: {
          stdout:
            "['/workspace/app/main.py', '--flag', 'caf\u00e9 x'] __main__ /workspace/app/main.py /workspace/app /tmp eu /home/user /home/user\n" +
            "/workspace/app/main.py UTC /tmp C.UTF-8\n",
        },
      },
      {
        code: `import sys, os\nprint(sys.argv, "__file__" in globals(), sys.path[0], os.environ.get("REGION"))`,
        filename: "<cell>",
        expect: { stdout: "['<cell>'] False /workspace None\n" },
      },
    ],
  },
  {
    title: "a program does not know its interpreter's file",
    runs: [
      {
        code: "import sys\nprint(repr(sys.executable), sys.orig_argv)",
        args: ["x"],
        expect: { stdout: "'' ['python', '/workspace/main.py', 'x']\n" },
      },
    ],
  },
  {
    title: "what a run registers with atexit is called at its end, the last first, and only once",
    runs: [
      {
        code: `
import atexit, sys
@atexit.register
def first(): print("first")
atexit.register(print, "second", file=sys.stderr)
class Bad:
    def __call__(self): raise ValueError("late")
    def __repr__(self): return "Bad()"
atexit.register(Bad())
def gone(): print("never")
atexit.register(gone)
atexit.unregister(gone)
print("body")
sys.exit("message")`,
        expect: {
          stdout: "body\nfirst\n",
          stderr:
            "message\nException ignored in atexit callback Bad():\nTraceback (most recent call last):\n" +
            '  File "/workspace/main.py", line 7, in __call__\nValueError: late\nsecond\n',
          outcome: { exitCode: 1 },
        },
      },
      {
        code: "import tempfile\nfolder = tempfile.TemporaryDirectory()\natexit.register(print, 'after an error')\n1 / 0",
        expect: {
          stdout: "after an error\n",
          outcome: {
            ended: "failed",
            exitCode: 1,
            error: {
              name: "ZeroDivisionError",
              value: "division by zero",
              traceback:
                'Traceback (most recent call last):\n  File "/workspace/main.py", line 4, in <module>\n    1 / 0\n    ~~^~~\n' +
                "ZeroDivisionError: division by zero\n",
            },
          },
        },
      },
      {
        code: "import os\nprint(os.path.exists(folder.name))\nfolder.cleanup()",
        expect: { stdout: "True\n" },
      },
      {
        code: "class Loop:\n    def __call__(self):\n        while True: pass\n    def __repr__(self): return 'Loop()'\natexit.register(Loop());",
        stop: { reason: "timed-out", at: 50 },
        expect: {
          stderr:
            "Exception ignored in atexit callback Loop():\nTraceback (most recent call last):\n" +
            '  File "/workspace/main.py", line 3, in __call__\nKeyboardInterrupt: \n',
          outcome: { ended: "stopped" },
        },
      },
    ],
  },
  {
    title: "variables last from run to run, and contexts do not see each other",
    runs: [
      { code: "x = 1\nimport math", contextId: "a", expect: {} },
      { code: "print('x' in globals())", contextId: "b", expect: { stdout: "False\n" } },
      { code: "x += 1\nprint(x, math.pi)", contextId: "a", expect: { stdout: "2 3.141592653589793\n" } },
      {
        code: "import __main__\nprint(__main__.x, __main__.__dict__ is globals())",
        contextId: "a",
        expect: { stdout: "2 True\n" },
      },
    ],
  },
  {
    title: "exit codes are the program's",
    runs: [
      { code: "import sys\nsys.exit()", expect: {} },
      { code: "import sys\nsys.exit(3)", expect: { outcome: { exitCode: 3 } } },
      { code: "raise SystemExit(256 + 7)", expect: { outcome: { exitCode: 7 } } },
      { code: "import sys\nsys.exit(-1)", expect: { outcome: { exitCode: 255 } } },
      {
        code: "import sys\nsys.exit('no such thing')",
        expect: { stderr: "no such thing\n", outcome: { exitCode: 1 } },
      },
      { code: "print('before')\nexit(4)", expect: { stdout: "before\n", outcome: { exitCode: 4 } } },
      { code: "print(1)", expect: { stdout: "1\n" } },
    ],
  },
  {
    title: "neighbouring files can be imported",
    runs: [
      {
        hostFiles: {
          "/workspace/app/helper.py": "import sys\nVALUE = 41\ndef up(n): return n + 1\n",
          "/workspace/app/pack/__init__.py": "from .inner import NAME\n",
          "/workspace/app/pack/inner.py": "NAME = __name__\n",
        },
        code: "import helper\nfrom pack import NAME\nprint(helper.up(helper.VALUE), NAME, helper.__file__)",
        filename: "/workspace/app/main.py",
        expect: { stdout: "42 pack.inner /workspace/app/helper.py\n" },
      },
      {
        hostFiles: { "/workspace/app/later.py": "X = 'written after the first run'\n" },
        code: "import later, os\nprint(later.X, sorted(os.listdir('/workspace/app')))",
        filename: "/workspace/app/main.py",
        expect: { stdout: "written after the first run ['helper.py', 'later.py', 'pack']\n" },
      },
      {
        hostFiles: { "/workspace/app/helper.py": "VALUE = 'edited'\n" },
        code: "import helper, importlib\nprint(helper.VALUE, importlib.reload(helper).VALUE)",
        filename: "/workspace/app/main.py",
        expect: { stdout: "41 edited\n" },
      },
    ],
  },
  {
    title: "a module's error names the module's file",
    runs: [
      {
        hostFiles: { "/workspace/broken.py": "def go():\n    raise OSError('inside')\n" },
        code: "import broken\nbroken.go()",
        expect: {
          outcome: {
            ended: "failed",
            exitCode: 1,
            error: {
              name: "OSError",
              value: "inside",
              traceback:
                'Traceback (most recent call last):\n  File "/workspace/main.py", line 2, in <module>\n    broken.go()\n    ~~~~~~~~~^^\n' +
                "  File \"/workspace/broken.py\", line 2, in go\n    raise OSError('inside')\nOSError: inside\n",
            },
          },
        },
      },
    ],
  },
  {
    title: "top-level await, asyncio.run and tasks work as in CPython",
    runs: [
      {
        code: `import asyncio
async def work(name, seconds):
    await asyncio.sleep(seconds)
    print(name)
    return name
print(await asyncio.gather(work("slow", 0.03), work("fast", 0.01)))
async with asyncio.timeout(1): await work("x", 0)
try: await asyncio.wait_for(asyncio.sleep(10), 0.01)
except TimeoutError: print("timeout")
async with asyncio.TaskGroup() as group: group.create_task(work("g1", 0)); group.create_task(work("g2", 0))
print(await asyncio.to_thread(lambda: "called"))
await work("value", 0)`,
        expect: {
          stdout: "fast\nslow\n['slow', 'fast']\nx\ntimeout\ng1\ng2\ncalled\nvalue\n",
          results: [[{ text: "'value'" }, true]],
        },
      },
      {
        code: `print(asyncio.run(work("run", 0)))
loop = asyncio.new_event_loop()
print(loop.run_until_complete(work("loop", 0)))
loop.close()`,
        expect: { stdout: "run\nrun\nloop\nloop\n" },
      },
      {
        code: "asyncio.get_event_loop().run_until_complete(work('old style', 0))",
        expect: { stdout: "old style\n", results: [[{ text: "'old style'" }, true]] },
      },
      {
        code: "await work('first', 0)\nasyncio.run(work('second', 0))",
        expect: {
          stdout: "first\n",
          stderr:
            "<sys>:0: RuntimeWarning: coroutine 'work' was never awaited\n" +
            "RuntimeWarning: Enable tracemalloc to get the object allocation traceback\n",
          outcome: {
            ended: "failed",
            exitCode: 1,
            error: {
              name: "RuntimeError",
              value: "asyncio.run() cannot be called from a running event loop",
              traceback:
                'Traceback (most recent call last):\n  File "/workspace/main.py", line 2, in <module>\n' +
                "    asyncio.run(work('second', 0))\n    ~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^\n" +
                "RuntimeError: asyncio.run() cannot be called from a running event loop\n",
            },
          },
        },
      },
    ],
  },
  {
    title: "tasks left over at the end of a run are cancelled",
    runs: [
      {
        code: `import asyncio
async def forever():
    try: await asyncio.sleep(1e6)
    finally: print("cancelled")
task = asyncio.create_task(forever())
await asyncio.sleep(0)`,
        expect: { stdout: "cancelled\n" },
      },
      { code: "task.cancelled()", expect: { results: [[{ text: "True" }, true]] } },
    ],
  },
  {
    title: "time.sleep waits its time",
    runs: [
      {
        code: "import time\nstart = time.monotonic()\ntime.sleep(0.05)\nprint(0.05 <= time.monotonic() - start < 1)\ntime.sleep(0)\ntry: time.sleep(-1)\nexcept ValueError as error: print(error)\ntry: time.sleep('x')\nexcept TypeError as error: print(error)",
        expect: {
          stdout:
            "True\nsleep length must be non-negative\n'str' object cannot be interpreted as an integer or float\n",
        },
      },
    ],
  },
  {
    title: "test suites, data classes, pickles and doctests find the program they are in",
    runs: [
      {
        code: `import dataclasses, pickle, inspect, typing
@dataclasses.dataclass
class Point:
    x: int
    y: "typing.Optional[int]" = None
print(pickle.loads(pickle.dumps(Point(1))), typing.get_type_hints(Point)["x"])
def shown():
    "a function"
    return 1
print(inspect.getsource(shown))
import unittest
class Sums(unittest.TestCase):
    def test_sum(self): self.assertEqual(1 + 1, 2)
import io
print(unittest.main(argv=["x"], exit=False, testRunner=unittest.TextTestRunner(io.StringIO())).result)`,
        expect: {
          stdout:
            "Point(x=1, y=None) <class 'int'>\ndef shown():\n    \"a function\"\n    return 1\n\n<unittest.runner.TextTestResult run=1 errors=0 failures=0>\n",
        },
      },
    ],
  },
  {
    title: "there is no JavaScript to import, nor to find",
    runs: [
      {
        code: `import gc, sys
gc.unfreeze()
print([kind for kind in map(type, gc.get_objects()) if any(base.__name__ == "JsProxy" for base in kind.__mro__)])
print([name for name in sys.modules if "pyodide" in name or name == "js"])`,
        expect: { stdout: "[]\n[]\n" },
      },
      {
        code: `for name in ("js", "pyodide_js", "pyodide", "pyodide.http", "pyodide.code", "pyodide.ffi", "_pyodide", "_pyodide_core"):
    try: __import__(name); print(name, "imported")
    except ModuleNotFoundError as error: print(error)`,
        expect: {
          stdout: [
            "js",
            "pyodide_js",
            "pyodide",
            "pyodide",
            "pyodide",
            "pyodide",
            "_pyodide",
            "_pyodide_core",
          ]
            .map((name) => `No module named '${name}': code in this sandbox has no access to JavaScript\n`)
            .join(""),
        },
      },
    ],
  },
];
