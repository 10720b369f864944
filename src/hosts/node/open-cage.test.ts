import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { ASSETS_DIR, replaceEngine } from "../../../tests/support/assets.ts";
import { bundleWorker } from "../../../tests/support/bundle-worker.ts";
import { cageContract } from "../../client/cage.contract.ts";
import type { Cage } from "../../client/cage.ts";
import { CageSession } from "../../client/cage-session.ts";
import { nullSchema } from "../../protocol/schema.ts";
import { findBubblewrap } from "./bubblewrap.ts";
import { findDeno } from "./find-deno.ts";
import { openServerCage } from "./open-cage.ts";
import { startProcessAhead } from "./process-ahead.ts";

const assetsDir = mkdtempSync(join(tmpdir(), "sandglass-cage-"));
const worker = await bundleWorker("tests/fixtures/cage/fixture-worker.js");
cpSync(ASSETS_DIR, assetsDir, { recursive: true });
replaceEngine(assetsDir, worker);

const request = {
  memoryBytes: 512 * 2 ** 20,
  fileBytes: 2 ** 20,
  assetsUrl: assetsDir,
  onProgress: undefined,
};
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
afterAll(() => rmSync(assetsDir, { recursive: true, force: true }));

/** Processes below one, all or those it started itself, from a single listing. */
function descendants(root: number, depth = Number.POSITIVE_INFINITY): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,stat=,comm="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/) as [string, string, string, string]);
  const alive = rows.filter(([, , stat, command]) => !stat.startsWith("Z") && command !== "ps");
  const below = (pid: number, left: number): number[] =>
    alive
      .filter(([, parent]) => left > 0 && Number(parent) === pid)
      .flatMap(([child]) => [Number(child), ...below(Number(child), left - 1)]);
  return below(root, depth);
}

async function probe() {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, hits: async () => count };
}

cageContract("server, with bubblewrap where it works", { open: () => openServerCage(request), probe });
cageContract("server, Deno alone", {
  open: () => openServerCage(request, { find: () => undefined }),
  probe,
});

