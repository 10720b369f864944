import { describe, expect, test } from "vitest";
import { SandboxError } from "../errors.ts";
import type { Cage, CageRequest } from "./cage.ts";
import type { CreateOptions } from "./options.ts";
import { sandboxKit } from "./sandbox.testkit.ts";
import type { SandboxCore } from "./sandbox.ts";

/** What a caller may count on from spares, on every host. */
export function sparesContract(host: string, Sandbox: typeof SandboxCore, base: CreateOptions): void {
  describe(`spares on ${host}`, () => {
    const { track, counting } = sandboxKit(Sandbox, base);
    const kind = { language: "javascript" as const, ...base };

    test("a spare is kept for a sandbox that may store nothing as well", async () => {
      const { Counting, cages } = counting();
      await Counting.prepare({ ...kind, limits: { ...kind.limits, fileBytes: 0 } });
      expect(cages.length).toBe(1);
    });

    test("a sandbox takes a spare, and another one comes in its place", async () => {
      const { Counting, cages } = counting();
      await Counting.prepare({ ...kind, spares: 2 });
      expect(cages.length).toBe(2);
      const first = track(await Counting.create({ ...kind, files: { "/workspace/a": "mine" } }));
      const execution = await first.runCode('require("fs").readFileSync("a", "utf8")');
      expect([execution.text, execution.usage.bootMs, execution.executionCount]).toEqual([
        "'mine'",
        undefined,
        1,
      ]);
      await Counting.prepare({ ...kind, spares: 2 });
      expect(cages.length).toBe(3);
      await first.kill();
      expect(cages.length).toBe(3);
    });

    test("a cage is used by one sandbox only", async () => {
      const { Counting, cages } = counting();
      await Counting.prepare(kind);
      const one = track(await Counting.create(kind));
      await one.runCode("var left = 1");
      await one.kill();
      await cages[0]!.closed;
      const other = track(await Counting.create(kind));
      expect((await other.runCode("typeof left")).text).toBe("'undefined'");
    });

    test("other limits or another language open their own", async () => {
      const { Counting, cages } = counting();
      await Counting.prepare(kind);
      track(await Counting.create({ ...kind, limits: { memoryBytes: 2 ** 28 } }));
      track(await Counting.create({ ...kind, language: "wasi" }));
      expect(cages.length).toBe(3);
      // What belongs to a run makes no difference.
      track(await Counting.create({ ...kind, limits: { timeoutMs: 5000, outputBytes: 10 } }));
      expect(cages.length).toBe(3);
    });

    test("one that died while it waited is not handed out", async () => {
      const { Counting, cages } = counting({ isBusy: true });
      await Counting.prepare(kind);
      cages[0]!.kill();
      const sandbox = track(await Counting.create(kind));
      expect((await sandbox.runCode("1 + 1")).text).toBe("2");
      expect(cages.length).toBe(2);
    });

    describe("whose files nobody has to wait for", () => {
      /** A cage that hears nothing any more until it is released. */
      function mute(cage: Cage) {
        const post = cage.post.bind(cage);
        const waiting: (() => void)[] = [];
        cage.post = (...message) => void waiting.push(() => post(...message));
        const release = () => {
          cage.post = post;
          for (const send of waiting.splice(0)) send();
        };
        return { waiting, release };
      }
      async function muted(options: CreateOptions = {}) {
        const { Counting, cages } = counting({ isBusy: true });
        await Counting.prepare({ ...kind, ...options });
        return { Counting, cages, cage: cages[0]!, ...mute(cages[0]!) };
      }

      test("a sandbox without files is there at once, and what is asked of it is done when they are in", async () => {
        const { Counting, cages, waiting, release } = await muted();
        const sandbox = track(await Counting.create(kind));
        const run = sandbox.runCode("process.cwd()");
        const copy = sandbox.snapshot();
        await new Promise((resolve) => setTimeout(resolve));
        expect(waiting.length).toBe(2);
        release();
        expect((await run).text).toBe("'/workspace'");
        expect((await copy).entries.map(({ path }) => path)).toContain("/workspace");
        expect(cages.length).toBe(1);
      });

      test("a copy of a sandbox is there at once, with its files", async () => {
        const { Counting, cages } = counting({ isBusy: true });
        const files = { "/workspace/a": "mine" };
        const sandbox = track(await Counting.create({ ...kind, files }));
        await Counting.prepare(kind);
        const { waiting, release } = mute(cages[1]!);
        const copy = track(await sandbox.fork());
        expect(waiting.length).toBe(1);
        release();
        expect(await copy.files.read("/workspace/a")).toBe("mine");
        expect(cages.length).toBe(2);
      });

      test("files that may not fit are waited for", async () => {
        const limits = { ...kind.limits, fileBytes: 1000 };
        const { Counting, release } = await muted({ limits });
        const files = { "/workspace/large": new Uint8Array(1001) };
        const creating = Counting.create({ ...kind, limits, files });
        release();
        await expect(creating).rejects.toMatchObject({ code: "file-limit" });
      });

      test("a spare that ends before it has them costs the run nothing", async () => {
        const { Counting, cages, cage } = await muted();
        const sandbox = track(await Counting.create(kind));
        const run = sandbox.runCode("1 + 1");
        await new Promise((resolve) => setTimeout(resolve));
        cage.kill();
        const { status, text, notices, trace } = await run;
        expect({ status, text, notices }).toEqual({ status: "completed", text: "2", notices: [] });
        expect(trace.filter(({ type }) => type === "run-started").length).toBe(1);
        expect(cages.length).toBe(2);
        // The mirror: one that ends later takes the run with it.
        const lost = sandbox.runCode("for (;;);");
        await sandbox.files.list("/workspace").catch(() => {});
        cages[1]!.kill();
        expect((await lost).status).toBe("cancelled");
      });

      test("nor a call for files, nor a start", async () => {
        for (const ask of [
          async (sandbox: SandboxCore) => await sandbox.files.exists("/workspace"),
          async (sandbox: SandboxCore) => (await sandbox.start("wasi")) !== undefined,
        ]) {
          const { Counting, cage } = await muted();
          const sandbox = track(await Counting.create(kind));
          const answer = ask(sandbox);
          await new Promise((resolve) => setTimeout(resolve));
          cage.kill();
          expect(await answer).toBe(true);
        }
      });

      test("a run's time begins when they are in", async () => {
        const { Counting, cages, release } = await muted();
        const sandbox = track(await Counting.create(kind));
        const run = sandbox.runCode("1 + 1", { timeoutMs: 100 });
        await new Promise((resolve) => setTimeout(resolve, 800));
        release();
        expect((await run).text).toBe("2");
        expect(cages.length).toBe(1);
      });

      test("a sandbox that is killed meanwhile opens no other", async () => {
        const { Counting, cages } = await muted();
        const sandbox = await Counting.create(kind);
        const run = sandbox.runCode("1 + 1");
        await new Promise((resolve) => setTimeout(resolve));
        await sandbox.kill();
        expect((await run).status).toBe("cancelled");
        expect(cages.length).toBe(1);
      });
    });

    test("they are given up when the host says so, and come back when it allows them", async () => {
      const { Counting, cages, host } = counting();
      await Counting.prepare(kind);
      host.allow(false);
      await cages[0]!.closed;
      await expect(Counting.prepare(kind)).rejects.toMatchObject({ code: "cage-unavailable" });
      expect((await track(await Counting.create(kind)).runCode("1")).text).toBe("1");
      expect(cages.length).toBe(2);
      host.allow(true);
      await expect.poll(() => cages.length).toBe(3);
    });

    test("none is kept where memory is short", async () => {
      const { Counting, cages } = counting({ hasMemory: false });
      await expect(Counting.prepare(kind)).rejects.toMatchObject({
        code: "cage-unavailable",
        message: "0 of 1 spares are ready, and memory is short",
      });
      track(await Counting.create({ ...kind, spares: 1 }));
      expect(cages.length).toBe(1);
    });

    test("zero gives them up", async () => {
      const { Counting, cages } = counting();
      await Counting.prepare({ ...kind, spares: 2 });
      await Counting.prepare({ ...kind, spares: 0 });
      await Promise.all(cages.map(({ closed }) => closed));
      expect(cages.length).toBe(2);
    });

    test("create asks for them too, and opens its own meanwhile", async () => {
      const { Counting, cages } = counting();
      track(await Counting.create({ ...kind, spares: 1 }));
      await expect.poll(() => cages.length).toBe(2);
      // Waits for the one that is being opened; the next sandbox takes it.
      await Counting.prepare(kind);
      expect(cages.length).toBe(2);
    });

    describe("and a cage that is being opened", () => {
      /** A host whose next cage opens when it is let. */
      function held(options: { isBusy: boolean }) {
        const { Counting, cages, host } = counting(options);
        const open = host.openCage;
        let letOpen = () => {};
        const gate = new Promise<void>((resolve) => {
          letOpen = resolve;
        });
        host.openCage = async (request: CageRequest) => {
          const opened = open(request);
          await gate;
          return opened;
        };
        return { Counting, cages, host, letOpen };
      }
      /** What would be opened in idle time has been asked for by then. */
      const idle = () => new Promise((resolve) => setTimeout(resolve, 30));

      test("a sandbox takes the spare that is on its way, and hears how it comes along", async () => {
        const { Counting, cages, host, letOpen } = held({ isBusy: true });
        const preparing = Counting.prepare(kind);
        const heard: string[] = [];
        const creating = Counting.create({ ...kind, onProgress: ({ message }) => heard.push(message) });
        await idle();
        expect(host.asked).toBe(1);
        letOpen();
        const sandbox = track(await creating);
        expect((await sandbox.runCode("6 * 7")).text).toBe("42");
        expect(heard).toContain("Starting JavaScript");
        // Who asked for a spare gets one all the same.
        await preparing;
        expect([host.asked, cages.length]).toEqual([2, 2]);
      });

      test("of two, one takes it and the other opens its own", async () => {
        const { Counting, host, letOpen } = held({ isBusy: true });
        const preparing = Counting.prepare(kind);
        const creating = [Counting.create(kind), Counting.create(kind)];
        await idle();
        expect(host.asked).toBe(1);
        letOpen();
        for (const sandbox of await Promise.all(creating)) track(sandbox);
        await preparing;
        expect(host.asked).toBe(3);
      });

      test("it is the sandbox's even when no spares are to be kept any more", async () => {
        const { Counting, host, letOpen } = held({ isBusy: true });
        const refused = expect(Counting.prepare(kind)).rejects.toMatchObject({ code: "cage-unavailable" });
        const creating = Counting.create(kind);
        host.allow(false);
        letOpen();
        expect((await track(await creating).runCode("1 + 1")).text).toBe("2");
        expect(host.asked).toBe(1);
        await refused;
      });

      test("who did not ask for the language does not wait until it runs", async () => {
        const { Counting, host, letOpen } = held({ isBusy: true });
        const preparing = Counting.prepare(kind);
        const creating = Counting.create({ ...kind, start: false });
        await expect.poll(() => host.asked).toBe(2);
        letOpen();
        track(await creating);
        await preparing;
      });

      test("prepare opens none either before a start that somebody waits for is over", async () => {
        const { Counting, host, letOpen } = held({ isBusy: true });
        const creating = Counting.create(kind);
        const preparing = Counting.prepare(kind);
        await idle();
        expect(host.asked).toBe(1);
        letOpen();
        track(await creating);
        await preparing;
        expect(host.asked).toBe(2);
      });

      test("who gives up meanwhile does not wait for it, and it is kept for the next", async () => {
        const { Counting, host, letOpen } = held({ isBusy: true });
        const preparing = Counting.prepare(kind);
        const controller = new AbortController();
        const creating = Counting.create({ ...kind, signal: controller.signal });
        const reason = new Error("no longer wanted");
        controller.abort(reason);
        await expect(creating).rejects.toBe(reason);
        letOpen();
        await preparing;
        track(await Counting.create(kind));
        expect(host.asked).toBe(1);
      });

      test("where it fails to come, the sandbox opens its own", async () => {
        const { Counting, host } = counting({ isBusy: true });
        const open = host.openCage;
        host.openCage = async () => {
          host.openCage = open;
          host.asked += 1;
          throw new SandboxError("no more processes", { code: "cage-unavailable" });
        };
        const preparing = Counting.prepare(kind);
        const sandbox = track(await Counting.create(kind));
        expect((await sandbox.runCode("1 + 1")).text).toBe("2");
        await preparing;
      });

      test("no spare is opened while somebody waits for a sandbox or its language", async () => {
        const { Counting, host, letOpen } = held({ isBusy: false });
        const creating = Counting.create({ ...kind, spares: 1 });
        await idle();
        expect(host.asked).toBe(1);
        letOpen();
        await track(await creating).start();
        await expect.poll(() => host.asked).toBe(2);
      });
    });

    describe("where nothing may be loaded for them", () => {
      test.each([true, false])("everything at hand: %s", async (isAtHand) => {
        const { Counting, cages, host } = counting({ isBusy: true });
        const asked: unknown[] = [];
        Object.assign(host, {
          isAtHand: async (...about: unknown[]) => {
            asked.push(about);
            return isAtHand;
          },
        });
        await Counting.prepare({ ...kind, download: false });
        expect(cages.length).toBe(isAtHand ? 1 : 0);
        expect(asked).toEqual([
          [["javascript.js", "quickjs.wasm", "javascript-snapshot.bin"], base.assetsUrl],
        ]);
        // Who does not mind is not asked about it.
        await Counting.prepare(kind);
        expect([cages.length, asked.length]).toEqual([1, 1]);
      });

      test("what is neither yes nor no is refused", async () => {
        await expect(Sandbox.prepare({ ...kind, download: "no" as never })).rejects.toMatchObject({
          code: "invalid-argument",
          message: "download is no; it must be true or false",
        });
      });
    });

    test.each([-1, 1.5, 17, Number.NaN])("a number of %s is refused", async (spares) => {
      const message = `spares is ${spares}; it must be a whole number from 0 to 16`;
      const refusal = { code: "invalid-argument", message };
      await expect(Sandbox.prepare({ ...kind, spares })).rejects.toMatchObject(refusal);
      await expect(Sandbox.create({ ...kind, spares })).rejects.toMatchObject(refusal);
    });

    test("why none can be opened is told, and not tried for ever", async () => {
      const { Counting, cages, host } = counting();
      const broken = new SandboxError("no more processes", { code: "cage-unavailable" });
      host.failure = broken;
      await expect(Counting.prepare(kind)).rejects.toBe(broken);
      expect(host.asked).toBe(3);
      host.failure = undefined;
      await Counting.prepare(kind);
      expect(cages.length).toBe(1);
    });
  });
}
