import type { JavaScriptCase } from "./case.ts";

/** Imports and `require`. */
export const MODULE_CASES: readonly JavaScriptCase[] = [
  {
    title: "modules import built-ins and files",
    files: {
      "/workspace/lib/math.js": "export const add = (a, b) => a + b;\nexport default 'math';\n",
      "/workspace/data.json": '{"rows": [1, 2]}',
      "/workspace/lib/index.ts":
        "export type Row = { id: number };\nexport const first = (rows: Row[]): number => rows[0]!.id;\n",
    },
    code: "import math, { add } from './lib/math.js';\nimport data from './data.json' with { type: 'json' };\nimport { first } from './lib';\nimport { basename } from 'node:path';\nconsole.log(math, add(2, 3), data, first([{ id: 9 }]), basename(import.meta.url), import.meta.dirname);",
    expected: {
      stdout: "math 5 { rows: [ 1, 2 ] } 9 main.js /workspace\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "dynamic import and require load the same files",
    files: {
      "/workspace/old.cjs": "exports.one = 1;\nmodule.exports.two = () => 2;\n",
      "/workspace/new.mjs": "export const three = 3;\n",
    },
    code: "const old = require('./old.cjs');\nconst { one } = await import('./old.cjs');\nconsole.log(old.two(), one, (await import('./new.mjs')).three, require('./new.mjs').three, __filename);",
    expected: {
      stdout: "2 1 3 3 /workspace/main.js\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "a package that is not there is named, with what is",
    code: "import _ from 'lodash';",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:1\nimport _ from 'lodash';\n              ^\n\nError: Cannot find package 'lodash' imported from /workspace/main.js. There are no packages here; available are fs, path, process, util, assert, events, os, buffer, url, timers, readline, perf_hooks, crypto, string_decoder, module and files by a path such as './file.js'.\n    at /workspace/main.js:1:15\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Error",
          value:
            "Cannot find package 'lodash' imported from /workspace/main.js. There are no packages here; available are fs, path, process, util, assert, events, os, buffer, url, timers, readline, perf_hooks, crypto, string_decoder, module and files by a path such as './file.js'.",
          traceback:
            "/workspace/main.js:1\nimport _ from 'lodash';\n              ^\n\nError: Cannot find package 'lodash' imported from /workspace/main.js. There are no packages here; available are fs, path, process, util, assert, events, os, buffer, url, timers, readline, perf_hooks, crypto, string_decoder, module and files by a path such as './file.js'.\n    at /workspace/main.js:1:15",
        },
      },
    },
  },
  {
    title: "a missing file is named with its importer",
    code: "const x = 1;\nimport { y } from './nowhere.js';",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:2\nimport { y } from './nowhere.js';\n                  ^\n\nError: Cannot find module '/workspace/nowhere.js' imported from /workspace/main.js\n    at /workspace/main.js:2:19\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Error",
          value: "Cannot find module '/workspace/nowhere.js' imported from /workspace/main.js",
          traceback:
            "/workspace/main.js:2\nimport { y } from './nowhere.js';\n                  ^\n\nError: Cannot find module '/workspace/nowhere.js' imported from /workspace/main.js\n    at /workspace/main.js:2:19",
        },
      },
    },
  },
  {
    title: "a syntax error in an imported file names that file",
    files: {
      "/workspace/bad.js": "export const a = 1;\nlet b = = 2;\n",
    },
    code: "import { a } from './bad.js';",
    expected: {
      stdout: "",
      stderr:
        "/workspace/bad.js:2\nlet b = = 2;\n        ^\n\nSyntaxError: Unexpected token '='\n    at /workspace/bad.js:2:9\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "SyntaxError",
          value: "Unexpected token '='",
          traceback:
            "/workspace/bad.js:2\nlet b = = 2;\n        ^\n\nSyntaxError: Unexpected token '='\n    at /workspace/bad.js:2:9",
        },
      },
    },
  },
  {
    title: "variables, functions, classes and imports of one run are there in the next",
    before: [
      "import fs from 'node:fs';\nconst a = 1; let b = 2; var c = 3;\nfunction f() { return a + b + c }\nclass K { static v = 4 }\nconst { d, ...e } = { d: 5, x: 6 };",
      "b = 20;",
    ],
    code: "[a, b, c, f(), K.v, d, e, typeof fs.readFileSync]",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "[ 1, 20, 3, 24, 4, 5, { x: 6 }, 'function' ]",
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
    title: "a file that changed is read again by the next run",
    files: {
      "/workspace/a.js": "export { b as a } from './b.js';\n",
      "/workspace/b.js": "export const b = 1;\n",
    },
    before: [
      "import { a } from './a.js';\nimport fs from 'fs';\nfs.writeFileSync('b.js', 'export const b = 222;');\nconsole.log(a);",
    ],
    code: "import { a } from './a.js';\na",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "222",
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
