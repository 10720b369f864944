import {
  ArrowDown,
  Check,
  CircleAlert,
  CircleStop,
  Copy,
  Download,
  Eraser,
  TriangleAlert,
  WrapText,
} from "lucide-react";
import { Fragment, memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ConsoleItem } from "../lib/console-buffer.ts";
import { formatBytes, formatMs } from "../lib/format.ts";
import { displayPath } from "../lib/paths.ts";
import { copyText, saveFile } from "../lib/save-file.ts";
import { type Failure, RunRecorder, type RunView } from "../store/run.ts";
import { view } from "../store/view.ts";
import { useRun, useSettings } from "./hooks.ts";
import { IconButton } from "./icon-button.tsx";
import { InputRow } from "./input-row.tsx";
import { LANGUAGE_NAMES } from "./language-names.ts";
import { ResultCard } from "./result-card.tsx";
import {
  adviceFor,
  endingOf,
  programMs,
  progressWords,
  resultCount,
  resultWords,
  toneOf,
} from "./status-words.ts";

/** What a run says, in the order it says it: output, results, questions, and how it ended. */
export function ConsoleView() {
  const run = useRun((current) => current);
  const isWrapped = useSettings((state) => state.isConsoleWrapped);
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const isAtEndRef = useRef(true);
  const shownRun = useRef(run?.number);

  // Follows the output, until the reader scrolls up; a new run starts at its end again.
  useLayoutEffect(() => {
    if (shownRun.current !== run?.number) isAtEndRef.current = true;
    shownRun.current = run?.number;
    if (isAtEndRef.current && scroller.current !== null)
      scroller.current.scrollTop = scroller.current.scrollHeight;
  });
  // Pictures and frames get their height after they are in the page.
  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (element == null || content == null) return;
    const observer = new ResizeObserver(() => {
      if (isAtEndRef.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content);
    return () => observer.disconnect();
  }, []);

  return (
    <div className="console-pane">
      <div
        ref={scroller}
        className={`console${isWrapped ? " console--wrapped" : ""}`}
        role="log"
        aria-label="Console"
        // The status line announces what matters; ten thousand lines read aloud would not help anybody.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard.
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          isAtEndRef.current = scrollHeight - scrollTop - clientHeight < 24;
          setIsAtEnd(isAtEndRef.current);
        }}
      >
        <div className="console__content">{run === null ? <Welcome /> : <RunLog run={run} />}</div>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          className="button console__to-end"
          onClick={() => {
            if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
          }}
        >
          <ArrowDown size={14} aria-hidden="true" /> To the end
        </button>
      )}
      {run !== null && <ConsoleTools run={run} />}
    </div>
  );
}

/** The first visit. */
function Welcome() {
  return (
    <div className="welcome">
      <p>
        This page runs code that somebody else wrote, such as an AI agent, inside WebAssembly in this tab.
      </p>
      <p>It starts from nothing: it sees what is under Files, and what it uses is counted and capped.</p>
      <p>It cannot reach the network, this page, your cookies, or any file you did not put here.</p>
      <p className="welcome__next">
        Press <strong>Run</strong> to try the example.
      </p>
    </div>
  );
}

function RunLog({ run }: { run: RunView }) {
  return (
    <>
      {run.droppedCharacters > 0 && (
        <p className="console__note">
          {formatBytes(run.droppedCharacters)} of earlier output are not shown. “Save output” has all of it.
        </p>
      )}
      {run.items.map((item, index) => (
        <Fragment key={item.id}>
          {item.kind === "result" ? (
            <InlineResult run={run} index={item.index} />
          ) : (
            <TextBlock item={item} continues={continuesLine(run.items[index - 1], item)} />
          )}
        </Fragment>
      ))}
      {run.input !== null && <InputRow key={run.items.length} request={run.input} />}
      {run.phase === "preparing" && <Preparing run={run} />}
      {run.failure !== null && <FailureCard failure={run.failure} />}
      {run.execution !== null && <EndLine run={run} />}
    </>
  );
}

/** True when a block goes on where the one before stopped, so that its mark is not repeated. */
function continuesLine(before: ConsoleItem | undefined, item: ConsoleItem): boolean {
  return before?.kind === "text" && item.kind === "text" && before.stream === item.stream;
}

const STREAM_NAMES = { stdout: "Output", stderr: "Error output", input: "Your input" } as const;

const TextBlock = memo(function TextBlock({
  item,
  continues,
}: {
  item: Extract<ConsoleItem, { kind: "text" }>;
  continues: boolean;
}) {
  // A line's own end is the block's end; without this every block would end in an empty line.
  const text = item.text.endsWith("\n") ? item.text.slice(0, -1) : item.text;
  return (
    <div className={`stream stream--${item.stream}`}>
      {!continues && item.stream !== "stdout" && (
        <span className="stream__mark" title={STREAM_NAMES[item.stream]}>
          {item.stream === "stderr" ? "err" : "in"}
        </span>
      )}
      <pre className="stream__text" data-testid={`${item.stream}-text`}>
        {text}
      </pre>
    </div>
  );
});

