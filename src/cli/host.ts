import type { Writable } from "node:stream";
import { isatty } from "node:tty";

export type HostSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** What the command line uses of its process; handed in, so that tests can stand in for a terminal. */
export interface CliHost {
  stdout: Writable;
  stderr: Writable;
  isStdinTerminal: boolean;
  isStderrTerminal: boolean;
  env: Readonly<Record<string, string | undefined>>;
  /** Gives stdin; called on the first read only. */
  openStdin(): AsyncIterable<Uint8Array>;
  /** Calls the listener at each signal; returns "unsubscribe". */
  onSignal(listener: (signal: HostSignal) => void): () => void;
}

/** The real process. */
export function nodeHost(): CliHost {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    isStdinTerminal: isatty(0),
    isStderrTerminal: isatty(2),
    env: process.env,
    openStdin: () => process.stdin,
    onSignal(listener) {
      const signals: HostSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
      const handlers = signals.map((signal) => ({ signal, handle: () => listener(signal) }));
      for (const { signal, handle } of handlers) process.on(signal, handle);
      return () => {
        for (const { signal, handle } of handlers) process.off(signal, handle);
      };
    },
  };
}
