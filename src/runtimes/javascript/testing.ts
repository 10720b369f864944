import type { MimeBundle } from "../../protocol/api.ts";
import { createInitialTree } from "../../vfs/initial-tree.ts";
import { Vfs } from "../../vfs/vfs.ts";
import type { RunIo, Runtime, RuntimeHost, RuntimeOutcome, RuntimeRun, StopReason } from "../runtime.ts";

/** For tests: a host with a fixed wall clock, counted random bytes, and assets from a function. */
export function createTestHost(
  loadAsset: (name: string) => Promise<Uint8Array>,
  options: { memoryBytes?: number; fileBytes?: number } = {},
): { -readonly [Key in keyof RuntimeHost]: RuntimeHost[Key] } {
  const nowNs = () => 1_767_225_600_000_000_000n;
  const fileBytes = options.fileBytes ?? 64 * 2 ** 20;
  const vfs = new Vfs({ fileBytes, nowNs });
  createInitialTree(vfs);
  let next = 0;
  return {
    vfs,
    limits: { memoryBytes: options.memoryBytes ?? 256 * 2 ** 20, fileBytes },
    loadAsset,
    loadOptionalAsset: loadAsset,
    nowNs,
    monotonicNs: () => BigInt(Math.round(performance.now() * 1e6)),
    random(target) {
      for (let i = 0; i < target.length; i++) target[i] = next++ * 37 + 11;
      return target;
    },
    progress() {},
  };
}

/** For tests: everything one run said, and how it ended. */
export interface Observed {
  stdout: string;
  stderr: string;
  /** Text of the last expression. */
  text: string | undefined;
  results: { bundle: MimeBundle; isMainResult: boolean }[];
  outcome: RuntimeOutcome;
}

export interface TestRun extends Partial<RuntimeRun> {
  /** Input known beforehand. */
  stdin?: string;
  /** Lines a person types, one for each time they are asked. */
  typed?: readonly string[];
  /** Answers to each request for input, whenever they come. */
  answers?: readonly Promise<Uint8Array>[];
  contextId?: string;
  /** Stops the run: by the guest's polls once this many milliseconds have passed, and by an event when it waits. */
  stopAfterMs?: number;
  stopReason?: StopReason;
  /** Called with each piece of output as it comes. */
  onOutput?: (stream: "stdout" | "stderr", text: string) => void;
}

/** For tests: runs one program and gives what came of it. */
export async function observe(runtime: Runtime, code: string, test: TestRun = {}): Promise<Observed> {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const observed = { stdout: "", stderr: "", results: [] as Observed["results"] };
  const start = performance.now();
  const reason = test.stopReason ?? "timed-out";
  const isOver = () => test.stopAfterMs !== undefined && performance.now() - start >= test.stopAfterMs;
  let input = new TextEncoder().encode(test.stdin ?? "");
  const encode = (line: string | undefined) =>
    new TextEncoder().encode(line === undefined ? "" : `${line}\n`);
  const typed = test.answers ? [...test.answers] : (test.typed ?? []).map(async (line) => encode(line));
  const isStdinInteractive = test.typed !== undefined || test.answers !== undefined;
  const io: RunIo = {
    write(stream, bytes) {
      const text = decoders[stream].decode(bytes, { stream: true });
      observed[stream] += text;
      test.onOutput?.(stream, text);
    },
    result(bundle, isMainResult) {
      observed.results.push({ bundle, isMainResult });
    },
    readStdin(maxBytes) {
      if (isStdinInteractive) return typed.shift() ?? Promise.resolve(encode(undefined));
      const part = input.slice(0, maxBytes);
      input = input.slice(maxBytes);
      return part;
    },
    isStdinInteractive,
    isStdinTerminal: isStdinInteractive,
    pollStop: () => (isOver() ? reason : null),
    onStop(listener) {
      if (test.stopAfterMs === undefined) return () => {};
      const timer = setTimeout(
        () => listener(reason),
        Math.max(0, test.stopAfterMs - (performance.now() - start)),
      );
      return () => clearTimeout(timer);
    },
    flush() {},
  };
  const language = test.language ?? "javascript";
  const outcome = await runtime.run(
    {
      code,
      language,
      filename: test.filename ?? (language === "typescript" ? "/workspace/main.ts" : "/workspace/main.js"),
      args: test.args ?? [],
      envs: test.envs ?? {},
      cwd: test.cwd ?? "/workspace",
    },
    io,
    test.contextId ?? "default",
  );
  const text = observed.results.find((each) => each.isMainResult)?.bundle.text;
  return { ...observed, text, outcome };
}
