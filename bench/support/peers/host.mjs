// @ts-check
/**
 * Another library in a process of its own, which is running when it is asked: it answers tasks by Node's own messages.
 * The process is started by `../peer.mjs`; its first argument is the peer's module.
 *
 * @typedef {object} PeerTask
 * @property {string} task Name of a function of the peer's module.
 * @property {readonly unknown[]} args
 */
const name = process.argv[2] ?? "";
const module = await import(new URL(`${name}.mjs`, import.meta.url).href);
const peer = { ...module, many };

process.on("message", async (/** @type {PeerTask} */ { task, args }) => {
  try {
    if (typeof peer[task] !== "function") throw new Error(`${name} has no such thing`);
    process.send?.({ value: await peer[task](...args) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? error.message : String(error) });
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ value: "ready" });

/**
 * Many fresh ones, so many at a time.
 *
 * @param {string} language
 * @param {number} count
 * @param {number} atOnce
 * @returns {Promise<number>} Milliseconds for all.
 */
async function many(language, count, atOnce) {
  let left = count;
  const startMs = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await module.fresh(language);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return performance.now() - startMs;
}
