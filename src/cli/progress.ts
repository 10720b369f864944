/** Words about what is loading, on one line of a terminal that is wiped before anything else is written. */
export interface ProgressLine {
  show(message: string): void;
  /** Wipes the line for good. */
  stop(): void;
}

/** A start quicker than this shows nothing: a line that flashes by only unsettles. */
export const PROGRESS_DELAY_MS = 300;

const WIPE = "\r\u001b[2K";

/** @param write - Writes to stderr; `undefined` when stderr is no terminal, then nothing is ever shown. */
export function createProgressLine(write: ((text: string) => void) | undefined): ProgressLine {
  if (!write) return { show() {}, stop() {} };
  let latest: string | undefined;
  let isShown = false;
  let isStopped = false;
  const draw = () => {
    if (latest === undefined) return;
    isShown = true;
    write(`${WIPE}${latest} …`);
  };
  const timer = setTimeout(draw, PROGRESS_DELAY_MS);
  timer.unref();
  return {
    show(message) {
      if (isStopped) return;
      latest = message;
      if (isShown) draw();
    },
    stop() {
      if (isStopped) return;
      isStopped = true;
      clearTimeout(timer);
      if (isShown) write(WIPE);
    },
  };
}