describe("the server cage", () => {
  test("a Deno whose V8 does not know a flag that is only there for speed is started without", async () => {
    const dir = mkdtempSync(join(tmpdir(), "sandglass-deno-"));
    closers.push(() => rmSync(dir, { recursive: true, force: true }));
    const log = join(dir, "starts");
    mkdirSync(log);
    const older = join(dir, "deno");
    const script = [
      "#!/bin/bash",
      // It may write nothing into a file, as what it stands for.
      `mkdir "${log}/$(date +%s%N) $(echo "$*" | grep -o -e "--v8-flags=[^ ]*")"`,
      `exec ${findDeno()} "\${@//--no-wasm-deopt/--no-flag-of-tomorrow}"`,
    ];
    writeFileSync(older, script.join("\n"), { mode: 0o755 });
    vi.stubEnv("SANDGLASS_DENO", older);
    closers.push(() => vi.unstubAllEnvs());
    // Outside of bubblewrap, where it can reach its log.
    for (let turn = 0; turn < 2; turn++) {
      const cage = await openServerCage(request, { find: () => undefined });
      closers.push(() => cage.kill());
      await cage.ping();
    }
    const limits = "--max-old-space-size=512,--wasm-max-mem-pages=8192";
    const starts = readdirSync(log).sort();
    expect(starts.map((start) => start.split(" ")[1])).toEqual([
      `--v8-flags=--no-enable-lazy-source-positions,--no-wasm-deopt,${limits}`,
      `--v8-flags=${limits}`,
      `--v8-flags=${limits}`,
    ]);
  });

  describe("a process that was started ahead", () => {
    const startedBy = async (start: () => Promise<unknown>) => {
      const before = new Set(descendants(process.pid, 1));
      await start();
      return descendants(process.pid, 1).filter((pid) => !before.has(pid));
    };
    const gone = (pids: number[]) =>
      vi.waitFor(() => expect(descendants(process.pid).filter((pid) => pids.includes(pid))).toEqual([]));

    test("is the cage's that is opened next, if it is what was asked for", async () => {
      let giveUp = () => {};
      const [ahead] = await startedBy(async () => {
        giveUp = await startProcessAhead(request);
      });
      let cage: Cage | undefined;
      const others = await startedBy(async () => {
        cage = await openServerCage(request);
      });
      // No longer anybody's to end.
      giveUp();
      await cage!.ping();
      cage!.kill();
      expect(others).toEqual([]);
      await gone([ahead!]);
      // The mirror: what was taken is not taken twice.
      const [next] = await startedBy(async () => {
        cage = await openServerCage(request);
      });
      cage!.kill();
      await gone([next!]);
    });

    test("is ended where something else is opened", async () => {
      const ahead = await startedBy(() => startProcessAhead(request));
      const cage = await openServerCage({ ...request, memoryBytes: 2 ** 20 });
      closers.push(() => cage.kill());
      await gone(ahead);
      await cage.ping();
    });

    test("is ended when it is not needed any more", async () => {
      let giveUp = () => {};
      const ahead = await startedBy(async () => {
        giveUp = await startProcessAhead(request);
      });
      giveUp();
      await gone(ahead);
    });

    test("tells what went wrong to who opens the cage", async () => {
      const wrong = { ...request, assetsUrl: "/nowhere" };
      await startProcessAhead(wrong);
      await expect(openServerCage(wrong)).rejects.toMatchObject({ code: "asset-unavailable" });
    });
  });

  test("a process that stops answering without ending is noticed and killed", async () => {
    const before = new Set(descendants(process.pid));
    const cage = await openServerCage(request);
    const session = new CageSession(cage, () => {});
    const processes = descendants(process.pid).filter((pid) => !before.has(pid));
    expect(processes.length).toBeGreaterThan(0);
    // The mirror: while it lives it answers.
    await cage.ping();
    const call = session.call("stopRun", nullSchema, 1);
    for (const pid of processes) process.kill(pid, "SIGSTOP");
    await expect(call).rejects.toMatchObject({ code: "cage-died" });
    expect(await session.ended).toEqual({ cause: "died", detail: "its process did not answer for 5 s" });
    await vi.waitFor(() =>
      expect(descendants(process.pid).filter((pid) => processes.includes(pid))).toEqual([]),
    );
  }, 20_000);

  test("what a guest prints from its worker's own realm is no message, and ends the cage", async () => {
    const cage = await openServerCage(request);
    cage.onMessage = () => {};
    cage.post({ do: "print" });
    expect(await cage.closed).toEqual({
      cause: "protocol-violation",
      detail: "Something else than the cage's main thread wrote to its pipe",
    });
  });

  test("memory outside the heap and Wasm is bounded: the process is ended, not the machine", async () => {
    const cage = await openServerCage({ ...request, memoryBytes: 2 ** 20, fileBytes: 0 });
    cage.onMessage = () => {};
    cage.post({ do: "hog" });
    const closed = await cage.closed;
    expect(closed.cause).toBe("out-of-memory");
    expect(closed.detail).toMatch(/^its process held \d+ bytes of memory; 806354944 were allowed$/);
  });

  test("a bubblewrap that is refused its namespaces is left out, and not tried again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandglass-bwrap-"));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const refused = join(folder, "bwrap");
    writeFileSync(refused, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", {
      mode: 0o755,
    });
    for (let round = 0; round < 2; round++) {
      const cage = await openServerCage(request, { find: () => findBubblewrap({ PATH: folder }) });
      cage.kill();
      expect(cage.description).toBe("a permissionless Deno process");
    }
    expect(findBubblewrap({ PATH: folder })).toBeUndefined();
  });

  test("no Deno is a missing cage with a hint, not a weaker one", () => {
    expect(() => findDeno({ SANDGLASS_DENO: "/nowhere/deno" })).toThrow(
      expect.objectContaining({
        code: "cage-unavailable",
        message: 'SANDGLASS_DENO names "/nowhere/deno", and there is nothing there',
        hint: "Install it with `npm install deno`, or set SANDGLASS_DENO to its path.",
      }),
    );
  });

  test("an asset folder that is none is named", async () => {
    await expect(openServerCage({ ...request, assetsUrl: "/nowhere" })).rejects.toMatchObject({
      code: "asset-unavailable",
    });
  });
});

test.skipIf(!existsSync("/proc"))("the cage's process sees nothing of the host's environment", async () => {
  process.env.SANDGLASS_TEST_SECRET = "visible";
  const cage = await openServerCage(request);
  closers.push(() => cage.kill());
  const pids = descendants(process.pid);
  const environments = pids.map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8"));
  expect(environments.length).toBeGreaterThan(0);
  // bubblewrap and what it started: nothing, or what is ours.
  const names = new Set(
    environments
      .join("\0")
      .split("\0")
      .filter(Boolean)
      .map((pair) => pair.split("=")[0]),
  );
  names.delete("PWD");
  expect([...names].sort()).toEqual(["DENO_DIR", "MALLOC_MMAP_THRESHOLD_"]);
  delete process.env.SANDGLASS_TEST_SECRET;
});
