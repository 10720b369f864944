import { type Execution, Sandbox, Snapshot } from "../index.node.ts";
import type { Limits } from "../policy/limits.ts";
import type { RunArguments } from "./args.ts";
import { CliError } from "./cli-error.ts";
import { endMessage, richResultsMessage } from "./end-message.ts";
import { executionToJson } from "./execution-json.ts";
import { EXIT_CODES, exitCodeOf, isInvalidModule } from "./exit-codes.ts";
import { buildTree, type GuestEntry } from "./guest-tree.ts";
import { refuseHiddenFromPython } from "./hidden-from-python.ts";
import type { CliHost, HostSignal } from "./host.ts";
import { type HostEntry, type HostTree, readMounts } from "./host-tree.ts";
import { limitsOf } from "./limits.ts";
import { checkOutDir, writeOutDir } from "./out-dir.ts";
import { createByteSink } from "./output.ts";
import { preopensOf } from "./preopens.ts";
import { loadProgram, type Program } from "./program.ts";
import { createProgressLine } from "./progress.ts";
import { checkSaveFile, coverSnapshot, readSnapshotFile, writeSnapshotFile } from "./snapshot-file.ts";
import { createHostStdin, type HostStdin } from "./stdin.ts";
import { errorLines, styleFor } from "./terminal.ts";
import { writeBack } from "./write-back.ts";

/**
 * `sandglass run`: everything a person can get wrong is refused before the sandbox is opened; then the program runs,
 * its files are brought out, and its exit code is returned.
 *
 * @throws {CliError} for what the person gave, {SandboxError} for what the sandbox could not do.
 */
export async function runProgram(args: RunArguments, host: CliHost): Promise<number> {
  const limits = limitsOf(args.limits);
  if (args.outDir !== undefined) await checkOutDir(args.outDir);
  if (args.saveFile !== undefined) await checkSaveFile(args.saveFile);
  const stdin = createHostStdin(() => host.openStdin());
  const program = await loadProgram(args.source, args.language, limits.fileBytes, () => stdin.readAll());
  const hostTree = await readMounts(args.mounts, limits.fileBytes);
  if (program.language === "python") refuseHiddenFromPython(hostTree.entries);
  const given = buildTree(hostTree.entries, program.file, BigInt(Date.now()) * 1_000_000n);
  const { restoreFile } = args;
  const restored = restoreFile === undefined ? [] : await readSnapshotFile(restoreFile, limits.fileBytes);
  const tree = coverSnapshot(restored, given, hostTree.mounts);

  const session = new Session(args, host, limits);
  for (const warning of hostTree.warnings) session.tell({ message: warning });
  const unsubscribe = host.onSignal((signal) => session.handleSignal(signal));
  try {
    return await Promise.race([session.forcedExit, session.run(program, tree, hostTree, stdin)]);
  } finally {
    unsubscribe();
    await session.end();
  }
}

/** One run of the command: the sandbox, the terminal around it, and the ways it can be cut short. */
class Session {
  /** Resolves with the exit code when the command must end now, whatever the sandbox does. */
  readonly forcedExit: Promise<number>;
  readonly #args: RunArguments;
  readonly #host: CliHost;
  readonly #limits: Limits;
  readonly #progress;
  readonly #stdout;
  readonly #stderr;
  readonly #abort = new AbortController();
  #forceExit: (exitCode: number) => void = () => {};
  #sandbox: Sandbox | undefined;
  #interruptCount = 0;
  #isOver = false;
  /** The last word is said; nothing is added to it. */
  #isReported = false;

