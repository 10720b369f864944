import { DEFAULT_LIMITS, type Limits } from "../../policy/limits.ts";
import { Vfs } from "../../vfs/vfs.ts";
import type { Preopen, RunIo, RuntimeHost, RuntimeOutcome, StopReason } from "../runtime.ts";
import { createWasiRuntime } from "./wasi.ts";

/** One run of a fixture and all that comes of it. Data only, so that any host can run it. */
export interface WasiCase {
  title: string;
  /** `tests/fixtures/wasi/<fixture>.wasm`. */
  fixture: string;
  args?: readonly string[];
  envs?: Readonly<Record<string, string>>;
  stdin?: string;
  /** Initial files by absolute path. A path that ends in "/" is a directory. */
  files?: Readonly<Record<string, string>>;
  cwd?: string;
  preopens?: readonly Preopen[];
  limits?: Partial<Limits>;
  /** Without `stdout` it is what `tests/fixtures/wasi/<fixture>.expected.txt` holds. */
  expected: Omit<WasiObserved, "stdout"> & { stdout?: string };
}

/** What is asserted: everything a run leaves behind. */
export interface WasiObserved {
  ended: RuntimeOutcome["ended"];
  exitCode: number;
  stdout: string;
  stderr?: string;
  error?: { name: string; value: string };
  /** Every file and symlink of the sandbox after the run, where any differs from before. */
  files?: Readonly<Record<string, string>>;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
/** Longer contents are told by their length. */
const SHOWN_BYTES = 2000;

/** All that is expected of a case. `read` gives a file of the fixtures' folder. */
export async function expectedOf(
  test: WasiCase,
  read: (name: string) => Promise<Uint8Array>,
): Promise<WasiObserved> {
  const stdout = test.expected.stdout ?? DECODER.decode(await read(`${test.fixture}.expected.txt`));
  return { ...test.expected, stdout };
}

/** Runs a case and reports it in the form of its `expected`. */
export async function runWasiCase(test: WasiCase, module: Uint8Array): Promise<WasiObserved> {
  const host = testHost(test.limits);
  fill(host.vfs, test.files ?? {});
  const before = describeFiles(host.vfs);
  const io = new TestIo({ stdin: test.stdin ?? "", outputBytes: host.limits.outputBytes });
  const runtime = createWasiRuntime(host);
  await runtime.boot();
  const outcome = await runtime.run(
    {
      code: module,
      language: "wasi",
      filename: `${test.fixture}.wasm`,
      args: test.args ?? [],
      envs: test.envs ?? {},
      cwd: test.cwd ?? "/workspace",
      preopens: test.preopens,
    },
    io,
    "default",
  );
  runtime.dispose();
  const after = describeFiles(host.vfs);
  const isChanged = JSON.stringify(before) !== JSON.stringify(after);
  return {
    ended: outcome.ended,
    exitCode: outcome.exitCode,
    stdout: io.text("stdout"),
    ...(io.text("stderr") === "" ? {} : { stderr: io.text("stderr") }),
    ...(outcome.error === undefined
      ? {}
      : { error: { name: outcome.error.name, value: outcome.error.value } }),
    ...(isChanged ? { files: after } : {}),
  };
}

/** A host with a fresh filesystem, real clocks and real randomness. */
export function testHost(limits: Partial<Limits> = {}): RuntimeHost & { vfs: Vfs; limits: Limits } {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;
  const vfs = new Vfs({ fileBytes: all.fileBytes, nowNs });
  vfs.makeDir("/workspace");
  vfs.makeDir("/tmp");
  return {
    vfs,
    limits: all,
    loadAsset: (name) => Promise.reject(new Error(`no asset ${name}`)),
    loadOptionalAsset: () => Promise.resolve(undefined),
    nowNs,
    monotonicNs: () => BigInt(Math.round(performance.now() * 1e6)),
    random(target) {
      // As strict as a browser: more than 65,536 bytes at once are refused.
      return crypto.getRandomValues(target as Uint8Array<ArrayBuffer>);
    },
    progress() {},
  };
}

export interface TestIoOptions {
  stdin?: string;
  /** Answers of a person, each one given after a turn of the event loop; then the end of input. */
  answers?: readonly string[];
  outputBytes?: number;
}

/** One run's streams, recorded. */
export class TestIo implements RunIo {
  readonly isStdinInteractive: boolean;
  readonly isStdinTerminal: boolean;
  readonly #chunks: { stream: "stdout" | "stderr"; bytes: Uint8Array }[] = [];
  readonly #answers: string[];
  readonly #listeners = new Set<(reason: StopReason) => void>();
  #stdin: Uint8Array;
  #written = 0;
  #stopped: StopReason | null = null;
  flushes = 0;
  outputBytes: number;

  constructor(options: TestIoOptions = {}) {
    this.#stdin = ENCODER.encode(options.stdin ?? "");
    this.#answers = [...(options.answers ?? [])];
    this.outputBytes = options.outputBytes ?? DEFAULT_LIMITS.outputBytes;
    this.isStdinInteractive = options.answers !== undefined;
    this.isStdinTerminal = this.isStdinInteractive;
  }

  text(stream: "stdout" | "stderr"): string {
    const decoder = new TextDecoder();
    let text = "";
    for (const chunk of this.#chunks) {
      if (chunk.stream === stream) text += decoder.decode(chunk.bytes, { stream: true });
    }
    return text + decoder.decode();
  }

  /** Everything written, in order: "text" for stdout, "!text" for stderr. */
  get transcript(): string[] {
    return this.#chunks.map(({ stream, bytes }) => (stream === "stderr" ? "!" : "") + DECODER.decode(bytes));
  }

  /** Takes a stop back, so that one run can be used for many calls. */
  resume(): void {
    this.#stopped = null;
  }

  stop(reason: StopReason): void {
    this.#stopped = reason;
    for (const listener of [...this.#listeners]) listener(reason);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  write(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    const room = this.outputBytes - this.#written;
    this.#written += bytes.length;
    if (room > 0) this.#chunks.push({ stream, bytes: bytes.slice(0, room) });
    if (this.#written > this.outputBytes) this.#stopped = "output-limit";
  }

  result(): void {}

  readStdin(maxBytes: number): Uint8Array | Promise<Uint8Array> {
    if (!this.isStdinInteractive) {
      const bytes = this.#stdin.subarray(0, maxBytes);
      this.#stdin = this.#stdin.subarray(maxBytes);
      return bytes;
    }
    const answer = this.#answers.shift();
    return new Promise((resolve) => setTimeout(() => resolve(ENCODER.encode(answer ?? "")), 0));
  }

  pollStop(): StopReason | null {
    return this.#stopped;
  }

  onStop(listener: (reason: StopReason) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): void {
    this.flushes++;
  }
}

/** Puts initial files in place. */
export function fill(vfs: Vfs, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith("/")) vfs.makeDir(path.slice(0, -1));
    else vfs.writeFile(path, ENCODER.encode(text));
  }
}

/** All files and symlinks by path. */
export function describeFiles(vfs: Vfs): Record<string, string> {
  const described: Record<string, string> = {};
  for (const { path, type } of vfs.snapshot()) {
    if (type === "directory") continue;
    const { ino } = vfs.walk(path, { follow: false });
    if (type === "symlink") described[path] = `-> ${vfs.readlink(ino!)}`;
    else {
      const bytes = vfs.readFile(path);
      described[path] = bytes.length > SHOWN_BYTES ? `<${bytes.length} bytes>` : DECODER.decode(bytes);
    }
  }
  return described;
}
