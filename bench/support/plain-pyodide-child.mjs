// @ts-check
// Plain Pyodide as its README shows it, in a process of its own: prints the milliseconds to its first output.
const { loadPyodide } = await import("pyodide");
const startMs = performance.now();
let firstOutputMs = Number.NaN;
const pyodide = await loadPyodide({
  stdout: () => {
    firstOutputMs = performance.now() - startMs;
  },
});
pyodide.runPython("print(6 * 7)");
process.stdout.write(`${firstOutputMs}\n`);
