import type { SandboxCore } from "../../src/index.ts";
import type { WireCase } from "./cases.ts";

/** Everything a caller can see of one run, in a form that crosses into a page and compares byte for byte. */
export interface Observation {
  status: string;
  exitCode: number;
  /** Base64 of all bytes. */
  stdout: string;
  stderr: string;
  /** Which stream wrote how many bytes, in order; neighbouring pieces of one stream are one. */
  order: string;
  text: string | null;
  error: { name: string; value: string; traceback: string } | null;
  results: Record<string, unknown>[];
  artifacts: Record<string, unknown>[];
  notices: string[];
  executionCount: number;
}

/**
 * Runs cases one after another in one sandbox, each in a context and with files of its own. Stands by itself: it is
 * also sent to a page as source text, where no import exists.
 */
export async function observeCases(
  create: (options: object) => Promise<SandboxCore>,
  cases: WireCase[],
): Promise<Observation[]> {
  const decode = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const encode = (bytes: number[]) => {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  };
  const first = cases[0];
  if (first === undefined) return [];
  const sandbox = await create({
    language: first.language,
    limits: { timeoutMs: 60_000, outputBytes: 4 * 2 ** 20 },
  });
  const observations: Observation[] = [];
  try {
    for (const item of cases) {
      for (const folder of ["/workspace", "/tmp", "/home/pyodide"]) {
        if (!(await sandbox.files.exists(folder))) continue;
        for (const { path } of await sandbox.files.list(folder)) await sandbox.files.remove(path);
      }
      for (const { path, content } of item.files) await sandbox.files.write(path, decode(content));
      const context = await sandbox.createContext({ language: item.language });
      const bytes = { stdout: [] as number[], stderr: [] as number[] };
      const order: [string, number][] = [];
      const lines = item.stdinLines === undefined ? undefined : [...item.stdinLines];
      const stdin = lines
        ? () => lines.shift() ?? null
        : item.stdin === undefined
          ? undefined
          : decode(item.stdin);
      const execution = await sandbox.runCode(item.isBinary ? decode(item.code) : item.text, {
        context,
        filename: item.filename,
        args: item.args,
        envs: item.envs,
        ...(stdin === undefined ? {} : { stdin }),
        onOutput: ({ stream, bytes: piece }) => {
          for (const byte of piece) bytes[stream].push(byte);
          const last = order.at(-1);
          if (last?.[0] === stream) last[1] += piece.length;
          else order.push([stream, piece.length]);
        },
      });
      observations.push({
        status: execution.status,
        exitCode: execution.exitCode,
        stdout: encode(bytes.stdout),
        stderr: encode(bytes.stderr),
        order: order.map(([stream, length]) => `${stream}:${length}`).join(" "),
        text: execution.text ?? null,
        error: execution.error ?? null,
        results: execution.results.map((result) => ({ ...result })),
        artifacts: execution.artifacts.map(({ modifiedMs: _modifiedMs, ...artifact }) => artifact),
        notices: execution.notices.map(({ code }) => code),
        executionCount: execution.executionCount,
      });
    }
    return observations;
  } finally {
    await sandbox.kill();
  }
}
