import type { JavaScriptCase } from "./case.ts";

/** TypeScript. */
export const TYPESCRIPT_CASES: readonly JavaScriptCase[] = [
  {
    title: "typescript types are stripped with positions kept",
    language: "typescript",
    code: "interface Row { id: number; name?: string }\nconst rows: Row[] = [{ id: 1 }];\nfunction get<T>(list: T[], at: number): T { return list[at]!; }\nconst row = get<Row>(rows, 0) as Row;\nconsole.log(row satisfies Row);\nthrow new Error('at ' + (row as any).id);",
    expected: {
      stdout: "{ id: 1 }\n",
      stderr:
        "/workspace/main.ts:6\nthrow new Error('at ' + (row as any).id);\n               ^\n\nError: at 1\n    at /workspace/main.ts:6:16\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Error",
          value: "at 1",
          traceback: "Error: at 1\n    at /workspace/main.ts:6:16",
        },
      },
    },
  },
  {
    title: "typescript enums, namespaces and parameter properties run",
    language: "typescript",
    code: "enum Color { Red, Green = 'g' }\nnamespace Geo { export const pi = 3 }\nclass P { constructor(readonly x: number) {} }\nconsole.log(Color, Geo.pi, new P(2));",
    expected: {
      stdout: "{ '0': 'Red', Red: 0, Green: 'g' } 3 P { x: 2 }\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "typescript imports of types only are dropped",
    language: "typescript",
    files: {
      "/workspace/types.ts":
        "export interface Row { id: number }\nexport const make = (id: number): Row => ({ id });\n",
    },
    code: "import { Row, make } from './types';\nimport { Dirent } from 'node:fs';\nconst row: Row = make(5);\nlet entry: Dirent | undefined;\nconsole.log(row, entry);",
    expected: {
      stdout: "{ id: 5 } undefined\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "a typescript syntax error names file, line and column",
    language: "typescript",
    code: "const a: number = 1;\nconst b: = 2;\n",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.ts:2\nconst b: = 2;\n         ^\n\nSyntaxError: Unexpected token `=`. Expected an identifier, void, yield, null, await, break, a string literal, a numeric literal, true, false, `, -, import, this, typeof, {, [, (\n    at /workspace/main.ts:2:10\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "SyntaxError",
          value:
            "Unexpected token `=`. Expected an identifier, void, yield, null, await, break, a string literal, a numeric literal, true, false, `, -, import, this, typeof, {, [, (",
          traceback:
            "/workspace/main.ts:2\nconst b: = 2;\n         ^\n\nSyntaxError: Unexpected token `=`. Expected an identifier, void, yield, null, await, break, a string literal, a numeric literal, true, false, `, -, import, this, typeof, {, [, (\n    at /workspace/main.ts:2:10",
        },
      },
    },
  },
  {
    title: "a rewritten typescript program keeps its lines in stack frames",
    language: "typescript",
    code: "enum Color { Red }\ninterface X { a: number }\nclass P {\n  constructor(private readonly x: number) {}\n  fail(): never { throw new Error('at ' + this.x) }\n}\nnew P(Color.Red).fail();",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.ts:5\n  fail(): never { throw new Error('at ' + this.x) }\n                            ^\n\nError: at 0\n    at fail (/workspace/main.ts:5:29)\n    at /workspace/main.ts:7:22\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "Error",
          value: "at 0",
          traceback: "Error: at 0\n    at fail (/workspace/main.ts:5:29)\n    at /workspace/main.ts:7:22",
        },
      },
    },
  },
  {
    title: "a typescript file with enums that is imported keeps its lines too",
    language: "typescript",
    files: {
      "/workspace/kinds.ts":
        "export enum Kind { A = 1 }\n\nexport function explode(kind: Kind): never {\n  throw new RangeError('kind ' + kind);\n}\n",
    },
    code: "import { Kind, explode } from './kinds.ts';\nexplode(Kind.A);",
    expected: {
      stdout: "",
      stderr:
        "/workspace/kinds.ts:4\n  throw new RangeError('kind ' + kind);\n            ^\n\nRangeError: kind 1\n    at explode (/workspace/kinds.ts:4:13)\n    at /workspace/main.ts:2:8\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "RangeError",
          value: "kind 1",
          traceback:
            "RangeError: kind 1\n    at explode (/workspace/kinds.ts:4:13)\n    at /workspace/main.ts:2:8",
        },
      },
    },
  },
];
