import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { assetFile } from "../../../tests/support/assets.ts";
import { ASSETS } from "../../protocol/assets.ts";
import { buildContextImage } from "./build-image.ts";
import { type ContextImage, GuestContext } from "./context.ts";
import { openContextImage } from "./image.ts";
import { JAVASCRIPT_CASES } from "./javascript.cases.ts";
import { createJavaScriptRuntime } from "./javascript.ts";
import { createTestHost, observe } from "./testing.ts";

const loadAsset = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(assetFile(name)));

interface Start {
  memoryBytes?: number;
  fileBytes?: number;
  /** In place of the build's snapshot; undefined for none. */
  snapshot?: Uint8Array | undefined;
}
const start = (options: Start = {}) => {
  const host = createTestHost(loadAsset, options);
  if ("snapshot" in options) {
    host.loadOptionalAsset = async (name) =>
      name === ASSETS.javascriptSnapshot ? options.snapshot : loadAsset(name);
  }
  return { host, runtime: createJavaScriptRuntime(host) };
};
const exited = (exitCode = 0) => ({ ended: "exited", exitCode, memoryBytes: expect.any(Number) });

describe.each<[how: string, options: Start]>([
  ["from its snapshot", {}],
  ["from its bootstrap", { snapshot: undefined }],
])("JavaScript %s", (_how, options) => {
  test.each(JAVASCRIPT_CASES)("$title", async (each) => {
    const { host, runtime } = start(options);
    for (const [path, text] of Object.entries(each.files ?? {})) {
      host.vfs.writeFile(path, new TextEncoder().encode(text));
    }
    for (const code of each.before ?? []) await observe(runtime, code, each);
    const { stdout, stderr, results, outcome } = await observe(runtime, each.code, each);
    expect({ stdout, stderr, results, outcome }).toEqual({
      ...each.expected,
      outcome: { ...each.expected.outcome, memoryBytes: expect.any(Number) },
    });
  });
});

const whole = await loadAsset(ASSETS.javascriptSnapshot);

describe("the snapshot", () => {
  const altered = (change: (copy: Uint8Array) => void) => {
    const copy = whole.slice();
    change(copy);
    return copy;
  };
  const print = async ({ runtime }: ReturnType<typeof start>) => {
    const { stdout, outcome } = await observe(runtime, "console.log(6 * 7)");
    return { stdout, outcome, bootInfo: runtime.bootInfo };
  };

  test("is started from, and it says so", async () => {
    expect(await print(start())).toEqual({
      stdout: "42\n",
      outcome: exited(),
      bootInfo: { fromSnapshot: true },
    });
  });

  const unfit: readonly [title: string, snapshot: Uint8Array | undefined, note: RegExp][] = [
    ["missing", undefined, /^this build has no snapshot$/],
    ["no snapshot file", new Uint8Array(100), /^the snapshot is not a snapshot file$/],
    ["cut short", whole.slice(0, -1), /^the snapshot is damaged$/],
    [
      "of another build",
      altered((copy) => {
        copy[4]! ^= 1;
      }),
      /^the snapshot is of another build: [0-9a-f]{32}, this one is [0-9a-f]{32}$/,
    ],
  ];
  test.each(unfit)("that is %s leaves the slower way, and it says so", async (_title, snapshot, note) => {
    expect(await print(start({ snapshot }))).toEqual({
      stdout: "42\n",
      outcome: exited(),
      bootInfo: { fromSnapshot: false, note: expect.stringMatching(note) },
    });
  });

  test("has nothing of the host that made it: time and randomness are the sandbox's own", async () => {
    const code = "[Date.now(), performance.timeOrigin > 1e12, Math.random(), crypto.randomUUID()].join()";
    const { runtime } = start();
    const texts = [];
    for (const contextId of ["one", "two"])
      texts.push((await observe(runtime, code, { contextId })).text ?? "");
    const [one, two] = texts.map((text) => text.replaceAll("'", "").split(","));
    expect([one!.slice(0, 2), two!.slice(0, 2)]).toEqual(Array(2).fill(["1767225600000", "true"]));
    expect(one![2]).not.toBe(two![2]);
    expect(one![3]).not.toBe(two![3]);
  });

  test("has everything where a start puts it", async () => {
    const wasm = await loadAsset(ASSETS.quickjsWasm);
    const module = await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>);
    // Made here: what the C library keeps of its environment is another in Node.
    const { image } = openContextImage(await buildContextImage(wasm), module);
    const capture = async (from?: ContextImage) =>
      (await GuestContext.create(createTestHost(loadAsset), module, () => undefined, from)).capture();
    const [plain, restored] = [await capture(), await capture(image!)];
    expect(restored.addresses).toEqual(plain.addresses);
    expect(restored.memory.length).toBe(plain.memory.length);
  });
});

