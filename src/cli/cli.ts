import { SandboxError } from "../errors.ts";
import { startAhead } from "../index.ahead.ts";
import { parseArguments, type RunArguments } from "./args.ts";
import { CliError } from "./cli-error.ts";
import { EXIT_CODES, exitCodeOfError } from "./exit-codes.ts";
import { HELP } from "./help.ts";
import type { CliHost } from "./host.ts";
import { limitsOf, withFlags } from "./limits.ts";
import { errorLines, styleFor } from "./terminal.ts";

/**
 * The whole command: reads the arguments, does what they say, and returns the exit code. Never throws; the SDK is
 * loaded only when something is to run, so that `--version` and a typing error answer at once.
 *
 * @param readVersion - Gives the package's version.
 */
export async function runCli(
  argv: readonly string[],
  host: CliHost,
  readVersion: () => Promise<string>,
): Promise<number> {
  try {
    const command = parseArguments(argv, host.isStdinTerminal);
    if (command.name === "help") {
      await print(host, HELP);
      return EXIT_CODES.ok;
    }
    if (command.name === "version") {
      await print(host, `sandglass ${await readVersion()}\n`);
      return EXIT_CODES.ok;
    }
    if (command.name === "inspect") {
      const { inspectFile } = await import("./inspect.ts");
      return await inspectFile(command.inspect, host);
    }
    return await run(command.run, host);
  } catch (error) {
    const { message, hint, exitCode } = describe(error);
    const lines = errorLines(message, hint, styleFor(host.isStderrTerminal, host.env));
    await new Promise<void>((resolve) => host.stderr.write(lines, () => resolve()));
    return exitCode;
  }
}

/** The sandbox's process starts first, and the SDK is read meanwhile. */
async function run(args: RunArguments, host: CliHost): Promise<number> {
  const language = args.language ?? (args.source.from === "file" ? undefined : "python");
  const giveUp = language && (await startAhead(language, limitsOf(args.limits)));
  try {
    const { runProgram } = await import("./run.ts");
    return await runProgram(args, host);
  } finally {
    if (giveUp) giveUp();
  }
}

/** Resolves when the text is out, or nobody is there to read it: the process ends right after. */
async function print(host: CliHost, text: string): Promise<void> {
  host.stdout.on("error", () => {});
  await new Promise<void>((resolve) => host.stdout.write(text, () => resolve()));
}

/** Any error as one line, a hint and an exit code. */
function describe(error: unknown): { message: string; hint?: string | undefined; exitCode: number } {
  if (error instanceof CliError) return error;
  if (error instanceof SandboxError) {
    const hint = error.hint === undefined ? undefined : withFlags(error.hint);
    return { message: withFlags(error.message), hint, exitCode: exitCodeOfError(error.code) };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { message: `internal error: ${message}`, exitCode: EXIT_CODES.sandboxFailed };
}
