// Boots Python in the ways a boot can go wrong, in Deno. Arguments: the folder with Python's files, and the file for the
// answer (what each gave, as JSON).
import { PYTHON_FILES, PythonBench } from "./python.testkit.ts";

const { args, readFileSync, writeTextFileSync, exit } = globalThis.Deno;
const [folder, answerFile] = args;
const files = new Map(PYTHON_FILES.map((name) => [name, readFileSync(`${folder}/${name}`)]));
const snapshot = files.get("python-snapshot.bin");
const print = [{ code: "print(6*7)", expect: {} }];

async function bootWith(snapshotBytes, limits, runs = print) {
  const bench = new PythonBench(async (name) =>
    name === "python-snapshot.bin" ? snapshotBytes : files.get(name),
  );
  let bootInfo;
  const observed = await bench.observe({ title: "boot", limits, runs }, (info) => {
    bootInfo = info;
  });
  return { bootInfo, observed };
}

const foreign = snapshot.slice();
foreign[4] ^= 0xff;
/** A copy with one 32-bit number of the header or the list of runs replaced. */
function withNumber(offset, value) {
  const copy = snapshot.slice();
  new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
}
const header = new DataView(snapshot.buffer, snapshot.byteOffset);
const [memoryBytes, runCount] = [header.getUint32(20, true), header.getUint32(24, true)];
const damages = {
  "cut short": snapshot.slice(0, -1),
  "cut in its list": snapshot.slice(0, 100),
  "of a memory it does not fit into": withNumber(20, 4096),
  "of no whole pages": withNumber(20, memoryBytes - 1),
  "of more runs than there are bytes": withNumber(24, 0xffffffff),
  "with values beyond its end": withNumber(28, 0xffffffff),
  "with a run beyond all memory": withNumber(32 + 8 * (runCount - 1), 0xffffffff),
  "with values that are no JSON": snapshot.slice().fill(0xff, 32 + 8 * runCount, 40 + 8 * runCount),
};
const damaged = {};
for (const [title, bytes] of Object.entries(damages)) damaged[title] = await bootWith(bytes);
const observed = {
  good: await bootWith(snapshot),
  foreign: await bootWith(foreign),
  damaged,
  notASnapshot: await bootWith(new Uint8Array(100)),
  small: await bootWith(snapshot, { memoryBytes: 34 * 2 ** 20 }),
};

observed.tooSmall = await bootWith(snapshot, { memoryBytes: 2 ** 20 }).then(
  () => "booted",
  (error) => [error.code, error.message],
);

// Last, because it cannot be undone.
delete WebAssembly.Suspending;
delete WebAssembly.promising;
observed.withoutJspi = await bootWith(snapshot, undefined, [
  { code: "import time; time.sleep(0.01); print(input())", stdin: "at hand\n", expect: {} },
  { code: "try: input('? ')\nexcept RuntimeError as error: print(error)", answers: ["never"], expect: {} },
]);

writeTextFileSync(answerFile, JSON.stringify(observed));
exit(0);
