// Watches when the rest of the interpreter is read, in Deno. Arguments: the folder with Python's files, and the file for the
// answer, as JSON.
import { COMMON_PROGRAMS } from "../../../scripts/python/common-programs.mjs";
import { PYTHON_FILES, PythonBench } from "./python.testkit.ts";

const { args, readFileSync, writeTextFileSync, exit } = globalThis.Deno;
const [folder, answerFile] = args;
const REST = "pyodide.rest.wasm";
const files = new Map(PYTHON_FILES.map((name) => [name, readFileSync(`${folder}/${name}`)]));

/** More than the module that links the rest has. */
const DAMAGED_BYTES = 1000;
/** How often the rest has been compiled. */
let restCount = 0;
const { Module } = WebAssembly;
WebAssembly.Module = new Proxy(Module, {
  construct(_target, [bytes]) {
    if (bytes.length >= DAMAGED_BYTES) restCount++;
    return new Module(bytes);
  },
});

async function open(rest = files.get(REST)) {
  restCount = 0;
  const bench = new PythonBench(async (name) => (name === REST ? rest : files.get(name)));
  await bench.start();
  return bench;
}
/** What a program shows, and how often the rest has been compiled since `open`. */
async function see(bench, code, more = {}) {
  const { stdout, stderr, outcome } = await bench.run({ code, expect: {}, ...more });
  return { stdout, stderr, outcome, restCount };
}

const USES_REST = `import sqlite3
print(sqlite3.connect(":memory:").execute("select group_concat(x) from (select 1 x union select 2)").fetchall())`;
/** Python calls SQLite, SQLite calls Python, and that waits for a person. */
const WAITS_IN_REST = `import sqlite3
db = sqlite3.connect(":memory:")
db.create_function("ask", 1, input)
print(db.execute("select ask('name? ')").fetchone())`;
/** The rest is first called as deep in the engine's stack as Python lets a program go. */
const USES_REST_DEEP = `def deep(n):
    if n: return max([n], key=lambda n: deep(n - 1) or 0)
    import unicodedata
    return unicodedata.normalize("NFKD", "\u00e9")
for n in range(500, 0, -1):
    try: deep(n)
    except RecursionError: continue
    print(n > 50)
    break`;

const answer = {};
const common = await open();
const needed = [];
for (const { code, answers, stop } of COMMON_PROGRAMS) {
  if (stop) continue;
  for (let turn = 0; turn < 2; turn++) await see(common, code, { answers });
  if (restCount > 0) needed.push(code);
  await common.resetInPlace();
  restCount = 0;
}
answer.neededByCommon = needed;

const bench = await open();
answer.before = await see(bench, "print(1)");
answer.first = await see(bench, USES_REST);
answer.second = await see(bench, USES_REST);
answer.isInPlace = await bench.resetInPlace();
answer.afterReset = await see(bench, USES_REST);
answer.waiting = await see(bench, WAITS_IN_REST, { answers: ["Ann\n"] });
answer.waitingFirst = await see(await open(), WAITS_IN_REST, { answers: ["Ann\n"] });
answer.deep = await see(await open(), USES_REST_DEEP);

const damaged = await open(files.get(REST).slice(0, DAMAGED_BYTES));
answer.damagedButNotNeeded = await see(damaged, "print(1)");
answer.damaged = await see(damaged, USES_REST);
writeTextFileSync(answerFile, JSON.stringify(answer));
exit(0);
