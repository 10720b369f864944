// @ts-check
/** Plain Pyodide, as its README shows it: `loadPyodide()`, then `runPython()`. */
import { loadPyodide } from "pyodide";

/** @type {(text: string) => void} */
let onLine = () => {};
const load = () => loadPyodide({ stdout: (line) => onLine(line) });
/** @type {Promise<Awaited<ReturnType<typeof load>>> | undefined} */
let kept;
/** Interpreters that must not be collected. */
const held = [];

/** @param {Awaited<ReturnType<typeof load>>} pyodide */
function printOnce(pyodide) {
  let atMs = Number.NaN;
  onLine = () => {
    atMs = performance.now();
  };
  pyodide.runPython("print(6 * 7)");
  return atMs;
}

/** An interpreter that did not exist before, to its first line. */
export async function fresh() {
  const startMs = performance.now();
  return printOnce(await load()) - startMs;
}

/** The same interpreter again: nothing of the last run is undone. */
export async function second() {
  kept ??= load();
  const pyodide = await kept;
  printOnce(pyodide);
  const startMs = performance.now();
  return printOnce(pyodide) - startMs;
}

/**
 * @param {string} _language
 * @param {string} code
 */
export async function program(_language, code) {
  kept ??= load();
  const pyodide = await kept;
  let printed = "";
  onLine = (line) => {
    printed += line;
  };
  pyodide.runPython(code);
  return printed;
}

/**
 * @param {string} _language
 * @param {number} count
 */
export async function hold(_language, count) {
  while (held.length < count) {
    const pyodide = await load();
    printOnce(pyodide);
    held.push(pyodide);
  }
}
