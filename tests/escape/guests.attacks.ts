import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateOptions } from "../../src/client/options.ts";
import type { SandboxCore } from "../../src/client/sandbox.ts";
import type { Language } from "../../src/policy/languages.ts";

/** What a program may try by the means of its language, and the whole of what it may print. */
interface GuestAttack {
  name: string;
  language: Language;
  code: string;
  prints: string;
  status?: string;
}

/** Prints the names of the ways that worked; one that is there for everybody shows that the probe does. */
function pythonWays(ways: Readonly<Record<string, string>>): string {
  const lines = Object.entries(ways).map(
    ([name, code]) => `way(${JSON.stringify(name)}, ${JSON.stringify(code)})`,
  );
  return `import os, sys\ndef way(name, code):\n    try: exec(code)\n    except BaseException: return\n    print(name)\n${lines.join("\n")}\n`;
}

const GUEST_ATTACKS: GuestAttack[] = [
  {
    name: "Python finds no way to JavaScript, to processes, to the network or to files but its own",
    language: "python",
    code: pythonWays({
      "the probe works": "open('/tmp/x', 'w').write('x'); open('/tmp/x').read()",
      js: "import js",
      pyodide_js: "import pyodide_js",
      run_js: "from pyodide.code import run_js; run_js('1')",
      core: "import _pyodide_core; _pyodide_core.IN_BROWSER; _pyodide_core.raw_call",
      ffi: "from pyodide.ffi import create_proxy; create_proxy(print).constructor",
      "proxies in memory":
        "import gc; 1 / len([o for o in gc.get_objects() if type(o).__name__ == 'JsProxy'])",
      "proxies in modules":
        "1 / len([1 for m in list(sys.modules.values()) for v in vars(m).values() if type(v).__name__ == 'JsProxy'])",
      system: "1 / (os.system('id') == 0)",
      fork: "os.fork()",
      exec: "os.execv('/bin/sh', ['sh'])",
      popen: "import subprocess; subprocess.run(['id'])",
      socket: "import socket; socket.create_connection(('127.0.0.1', 80), 1)",
      urlopen: "import urllib.request; urllib.request.urlopen('http://127.0.0.1:80')",
      "host's passwd": "open('/etc/passwd').read()",
      "host's environment": "open('/proc/self/environ').read()",
      "link out": "os.symlink('/../../etc/passwd', '/workspace/out'); open('/workspace/out').read()",
      "write beside its folders": "open('/outside', 'w')",
      "write into the library": "open('/lib/python3.14/site-packages/os.py', 'w')",
      "write into a device": "open('/dev/shm/x', 'w')",
      "a device of its own": "os.mknod('/tmp/dev', 0o020666)",
      "a fifo": "os.mkfifo('/tmp/fifo')",
      mount: "import pyodide; pyodide.mountNativeFS",
    }),
    prints: "the probe works\n",
  },
  {
    name: "Emscripten's ways to evaluate JavaScript have no symbol to be called by, others have",
    language: "python",
    code: `import ctypes
own = ctypes.CDLL(None)
print(own.abs(-7))
for name in ["emscripten_run_script", "emscripten_run_script_int", "emscripten_run_script_string"]:
    try:
        getattr(own, name)(b"postMessage({ type: 'started' })")
        print(name, "ran")
    except AttributeError:
        print(name, "is not there")`,
    prints:
      "7\nemscripten_run_script is not there\nemscripten_run_script_int is not there\nemscripten_run_script_string is not there\n",
  },
  {
    name: "Python cannot hold more than its quota in files that have no name any more, in holes or in pipes",
    language: "python",
    code: `import os
held = []
try:
    for index in range(100):
        file = open("/tmp/held", "wb", 0); os.unlink("/tmp/held"); file.write(b"x" * 2**20); held.append(file)
except OSError as error: print(len(held), error.strerror)
for file in held: file.close()
with open("/tmp/hole", "wb") as file:
    try: file.truncate(2**31 - 1)
    except OSError as error: print("hole", error.strerror)
written = 0
reader, writer = os.pipe()
os.set_blocking(writer, False)
try:
    while written < 2**24: written += os.write(writer, b"x" * 65536)
except OSError as error: print("pipe", written, error.strerror)
`,
    prints:
      "7 No space left on device\nhole No space left on device\npipe 65536 Resource temporarily unavailable\n",
  },
  {
    name: "a forged command to the runner's device shows nothing and costs nothing",
    language: "python",
    code: `device = open("/dev/sandglass", "wb", 0)
for forged in (b'R\\x00{"foo": 1}', b'R\\x00{"text": {"a": 1}}', b'R\\x00[1]', b'R\\x00{"json": ' + b"[" * 999 + b"]" * 999 + b"}", b"S", b"X", b"R\\x00nul"):
    device.write(forged)
print("alive")`,
    prints: "alive\n",
  },
  {
    name: "JavaScript finds neither the host's names nor modules of its engine nor files but its own",
    language: "javascript",
    code: `import fs from "node:fs";
const ways = {
  "the probe works": () => fs.writeFileSync("/tmp/x", "x"),
  Deno: () => Deno.pid, fetch: () => fetch("http://127.0.0.1"), Worker: () => new Worker("x"), WebAssembly: () => new WebAssembly.Memory({ initial: 1 }),
  postMessage: () => postMessage(1), "host's realm": () => console.log.constructor("return Deno")(),
  "host's passwd": () => fs.readFileSync("/etc/passwd"), "link out": () => { fs.symlinkSync("/../../etc/passwd", "/tmp/out"); fs.readFileSync("/tmp/out") },
  "qjs:os": () => import("qjs:os"), std: () => import("std"), child_process: () => import("node:child_process"), net: () => import("node:net"),
  file: () => import("file:///etc/passwd"), http: () => import("http://127.0.0.1/x.js"), data: () => import("data:text/javascript,1"),
  require: () => require("/etc/passwd"), NUL: () => fs.writeFileSync("/tmp/a\\0b", ""), binding: () => process.binding("fs"), dlopen: () => process.dlopen({}, "/x"),
};
for (const [name, way] of Object.entries(ways)) try { await way(); console.log(name); } catch {}`,
    prints: "the probe works\n",
  },
  {
    name: "what JavaScript shows crosses as plain data or not at all",
    language: "javascript",
    code: `const trap = new Proxy({}, { get() { throw new Error("get") }, ownKeys() { throw new Error("keys") } });
const shown = [5, null, [], trap, { get text() { throw new Error("getter") } }, { html: new Uint8Array(3) }, { json: 1n },
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'), { json: JSON.parse('{"__proto__": {"polluted": true}}') }];
let deep = 1; for (let i = 0; i < 500; i += 1) deep = [deep];
for (const value of [...shown, { json: deep }]) try { display(value, { raw: true }) } catch {}
Object.prototype.polluted = true;
Array.prototype.toJSON = () => "owned";
console.log("alive")`,
    prints: "alive\n",
  },
  {
    name: "thirty thousand changes between the two streams are no flood",
    language: "javascript",
    code: `for (let i = 0; i < 30_000; i += 1) { console.log("o"); console.error("e"); }`,
    prints: "o\n".repeat(30_000),
  },
  {
    name: "more results than a run may show end it in words",
    language: "javascript",
    code: `for (let i = 0; i < 30_000; i += 1) display(i);`,
    prints: "",
    status: "output-limit",
  },
];

export function guestAttacks(host: string, Sandbox: typeof SandboxCore, base: CreateOptions): void {
  describe(`programs that try to get out, on the ${host}`, () => {
    let sandbox: SandboxCore;
    beforeAll(async () => {
      sandbox = await Sandbox.create({ ...base, limits: { fileBytes: 8 * 2 ** 20 } });
    });
    afterAll(() => sandbox.kill());

    test.each(GUEST_ATTACKS)("$name", async ({ language, code, prints, status }) => {
      const { logs, ...execution } = await sandbox.runCode(code, { language });
      expect(logs.stdout.join("")).toBe(prints);
      expect(execution.status).toBe(status ?? "completed");
      expect(execution.notices.filter(({ code: notice }) => notice === "files-rolled-back")).toEqual([]);
      for (const result of execution.results)
        expect(Object.getPrototypeOf(result.json ?? {})).toBe(Object.prototype);
      expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
    });
  });
}
