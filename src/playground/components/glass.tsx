import {
  formatByteLimit,
  formatBytes,
  formatBytesOf,
  formatMs,
  formatMsLimit,
  formatMsOf,
} from "../lib/format.ts";
import type { RunView } from "../store/run.ts";
import { view } from "../store/view.ts";
import { useRun, useSettings, useTicking, useTree } from "./hooks.ts";
import { programMs } from "./status-words.ts";

interface Meter {
  id: string;
  name: string;
  /** `3.2 of 30 s` */
  figures: string;
  /** The same for narrow places, on two lines: `3.2 s`, `of 30 s`. */
  short: readonly [used: string, limit: string];
  /** 0 to 1; `null` when nothing was measured. */
  fill: number | null;
  isHit: boolean;
}

/**
 * What a run may use and has used: five thin meters that fill while it goes on and stay as its receipt. A figure that
 * nobody measured is not shown as zero but as its limit.
 */
export function Glass() {
  const run = useRun((current) => current);
  const limits = useSettings((state) => state.limits);
  const storedBytes = useTree((state) => state.storedBytes);
  const listedBytes = useTree((state) => state.listed?.reduce((sum, info) => sum + info.bytes, 0) ?? null);
  const isRunning = run !== null && run.startedAtMs !== null && run.phase !== "ended";
  const nowMs = useTicking(isRunning);
  const meters = readMeters(run, run?.limits ?? limits, storedBytes ?? listedBytes, nowMs);
  return (
    <section className="glass" aria-label="Used of what is allowed" data-running={isRunning}>
      <ul className="glass__meters">
        {meters.map((meter) => (
          <MeterView key={meter.id} meter={meter} />
        ))}
      </ul>
    </section>
  );
}

function MeterView({ meter }: { meter: Meter }) {
  const { name, figures, short, fill, isHit } = meter;
  const body = (
    <>
      <span className="meter__name">{name}</span>
      <span className="meter__figures">
        <span className="meter__long">{figures}</span>
        <span className="meter__short">
          {short[0]}
          <span className="meter__limit">{short[1]}</span>
        </span>
      </span>
      <span className="meter__tube" aria-hidden="true">
        <span className="meter__sand" style={{ transform: `scaleX(${fill ?? 0})` }} />
      </span>
    </>
  );
  if (!isHit) return <li className={`meter meter--${meter.id}`}>{body}</li>;
  return (
    <li>
      <button
        type="button"
        className={`meter meter--${meter.id} meter--hit`}
        aria-label={`${name}: ${figures}, limit reached. Show in the trace`}
        onClick={() => view.getState().showOutput("trace")}
      >
        {body}
      </button>
    </li>
  );
}

/** The sand stands still while the program waits for the reader. */
function runningMs({ phase, startedAtMs, askedAtMs, waitedMs }: RunView, nowMs: number): number | null {
  if (startedAtMs === null) return null;
  return phase === "ended" ? 0 : Math.max((askedAtMs ?? nowMs) - startedAtMs - waitedMs, 0);
}

function readMeters(
  run: RunView | null,
  limits: RunView["limits"],
  storedBytes: number | null,
  nowMs: number,
): Meter[] {
  const execution = run?.execution ?? null;
  const status = execution?.status;
  const usage = execution?.usage;
  const timeMs = execution !== null ? programMs(execution) : run === null ? null : runningMs(run, nowMs);
  const memoryBytes = usage?.memoryBytes ?? null;
  const outputBytes = run === null ? null : usage ? usage.stdoutBytes + usage.stderrBytes : run.outputBytes;
  const fileBytes = usage?.fileBytes ?? storedBytes;
  const isTimeHit = status === "timed-out";
  return [
    {
      id: "time",
      name: "Time",
      figures:
        timeMs === null ? `up to ${formatMsLimit(limits.timeoutMs)}` : formatMsOf(timeMs, limits.timeoutMs),
      short:
        timeMs === null
          ? ["up to", formatMsLimit(limits.timeoutMs)]
          : [formatMs(timeMs), `of ${formatMsLimit(limits.timeoutMs)}`],
      fill: timeMs === null ? null : share(timeMs, limits.timeoutMs),
      isHit: isTimeHit,
    },
    bytesMeter("memory", "Memory", memoryBytes, limits.memoryBytes, status === "out-of-memory"),
    bytesMeter("output", "Output", outputBytes, limits.outputBytes, status === "output-limit"),
    bytesMeter("files", "Files", fileBytes, limits.fileBytes, status === "file-limit"),
    {
      id: "network",
      name: "Network",
      figures: "no network",
      short: ["no", "network"],
      fill: null,
      isHit: false,
    },
  ];
}

function bytesMeter(id: string, name: string, used: number | null, limit: number, isHit: boolean): Meter {
  const whole = formatByteLimit(limit);
  return {
    id,
    name,
    // A limit that was hit is full, even where the last figure could not be read.
    figures:
      used === null ? (isHit ? `limit of ${whole} reached` : `up to ${whole}`) : formatBytesOf(used, limit),
    short: used === null ? [isHit ? "all of" : "up to", whole] : [formatBytes(used), `of ${whole}`],
    fill: isHit ? 1 : used === null ? null : share(used, limit),
    isHit,
  };
}

/** Anything above zero shows as a grain. */
function share(used: number, limit: number): number {
  if (used <= 0) return 0;
  return Math.min(Math.max(used / limit, 0.012), 1);
}
