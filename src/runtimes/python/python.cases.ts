import { CONTROL_CASES } from "./cases/control.cases.ts";
import { ERROR_CASES } from "./cases/errors.cases.ts";
import { FILE_CASES } from "./cases/files.cases.ts";
import { INPUT_CASES } from "./cases/input.cases.ts";
import { NATIVE_CASES } from "./cases/native.cases.ts";
import { PROGRAM_CASES } from "./cases/program.cases.ts";
import { VALUE_CASES } from "./cases/values.cases.ts";
import type { PythonCase } from "./python.testkit.ts";

/** What Python must do, as data, so that every host can be held to it: code in, everything it shows out. */
export const PYTHON_CASES: readonly PythonCase[] = [
  ...VALUE_CASES,
  ...INPUT_CASES,
  ...ERROR_CASES,
  ...PROGRAM_CASES,
  ...FILE_CASES,
  ...NATIVE_CASES,
  ...CONTROL_CASES,
];
