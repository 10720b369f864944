import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateOptions, Execution, RunOptions, SandboxCore } from "../../src/index.ts";
import type { Program, Programs } from "./programs.ts";

export interface LanguageHost {
  name: string;
  create(options: CreateOptions): Promise<SandboxCore>;
  /** Bytes of a module in tests/fixtures/wasi. */
  fixture(name: string): Promise<Uint8Array>;
}

const LIMITS = { memoryBytes: 64 * 2 ** 20, fileBytes: 2 ** 20, outputBytes: 100_000, timeoutMs: 20_000 };
/** A cage stops its guest at the deadline, or is killed 250 ms later; the rest is a slow machine. */
const KILL_WITHIN_MS = 500;

/** What every guest language must do, on every host, behind the real wall. */
export function languageContract(programs: Programs, host: LanguageHost): void {
  const { language } = programs;
  const isInterpreted = language !== "wasi";
  describe(`${language} on ${host.name}`, () => {
    let sandbox: SandboxCore;
    beforeAll(async () => {
      sandbox = await host.create({ language, limits: LIMITS });
    });
    afterAll(() => sandbox.kill());

    async function run(program: Program, options: RunOptions = {}): Promise<Execution> {
      const code = program.fixture === undefined ? program.code! : await host.fixture(program.fixture);
      return sandbox.runCode(code, { args: program.args ?? [], ...options });
    }
    const stdout = (execution: Execution) => execution.logs.stdout.join("");
    const guestMs = ({ usage }: Execution) => usage.wallMs - (usage.bootMs ?? 0);

    test("prints, and reads a stdin that is known beforehand to its end", async () => {
      const execution = await run(programs.echo, { stdin: "two\nthree ü𝄞" });
      expect(stdout(execution)).toBe(isInterpreted ? "one\ntwo\nthree ü𝄞" : "two\nthree ü𝄞");
      expect(execution).toMatchObject({ status: "completed", exitCode: 0, notices: [] });
    });

    test("asks a person for input while the run goes on, after its prompt has been shown", async () => {
      let shown = "";
      const answers = ["Ada ü"];
      const execution = await run(programs.ask, {
        onStdout: (text) => {
          shown += text;
        },
        stdin: () => {
          if (answers.length === 1) expect(shown).toBe("name? ");
          return answers.shift();
        },
      });
      expect(stdout(execution)).toBe(
        isInterpreted ? "name? hello, Ada ü\n" : "name? hello, Ada ü\nname? bye\n",
      );
      expect(execution.status).toBe("completed");
    });

    test("leaves with its own exit code, and what it had printed is there", async () => {
      const execution = await run(programs.exit);
      expect(stdout(execution)).toBe("before\n");
      expect(execution).toMatchObject({ status: "failed", exitCode: 3 });
      expect(execution.error).toBeUndefined();
    });

    test("fails with an error by name, value and the user's own frames", async () => {
      const { error, status } = await run(programs.fail);
      const { frame, ...expected } = programs.fail.error;
      expect(status).toBe(isInterpreted ? "failed" : "crashed");
      expect(error).toMatchObject(expected);
      expect(error!.traceback).toContain(frame);
    });

    if (programs.state) {
      const { keep, read, text, loop } = programs.state;
      test("keeps its variables in a context, and has none of them in another", async () => {
        await run(keep);
        expect((await run(read)).text).toBe(text);
        const other = await sandbox.createContext({ language });
        expect((await run(read, { context: other })).status).toBe("failed");
      });

      test("keeps its variables when a loop is stopped at its deadline", async () => {
        await run(keep);
        const looped = await run(loop, { timeoutMs: 400 });
        expect(looped).toMatchObject({ status: "timed-out", exitCode: 124, notices: [] });
        expect(guestMs(looped)).toBeLessThan(400 + KILL_WITHIN_MS);
        expect((await run(read)).text).toBe(text);
      });
    }

    test("printing for ever is stopped at the output limit; what fits is kept", async () => {
      const execution = await run(programs.flood);
      expect(execution).toMatchObject({ status: "output-limit", exitCode: 153 });
      expect(stdout(execution)).toBe(`${"x".repeat(79)}\n`.repeat(LIMITS.outputBytes / 80));
    });

    test("filling the disk is refused to the guest as ENOSPC, and the next run can write", async () => {
      const execution = await run(programs.fill);
      expect(stdout(execution)).toContain("ENOSPC");
      expect(execution.status).toBe(isInterpreted ? "file-limit" : "completed");
      await sandbox.files.remove("/workspace/big");
      await sandbox.files.write("/workspace/small", "fits");
    });

    test("taking all memory ends in the guest's own failure or out-of-memory, and the next run works", async () => {
      const execution = await run(programs.hog);
      if (isInterpreted) expect(execution).toMatchObject({ status: "out-of-memory", exitCode: 137 });
      else expect(stdout(execution)).toMatch(/^\d+ MiB\n0 wrong\n/);
      expect((await run(programs.exit)).exitCode).toBe(3);
    });

    if (programs.crash) {
      const { crash } = programs;
      test("a broken engine settles the run as crashed, and the next run starts clean and says so", async () => {
        const crashed = await run(crash);
        expect(crashed).toMatchObject({ status: "crashed", exitCode: 134 });
        // A module starts afresh each time: there is nothing to lose.
        const lost = isInterpreted ? ["state-lost"] : [];
        expect(crashed.notices.map(({ code }) => code)).toEqual(lost);
        const next = await run(programs.exit);
        expect(next.exitCode).toBe(3);
        expect(next.notices.map(({ code }) => code)).toEqual(lost);
      });
    }
  });
}
