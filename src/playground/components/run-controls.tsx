import { Play, RotateCcw, Square } from "lucide-react";
import { useId } from "react";
import { displayPath } from "../lib/paths.ts";
import { session } from "../session.ts";
import { isBusy } from "../store/run.ts";
import { confirmWith } from "./ask.tsx";
import { useProject, useRun, useRunCount } from "./hooks.ts";
import { useRefusal } from "./use-inspection.ts";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
/** How the shortcut is written on this reader's keyboard. */
export const RUN_KEYS = IS_MAC ? "⌘ Enter" : "Ctrl Enter";

export function RunButton({ isLarge = false }: { isLarge?: boolean }) {
  const busy = useRun(isBusy);
  const runCount = useRunCount();
  const phase = useRun((run) => (busy ? run?.phase : undefined));
  const entryPath = useProject((state) => state.entryPath);
  const name = entryPath === null ? null : displayPath(entryPath);
  const refusal = useRefusal();
  const refusalId = useId();
  const words =
    phase === "preparing" ? "Starting" : phase === "stopping" ? "Stopping" : busy ? "Running" : "Run";
  const button = (
    <button
      type="button"
      className={`button button--run${isLarge ? " button--large" : ""}`}
      // Stays focusable while a run goes on, so that a keyboard reader's place is not lost.
      aria-disabled={busy || refusal !== null}
      aria-describedby={refusal === null ? undefined : refusalId}
      data-run={runCount}
      aria-keyshortcuts={IS_MAC ? "Meta+Enter" : "Control+Enter"}
      title={refusal ?? (name === null ? "Run" : `Run ${name} (${RUN_KEYS})`)}
      onClick={() => {
        // Pressed all the same, it says why it does not run.
        if (!busy) void session.run();
      }}
    >
      <Play size={14} strokeWidth={2.25} aria-hidden="true" fill="currentColor" />
      {words}
      {name !== null && !busy && !isLarge && refusal === null && (
        <span className="button__detail">{name}</span>
      )}
      {refusal !== null && !busy && <span className="button__reason">(does not run here)</span>}
    </button>
  );
  if (refusal === null) return button;
  return (
    <>
      {button}
      <span id={refusalId} hidden>
        {refusal}
      </span>
    </>
  );
}

export function StopButton({ isLarge = false }: { isLarge?: boolean }) {
  const busy = useRun(isBusy);
  return (
    <button
      type="button"
      className={`button${isLarge ? " button--large" : ""}`}
      // Stays focusable when there is nothing to stop: it has just been pressed.
      aria-disabled={!busy}
      title="Stop the run. Variables are kept where the browser allows it; files always."
      onClick={() => {
        if (busy) void session.stop();
      }}
    >
      <Square size={12} strokeWidth={2.25} aria-hidden="true" fill="currentColor" />
      Stop
    </button>
  );
}

export function ResetButton() {
  const hasRun = useRun((run) => run !== null);
  return (
    <button
      type="button"
      className="button"
      title="A fresh sandbox with your files. Variables and what runs left behind are gone."
      onClick={async () => {
        const isSure =
          !hasRun ||
          (await confirmWith({
            title: "Reset the sandbox?",
            text: "You get a fresh sandbox with your own files. Variables, and files that runs created, are gone.",
            confirmLabel: "Reset",
          }));
        if (isSure) await session.reset();
      }}
    >
      <RotateCcw size={14} strokeWidth={2} aria-hidden="true" />
      <span className="button__text">Reset</span>
    </button>
  );
}
