// @ts-check
import { Sandbox } from "../../dist/lib/index.node.js";
import { denoVersion } from "./python-versions.mjs";

/**
 * @typedef {"python" | "javascript" | "typescript"} Language
 * @typedef {InstanceType<typeof Sandbox>} AnySandbox
 */

/** @type {Readonly<Record<Language, string>>} */
export const PRINT = {
  python: "print(6 * 7)",
  javascript: "console.log(6 * 7)",
  typescript: "console.log((6 as number) * 7)",
};

/** @returns {Record<string, string>} */
export function serverVersions() {
  return denoVersion();
}

/**
 * When the first output of a small program arrived, on this process's clock.
 *
 * @param {AnySandbox} sandbox
 * @param {Language} language
 */
export async function firstOutputAt(sandbox, language) {
  let atMs = Number.NaN;
  const { status, error } = await sandbox.runCode(PRINT[language], {
    onOutput: () => {
      if (Number.isNaN(atMs)) atMs = performance.now();
    },
  });
  if (status !== "completed") throw new Error(`the run ended as ${status}: ${error?.value ?? ""}`);
  return atMs;
}

/**
 * A sandbox that did not exist before, to its first output: milliseconds.
 *
 * @param {Language} language
 */
export async function freshSandbox(language) {
  const startMs = performance.now();
  const sandbox = await Sandbox.create({ language });
  try {
    return (await firstOutputAt(sandbox, language)) - startMs;
  } finally {
    await sandbox.kill();
  }
}

/**
 * Does work while so many spares wait at its start. What is opened behind the work's back has ended when this resolves,
 * so that nobody else's time is spent on it.
 *
 * @template T
 * @param {Language} language
 * @param {number} spares
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSpares(language, spares, work) {
  await Sandbox.prepare({ language, spares });
  try {
    return await work();
  } finally {
    await Sandbox.prepare({ language, spares });
    await Sandbox.prepare({ language, spares: 0 });
  }
}

/** @param {number} count */
export function manyFiles(count) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `/workspace/folder-${i % 20}/file-${i}.txt`,
      `line ${i}\n`.repeat(100),
    ]),
  );
}
