import { type ReactNode, useId, useState } from "react";
import { SandboxError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits, parseLimits } from "../../policy/limits.ts";
import { useSettings } from "./hooks.ts";

interface LimitField {
  name: keyof Limits;
  /** How many of the limit's own units (ms, bytes) one shown unit is. */
  scale: number;
  unit: string;
  label: string;
  before: string;
  after: string;
}

const FIELDS: readonly LimitField[] = [
  {
    name: "timeoutMs",
    scale: 1000,
    unit: "s",
    label: "Time limit in seconds",
    before: "May run for",
    after: ".",
  },
  {
    name: "memoryBytes",
    scale: 2 ** 20,
    unit: "MB",
    label: "Memory limit in MB",
    before: "May use",
    after: " of memory.",
  },
  {
    name: "outputBytes",
    scale: 2 ** 20,
    unit: "MB",
    label: "Output limit in MB",
    before: "May print",
    after: ".",
  },
  {
    name: "fileBytes",
    scale: 2 ** 20,
    unit: "MB",
    label: "Files limit in MB",
    before: "May store",
    after: " of files.",
  },
];

/** What code on this page may do, in sentences, with its limits to change. */
export function AllowedPanel() {
  const limits = useSettings((state) => state.limits);
  const resetLimits = useSettings((state) => state.resetLimits);
  const isDefault = FIELDS.every((field) => limits[field.name] === DEFAULT_LIMITS[field.name]);
  return (
    <section className="allowed" aria-label="Allowed" data-part="allowed">
      <header className="pane-head">
        <h2 className="pane-head__title">Allowed</h2>
        {!isDefault && (
          <button type="button" className="button button--small" onClick={resetLimits}>
            Defaults
          </button>
        )}
      </header>
      <ul className="allowed__list">
        {FIELDS.map((field) => (
          // Keyed by the value: a limit that is set elsewhere shows at once.
          <LimitSentence
            key={`${field.name}-${limits[field.name]}`}
            field={field}
            value={limits[field.name]}
          />
        ))}
        <Refusal>No network: it cannot open a connection.</Refusal>
        <Refusal>No access to this page, its cookies and storage, or your disk.</Refusal>
        <Refusal>No other programs and no other files.</Refusal>
      </ul>
    </section>
  );
}

function Refusal({ children }: { children: ReactNode }) {
  return (
    <li className="allowed__no">
      <span>{children}</span>
    </li>
  );
}

function LimitSentence({ field, value }: { field: LimitField; value: number }) {
  const setLimit = useSettings((state) => state.setLimit);
  const inForce = String(Number((value / field.scale).toFixed(3)));
  const [text, setText] = useState(inForce);
  /** What is wrong is said once the reader has left the field; from then on until it is right. */
  const [isTold, setIsTold] = useState(false);
  const problemId = useId();
  const wanted = readLimit(field, text);
  const isValid = typeof wanted === "number";
  const problem = isTold && !isValid ? `${wanted} Until then it is ${inForce} ${field.unit}.` : null;

  const commit = () => {
    setIsTold(!isValid);
    if (!isValid) return;
    if (wanted === value) setText(inForce);
    else setLimit(field.name, wanted);
  };

  return (
    <li className={`allowed__limit${isValid ? "" : " allowed__limit--invalid"}`}>
      <label>
        {field.before}{" "}
        <input
          className="allowed__field"
          inputMode="decimal"
          style={{ width: `calc(${Math.max(text.length, 2)}ch + 16px)` }}
          value={text}
          aria-label={field.label}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : problemId}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />{" "}
        {field.unit}
        {field.after}
      </label>
      {problem !== null && (
        <p id={problemId} className="field__problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

/** The limit in its own unit, or what is wrong with what was written. */
function readLimit(field: LimitField, text: string): number | string {
  const wanted = Math.round(Number(text.replace(",", ".")) * field.scale);
  if (text.trim() === "" || !Number.isFinite(wanted) || wanted <= 0) {
    return `Write a number of ${field.unit === "s" ? "seconds" : "MB"} above 0.`;
  }
  try {
    return parseLimits({ [field.name]: wanted })[field.name];
  } catch (error) {
    return error instanceof SandboxError ? rangeWords(field) : String(error);
  }
}

function rangeWords({ name }: LimitField): string {
  if (name === "timeoutMs") return "The time limit goes from 0.001 to 2,147,483 seconds.";
  if (name === "memoryBytes") return "The memory limit goes from 1 to 4,096 MB.";
  if (name === "outputBytes") return "The output limit goes up to 1,024 MB.";
  return "The files limit goes up to 4,096 MB.";
}
