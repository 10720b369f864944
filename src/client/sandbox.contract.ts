import { describe, expect, test } from "vitest";
import { SandboxError } from "../errors.ts";
import type { CageRequest } from "./cage.ts";
import type { CreateOptions, Progress } from "./options.ts";
import { sandboxKit } from "./sandbox.testkit.ts";
import type { SandboxCore } from "./sandbox.ts";
import { Snapshot } from "./snapshot.ts";

/** What a caller may count on from `Sandbox`, on every host. JavaScript is the guest here: it starts fastest. */
export function sandboxContract(host: string, Sandbox: typeof SandboxCore, base: CreateOptions): void {
  describe(`Sandbox on ${host}`, () => {
    const { create, track, counting } = sandboxKit(Sandbox, base);
    const stdout = (execution: { logs: { stdout: string[] } }) => execution.logs.stdout.join("");

    test("runs code and returns everything it gave, measured", async () => {
      // Started with the sandbox, the language may be there before the run: then the run has no start to tell of.
      const sandbox = await create({
        files: { "/workspace/in.txt": "3\n4\n" },
        envs: { REGION: "eu" },
        start: false,
      });
      const execution = await sandbox.runCode(
        `import fs from "node:fs";
         const sum = fs.readFileSync("in.txt", "utf8").trim().split("\\n").map(Number).reduce((a, b) => a + b);
         console.log(process.env.REGION, process.argv.slice(2).join());
         console.error("careful");
         fs.writeFileSync("out.json", JSON.stringify({ sum }));
         sum`,
        { args: ["a", "ü"] },
      );
      const { usage, trace, artifacts, results, ...rest } = execution;
      expect(rest).toEqual({
        status: "completed",
        exitCode: 0,
        logs: { stdout: ["eu a,ü\n"], stderr: ["careful\n"] },
        text: "7",
        notices: [],
        executionCount: 1,
      });
      expect(results.map((result) => ({ formats: result.formats(), isMain: result.isMainResult }))).toEqual([
        { formats: ["text"], isMain: true },
      ]);
      expect(artifacts.map(({ modifiedMs: _at, ...info }) => info)).toEqual([
        {
          path: "/workspace/out.json",
          name: "out.json",
          type: "file",
          bytes: 9,
          mode: 0o644,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          mimeType: "application/json",
        },
      ]);
      expect(usage).toMatchObject({ stdoutBytes: 8, stderrBytes: 8 });
      expect(usage.bootMs).toBeGreaterThan(0);
      expect(usage.wallMs).toBeGreaterThanOrEqual(usage.bootMs!);
      expect(usage.memoryBytes).toBeGreaterThan(0);
      expect(trace.map(({ type }) => type)).toEqual([
        "run-started",
        "boot",
        "output",
        "output",
        "result",
        "file",
        "run-ended",
      ]);
    });

    test("keeps variables between runs of a context, and apart between contexts", async () => {
      const sandbox = await create();
      await sandbox.runCode("let x = 1");
      const second = await sandbox.createContext();
      expect((await sandbox.runCode("x += 1; x")).text).toBe("2");
      expect((await sandbox.runCode("typeof x", { context: second })).text).toBe("'undefined'");
      const third = await sandbox.runCode("x");
      expect({ text: third.text, count: third.executionCount, boot: third.usage.bootMs }).toEqual({
        text: "2",
        count: 3,
        boot: undefined,
      });
    });

    test("an uncaught error is a failed execution, and the sandbox stays usable", async () => {
      const sandbox = await create();
      const failed = await sandbox.runCode('function f() {\n  throw new TypeError("no")\n}\nf()');
      expect({
        status: failed.status,
        exitCode: failed.exitCode,
        name: failed.error?.name,
        value: failed.error?.value,
      }).toEqual({
        status: "failed",
        exitCode: 1,
        name: "TypeError",
        value: "no",
      });
      expect(failed.error?.traceback).toContain("/workspace/main.js:2");
      expect((await sandbox.runCode("1 + 1")).text).toBe("2");
    });

    test("streams text, bytes and results while the run goes on, in order", async () => {
      const sandbox = await create();
      const seen: string[] = [];
      await sandbox.runCode('console.log("a"); console.error("b"); display("c"); console.log("d")', {
        onStdout: (text) => seen.push(`out ${text}`),
        onStderr: (text) => seen.push(`err ${text}`),
        onOutput: ({ stream, bytes }) => seen.push(`${stream} ${bytes.length}`),
        onResult: (result) => seen.push(`result ${result.text}`),
      });
      expect(seen).toEqual([
        "stdout 2",
        "out a\n",
        "stderr 2",
        "err b\n",
        "result 'c'",
        "stdout 2",
        "out d\n",
      ]);
    });

    test("runs wait for one another, in the order they were asked for", async () => {
      const sandbox = await create();
      const runs = await Promise.all(
        [1, 2, 3].map((n) =>
          sandbox.runCode(`globalThis.order = [...(globalThis.order ?? []), ${n}]; order.join()`),
        ),
      );
      expect(runs.map((run) => run.text)).toEqual(["'1'", "'1,2'", "'1,2,3'"]);
    });

    test("a loop is stopped at its timeout; files of completed runs stay and the next run works", async () => {
      const sandbox = await create();
      await sandbox.runCode('require("fs").writeFileSync("kept.txt", "kept")');
      const looped = await sandbox.runCode("for (;;);", { timeoutMs: 300 });
      expect({ status: looped.status, exitCode: looped.exitCode }).toEqual({
        status: "timed-out",
        exitCode: 124,
      });
      expect(looped.usage.wallMs).toBeGreaterThanOrEqual(300);
      const next = await sandbox.runCode('require("fs").readFileSync("kept.txt", "utf8")');
      expect(next.text).toBe("'kept'");
    });

    test("after a kill the sandbox comes back by itself, with the files of the last completed run", async () => {
      const { Counting, cages } = counting();
      const sandbox = track(
        await Counting.create({ language: "javascript", ...base, files: { "/workspace/a": "given" } }),
      );
      await sandbox.runCode('require("fs").writeFileSync("b", "kept")');
      const lost = await sandbox.runCode(
        'require("fs").writeFileSync("c", "lost"); console.log("started"); for (;;);',
        { onStdout: () => cages[0]!.kill() },
      );
      expect([lost.status, ...lost.notices.map(({ code }) => code)]).toEqual([
        "cancelled",
        "state-lost",
        "files-rolled-back",
      ]);
      // Nobody asks for it.
      await expect.poll(() => cages.length).toBe(2);
      const next = await sandbox.runCode('require("fs").readdirSync(".").join()');
      expect([next.text, cages.length]).toEqual(["'a,b'", 2]);
      expect(next.notices.map(({ code }) => code)).toEqual(["state-lost"]);
    });

    test("a cage that ends before anybody asked for it is not replaced until somebody does", async () => {
      const { Counting, cages } = counting();
      const sandbox = track(await Counting.create({ language: "javascript", ...base }));
      cages[0]!.kill();
      await cages[0]!.closed;
      await expect.poll(() => cages.length).toBe(2);
      cages[1]!.kill();
      await cages[1]!.closed;
      expect((await sandbox.runCode("1 + 1")).text).toBe("2");
      expect(cages.length).toBe(3);
    });

    test("a reset gives back the start: files, variables, patches, contexts, counts", async () => {
      const { Counting, cages } = counting();
      const files = { "/workspace/a": "given", "/workspace/d/b": "given too" };
      const sandbox = track(
        await Counting.create({ language: "javascript", ...base, files, envs: { REGION: "eu" } }),
      );
      const context = await sandbox.createContext();
      for (let round = 0; round < 3; round++) {
        const dirty = `const fs = require("fs");
          fs.writeFileSync("a", "changed"); fs.rmSync("d", { recursive: true }); fs.writeFileSync("/tmp/t", "");
          var left = 1; Array.prototype.left = 2; process.env.LEFT = "3"; JSON.parse = null;`;
        expect((await sandbox.runCode(dirty)).executionCount).toBe(1);
        await sandbox.runCode(dirty, { context });
        await sandbox.files.write("/workspace/own", "the caller's");
        expect(await sandbox.reset()).toEqual({ inPlace: true });
        const look = `[typeof left, [].left, process.env.LEFT, process.env.REGION, typeof JSON.parse,
          ...["/workspace", "/tmp"].map((dir) => require("fs").readdirSync(dir).join())].join("; ")`;
        for (const options of [{}, { context }]) {
          const execution = await sandbox.runCode(look, options);
          expect([execution.text, execution.executionCount, execution.notices]).toEqual([
            "'undefined; ; ; eu; function; a,d; '",
            1,
            [],
          ]);
        }
        expect(await sandbox.files.read("/workspace/d/b")).toBe("given too");
        expect(await sandbox.diff()).toEqual([]);
        await sandbox.reset();
      }
      expect(cages.length).toBe(1);
    });

    test("a reset waits for the runs before it, and refuses a sandbox that was killed", async () => {
      const sandbox = await create();
      const run = sandbox.runCode("var x = 1; x");
      const reset = sandbox.reset();
      const after = sandbox.runCode("typeof x");
      expect([(await run).text, (await reset).inPlace, (await after).text]).toEqual([
        "1",
        true,
        "'undefined'",
      ]);
      await sandbox.kill();
      await expect(sandbox.reset()).rejects.toMatchObject({ code: "sandbox-killed" });
    });

    test("a language can be started before its first run", async () => {
      const sandbox = await create();
      expect(await sandbox.start()).toEqual({ bootMs: expect.any(Number), fromSnapshot: true });
      expect(await sandbox.start()).toEqual({ bootMs: 0, fromSnapshot: true });
      const { usage } = await sandbox.runCode("1");
      expect([usage.bootMs, usage.fromSnapshot]).toEqual([undefined, true]);
      await expect(sandbox.start("cobol" as "wasi")).rejects.toMatchObject({ code: "unsupported-language" });
    });

    test("a language can be started while the sandbox opens; the run says what it still waited for", async () => {
      const sandbox = await create({ start: true });
      const { text, usage } = await sandbox.runCode("6 * 7");
      expect(text).toBe("42");
      expect(await sandbox.start()).toEqual({ bootMs: 0, fromSnapshot: true });
      expect(usage.bootMs ?? 0).toBeLessThanOrEqual(usage.wallMs);
    });

    test("a start that fails is told to whoever asks for the language, and leaves the others", async () => {
      const sandbox = await create({ language: "python", limits: { memoryBytes: 2 ** 24 } });
      const refusal = {
        code: "invalid-argument",
        message: "limits.memoryBytes is 16777216; Python needs at least 31457280",
      };
      await expect(sandbox.start()).rejects.toMatchObject(refusal);
      await expect(sandbox.start()).rejects.toMatchObject(refusal);
      expect((await sandbox.runCode("6 * 7", { language: "javascript" })).text).toBe("42");
    });

    test("a language that needs more memory than is allowed says so to the run, on every host", async () => {
      const sandbox = await create({ limits: { memoryBytes: 2 ** 23 } });
      await expect(sandbox.runCode("1")).rejects.toMatchObject({
        code: "invalid-argument",
        message: "limits.memoryBytes is 8388608; JavaScript needs at least 16777216",
      });
      await sandbox.files.write("/workspace/a", "still here");
      expect(await sandbox.files.read("/workspace/a")).toBe("still here");
    });

    test("output over the limit stops the run and keeps what fits", async () => {
      const sandbox = await create({ limits: { outputBytes: 1000 } });
      const execution = await sandbox.runCode('for (;;) console.log("x".repeat(99))');
      expect({ status: execution.status, exitCode: execution.exitCode }).toEqual({
        status: "output-limit",
        exitCode: 153,
      });
      expect(stdout(execution)).toBe(`${"x".repeat(99)}\n`.repeat(10));
      expect((await sandbox.runCode("1")).text).toBe("1");
    });

    test("a file over the quota is refused to the guest by name, and the run is a file-limit", async () => {
      const sandbox = await create({ limits: { fileBytes: 100_000 } });
      const execution = await sandbox.runCode('require("fs").writeFileSync("big", "x".repeat(200_000))');
      expect({ status: execution.status, name: execution.error?.name }).toEqual({
        status: "file-limit",
        name: "Error",
      });
      expect(execution.error?.value).toContain("ENOSPC");
      expect((await sandbox.files.getInfo("/workspace/big")).bytes).toBe(0);
    });

    test("stdin is what was given, or asked for line by line while the run goes on", async () => {
      const sandbox = await create();
      const given = await sandbox.runCode('require("fs").readFileSync(0, "utf8").toUpperCase()', {
        stdin: "ab\ncd",
      });
      expect(given.text).toBe("'AB\\nCD'");
      const lines = ["Ada", "Lovelace"];
      const asked = await sandbox.runCode(
        'const a = await input("first? "); const b = await input("last? "); [b, a].join(", ")',
        {
          stdin: () => lines.shift(),
        },
      );
      expect({ text: asked.text, stdout: stdout(asked) }).toEqual({
        text: "'Lovelace, Ada'",
        stdout: "first? last? ",
      });
    });

    test("a program sees a terminal only where a person types", async () => {
      const sandbox = await create();
      const look = "String(process.stdin.isTTY)";
      const seen = async (options: object) => (await sandbox.runCode(look, options)).text;
      expect([
        await seen({ stdin: () => null }),
        await seen({ stdin: () => null, isStdinTerminal: false }),
        await seen({ stdin: "known" }),
        await seen({}),
      ]).toEqual(["'true'", "'undefined'", "'undefined'", "'undefined'"]);
      await expect(sandbox.runCode(look, { stdin: "known", isStdinTerminal: true })).rejects.toMatchObject({
        code: "invalid-argument",
      });
    });

    test("the time a person takes to answer is not the run's, but a guest that computes meanwhile uses its own", async () => {
      const sandbox = await create();
      const late = () => new Promise<string>((resolve) => setTimeout(resolve, 900, "late"));
      const waited = await sandbox.runCode("await input()", { stdin: late, timeoutMs: 500 });
      expect({ status: waited.status, text: waited.text }).toEqual({ status: "completed", text: "'late'" });
      expect(waited.usage.waitMs).toBeGreaterThanOrEqual(890);
      const never = () => new Promise<string>(() => {});
      const computed = await sandbox.runCode("input(); for (;;);", { stdin: never, timeoutMs: 500 });
      expect(computed.status).toBe("timed-out");
    });

    test("interrupt ends a waiting guest and keeps its variables", async () => {
      const sandbox = await create();
      await sandbox.runCode("let x = 5");
      let isAsked: () => void = () => {};
      const asked = new Promise<void>((resolve) => {
        isAsked = resolve;
      });
      const run = sandbox.runCode("await input()", {
        stdin: () => {
          isAsked();
          return new Promise(() => {});
        },
      });
      await asked;
      expect(await sandbox.interrupt()).toEqual({ stateKept: true });
      expect(await run).toMatchObject({ status: "cancelled", exitCode: 130 });
      expect((await sandbox.runCode("x")).text).toBe("5");
    });

    test("an aborted signal cancels the run, before or while it goes on", async () => {
      const sandbox = await create();
      const before = await sandbox.runCode("1", { signal: AbortSignal.abort() });
      expect({ status: before.status, count: before.executionCount }).toEqual({
        status: "cancelled",
        count: 0,
      });
      const controller = new AbortController();
      const run = sandbox.runCode('console.log("started"); for (;;);', {
        signal: controller.signal,
        onStdout: () => controller.abort(),
      });
      expect((await run).status).toBe("cancelled");
      expect((await sandbox.runCode("2")).text).toBe("2");
    });

    test("a run hears of the start it waits for, whoever asked for that", async () => {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      class Slow extends Sandbox {
        static override readonly host = {
          ...Sandbox.host,
          async openCage(request: CageRequest) {
            const cage = await Sandbox.host.openCage({ ...request, start: undefined });
            const provide = cage.provide.bind(cage);
            cage.provide = async (names, onProgress) => {
              await released;
              onProgress?.({ message: "Loading", loadedBytes: 1, totalBytes: 3 });
              await provide(names);
            };
            return cage;
          },
        };
      }
      const heard: Record<"create" | "run" | "late", Progress[]> = { create: [], run: [], late: [] };
      const sandbox = track(
        await Slow.create({
          language: "javascript",
          ...base,
          onProgress: (progress) => heard.create.push(progress),
        }),
      );
      const run = sandbox.runCode("1", { onProgress: (progress) => heard.run.push(progress) });
      // The run asks for its start in a chain of promises: all of it is over by the next turn.
      await new Promise((resolve) => setTimeout(resolve));
      release();
      expect((await run).text).toBe("1");
      await sandbox.start("javascript", { onProgress: (progress) => heard.late.push(progress) });
      expect(heard.create).toContainEqual({ message: "Loading javascript", loadedBytes: 1, totalBytes: 3 });
      expect(heard).toEqual({ create: heard.create, run: heard.create, late: [] });
    });

    test("opening is given up when its signal is aborted, and an open sandbox does not care", async () => {
      const reason = new RangeError("changed my mind");
      const controller = new AbortController();
      const opening = create({ signal: controller.signal });
      controller.abort(reason);
      await expect(opening).rejects.toBe(reason);
      await expect(create({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const later = new AbortController();
      const sandbox = await create({ signal: later.signal });
      later.abort();
      expect((await sandbox.runCode("1")).text).toBe("1");
    });

    test("kill settles a run in progress and refuses everything after", async () => {
      const sandbox = await create();
      const run = sandbox.runCode('console.log("started"); for (;;);', {
        onStdout: () => void sandbox.kill(),
      });
      expect((await run).status).toBe("cancelled");
      await expect(sandbox.runCode("1")).rejects.toMatchObject({ code: "sandbox-killed" });
      await expect(sandbox.files.list()).rejects.toMatchObject({ code: "sandbox-killed" });
    });

    test("an error in the caller's own callback comes back to the caller when the run is over", async () => {
      const sandbox = await create();
      const run = sandbox.runCode('console.log("x"); globalThis.reached = true', {
        onStdout: () => {
          throw new RangeError("mine");
        },
      });
      await expect(run).rejects.toThrow(new RangeError("mine"));
      expect((await sandbox.runCode("reached")).text).toBe("true");
    });

    test("a working directory that is a file is the caller's mistake, by name", async () => {
      const sandbox = await create({ files: { "/workspace/a.txt": "" } });
      await expect(sandbox.runCode("1", { cwd: "/workspace/a.txt" })).rejects.toMatchObject({
        code: "already-exists",
      });
      expect((await sandbox.runCode("1")).text).toBe("1");
    });

    test("files are written, read, listed, moved and removed", async () => {
      const sandbox = await create();
      const { files } = sandbox;
      await files.write("/workspace/a/b.txt", "text ü");
      await files.writeFiles([{ path: "/workspace/bytes", content: new Uint8Array([0, 255]) }]);
      expect(await files.read("/workspace/a/b.txt")).toBe("text ü");
      expect(await files.read("/workspace/bytes", { format: "bytes" })).toEqual(new Uint8Array([0, 255]));
      await expect(files.read("/workspace/bytes")).rejects.toMatchObject({
        code: "invalid-argument",
        message: '"/workspace/bytes" (2 bytes) is not UTF-8 text',
      });
      expect(
        (await files.list("/workspace", { depth: 2 })).map(({ path, type, bytes }) => [path, type, bytes]),
      ).toEqual([
        ["/workspace/a", "directory", 0],
        ["/workspace/a/b.txt", "file", 7],
        ["/workspace/bytes", "file", 2],
      ]);
      expect([await files.makeDir("/workspace/d"), await files.makeDir("/workspace/d")]).toEqual([
        true,
        false,
      ]);
      expect((await files.rename("/workspace/a/b.txt", "/workspace/d/c.txt")).path).toBe(
        "/workspace/d/c.txt",
      );
      await files.remove("/workspace/a");
      expect([await files.exists("/workspace/a"), await files.exists("/workspace/d/c.txt")]).toEqual([
        false,
        true,
      ]);
      await expect(files.getInfo("/workspace/a")).rejects.toMatchObject({ code: "not-found" });
      await expect(files.read("/workspace/d")).rejects.toMatchObject({ code: "is-a-directory" });
    });

    for (const path of ["/workspace/../etc/passwd", "workspace/a", "/a\0b", "", `/${"x".repeat(5000)}`]) {
      test(`the path ${JSON.stringify(path.slice(0, 30))} is refused by name`, async () => {
        const sandbox = await create();
        await expect(sandbox.files.write(path, "x")).rejects.toMatchObject({ code: "invalid-path" });
      });
    }

    test("a guest cannot change what it was given to read, and still reads it", async () => {
      const sandbox = await create({ files: { "/data/in.csv": "a,b\n" }, readOnlyPaths: ["/data"] });
      const execution = await sandbox.runCode(
        'const fs = require("fs"); let said; try { fs.writeFileSync("/data/in.csv", "") } catch (e) { said = e.code }; said + fs.readFileSync("/data/in.csv", "utf8")',
      );
      expect(execution.text).toBe("'EROFSa,b\\n'");
    });

    test("JavaScript imports a TypeScript file that stands in the sandbox", async () => {
      const sandbox = await create({ files: { "/workspace/lib.ts": "export const two: number = 2;" } });
      expect((await sandbox.runCode('import { two } from "./lib.ts"; two')).text).toBe("2");
    });

    test("watchDir tells of the guest's changes and the caller's", async () => {
      const sandbox = await create();
      const events: string[] = [];
      const watch = await sandbox.files.watchDir("/workspace", ({ path, type }) =>
        events.push(`${type} ${path}`),
      );
      await sandbox.runCode('require("fs").writeFileSync("a", "1")');
      await sandbox.files.remove("/workspace/a");
      watch.stop();
      await sandbox.files.write("/workspace/b", "");
      expect([...new Set(events)].filter((event) => !event.startsWith("modified"))).toEqual([
        "created /workspace/a",
        "removed /workspace/a",
      ]);
    });

    test("a snapshot restores elsewhere, a fork goes its own way, a diff says what changed", async () => {
      const sandbox = await create({ files: { "/workspace/a": "1", "/workspace/b": "2" } });
      const stored = Snapshot.parse((await sandbox.snapshot()).bytes);
      await sandbox.runCode(
        'const fs = require("fs"); fs.writeFileSync("a", "changed"); fs.rmSync("b"); fs.mkdirSync("d")',
      );
      expect((await sandbox.diff()).map(({ path, type }) => `${type} ${path}`)).toEqual([
        "modified /workspace/a",
        "removed /workspace/b",
        "added /workspace/d",
      ]);
      const fork = track(await sandbox.fork());
      await fork.files.write("/workspace/a", "fork");
      expect([await sandbox.files.read("/workspace/a"), await fork.files.read("/workspace/a")]).toEqual([
        "changed",
        "fork",
      ]);
      const restored = track(await Sandbox.restore(stored, { language: "javascript", ...base }));
      expect(await restored.files.read("/workspace/b")).toBe("2");
      expect(
        (await restored.diff(await sandbox.snapshot())).map(({ path, type }) => `${type} ${path}`),
      ).toEqual(["modified /workspace/a", "added /workspace/b", "removed /workspace/d"]);
    });

    test("a ZIP goes out and comes in again; one that climbs out is refused whole", async () => {
      const sandbox = await create({ files: { "/workspace/a.txt": "1", "/workspace/d/ü.txt": "2" } });
      const zip = await sandbox.exportZip();
      expect(await sandbox.exportZip()).toEqual(zip);
      const other = await create();
      expect((await other.importZip(zip, "/workspace/in")).map(({ path }) => path)).toEqual(
        expect.arrayContaining(["/workspace/in/a.txt", "/workspace/in/d/ü.txt"]),
      );
      expect(await other.files.read("/workspace/in/d/ü.txt")).toBe("2");
      await expect(other.importZip(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({
        code: "invalid-archive",
      });
    });

    test("wrong options are refused before anything starts, with their numbers", async () => {
      const wrong: [CreateOptions, string][] = [
        [{ limits: { timeoutMs: 0 } }, "invalid-argument"],
        [{ limits: { memoryBytes: 1.5 } }, "invalid-argument"],
        [{ language: "cobol" as "python" }, "unsupported-language"],
        [{ files: { "a.txt": "" } }, "invalid-path"],
        [{ envs: { "A=B": "" } }, "invalid-argument"],
        [{ permissions: { net: true } as never }, "invalid-argument"],
        [{ lang: "javascript" } as never, "invalid-argument"],
        [{ files: { "/a": "x".repeat(3_000_000) }, limits: { fileBytes: 1_000_000 } }, "file-limit"],
      ];
      for (const [options, code] of wrong) {
        const error = await create(options).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(SandboxError);
        expect((error as SandboxError).code).toBe(code);
      }
    });

    test("a misspelt option is refused by its name, not ignored", async () => {
      const sandbox = await create();
      await expect(sandbox.runCode("1", { timeout: 5 } as never)).rejects.toMatchObject({
        code: "invalid-argument",
        message: 'runCode has no option named "timeout"',
        hint: expect.stringContaining("timeoutMs"),
      });
      await expect(Sandbox.prepare({ spare: 1 } as never)).rejects.toMatchObject({
        code: "invalid-argument",
        message: 'prepare has no option named "spare"',
      });
    });

    test.each([undefined, {}, new Uint8Array(40)])("restore refuses %j, which is no snapshot", async (it) => {
      await expect(Sandbox.restore(it as never, base)).rejects.toMatchObject({
        code: "invalid-argument",
        message: "restore was given no Snapshot",
      });
    });

    test("restore refuses files: it has the snapshot's", async () => {
      const snapshot = await (await create()).snapshot();
      const options = { ...base, files: { "/workspace/a": "1" } };
      await expect(Sandbox.restore(snapshot, options)).rejects.toMatchObject({
        code: "invalid-argument",
        message: "restore has no option files: the snapshot's are the files",
      });
    });

    test("nothing of the host is there: no file, no variable of the host's environment", async () => {
      const sandbox = await create();
      const execution = await sandbox.runCode(
        'JSON.stringify([Object.keys(process.env), require("fs").readdirSync("/").sort()])',
      );
      expect(execution.text).toBe(`'[[],["home","tmp","workspace"]]'`);
    });
  });
}
