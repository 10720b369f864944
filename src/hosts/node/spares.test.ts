import { expect, test } from "vitest";
import { ASSETS_DIR } from "../../../tests/support/assets.ts";
import type { Cage } from "../../client/cage.ts";
import { SparePool } from "../../client/spares.ts";
import { openServerCage } from "./open-cage.ts";

const kind = { language: "wasi" as const, memoryBytes: 2 ** 26, fileBytes: 2 ** 20, assetsUrl: ASSETS_DIR };

/** A pool, and the cages it has opened. */
function openPool() {
  const cages: Cage[] = [];
  const pool = new SparePool({
    async openCage(request) {
      const cage = await openServerCage(request);
      cages.push(cage);
      return cage;
    },
    spareTime: {
      whenIdle(callback) {
        const timer = setTimeout(callback);
        return () => clearTimeout(timer);
      },
      hasMemory: () => true,
      watch: () => () => {},
    },
  });
  /** Resolves when one waits, and so many have been opened. */
  const isReady = (opened: number) =>
    expect.poll(() => [pool.readyCount, cages.length], { timeout: 10_000 }).toEqual([1, opened]);
  return { pool, cages, isReady };
}

test("spares that end while they wait are followed by others as long as some of them are used in between", async () => {
  const { pool, cages, isReady } = openPool();
  pool.keep(kind, 1);
  for (let round = 0; round < 4; round++) {
    await isReady(2 * round + 1);
    cages.at(-1)!.kill();
    await isReady(2 * round + 2);
    const taken = pool.take(kind)!;
    expect(taken.isAlive).toBe(true);
    taken.session.kill({ cause: "killed", detail: "the test is over" });
  }
  await isReady(9);
  pool.keep(kind, 0);
  await Promise.all(cages.map(({ closed }) => closed));
});

test("after three in a row that ended while they waited, none is opened until somebody asks", async () => {
  const { pool, cages, isReady } = openPool();
  pool.keep(kind, 1);
  for (let round = 0; round < 3; round++) {
    await isReady(round + 1);
    cages.at(-1)!.kill();
  }
  await expect.poll(() => pool.readyCount).toBe(0);
  expect(cages.length).toBe(3);
  pool.keep(kind, 1);
  await isReady(4);
  pool.keep(kind, 0);
  await Promise.all(cages.map(({ closed }) => closed));
});
