import { type KeyboardEvent, useRef } from "react";
import { OUTPUT_TABS, type OutputTab, view } from "../store/view.ts";
import { ConsoleView } from "./console-view.tsx";
import { Glass } from "./glass.tsx";
import { useRun, useView } from "./hooks.ts";
import { ResultsView } from "./results-view.tsx";
import { resultCount } from "./status-words.ts";
import { TraceView } from "./trace-view.tsx";

const TAB_NAMES: Readonly<Record<OutputTab, string>> = {
  console: "Console",
  results: "Results",
  trace: "Trace",
};

/** The glass, and under it what a run said, gave and did. */
export function OutputPane({ hasGlass = true }: { hasGlass?: boolean }) {
  const tab = useView((state) => state.outputTab);
  return (
    <section className="output-pane" aria-label="Output" data-part="output">
      {hasGlass && <Glass />}
      <OutputTabs current={tab} />
      <div
        className="output-pane__body"
        role="tabpanel"
        id="output-panel"
        aria-labelledby={`output-tab-${tab}`}
      >
        {tab === "console" && <ConsoleView />}
        {tab === "results" && <ResultsView />}
        {tab === "trace" && <TraceView />}
      </div>
    </section>
  );
}

function OutputTabs({ current }: { current: OutputTab }) {
  const count = useRun(resultCount);
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const index = OUTPUT_TABS.indexOf(current);
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: OUTPUT_TABS.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    const tab = OUTPUT_TABS[(next + OUTPUT_TABS.length) % OUTPUT_TABS.length] ?? "console";
    view.getState().showOutput(tab);
    list.current?.querySelector<HTMLElement>(`#output-tab-${tab}`)?.focus();
  };
  return (
    <div className="tabs tabs--output">
      <div className="tabs__list" role="tablist" aria-label="Output" ref={list} onKeyDown={onKeyDown}>
        {OUTPUT_TABS.map((tab) => (
          <button
            key={tab}
            id={`output-tab-${tab}`}
            type="button"
            role="tab"
            className={`output-tab${tab === current ? " output-tab--active" : ""}`}
            aria-selected={tab === current}
            aria-controls="output-panel"
            tabIndex={tab === current ? 0 : -1}
            onClick={() => view.getState().showOutput(tab)}
          >
            {TAB_NAMES[tab]}
            {tab === "results" && count > 0 && (
              <span className="count">
                {count}
                <span className="visually-hidden"> results and files</span>
              </span>
            )}
          </button>
        ))}
      </div>
    </div>
  );
}
