import type { JavaScriptCase } from "./case.ts";

/** The value of the last expression, and `display()`. */
export const RESULT_CASES: readonly JavaScriptCase[] = [
  {
    title: "the value of the last expression is the main result",
    code: "const a = 6;\na * 7",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "42",
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
    title: "a last statement that is no expression gives no result",
    code: "1 + 1;\nconst b = 2;",
    expected: {
      stdout: "",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "undefined gives no result",
    code: "void 0",
    expected: {
      stdout: "",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "an object result is shown two levels deep",
    code: "({ a: 1, b: { c: { d: { e: 1 } } }, list: [1, 'two', [3]] })",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "{ a: 1, b: { c: { d: [Object] } }, list: [ 1, 'two', [ 3 ] ] }",
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
    title: "a promise as the last expression gives what it is fulfilled with",
    code: "async function main() { await null; return { rows: 3 } }\nmain()",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "{ rows: 3 }",
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
    title: "display shows values in the richest form they have",
    code: "display({ _repr_html_: () => '<b>bold</b>' });\ndisplay({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '# hi', 'image/png': new Uint8Array([1, 2, 3]) }) });\ndisplay({ 'text/html': '<i>raw</i>', 'application/json': { a: [1] } }, { raw: true });\ndisplay.svg('<svg/>'); display.markdown('*m*'); display.html('<p>'); display.json({ b: 1 });",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            html: "<b>bold</b>",
            text: "{ _repr_html_: [Function: _repr_html_] }",
          },
          isMainResult: false,
        },
        {
          bundle: {
            markdown: "# hi",
            png: "AQID",
            text: "{ [Symbol(Jupyter.display)]: [Function: [Jupyter.display]] }",
          },
          isMainResult: false,
        },
        {
          bundle: {
            html: "<i>raw</i>",
            json: {
              a: [1],
            },
          },
          isMainResult: false,
        },
        {
          bundle: {
            svg: "<svg/>",
          },
          isMainResult: false,
        },
        {
          bundle: {
            markdown: "*m*",
          },
          isMainResult: false,
        },
        {
          bundle: {
            html: "<p>",
          },
          isMainResult: false,
        },
        {
          bundle: {
            json: {
              b: 1,
            },
            text: "{ b: 1 }",
          },
          isMainResult: false,
        },
      ],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "a list of plain objects is a table",
    code: "[{ city: 'Oslo', n: 1 }, { city: '<b>', n: 2.5, tags: ['x'] }]",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            html: "<table><thead><tr><th></th><th>city</th><th>n</th><th>tags</th></tr></thead><tbody><tr><th>0</th><td>Oslo</td><td>1</td><td></td></tr><tr><th>1</th><td>&lt;b&gt;</td><td>2.5</td><td>[ 'x' ]</td></tr></tbody></table>",
            json: [
              {
                city: "Oslo",
                n: 1,
              },
              {
                city: "<b>",
                n: 2.5,
                tags: ["x"],
              },
            ],
            text: "[ { city: 'Oslo', n: 1 }, { city: '<b>', n: 2.5, tags: [ 'x' ] } ]",
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
];
