// @ts-check
/** Python of just-bash, as its README shows it. It hands over what was printed when the program has ended. */
import { Bash } from "just-bash";

/** Its own limit on a Python program is shorter than some of ours take there. */
const TIMEOUT_MS = 120_000;

/** @type {Bash | undefined} */
let kept;

export async function fresh() {
  const startMs = performance.now();
  await print(new Bash({ python: true }));
  return performance.now() - startMs;
}

/** The same shell again. */
export async function second() {
  kept ??= new Bash({ python: true });
  await print(kept);
  const startMs = performance.now();
  await print(kept);
  return performance.now() - startMs;
}

/**
 * @param {string} _language
 * @param {string} code
 */
export async function program(_language, code) {
  const bash = new Bash({
    python: true,
    files: { "/home/user/program.py": code },
    executionLimits: { maxPythonTimeoutMs: TIMEOUT_MS },
  });
  const { stdout, stderr, exitCode } = await bash.exec("python3 /home/user/program.py");
  if (exitCode !== 0) throw new Error(stderr.trim().split("\n").at(-1) ?? "failed");
  return stdout.trim();
}

/** @param {Bash} bash */
async function print(bash) {
  const { stdout, stderr } = await bash.exec('python3 -c "print(6 * 7)"');
  if (stdout !== "42\n") throw new Error(stderr.trim() || "it printed nothing");
}
