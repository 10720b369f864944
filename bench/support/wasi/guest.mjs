// @ts-check

/**
 * One run of the guest on an opened side.
 *
 * @typedef {(args: string[], envs: Record<string, string>) => Promise<{ exitCode: number, stderr: string }>} OpenGuest
 */

/**
 * Starts that are not counted, and starts that are. An engine goes on making a host's JavaScript quicker for about a
 * thousand starts; a server has them behind it in a second.
 */
const STARTS = { hello: [1000, 300], few: [50, 200], many: [3, 7] };

/**
 * Milliseconds that one kind of work takes. Work is timed by the guest itself, so that compiling and starting are left
 * out; `start:` kinds are whole runs of a module compiled before, from handing over to exit, the median of many.
 *
 * @param {OpenGuest} run
 * @param {string} kind
 * @param {number} count
 */
export async function measureGuest(run, kind, count) {
  if (!kind.startsWith("start:")) {
    const { exitCode, stderr } = await run([kind, String(count)], {});
    if (exitCode !== 0) throw new Error(stderr.trim() || `exit code ${exitCode}`);
    return Number(stderr) / 1e6;
  }
  const isHello = kind === "start:hello";
  const { args, envs } = isHello ? { args: ["hello", "1"], envs: {} } : manyStrings(count);
  // Ten thousand arguments take their time; a handful of starts says as much there.
  const [warmUps = 0, starts = 0] = isHello ? STARTS.hello : count > 1000 ? STARTS.many : STARTS.few;
  const figures = [];
  for (let round = 0; round < warmUps + starts; round += 1) {
    const startMs = performance.now();
    const { exitCode, stderr } = await run(args, envs);
    const tookMs = performance.now() - startMs;
    if (exitCode !== 0) throw new Error(stderr.trim() || `exit code ${exitCode}`);
    if (round >= warmUps) figures.push(tookMs);
  }
  figures.sort((a, b) => a - b);
  return figures[figures.length >> 1] ?? Number.NaN;
}

/** @param {number} count As many arguments, and as many variables. */
function manyStrings(count) {
  const names = Array.from({ length: count }, (_, index) => index);
  return {
    args: ["environment", "1", ...names.map((index) => `argument number ${index}`)],
    envs: Object.fromEntries(names.map((index) => [`NAME_${index}`, `value number ${index}`])),
  };
}
