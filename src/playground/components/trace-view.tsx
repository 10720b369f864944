import { Copy, Download } from "lucide-react";
import { useState } from "react";
import type { TraceEvent } from "../../index.ts";
import { plural } from "../lib/format.ts";
import { copyText, saveFile } from "../lib/save-file.ts";
import { isBusy } from "../store/run.ts";
import { view } from "../store/view.ts";
import { useRun } from "./hooks.ts";

const PAGE_EVENTS = 500;

const EVENT_NAMES: Readonly<Record<TraceEvent["type"], string>> = {
  "run-started": "run started",
  boot: "language started",
  output: "output",
  result: "result",
  input: "input",
  file: "file",
  limit: "limit",
  "run-ended": "run ended",
};

/** The record of what a run did, line by line. */
export function TraceView() {
  const run = useRun((current) => current);
  const [shown, setShown] = useState(PAGE_EVENTS);
  const trace = run?.execution?.trace ?? [];
  if (trace.length === 0) {
    return (
      <div className="empty">
        <p>{isBusy(run) ? "The trace is complete when the run ends." : "Nothing has been recorded yet."}</p>
        <p className="empty__more">
          Every run leaves a record here: what it read, wrote, asked for, and was refused.
        </p>
      </div>
    );
  }
  const lines = () => trace.map((event) => `${JSON.stringify(event)}\n`).join("");
  return (
    <div className="trace">
      <div className="trace__tools">
        <span>{plural(trace.length, "event")}</span>
        <button
          type="button"
          className="button button--small"
          onClick={async () =>
            view
              .getState()
              .say(
                (await copyText(lines()))
                  ? "Trace copied as JSON Lines."
                  : "The browser refused the clipboard.",
              )
          }
        >
          <Copy size={12} aria-hidden="true" /> Copy as JSON Lines
        </button>
        <button
          type="button"
          className="button button--small"
          onClick={() => saveFile("trace.jsonl", lines())}
        >
          <Download size={12} aria-hidden="true" /> Save
        </button>
      </div>
      <section
        className="trace__scroll"
        aria-label="Trace of the run"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard.
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              <th scope="col" className="is-numeric">
                At, ms
              </th>
              <th scope="col">What</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {trace.slice(0, shown).map((event, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the record of an ended run never changes.
              <tr key={index} className={event.type === "limit" ? "trace__limit" : undefined}>
                <td className="is-numeric">{event.atMs.toFixed(1)}</td>
                <td>{EVENT_NAMES[event.type] ?? event.type}</td>
                <td>
                  <dl className="trace__detail">
                    {Object.entries(event.detail)
                      .filter(([, value]) => value !== null)
                      .map(([name, value]) => (
                        <div key={name}>
                          <dt>{name}</dt>
                          <dd>{String(value)}</dd>
                        </div>
                      ))}
                  </dl>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {shown < trace.length && (
          <button type="button" className="link" onClick={() => setShown(shown + PAGE_EVENTS)}>
            Show more ({(trace.length - shown).toLocaleString("en")} left)
          </button>
        )}
      </section>
    </div>
  );
}