function InlineResult({ run, index }: { run: RunView; index: number }) {
  const result = run.results[index];
  return result === undefined ? null : (
    <div className="console__result">
      <ResultCard result={result} name={`result-${index + 1}`} isCompact />
    </div>
  );
}

function Preparing({ run }: { run: RunView }) {
  const { progress } = run;
  const share =
    progress?.loadedBytes !== undefined && progress.totalBytes
      ? progress.loadedBytes / progress.totalBytes
      : null;
  return (
    <div className="preparing">
      <p className="preparing__words">{progressWords(progress, run)}</p>
      <progress
        className="preparing__bar"
        aria-label="Loading"
        {...(share === null ? {} : { value: share, max: 1 })}
      />
      {share !== null && share < 1 && (
        <p className="console__note">Loaded once and kept: the next start is much faster.</p>
      )}
    </div>
  );
}

function FailureCard({ failure }: { failure: Failure }) {
  const isStop = failure.code === "stopped";
  return (
    <div className={`failure${isStop ? " failure--neutral" : ""}`} role="alert">
      {isStop ? <CircleStop size={16} aria-hidden="true" /> : <CircleAlert size={16} aria-hidden="true" />}
      <div>
        <p className="failure__message">{failure.message}</p>
        {failure.hint !== null && <p>{failure.hint}</p>}
        {!isStop && (
          <p className="failure__code">
            The program did not run. Code: <code>{failure.code}</code>
          </p>
        )}
      </div>
    </div>
  );
}

const TONE_ICONS = { good: Check, bad: CircleAlert, limit: TriangleAlert, neutral: CircleStop } as const;

function EndLine({ run }: { run: RunView }) {
  const { execution } = run;
  if (execution === null) return null;
  const { status, exitCode, error, notices } = execution;
  const tone = toneOf(status);
  const Icon = TONE_ICONS[tone];
  const advice = adviceFor(status, run);
  const isTracebackShown =
    error !== undefined &&
    error.traceback !== "" &&
    run.items.some((item) => item.kind === "text" && item.text.includes(error.traceback.trim()));
  const isEmpty = run.items.length === 0 && status === "completed";
  return (
    <div className={`ending ending--${tone}`}>
      {error !== undefined && !isTracebackShown && (
        <pre className="ending__error">
          {error.traceback.trim() === "" ? `${error.name}: ${error.value}` : error.traceback.trimEnd()}
        </pre>
      )}
      {isEmpty && <p className="console__note">The program printed nothing.</p>}
      <p className="ending__line" data-testid="end-line">
        <Icon size={14} strokeWidth={2.25} aria-hidden="true" />
        <strong>{endingOf(status)}</strong>
        <span>exit code {exitCode}</span>
        <span>{formatMs(programMs(execution))}</span>
        {run.bootMs !== null && (
          <span className="ending__boot">
            {LANGUAGE_NAMES[run.language]} started in {formatMs(run.bootMs)}
          </span>
        )}
        {resultCount(run) > 0 && (
          <button type="button" className="link" onClick={() => view.getState().showOutput("results")}>
            {resultWords(run)}
          </button>
        )}
      </p>
      {advice !== null && <p className="ending__advice">{advice}</p>}
      {notices.map((notice) => (
        <p key={notice.message} className="notice" role="note">
          {notice.message}
        </p>
      ))}
    </div>
  );
}

function ConsoleTools({ run }: { run: RunView }) {
  const isWrapped = useSettings((state) => state.isConsoleWrapped);
  const setWrapped = useSettings((state) => state.setConsoleWrapped);
  const say = view.getState().say;
  return (
    <div className="console-tools">
      <span className="console-tools__what">
        <bdi>{displayPath(run.path)}</bdi> · {LANGUAGE_NAMES[run.language]}
      </span>
      <IconButton
        icon={WrapText}
        label="Wrap long lines"
        aria-pressed={isWrapped}
        onClick={() => setWrapped(!isWrapped)}
      />
      <IconButton
        icon={Copy}
        label="Copy output"
        onClick={async () =>
          say((await copyText(outputText(run))) ? "Output copied." : "The browser refused the clipboard.")
        }
      />
      <IconButton
        icon={Download}
        label="Save output"
        onClick={() => saveFile("output.txt", outputText(run))}
      />
      <IconButton icon={Eraser} label="Clear console" onClick={() => RunRecorder.clearConsole()} />
    </div>
  );
}

/** What is on screen, in its order; everything, stream by stream, when some of it had to leave the screen. */
function outputText(run: RunView): string {
  if (run.droppedCharacters > 0 && run.execution !== null) {
    const { stdout, stderr } = run.execution.logs;
    return stdout.join("") + stderr.join("");
  }
  return run.items.map((item) => (item.kind === "text" ? item.text : "")).join("");
}
