import { SandboxError } from "../../errors.ts";

/** A server that says nothing for this long is not waited for. A slow one says something. */
const SILENCE_TIMEOUT_MS = 60_000;

/**
 * Hands on a file piece by piece as it comes.
 *
 * @param bytes - How long it should be, for the message when it is not.
 * @throws {SandboxError} `asset-unavailable`, also when nothing comes for a minute.
 */
export async function download(
  url: URL,
  bytes: number | undefined,
  onPiece: (piece: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const control = new AbortController();
  const soon = <T>(step: Promise<T>): Promise<T> => {
    const timer = setTimeout(
      () => control.abort(new Error(`nothing came for ${SILENCE_TIMEOUT_MS / 1000} s`)),
      SILENCE_TIMEOUT_MS,
    );
    return step.finally(() => clearTimeout(timer));
  };
  let received = 0;
  try {
    const response = await soon(
      fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", signal: control.signal }),
    );
    if (!response.ok) throw unavailable(`${url.href} answered ${response.status}`);
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await soon(reader.read());
      if (done) return;
      received += value.length;
      onPiece(value);
    }
  } catch (cause) {
    if (cause instanceof SandboxError) throw cause;
    const why = control.signal.aborted ? `: ${(control.signal.reason as Error).message}` : "";
    if (received === 0) throw unavailable(`${url.href} could not be loaded${why}`, cause);
    const whole = bytes === undefined ? "" : ` of ${bytes}`;
    throw unavailable(`${url.href} broke off after ${received}${whole} bytes${why}`, cause);
  }
}

/** What is missing is told with where it should be. */
export function unavailable(message: string, cause?: unknown): SandboxError {
  return new SandboxError(message, {
    code: "asset-unavailable",
    hint: "Serve the package's dist/assets folder and name its address as assetsUrl.",
    cause,
  });
}
