import type { JavaScriptCase } from "./case.ts";

/** Running programs: timers, web globals, and what stays between runs. */
export const PROGRAM_CASES: readonly JavaScriptCase[] = [
  {
    title: "timers, immediates, ticks and promises run in node's order",
    code: "setTimeout(() => console.log('timeout 20'), 20);\nsetTimeout(() => console.log('timeout 0'), 0);\nsetImmediate(() => console.log('immediate'));\nPromise.resolve().then(() => console.log('promise'));\nqueueMicrotask(() => console.log('microtask'));\nprocess.nextTick(() => console.log('tick'));\nconsole.log('sync');",
    expected: {
      stdout: "sync\ntick\npromise\nmicrotask\ntimeout 0\nimmediate\ntimeout 20\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "setInterval repeats until it is cleared",
    code: "let n = 0;\nconst timer = setInterval(() => { console.log(++n); if (n === 3) clearInterval(timer); }, 1);",
    expected: {
      stdout: "1\n2\n3\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "an unref'd timer does not keep the run alive",
    code: "setTimeout(() => console.log('never'), 60_000).unref();\nconsole.log('done');",
    expected: {
      stdout: "done\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "top-level await works in a script",
    code: "const value = await new Promise((resolve) => setTimeout(resolve, 1, 'late'));\nconsole.log(value);",
    expected: {
      stdout: "late\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "sloppy scripts may assign undeclared names",
    code: "total = 0;\nfor (i = 0; i < 3; i++) total += i;\ntotal",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "3",
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
    title: "web globals are there",
    code: "const url = new URL('../b?x=1&y=%20', 'https://example.org/a/c');\nurl.searchParams.append('z', 'ü');\nconsole.log(url.href, [...url.searchParams.keys()], new URLSearchParams({ q: 'a b' }).toString());\nconsole.log(atob(btoa('hi')), new TextDecoder().decode(new TextEncoder().encode('ü')), structuredClone({ m: new Map([[1, new Date(0)]]) }));\nconst c = new AbortController();\nc.signal.addEventListener('abort', (e) => console.log(e.type, c.signal.reason.name));\nc.abort();\nconsole.log(crypto.randomUUID().length, typeof performance.now(), Date.now(), new Date().getTimezoneOffset());",
    expected: {
      stdout:
        "https://example.org/b?x=1&y=+&z=%C3%BC [ 'x', 'y', 'z' ] q=a+b\nhi ü { m: Map(1) { 1 => 1970-01-01T00:00:00.000Z } }\nabort AbortError\n36 number 1767225600000 0\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "Buffer converts between bytes and text",
    code: "const b = Buffer.concat([Buffer.from('héy'), Buffer.from([0, 255])]);\nconsole.log(b, b.toString('base64'), b.toString('hex'), Buffer.from('aGk', 'base64').toString(), Buffer.byteLength('ü'), b.readUInt16BE(4), Buffer.alloc(3, 'ab').toString());",
    expected: {
      stdout: "<Buffer 68 c3 a9 79 00 ff> aMOpeQD/ 68c3a97900ff hi 2 255 aba\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "assert and util work",
    code: "const assert = require('assert');\nconst util = require('util');\nassert.deepStrictEqual({ a: [1, new Set([2])] }, { a: [1, new Set([2])] });\ntry { assert.strictEqual(1, 2) } catch (e) { console.log(e.name, e.code, JSON.stringify(e.message)) }\nconsole.log(util.format('%s-%d', 'a', 1), util.inspect({ a: { b: { c: {} } } }, { depth: 0 }), util.isDeepStrictEqual([1], [1]));",
    expected: {
      stdout:
        'AssertionError ERR_ASSERTION "Expected values to be strictly equal:\\n\\n1 !== 2\\n"\na-1 { a: [Object] } true\n',
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "a const of one run may be declared again in the next, and stays constant within one",
    before: ["const x = 1;\nconst getX = () => x;"],
    code: "const x = 'two';\ntry { x = 3 } catch (e) { console.log(e.name, e.message) }\n[x, getX()]",
    expected: {
      stdout: "TypeError 'x' is read-only\n",
      stderr: "",
      results: [
        {
          bundle: {
            text: "[ 'two', 1 ]",
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
    title: "a failed run leaves what it had declared",
    before: ["const kept = [1];\nthrow new Error('later');"],
    code: "kept.push(2);\nkept",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "[ 1, 2 ]",
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
    title: "timers and promises of a run that exited do not come back in the next",
    before: [
      "setTimeout(() => console.log('zombie'), 1);\n(async () => { for (;;) await null })();\nprocess.exit(0);",
    ],
    code: "await new Promise((resolve) => setTimeout(resolve, 20));\n'clean'",
    expected: {
      stdout: "",
      stderr: "",
      results: [
        {
          bundle: {
            text: "'clean'",
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