const ENDLESS: readonly [title: string, code: string][] = [
  ["a busy loop", "for (;;);"],
  ["a loop that catches everything", "for (;;) { try { for (;;); } catch {} finally { for (;;); } }"],
  ["a loop that allocates", "for (;;) [1, 2, 3].map((x) => ({ x }));"],
  ["a catastrophic regular expression", "/(a+)+b/.test('a'.repeat(60))"],
  ["an endless chain of promises", "(async () => { for (;;) await null })()"],
  ["endless ticks", "(function again() { process.nextTick(again) })()"],
  ["endless immediates", "(function again() { setImmediate(again) })()"],
  ["a timer far away", "setTimeout(() => {}, 1e9)"],
  ["an interval", "setInterval(() => {}, 1)"],
];
for (const [title, code] of ENDLESS) {
  test(`${title} is stopped, and the context goes on without it`, async () => {
    const { runtime } = start();
    await observe(runtime, "const kept = 41;");
    const stopped = await observe(runtime, code, { stopAfterMs: 100 });
    expect(stopped.outcome).toEqual({ ended: "stopped", exitCode: 137, memoryBytes: expect.any(Number) });
    const next = await observe(runtime, "await new Promise((r) => setTimeout(r, 5)); kept + 1");
    expect(next).toMatchObject({ stdout: "", stderr: "", text: "42", outcome: exited() });
  });
}

test("output reaches the caller and the event loop turns while promises go on without end", async () => {
  const { runtime } = start();
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const run = await observe(runtime, "console.log('first'); for (;;) await null;", { stopAfterMs: 300 });
  clearInterval(timer);
  expect(run.stdout).toBe("first\n");
  expect(turns).toBeGreaterThan(1);
});

const BOMBS: readonly [title: string, code: string][] = [
  ["a list", "const a = []; for (;;) a.push(new Array(1000).fill(7));"],
  ["buffers", "const a = []; for (;;) a.push(new Uint8Array(1e6));"],
  ["one string", "'x'.repeat(2 ** 30 - 1).length"],
  ["promises", "const a = []; (async () => { for (;;) { a.push(new Uint8Array(1e6)); await null } })()"],
  [
    "files read again and again",
    "const fs = require('fs'); fs.writeFileSync('a', new Uint8Array(8e6)); const a = []; for (;;) a.push(fs.readFileSync('a'));",
  ],
];
for (const [title, code] of BOMBS) {
  test(`memory filled by ${title} ends as out-of-memory with the context lost, and a new one starts`, async () => {
    const memoryBytes = 48 * 2 ** 20;
    const { runtime } = start({ memoryBytes });
    const { outcome } = await observe(runtime, code);
    expect(outcome).toMatchObject({ ended: "out-of-memory", exitCode: 137, stateLost: true });
    expect(outcome.memoryBytes).toBeLessThanOrEqual(memoryBytes);
    expect((await observe(runtime, "typeof a")).text).toBe("'undefined'");
  });
}

test("less memory than the engine starts with is refused with both figures", async () => {
  await expect(start({ memoryBytes: 2 ** 24 - 1 }).runtime.boot()).rejects.toMatchObject({
    code: "invalid-argument",
    message: "limits.memoryBytes is 16777215; JavaScript needs at least 16777216",
  });
  const { stdout } = await observe(start({ memoryBytes: 2 ** 24 }).runtime, "console.log(1)");
  expect(stdout).toBe("1\n");
});

test("a guest may catch running out of memory and go on", async () => {
  const { runtime } = start({ memoryBytes: 48 * 2 ** 20 });
  const code =
    "try { const a = []; for (;;) a.push(new Uint8Array(1e6)) } catch (e) { console.log(e.message) }";
  const { stdout, outcome } = await observe(runtime, code);
  expect({ stdout, outcome }).toEqual({ stdout: "out of memory\n", outcome: exited() });
});

