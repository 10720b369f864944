import type { JavaScriptCase } from "./case.ts";

/** `console` and how values are written. */
export const OUTPUT_CASES: readonly JavaScriptCase[] = [
  {
    title: "a string result is quoted as in a console",
    code: "\"it's \" + 'me'",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: '"it\'s me"',
          },
          isMainResult: true,
        },
      ],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "console methods go to stdout and stderr",
    code: "console.log('log'); console.info('info'); console.debug('debug'); console.warn('warn'); console.error('error');",
    expected: {
      stdout: "log\ninfo\ndebug\n",
      stderr: "warn\nerror\n",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "console.log formats printf-style",
    code: "console.log('%s is %d, %i and %f; %j %o %O %% %c.', 'x', 4.5, 4.5, '1.5', { a: 1 }, [1], { b: 2 }, 'color: red', 'rest', { c: 3 });",
    expected: {
      stdout: 'x is 4.5, 4 and 1.5; {"a":1} [ 1, [length]: 1 ] { b: 2 } % . rest { c: 3 }\n',
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "console.table draws rows and columns",
    code: "console.table([{ name: 'Ada', born: 1815 }, { name: 'Alan', born: 1912 }]);\nconsole.table([[1, 2], [3, 4]], ['1']);",
    expected: {
      stdout:
        "┌─────────┬────────┬──────┐\n│ (index) │ name   │ born │\n├─────────┼────────┼──────┤\n│ 0       │ 'Ada'  │ 1815 │\n│ 1       │ 'Alan' │ 1912 │\n└─────────┴────────┴──────┘\n┌─────────┬───┐\n│ (index) │ 1 │\n├─────────┼───┤\n│ 0       │ 2 │\n│ 1       │ 4 │\n└─────────┴───┘\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "console.group indents both streams",
    code: "console.group('outer');\nconsole.log('two\\nlines');\nconsole.group();\nconsole.error('deep');\nconsole.groupEnd();\nconsole.groupEnd();\nconsole.log('flat');",
    expected: {
      stdout: "outer\n  two\n  lines\nflat\n",
      stderr: "    deep\n",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "console.count, assert and dir work",
    code: "console.count(); console.count('x'); console.count();\nconsole.assert(1 > 2, 'not %d', 1); console.assert(true);\nconsole.dir({ a: { b: { c: 1 } } }, { depth: 0 });",
    expected: {
      stdout: "default: 1\nx: 1\ndefault: 2\n{ a: [Object] }\n",
      stderr: "Assertion failed: not 1\n",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "collections, classes and circular values are shown as node shows them",
    code: "class Point { constructor(x) { this.x = x } }\nconst loop = { name: 'loop' };\nloop.self = loop;\nconsole.log(new Map([['k', [1]]]), new Set(['a']), new Point(3), loop, Point, () => 1, Symbol('s'), 10n, -0, null, undefined);\nconsole.log([new Date(0), /a+/g, new Uint8Array(3), new Error('e').message, Object.create(null), [, 1]]);",
    expected: {
      stdout:
        "Map(1) { 'k' => [ 1 ] } Set(1) { 'a' } Point { x: 3 } <ref *1> { name: 'loop', self: [Circular *1] } [class Point] [Function (anonymous)] Symbol(s) 10n -0 null undefined\n[\n  1970-01-01T00:00:00.000Z,\n  /a+/g,\n  Uint8Array(3) [ 0, 0, 0 ],\n  'e',\n  [Object: null prototype] {},\n  [ <1 empty item>, 1 ]\n]\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "long values are broken over lines",
    code: "console.log({ alpha: 'a'.repeat(30), beta: 'b'.repeat(30), gamma: [1, 2, 3] });\nconsole.log(Array.from({ length: 30 }, (_, i) => i * 3));",
    expected: {
      stdout:
        "{\n  alpha: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',\n  beta: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',\n  gamma: [ 1, 2, 3 ]\n}\n[\n   0,  3,  6,  9, 12, 15, 18, 21, 24,\n  27, 30, 33, 36, 39, 42, 45, 48, 51,\n  54, 57, 60, 63, 66, 69, 72, 75, 78,\n  81, 84, 87\n]\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "unicode, NUL and lone surrogates reach the output",
    code: "console.log('日本 😀 \\u0000|\\ud800|' + '\\u0001');\nprocess.stdout.write(new Uint8Array([104, 105, 10]));",
    expected: {
      stdout: "日本 😀 \u0000|�|\u0001\nhi\n",
      stderr: "",
      results: [
        {
          bundle: {
            text: "true",
          },
          isMainResult: true,
        },
      ],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "numbers are written for people by toLocaleString",
    code: "console.log((1234567.891).toLocaleString(), (0.256).toLocaleString('en-US', { style: 'percent' }), (1234.5).toLocaleString('en-US', { style: 'currency', currency: 'USD' }), (5).toLocaleString(undefined, { minimumFractionDigits: 2 }));",
    expected: {
      stdout: "1,234,567.891 26% $1,234.50 5.00\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "dates are written for people in English and UTC",
    code: "const d = new Date(1e12);\nconsole.log(d.toLocaleDateString(), d.toLocaleTimeString(), d.toLocaleDateString('en-US', { year: 'numeric', month: 'long', day: 'numeric' }), new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).format(d));",
    expected: {
      stdout: "9/9/2001 1:46:40 AM September 9, 2001 Sep 9, 2001\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
];