  constructor(args: RunArguments, host: CliHost, limits: Limits) {
    this.#args = args;
    this.#host = host;
    this.#limits = limits;
    this.forcedExit = new Promise((resolve) => {
      this.#forceExit = resolve;
    });
    const onBrokenPipe = () => this.#forceExit(EXIT_CODES.brokenPipe);
    this.#stdout = createByteSink(host.stdout, onBrokenPipe);
    this.#stderr = createByteSink(host.stderr, () => {});
    this.#progress = createProgressLine(
      host.isStderrTerminal ? (text) => this.#stderr.write(text) : undefined,
    );
  }

  /** The first Ctrl-C asks the program to stop; the second, or any other signal, ends everything at once. */
  handleSignal(signal: HostSignal): void {
    if (signal === "SIGTERM") return this.#forceExit(EXIT_CODES.terminated);
    if (signal === "SIGHUP") return this.#forceExit(EXIT_CODES.hungUp);
    this.#interruptCount += 1;
    if (this.#interruptCount === 1 && this.#sandbox?.isRunning === true) {
      void this.#sandbox.interrupt();
      return;
    }
    // The run may have told of its end between the two: it is said once.
    if (!this.#isReported) this.#tellLast({ message: "interrupted" });
    this.#forceExit(EXIT_CODES.interrupted);
  }

  async run(
    program: Program,
    tree: readonly HostEntry[],
    hostTree: HostTree,
    stdin: HostStdin,
  ): Promise<number> {
    const args = this.#args;
    const onProgress = ({ message }: { message: string }) => this.#progress.show(message);
    const sandbox = await Sandbox.restore(new Snapshot(tree), {
      language: program.language,
      start: true,
      envs: args.envs,
      limits: this.#limits,
      readOnlyPaths: hostTree.mounts.filter((mount) => !mount.isWritable).map((mount) => mount.guestPath),
      onProgress,
      signal: this.#abort.signal,
    });
    this.#sandbox = sandbox;
    if (this.#isOver) await sandbox.kill();

    const preopens =
      program.language === "wasi" ? preopensOf(hostTree.mounts, args.outDir !== undefined) : undefined;
    const raw: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
    const execution = await sandbox.runCode(program.code, {
      args: args.args,
      filename: program.filename,
      onProgress,
      // A program that came from stdin has used it up.
      ...(args.source.from === "stdin"
        ? {}
        : { stdin: () => stdin.read(), isStdinTerminal: this.#host.isStdinTerminal }),
      ...(preopens === undefined ? {} : { preopens }),
      onOutput: ({ stream, bytes }) => {
        if (this.#isOver) return;
        this.#progress.stop();
        if (args.json) raw[stream].push(bytes);
        else (stream === "stdout" ? this.#stdout : this.#stderr).write(bytes);
      },
    });
    if (this.#isOver) return EXIT_CODES.killed;
    this.#progress.stop();
    const broughtOut = await this.#bringOut(sandbox, execution, tree, hostTree);
    const filesExitCode = (await this.#save(sandbox)) || broughtOut;
    if (this.#isReported) return EXIT_CODES.interrupted;
    this.#isReported = true;
    this.#report(execution, { stdout: Buffer.concat(raw.stdout), stderr: Buffer.concat(raw.stderr) });
    return exitCodeOf(execution) || filesExitCode;
  }

  /** Files for `--out` and `:rw`. A failure here is told, and fails a run that was fine otherwise. */
  async #bringOut(
    sandbox: Sandbox,
    execution: Execution,
    before: readonly HostEntry[],
    { mounts }: HostTree,
  ): Promise<number> {
    const { outDir } = this.#args;
    if (outDir === undefined && !mounts.some((mount) => mount.isWritable)) return EXIT_CODES.ok;
    const after = guestEntries(await sandbox.snapshot());
    let exitCode: number = EXIT_CODES.ok;
    for (const problem of await writeBack(mounts, before, after)) {
      this.tell({ message: problem });
      exitCode = EXIT_CODES.sandboxFailed;
    }
    if (outDir === undefined) return exitCode;
    const artifacts = new Set(execution.artifacts.map(({ path }) => path));
    try {
      const warnings = await writeOutDir(
        outDir,
        after.filter(({ path }) => artifacts.has(path)),
      );
      for (const message of warnings) this.tell({ message });
      if (artifacts.size === 0 && this.#host.isStderrTerminal) {
        this.tell({ message: `--out ${outDir}: the program made no files under /workspace` });
      }
      return exitCode;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.tell(error);
      return error.exitCode;
    }
  }

  /** For `--save`; a program that failed has left files too. */
  async #save(sandbox: Sandbox): Promise<number> {
    const { saveFile } = this.#args;
    if (saveFile === undefined) return EXIT_CODES.ok;
    try {
      await writeSnapshotFile(saveFile, await sandbox.snapshot());
      return EXIT_CODES.ok;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.tell(error);
      return error.exitCode;
    }
  }

  #report(execution: Execution, raw: { stdout: Buffer; stderr: Buffer }): void {
    if (this.#args.json) return this.#stdout.write(`${executionToJson(execution, raw)}\n`);
    if (isInvalidModule(execution)) {
      const { source } = this.#args;
      const file = source.from === "file" ? source.path : "-";
      return this.tell({
        message: execution.error?.value ?? "",
        hint: `What it needs and what to do about it: sandglass inspect ${file}`,
      });
    }
    const traceback = execution.error?.traceback ?? "";
    // JavaScript says it on stderr itself, as node does; Python leaves it to whoever runs it.
    const isTold = execution.logs.stderr.join("").includes(traceback.trimEnd());
    if (traceback !== "" && !isTold)
      this.#stderr.write(traceback.endsWith("\n") ? traceback : `${traceback}\n`);
    const isUntold = traceback === "" && execution.status === "failed" && execution.error !== undefined;
    if (isUntold) this.tell({ message: `${execution.error?.name}: ${execution.error?.value}` });
    const end = endMessage(execution, this.#limits);
    if (end) this.tell(end);
    for (const notice of execution.notices) {
      // Variables die with the command anyway; lost files are news.
      if (notice.code === "files-rolled-back") this.tell({ message: notice.message });
    }
    const rich = this.#host.isStderrTerminal ? richResultsMessage(execution) : undefined;
    if (rich) this.tell(rich);
  }

  #tellLast(message: { message: string }): void {
    this.#isReported = true;
    this.#progress.stop();
    this.tell(message);
  }

  /** One line on stderr. */
  tell({ message, hint }: { message: string; hint?: string | undefined }): void {
    this.#stderr.write(errorLines(message, hint, styleFor(this.#host.isStderrTerminal, this.#host.env)));
  }

  /** Ends the sandbox and waits until what was printed has been taken. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#progress.stop();
    this.#abort.abort();
    await this.#sandbox?.kill();
    await Promise.all([this.#stdout.drained(), this.#stderr.drained()]);
  }
}

function guestEntries(snapshot: Snapshot): GuestEntry[] {
  const byPath = new Map(snapshot.entries.map((entry) => [entry.path, entry]));
  return snapshot.entries.map((entry) => ({
    ...entry,
    bytes: entry.bytes ?? (entry.linkTo === undefined ? undefined : byPath.get(entry.linkTo)?.bytes),
  }));
}
