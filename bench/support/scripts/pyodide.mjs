// @ts-check
import { loadPyodide } from "pyodide";

const pyodide = await loadPyodide();
pyodide.runPython("print(1)");
