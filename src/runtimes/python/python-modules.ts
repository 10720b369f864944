import { ERRORS_SOURCE } from "./errors.py.ts";
import { RESULTS_SOURCE } from "./results.py.ts";
import { RUNNER_SOURCE } from "./runner.py.ts";
import { WAITING_SOURCE } from "./waiting.py.ts";

/** The module that is called from outside; it imports the others. */
export const RUNNER_MODULE = "_sandglass";

/** The Python modules of the runtime, by file name. They lie beside the standard library's. */
export const PYTHON_MODULES: Readonly<Record<string, string>> = {
  [`${RUNNER_MODULE}.py`]: RUNNER_SOURCE,
  "_sandglass_errors.py": ERRORS_SOURCE,
  "_sandglass_results.py": RESULTS_SOURCE,
  "_sandglass_waiting.py": WAITING_SOURCE,
};
