import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WASI } from "node:wasi";
import { afterAll, describe, expect, test } from "vitest";
import { splitWasm } from "../scripts/wasm/split-wasm.mjs";
import { calledIn, watchCalls } from "../scripts/wasm/watch-calls.mjs";
import { instantiateSplit } from "../src/runtimes/split-module.ts";

const LISP = new Uint8Array(readFileSync(fileURLToPath(new URL("fixtures/wasi/lisp.wasm", import.meta.url))));
/** Recursion, closures, function pointers, memory that grows, and numbers as text. */
const PROGRAM = `
(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))
(define adder (lambda (n) (lambda (m) (+ n m))))
(define count (lambda (n) (if (= n 0) '() (cons n (count (- n 1))))))
(print (fib 15) ((adder 3) 4) (/ 1 3) (list 1 'a '(b 2.5)) (car (count 2000)))
(print (nothing))
`;
const folder = mkdtempSync(join(tmpdir(), "sandglass-split-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number;
  /** How often the rest was asked for. */
  restCount: number;
}

/** Runs Lisp on a program, whole or cut. */
async function runLisp(first: Uint8Array, rest: Uint8Array | undefined, program: string): Promise<Ran> {
  const run = mkdtempSync(join(folder, "run-"));
  const file = (name: string) => join(run, name);
  writeFileSync(file("in"), program);
  const descriptors = [
    openSync(file("in"), "r"),
    openSync(file("out"), "w"),
    openSync(file("err"), "w"),
  ] as const;
  const [stdin, stdout, stderr] = descriptors;
  const wasi = new WASI({ version: "preview1", stdin, stdout, stderr, returnOnExit: true, args: ["lisp"] });
  let restCount = 0;
  const exports = await instantiateSplit(
    new WebAssembly.Module(new Uint8Array(first)),
    wasi.getImportObject() as WebAssembly.Imports,
    () => {
      restCount++;
      return new WebAssembly.Module(new Uint8Array(rest!));
    },
  );
  const exitCode = wasi.start({ exports });
  for (const descriptor of descriptors) closeSync(descriptor);
  return {
    stdout: readFileSync(file("out"), "utf8"),
    stderr: readFileSync(file("err"), "utf8"),
    exitCode,
    restCount,
  };
}

const functionCount = (() => {
  const counted = new WebAssembly.Module(new Uint8Array(watchCalls(LISP)));
  return WebAssembly.Module.exports(counted).filter(({ name }) => name.startsWith("called.")).length;
})();
const pick = (isHot: (at: number) => boolean) =>
  new Set(Array.from({ length: functionCount }, (_, at) => at).filter(isHot));

describe("a module cut in two", () => {
  const whole = runLisp(LISP, undefined, PROGRAM);

  test("the program shows what it can", async () => {
    expect(await whole).toEqual({
      stdout: "610 7 0.3333333333 (1 a (b 2.5)) 2000\n",
      stderr: "line 6: unknown name nothing\n",
      exitCode: 1,
      restCount: 0,
    });
  });

  const cuts: [title: string, hot: Set<number>, restCount: number][] = [
    ["all of it first", pick(() => true), 0],
    ["nothing first", new Set<number>(), 1],
    ["every second function first", pick((at) => at % 2 === 0), 1],
    ["the other half first", pick((at) => at % 2 === 1), 1],
    ["every third function first", pick((at) => at % 3 === 0), 1],
    ["two of three first", pick((at) => at % 3 !== 1), 1],
  ];
  test.each(cuts)("does what the whole does: %s", async (_title, hot, restCount) => {
    const { first, rest } = splitWasm(LISP, hot);
    const ran = await runLisp(first, rest, PROGRAM);
    expect(ran).toEqual({ ...(await whole), restCount });
  });

  test("does what the whole does, whichever function is alone on the other side", async () => {
    const differing: number[] = [];
    for (let alone = 0; alone < functionCount; alone++) {
      const { first, rest } = splitWasm(
        LISP,
        pick((at) => at !== alone),
      );
      const ran = await runLisp(first, rest, PROGRAM);
      const expected = { ...(await whole), restCount: Math.min(ran.restCount, 1) };
      if (JSON.stringify(ran) !== JSON.stringify(expected)) differing.push(alone);
    }
    expect(differing).toEqual([]);
  });

  test("needs no rest for what was seen to be called", async () => {
    const wasi = new WASI({
      version: "preview1",
      stdin: openSync("/dev/null", "r"),
      returnOnExit: true,
      args: ["lisp"],
    });
    const watched = new WebAssembly.Module(new Uint8Array(watchCalls(LISP)));
    const instance = await WebAssembly.instantiate(watched, wasi.getImportObject() as WebAssembly.Imports);
    wasi.start(instance);
    const called = new Set(calledIn(instance.exports));
    const { first, rest } = splitWasm(LISP, called);
    expect(await runLisp(first, rest, "")).toEqual({ stdout: "", stderr: "", exitCode: 0, restCount: 0 });
    // And the mirror: another program does need it.
    expect(await runLisp(first, rest, PROGRAM)).toEqual({ ...(await whole), restCount: 1 });
  });

  test("exports what the whole exports", async () => {
    const { first, rest } = splitWasm(
      LISP,
      pick((at) => at % 2 === 0),
    );
    const imports = { wasi_snapshot_preview1: new Proxy({}, { get: () => () => 0 }) };
    const exports = await instantiateSplit(
      new WebAssembly.Module(first),
      imports as unknown as WebAssembly.Imports,
      () => new WebAssembly.Module(rest),
    );
    const names = WebAssembly.Module.exports(new WebAssembly.Module(LISP)).map(({ name }) => name);
    expect(Object.keys(exports)).toEqual(names);
  });

  test("a rest that cannot be had fails the call, and the next call asks again", async () => {
    const { first, rest } = splitWasm(LISP, new Set());
    const wasi = new WASI({
      version: "preview1",
      stdin: openSync("/dev/null", "r"),
      returnOnExit: true,
      args: ["lisp"],
    });
    let asked = 0;
    const exports = await instantiateSplit(
      new WebAssembly.Module(first),
      wasi.getImportObject() as WebAssembly.Imports,
      () => {
        asked++;
        if (asked === 1) throw new Error("it has not arrived yet");
        return new WebAssembly.Module(rest);
      },
    );
    const start = exports._start as () => void;
    expect(start).toThrow("it has not arrived yet");
    expect(wasi.start({ exports })).toBe(0);
    expect(asked).toBe(2);
  });
});

test("a module whose code names segments is not cut", () => {
  // (module (memory 1) (data "x") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))) (func) (export …)
  const module = Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 12, 1, 1],
    ...[10, 14, 1, 12, 0, 0x41, 0, 0x41, 0, 0x41, 1, 0xfc, 8, 0, 0, 0x0b, 11, 4, 1, 1, 1, 0x78],
  );
  expect(WebAssembly.validate(module)).toBe(true);
  expect(() => splitWasm(module, new Set([0]))).toThrow("instruction 0xfc 8 was not expected");
});
