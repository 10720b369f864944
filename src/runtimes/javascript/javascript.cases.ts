import type { JavaScriptCase } from "./cases/case.ts";
import { ERROR_CASES } from "./cases/error.cases.ts";
import { FILE_CASES } from "./cases/file.cases.ts";
import { MODULE_CASES } from "./cases/module.cases.ts";
import { OUTPUT_CASES } from "./cases/output.cases.ts";
import { PROCESS_CASES } from "./cases/process.cases.ts";
import { PROGRAM_CASES } from "./cases/program.cases.ts";
import { RESULT_CASES } from "./cases/result.cases.ts";
import { TYPESCRIPT_CASES } from "./cases/typescript.cases.ts";

/**
 * What JavaScript and TypeScript programs do here, as data: any host can run these (the clock stands at
 * 2026-01-01T00:00:00Z, files are in /workspace, the program is /workspace/main.js or main.ts).
 */
export const JAVASCRIPT_CASES: readonly JavaScriptCase[] = [
  ...ERROR_CASES,
  ...FILE_CASES,
  ...MODULE_CASES,
  ...OUTPUT_CASES,
  ...PROCESS_CASES,
  ...PROGRAM_CASES,
  ...RESULT_CASES,
  ...TYPESCRIPT_CASES,
];