test("a full filesystem is ENOSPC for the guest", async () => {
  const { runtime } = start({ fileBytes: 2 ** 20 });
  const code =
    "try { require('fs').writeFileSync('big', new Uint8Array(2 ** 21)) } catch (e) { console.log(e.message) }";
  expect((await observe(runtime, code)).stdout).toBe("ENOSPC: no space left on device, write\n");
});

const OVERFLOWS: readonly [title: string, code: string][] = [
  ["nested JSON", "JSON.parse('['.repeat(1e6))"],
  ["nested eval", "eval('('.repeat(1e5))"],
  ["a deep list as a result", "let o = []; for (let i = 0; i < 1e5; i++) o = [o]; display.json(o)"],
  ["deeply nested source", "(".repeat(1e5)],
  ["recursion", "(function f() { f() })()"],
];
for (const [title, code] of OVERFLOWS) {
  test(`${title} too deep for the engine fails the run, not the host`, async () => {
    const { runtime } = start();
    const { outcome } = await observe(runtime, code);
    expect(["failed", "crashed"]).toContain(outcome.ended);
    expect((await observe(runtime, "1 + 1")).text).toBe("2");
  });
}

const POISONS: readonly [title: string, code: string][] = [
  [
    "setters and getters on Object.prototype",
    "for (const k of ['0', '1', 'value', 'get', 'error', 'then', 'toJSON', 'name', 'type']) Object.defineProperty(Object.prototype, k, { __proto__: null, get() { throw k }, set() { throw k }, configurable: true });",
  ],
  [
    "methods of the builtins",
    "Array.prototype.push = Array.prototype.join = Array.prototype[Symbol.iterator] = String.prototype.slice = RegExp.prototype.exec = Function.prototype.call = Function.prototype.apply = Promise.prototype.then = Map.prototype.get = () => { throw 'poison' };",
  ],
  [
    "the builtins themselves",
    "JSON.parse = JSON.stringify = Reflect.apply = Object.keys = null; Error = TypeError = Promise = Symbol = Map = Array = undefined; console = process = display = null;",
  ],
];
for (const [title, code] of POISONS) {
  test(`${title} can be poisoned without breaking results or later runs`, async () => {
    const { runtime } = start();
    await observe(runtime, "const { log } = console; const fail = TypeError;");
    expect((await observe(runtime, code)).outcome.ended).toBe("exited");
    const shown = await observe(
      runtime,
      "log('%s', 'x', { a: [1, { b: 2 }] }, new Uint8Array(1)); [1, { a: 'b' }]",
    );
    expect(shown).toMatchObject({
      stdout: "x { a: [ 1, { b: 2 } ] } Uint8Array(1) [ 0 ]\n",
      stderr: "",
      outcome: exited(),
    });
    expect(shown.text).toBe("[ 1, { a: 'b' } ]");
    const failed = await observe(runtime, "null.x");
    expect(failed.outcome.error?.value).toBe("cannot read property 'x' of null");
  });
}

const TRAPS: readonly [title: string, thrown: string, value: string][] = [
  ["a proxy whose traps throw", "new Proxy({}, new Proxy({}, { get() { throw 1 } }))", "{}"],
  [
    "an error whose fields throw",
    "Object.defineProperties(new Error('q'), { stack: { get() { throw 1 } }, message: { get() { throw 1 } }, name: { get() { throw 1 } } })",
    "",
  ],
  [
    "an error whose fields are no text",
    "Object.assign(new Error('q'), { stack: {}, name: 5, message: Symbol('x') })",
    "",
  ],
  [
    "an inspect method that throws",
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })",
    "[value that cannot be shown: Error: no]",
  ],
  ["null", "null", "null"],
];
for (const [title, thrown, value] of TRAPS) {
  test(`${title} can be thrown, shown and rejected`, async () => {
    const { runtime } = start();
    const uncaught = await observe(runtime, `throw ${thrown}`);
    expect(uncaught.outcome).toMatchObject({ ended: "failed", exitCode: 1, error: { value } });
    const rejected = await observe(runtime, `Promise.reject(${thrown}); 0`);
    expect(rejected.outcome).toMatchObject({ ended: "failed", exitCode: 1, error: { value } });
    const shown = await observe(runtime, `(${thrown})`);
    expect(shown.outcome).toEqual(exited());
  });
}

