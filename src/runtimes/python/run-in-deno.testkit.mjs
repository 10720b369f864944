// Runs the cases in Deno, which has JSPI. Arguments: the folder with Python's files, the file for the answer
// ({ title: ObservedRun[] }, as JSON), "snapshot" or "plain", and part of a title to run those cases alone.
import { PYTHON_CASES } from "./python.cases.ts";
import { PYTHON_FILES, PythonBench } from "./python.testkit.ts";

const { args, readFileSync, writeTextFileSync, exit } = globalThis.Deno;
const [folder, answerFile, how, only] = args;
const assets = new Map();
for (const name of PYTHON_FILES) assets.set(name, readFileSync(`${folder}/${name}`));
if (how !== "snapshot") assets.delete("python-snapshot.bin");

const bench = new PythonBench(async (name) => assets.get(name));
const observed = {};
for (const one of PYTHON_CASES) {
  if (only !== undefined && !one.title.includes(only)) continue;
  try {
    observed[one.title] = await bench.observe(one);
  } catch (error) {
    observed[one.title] = `${error?.stack}`;
    bench.reset();
  }
}
writeTextFileSync(answerFile, JSON.stringify(observed));
exit(0);
