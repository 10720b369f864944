import type { Execution } from "../index.ts";
import { exitCodeOf } from "./exit-codes.ts";

/** Both streams exactly as written. */
export interface RawOutput {
  stdout: Uint8Array;
  stderr: Uint8Array;
}

/**
 * What `--json` prints: the `Execution`, with the exit code the command ends with. A stream that is not UTF-8 is there
 * once more as `logs.stdoutBase64` (or `stderrBase64`), as text cannot hold it.
 */
export function executionToJson(execution: Execution, output: RawOutput): string {
  const { logs, ...rest } = execution;
  return JSON.stringify({
    ...rest,
    exitCode: exitCodeOf(execution),
    logs: {
      ...logs,
      ...(isUtf8(output.stdout) ? {} : { stdoutBase64: toBase64(output.stdout) }),
      ...(isUtf8(output.stderr) ? {} : { stderrBase64: toBase64(output.stderr) }),
    },
  });
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}