test("a guest cannot reach the host's realm or call the host with what it likes", async () => {
  const { runtime } = start();
  const code = `
const f = console.log.constructor('return typeof Deno + typeof require("fs").constructor.constructor("return this")().window + typeof WebAssembly + typeof fetch + typeof Worker')();
const names = Object.getOwnPropertyNames(__sandglass__).sort().join();
[f, names, Object.isFrozen(__sandglass__)]`;
  expect((await observe(runtime, code)).text).toBe(
    "[\n  'undefinedundefinedundefinedundefinedundefined',\n  'bind,builtin,meta,require,result,tidy',\n  true\n]",
  );
});

test("JSON nested too deep for its readers is left out of a result", async () => {
  const { runtime } = start();
  const code =
    "let a = 1, b = 1; for (let i = 0; i < 99; i++) a = [a]; for (let i = 0; i < 101; i++) b = [b]; display.json(a); display.json(b);";
  const { results } = await observe(runtime, code);
  expect(results.map(({ bundle }) => Object.keys(bundle).sort())).toEqual([["json", "text"], ["text"]]);
});

test("reading stdin at once while a person types is EAGAIN, with the way that works", async () => {
  const { runtime } = start();
  const code = "try { require('fs').readFileSync(0) } catch (e) { console.log(e.code, e.message) }";
  expect((await observe(runtime, code, { typed: ["x"] })).stdout).toBe(
    "EAGAIN EAGAIN: resource temporarily unavailable, read (a person types this input: use `await input()`)\n",
  );
});

test("a run that waits for a person is stopped, and its answer does not reach the next run", async () => {
  const { runtime } = start();
  let answer: (bytes: Uint8Array) => void = () => {};
  const asked = new Promise<Uint8Array>((resolve) => {
    answer = resolve;
  });
  const stopped = await observe(runtime, "await input()", { stopAfterMs: 50, answers: [asked] });
  expect(stopped.outcome.ended).toBe("stopped");
  answer(new TextEncoder().encode("late\n"));
  const next = await observe(runtime, "await input()", { typed: ["mine"] });
  expect(next.text).toBe("'mine'");
});

test("a listener for unhandled rejections is told instead of the run failing", async () => {
  const { runtime } = start();
  const code =
    "process.on('unhandledRejection', (e) => console.log('told', e.message)); Promise.reject(new Error('x')); 0";
  const { stdout, outcome } = await observe(runtime, code);
  expect({ stdout, outcome }).toEqual({ stdout: "told x\n", outcome: exited() });
});

test("a JavaScript program may import TypeScript files", async () => {
  const { host, runtime } = start();
  host.vfs.writeFile("/workspace/typed.ts", new TextEncoder().encode("export const n: number = 5;"));
  expect((await observe(runtime, "import { n } from './typed.ts'; n")).text).toBe("5");
});

test("contexts share files but no variables", async () => {
  const { runtime } = start();
  await observe(runtime, "globalThis.secret = 1; require('fs').writeFileSync('shared', 'x')", {
    contextId: "a",
  });
  const other = await observe(runtime, "[typeof secret, require('fs').existsSync('shared')]", {
    contextId: "b",
  });
  expect(other.text).toBe("[ 'undefined', true ]");
  runtime.disposeContext("a");
  expect((await observe(runtime, "typeof secret", { contextId: "a" })).text).toBe("'undefined'");
});

test("Date, Math.random and crypto come from the host", async () => {
  const code = "[Date.now(), new Date().toString(), Math.random(), crypto.randomUUID()]";
  const [first, second] = [await observe(start().runtime, code), await observe(start().runtime, code)];
  expect(first.text).toBe(second.text);
  expect(first.text).toContain("1767225600000,\n  'Thu Jan 01 2026 00:00:00 GMT+0000'");
});

test("a thousand runs leave nothing behind", async () => {
  const { runtime } = start();
  const code =
    "const o = { a: [1] }; console.log(o); try { null.x } catch {} await Promise.resolve(o); setTimeout(() => {}, 0); require('fs').existsSync('/'); display(o); o";
  const used = async () => Number((await observe(runtime, "process.memoryUsage().heapUsed")).text);
  for (let i = 0; i < 20; i++) await observe(runtime, code);
  const before = await used();
  for (let i = 0; i < 1000; i++) await observe(runtime, i % 10 === 0 ? "throw new Error('x')" : code);
  expect((await used()) - before).toBeLessThan(200_000);
});
