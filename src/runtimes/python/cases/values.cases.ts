import type { PythonCase } from "../python.testkit.ts";

const PNG = "iVBORw0=";

/** Standard output, and what the last expression and `display()` show. */
export const VALUE_CASES: readonly PythonCase[] = [
  {
    title: "what is printed comes out, and nothing else",
    runs: [{ code: "print(6*7)", expect: { stdout: "42\n" } }],
  },
  {
    title: "the last expression is the value, printed as repr does",
    runs: [
      { code: "x = 'it''s'\n[x, 1.5, None]", expect: { results: [[{ text: "['its', 1.5, None]" }, true]] } },
      { code: "_", expect: { results: [[{ text: "['its', 1.5, None]" }, true]] } },
    ],
  },
  {
    title: "None, a statement and a closing semicolon show no value",
    runs: [
      { code: "None", expect: {} },
      { code: "x = 1", expect: {} },
      { code: "5;", expect: {} },
      { code: "", expect: {} },
      { code: "# only a comment", expect: {} },
    ],
  },
  {
    title: "an expression inside a block is no value",
    runs: [{ code: "for i in range(2):\n    i", expect: {} }],
  },
  {
    title: "rich values carry every form they offer",
    runs: [
      {
        code: `
class Rich:
    def __repr__(self): return "plain"
    def _repr_html_(self): return "<b>html</b>"
    def _repr_markdown_(self): return "**md**"
    def _repr_svg_(self): return "<svg/>"
    def _repr_png_(self): return b"\\x89PNG\\r"
    def _repr_jpeg_(self): return b"\\xff\\xd8"
    def _repr_pdf_(self): return b"%PDF"
    def _repr_latex_(self): return "$x$"
    def _repr_json_(self): return {"a": [1, float("nan"), None]}
    def _repr_javascript_(self): return "1"
Rich()`,
        expect: {
          results: [
            [
              {
                html: "<b>html</b>",
                markdown: "**md**",
                svg: "<svg/>",
                png: PNG,
                jpeg: "/9g=",
                pdf: "JVBERg==",
                latex: "$x$",
                json: { a: [1, null, null] },
                javascript: "1",
                text: "plain",
              },
              true,
            ],
          ],
        },
      },
    ],
  },
  {
    title: "a MIME bundle wins over the single forms, and a class is shown as itself",
    runs: [
      {
        code: `
class Both:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "T", "text/html": "<i>bundle</i>", "application/x-unknown": "dropped"}
    def _repr_html_(self): return "single"
display(Both(), Both)`,
        expect: {
          results: [
            [{ text: "T", html: "<i>bundle</i>" }, false],
            [{ text: "<class '__main__.Both'>" }, false],
          ],
        },
      },
    ],
  },
  {
    title: "display shows at once, in order with what is printed, and takes raw bundles",
    runs: [
      {
        code: `print("a", end="")\ndisplay(1, "x")\ndisplay({"text/html": "<p>", "image/png": b"\\x89PNG\\r"}, raw=True)\nprint("b")\n2`,
        expect: {
          stdout: "ab\n",
          results: [
            [{ text: "1" }, false],
            [{ text: "'x'" }, false],
            [{ html: "<p>", png: PNG }, false],
            [{ text: "2" }, true],
          ],
        },
      },
    ],
  },
  {
    title: "a rich form that fails is reported, and the others are shown all the same",
    runs: [
      {
        code: `
class Rich:
    def __repr__(self): return "plain"
    def _repr_mimebundle_(self, **options): return 5
    def _repr_html_(self): raise ValueError("html")
    def _repr_svg_(self): return "<svg/>"
    def _repr_markdown_(self): raise NotImplementedError
    def _repr_json_(self): return "{"
Rich()`,
        expect: {
          stderr:
            "AttributeError: 'int' object has no attribute 'items'\n" +
            'Traceback (most recent call last):\n  File "/workspace/main.py", line 5, in _repr_html_\n' +
            '    def _repr_html_(self): raise ValueError("html")\n' +
            "                           ^^^^^^^^^^^^^^^^^^^^^^^^\nValueError: html\n" +
            "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)\n",
          results: [[{ svg: "<svg/>", text: "plain" }, true]],
        },
      },
      {
        code: "class Large:\n    def _repr_html_(self): raise MemoryError\n    def __repr__(self): return 'large'\nLarge()",
        expect: {
          outcome: {
            ended: "out-of-memory",
            exitCode: 137,
            error: {
              name: "MemoryError",
              value: "",
              traceback:
                'Traceback (most recent call last):\n  File "/workspace/main.py", line 2, in _repr_html_\n' +
                "    def _repr_html_(self): raise MemoryError\n                           ^^^^^^^^^^^^^^^^^\nMemoryError\n",
            },
          },
        },
      },
    ],
  },
  {
    title: "a form may be set on an object itself; one that claims every attribute is shown plainly",
    runs: [
      {
        code: `
class Plain:
    def __repr__(self): return "plain"
plain = Plain()
plain._repr_latex_ = lambda: ("$x$", {})
plain._repr_html_ = "no method"
class Proxy:
    def __getattr__(self, name): return lambda: "<b>anything</b>"
    def __repr__(self): return "proxy"
class Fails:
    def __getattr__(self, name): raise RuntimeError(name)
    def __repr__(self): return "fails"
display(plain, Proxy(), Fails())`,
        expect: {
          results: [
            [{ latex: "$x$", text: "plain" }, false],
            [{ text: "proxy" }, false],
            [{ text: "fails" }, false],
          ],
        },
      },
    ],
  },
  {
    title: "a repr that fails is the run's failure",
    runs: [
      {
        code: "class Bad:\n    def __repr__(self): raise ValueError('no repr')\nBad()",
        expect: {
          outcome: {
            ended: "failed",
            exitCode: 1,
            error: {
              name: "ValueError",
              value: "no repr",
              traceback:
                'Traceback (most recent call last):\n  File "/workspace/main.py", line 2, in __repr__\n' +
                "    def __repr__(self): raise ValueError('no repr')\n" +
                "                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^\nValueError: no repr\n",
            },
          },
        },
      },
    ],
  },
  {
    title: "figures of matplotlib come out as PNG and SVG, by show() and at the end",
    runs: [
      {
        hostFiles: {
          "/workspace/matplotlib/__init__.py": "",
          "/workspace/matplotlib/pyplot.py": `
import os
assert os.environ["MPLBACKEND"] == "agg"
_figures = {}
class Figure:
    def __init__(self, number): self.number = number
    def __repr__(self): return f"<Figure {self.number}>"
    def savefig(self, target, format="png", **kwargs):
        target.write(b"\\x89PNG\\r" if format == "png" else b"<svg/>")
def get_fignums(): return sorted(_figures)
def figure(number): return _figures.setdefault(number, Figure(number))
def close(figure): del _figures[figure.number]
def show(): raise RuntimeError("a window")
`,
        },
        code: `
import matplotlib.pyplot as plt
plt.figure(1)
plt.show()
print("shown")
figure = plt.figure(2)
print(plt.get_fignums())`,
        expect: {
          stdout: "shown\n[2]\n",
          results: [
            [{ png: PNG, svg: "<svg/>", text: "<Figure 1>" }, false],
            [{ png: PNG, svg: "<svg/>", text: "<Figure 2>" }, false],
          ],
        },
      },
    ],
  },
  {
    title: "bytes written to the descriptors arrive as they are",
    runs: [
      {
        code: `import os, sys\nprint("text")\nos.write(1, b"\\xff\\x00")\nsys.stdout.buffer.write(b"\\xfe")\nsys.stdout.flush()`,
        expect: { stdoutBytes: [116, 101, 120, 116, 10, 0xff, 0, 0xfe] },
      },
      {
        code: 'import sys\nprint("caf\u00e9 \u{1f40d}")\nprint("err", file=sys.stderr)\nsys.stdout.write("\\udcff")',
        expect: {
          stdoutBytes: [...new TextEncoder().encode("caf\u00e9 \u{1f40d}\n"), 0xff],
          stderr: "err\n",
          results: [[{ text: "1" }, true]],
        },
      },
    ],
  },
  {
    title: "a line left open is written when the code ends, and a replaced stdout is put back",
    runs: [
      {
        code: 'import sys, io\nprint("open", end="")\nsys.stdout = io.StringIO()',
        expect: { stdout: "open" },
      },
      { code: "import os\nprint(1)\nsys.stdout.close()\nos.close(2)", expect: { stdout: "1\n" } },
      {
        code: 'print("again")\nprint("err", file=sys.stderr)',
        expect: { stdout: "again\n", stderr: "err\n" },
      },
    ],
  },
  {
    title: "sets print in one order, and randomness comes from the host",
    runs: [
      {
        code: `print({"a", "b", "c", "delta"}, hash("x") % 1000)\nimport random, os, uuid\nprint(random.random(), os.urandom(3).hex(), uuid.uuid4())`,
        expect: {
          stdout:
            "{'a', 'c', 'b', 'delta'} 17\n0.8836070240739063 202122 23242526-2728-492a-ab2c-2d2e2f303132\n",
        },
      },
    ],
  },
  {
    title: "time is the host's, in UTC, and the platform is one everywhere",
    runs: [
      {
        code: `import time, datetime, sys, locale, platform
print(time.time(), time.localtime()[:6], time.tzname, time.timezone, time.mktime((2026,1,2,3,4,5,0,0,0)))
print(datetime.datetime.now(), datetime.datetime.now().astimezone())
print(sys.platform, sys.getfilesystemencoding(), sys.stdout.encoding, locale.getpreferredencoding(), platform.python_version())`,
        expect: {
          stdout:
            "1767323045.6780002 (2026, 1, 2, 3, 4, 5) ('UTC', 'UTC') 0 1767323045.0\n" +
            "2026-01-02 03:04:05.678000 2026-01-02 03:04:05.678000+00:00\n" +
            "emscripten utf-8 utf-8 UTF-8 3.14.2\n",
        },
      },
    ],
  },
];
