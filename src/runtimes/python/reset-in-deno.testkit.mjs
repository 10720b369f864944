// Dirties a Python in every way we can think of and resets it, in Deno. Arguments: the folder with Python's files, and the
// file for the answer, as JSON.
import { PYTHON_FILES, PythonBench } from "./python.testkit.ts";
import { DIRTY, DIRTY_FOR_GOOD, PROBE } from "./reset.cases.ts";

const { args, readFileSync, writeTextFileSync, memoryUsage, exit } = globalThis.Deno;
const [folder, answerFile] = args;
const files = new Map(PYTHON_FILES.map((name) => [name, readFileSync(`${folder}/${name}`)]));

/** The memory of the last interpreter that started. */
let memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...given) => {
  const instance = await instantiate(...given);
  if (instance.exports?.memory) memory = instance.exports.memory;
  return instance;
};

/** How many bytes of two memories differ; what one has beyond the other must be empty. */
function countDifferences(before, now) {
  let count = 0;
  for (let offset = 0; offset < now.length; offset++) if ((before[offset] ?? 0) !== now[offset]) count++;
  return count;
}

const run = (code, more = {}) => ({ code, expect: {}, ...more });
const show = ({ stdout = "", stderr = "", outcome }) => ({ stdout, stderr, outcome });

async function open(withSnapshot = true) {
  const bench = new PythonBench(async (name) =>
    name === "python-snapshot.bin" && !withSnapshot ? undefined : files.get(name),
  );
  bench.seedAlways = 7;
  await bench.start();
  return bench;
}

const answer = {};
{
  const fresh = await open();
  answer.fresh = show(await fresh.run(run(PROBE)));
  fresh.reset();
}
{
  const bench = await open();
  const booted = new Uint8Array(memory.buffer).slice();
  answer.clean = await bench.resetInPlace();
  const clean = new Uint8Array(memory.buffer).slice();
  answer.cleanDifferences = countDifferences(booted, clean);
  answer.dirty = [];
  for (const { code } of DIRTY) {
    const { outcome, stderr } = await bench.run(run(code));
    const isInPlace = await bench.resetInPlace();
    const differences = countDifferences(clean, new Uint8Array(memory.buffer));
    const probe = show(await bench.run(run(PROBE)));
    await bench.resetInPlace();
    answer.dirty.push({ error: outcome?.error?.name, stderr, isInPlace, differences, probe });
  }
  const measure = () => {
    globalThis.gc?.();
    return {
      heapBytes: memoryUsage().heapUsed,
      rssBytes: memoryUsage().rss,
      memoryBytes: memory.buffer.byteLength,
    };
  };
  const rounds = async (count) => {
    const ms = [];
    for (let round = 0; round < count; round++) {
      await bench.run(
        run("import json\nkept = [object() for _ in range(20000)]\nopen('/tmp/f', 'w').write('x')"),
      );
      const start = performance.now();
      await bench.resetInPlace();
      ms.push(performance.now() - start);
    }
    return ms.sort((a, b) => a - b)[count >> 1];
  };
  await rounds(50);
  const first = measure();
  const medianMs = await rounds(200);
  const last = measure();
  answer.leaks = { first, last };
  await bench.run(run(DIRTY_FOR_GOOD));
  answer.afterCallback = await bench.resetInPlace();
  console.error(`a reset takes ${medianMs.toFixed(1)} ms (median of 200)`);
}
{
  const bench = await open();
  await bench.run(run("import os; os._exit(3)"));
  answer.afterDeath = await bench.resetInPlace();
}
{
  const bench = await open(false);
  answer.afterPlainBoot = await bench.resetInPlace();
}
writeTextFileSync(answerFile, JSON.stringify(answer));
exit(0);
