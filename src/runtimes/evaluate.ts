export type EvaluatedFunction = (...values: never[]) => unknown;

/**
 * Makes a function of its body's text. A page's cage forbids evaluating text, but may import a module of it; Deno reads a
 * module three times before it runs it (100 ms for a large one), and may evaluate.
 */
export async function evaluateFunction(
  parameters: readonly string[],
  body: string,
): Promise<EvaluatedFunction> {
  if (canEvaluate()) return new Function(...parameters, `"use strict";${body}`) as EvaluatedFunction;
  const text = `export default (${parameters.join(",")}) => {${body}\n}`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const module = (await import(/* @vite-ignore */ url)) as { default: EvaluatedFunction };
    return module.default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function canEvaluate(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent: string } };
  return navigator?.userAgent.startsWith("Deno/") === true;
}
