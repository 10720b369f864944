import type { JavaScriptCase } from "./case.ts";

/** Uncaught errors, rejections and syntax errors. */
export const ERROR_CASES: readonly JavaScriptCase[] = [
  {
    title: "an uncaught error shows the line, the message and the user's frames",
    code: "function parse(row) {\n  return row.cells.length;\n}\nfunction main() {\n  [{}].map((row) => parse(row));\n}\nmain();",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:2\n  return row.cells.length;\n                  ^\n\nTypeError: cannot read property 'length' of undefined\n    at parse (/workspace/main.js:2:19)\n    at /workspace/main.js:5:26\n    at main (/workspace/main.js:5:11)\n    at /workspace/main.js:7:5\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "TypeError",
          value: "cannot read property 'length' of undefined",
          traceback:
            "TypeError: cannot read property 'length' of undefined\n    at parse (/workspace/main.js:2:19)\n    at /workspace/main.js:5:26\n    at main (/workspace/main.js:5:11)\n    at /workspace/main.js:7:5",
        },
      },
    },
  },
  {
    title: "an error's cause is shown",
    code: "try { null.x } catch (cause) { throw new Error('outer', { cause }) }",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:1\ntry { null.x } catch (cause) { throw new Error('outer', { cause }) }\n                                              ^\n\nError: outer\n    at /workspace/main.js:1:47 {\n  [cause]: TypeError: cannot read property 'x' of null\n      at /workspace/main.js:1:11\n}\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Error",
          value: "outer",
          traceback:
            "Error: outer\n    at /workspace/main.js:1:47 {\n  [cause]: TypeError: cannot read property 'x' of null\n      at /workspace/main.js:1:11\n}",
        },
      },
    },
  },
  {
    title: "a value that is no error can be thrown",
    code: "throw { code: 42 };",
    expected: {
      stdout: "",
      stderr: "Uncaught { code: 42 }\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Uncaught",
          value: "{ code: 42 }",
          traceback: "Uncaught { code: 42 }",
        },
      },
    },
  },
  {
    title: "an error of a class of one's own keeps its name and fields",
    code: "class HttpError extends Error {\n  constructor(status) { super('status ' + status); this.name = 'HttpError'; this.status = status }\n}\nthrow new HttpError(404);",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:4\nthrow new HttpError(404);\n                   ^\n\nHttpError: status 404\n    at /workspace/main.js:4:20 {\n  status: 404\n}\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "HttpError",
          value: "status 404",
          traceback: "HttpError: status 404\n    at /workspace/main.js:4:20 {\n  status: 404\n}",
        },
      },
    },
  },
  {
    title: "an unhandled rejection fails the run",
    code: "async function job() { await null; throw new TypeError('lost') }\njob();\nsetTimeout(() => console.log('never'), 50);",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:1\nasync function job() { await null; throw new TypeError('lost') }\n                                                      ^\n\nTypeError: lost\n    at job (/workspace/main.js:1:55)\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "TypeError",
          value: "lost",
          traceback: "TypeError: lost\n    at job (/workspace/main.js:1:55)",
        },
      },
    },
  },
  {
    title: "a rejection handled in time is none",
    code: "const p = Promise.reject(new Error('x'));\np.catch(() => console.log('handled'));\nawait Promise.allSettled([Promise.reject(1)]);",
    expected: {
      stdout: "handled\n",
      stderr: "",
      results: [
        {
          bundle: {
            html: "<table><thead><tr><th></th><th>status</th><th>reason</th></tr></thead><tbody><tr><th>0</th><td>rejected</td><td>1</td></tr></tbody></table>",
            json: [
              {
                status: "rejected",
                reason: 1,
              },
            ],
            text: "[ { status: 'rejected', reason: 1 } ]",
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
    title: "an error in a timer fails the run",
    code: "setTimeout(() => { throw new RangeError('late') }, 1);",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:1\nsetTimeout(() => { throw new RangeError('late') }, 1);\n                                       ^\n\nRangeError: late\n    at /workspace/main.js:1:40\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "RangeError",
          value: "late",
          traceback: "RangeError: late\n    at /workspace/main.js:1:40",
        },
      },
    },
  },
  {
    title: "an await that nothing settles ends with 13",
    code: "console.log('before');\nawait new Promise(() => {});\nconsole.log('after');",
    expected: {
      stdout: "before\n",
      stderr: "Warning: Detected unsettled top-level await\n",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 13,
      },
    },
  },
  {
    title: "error.stack has a header and only the user's frames",
    code: "function f() { return new Error('made').stack }\nconsole.log(f());\ntry { undefined.x } catch (e) { console.log(e.stack) }",
    expected: {
      stdout:
        "Error: made\n    at f (/workspace/main.js:1:32)\n    at /workspace/main.js:2:14\nTypeError: cannot read property 'x' of undefined\n    at /workspace/main.js:3:16\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "infinite recursion is an error the guest can catch",
    code: "function f() { return f() + 1 }\ntry { f() } catch (e) { console.log(e.name, e.message) }",
    expected: {
      stdout: "InternalError stack overflow\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "an error of an earlier program keeps its own place",
    before: ["\n\nfunction boom() { throw new Error('from before') }"],
    code: "boom();",
    expected: {
      stdout: "",
      stderr: "Error: from before\n    at boom (/workspace/main.js:3:34)\n    at /workspace/main.js:1:5\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Error",
          value: "from before",
          traceback:
            "Error: from before\n    at boom (/workspace/main.js:3:34)\n    at /workspace/main.js:1:5",
        },
      },
    },
  },
];
