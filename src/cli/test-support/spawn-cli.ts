import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The command as the build ships it. */
const MAIN = fileURLToPath(new URL("../../../dist/lib/cli/main.cjs", import.meta.url));
export const PROJECT_DIR = fileURLToPath(new URL("../../..", import.meta.url));

export interface CliOutcome {
  stdout: string;
  stderr: string;
  /** Raw, for what is not text. */
  stdoutBytes: Buffer;
  exitCode: number | null;
}

/** A command that is running. */
export interface CliProcess {
  child: ChildProcessWithoutNullStreams;
  /** Resolves when stdout holds the text. */
  printed(text: string): Promise<void>;
  outcome: Promise<CliOutcome>;
}

/** Starts `sandglass` with a piped stdin that stays open. */
export function startCli(args: readonly string[], cwd = PROJECT_DIR): CliProcess {
  if (!existsSync(MAIN)) throw new Error("The command is not built yet: run `npm run build`.");
  const child = spawn(process.execPath, [MAIN, ...args], { cwd });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const waiting = new Set<() => void>();
  child.stdout.on("data", (bytes: Buffer) => {
    stdout.push(bytes);
    for (const check of waiting) check();
  });
  child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  const outcome = new Promise<CliOutcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      const stdoutBytes = Buffer.concat(stdout);
      resolve({
        stdout: stdoutBytes.toString(),
        stderr: Buffer.concat(stderr).toString(),
        stdoutBytes,
        exitCode,
      });
    });
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!Buffer.concat(stdout).includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void outcome.then(({ stderr }) =>
        reject(new Error(`It ended without printing ${JSON.stringify(text)}: ${stderr}`)),
      );
    });
  return { child, printed, outcome };
}

/** Runs `sandglass` to its end. */
export async function runCliProcess(
  args: readonly string[],
  { stdin = "", cwd = PROJECT_DIR }: { stdin?: string | Uint8Array; cwd?: string } = {},
): Promise<CliOutcome> {
  const { child, outcome } = startCli(args, cwd);
  // A command that ends before it has read everything is no fault of the test.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return outcome;
}
