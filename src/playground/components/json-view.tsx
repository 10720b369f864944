import { useState } from "react";
import { plural } from "../lib/format.ts";
import { isRecord } from "../lib/storage.ts";

/** Children in the page at once per level. */
const PAGE_ITEMS = 100;

/** A JSON value as a tree that folds; built from `details`, so that keyboard and screen readers work as everywhere. */
export function JsonView({ value }: { value: unknown }) {
  return (
    <div className="json">
      <JsonNode value={value} depth={0} />
    </div>
  );
}

function JsonNode({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const [isOpen, setIsOpen] = useState(depth < 1);
  const [shown, setShown] = useState(PAGE_ITEMS);
  const label = name === undefined ? null : <span className="json__key">{name}: </span>;
  const isArray = Array.isArray(value);
  if (!isArray && !isRecord(value)) {
    return (
      <div className="json__leaf">
        {label}
        <span className={`json__${value === null ? "null" : typeof value}`}>{leafText(value)}</span>
      </div>
    );
  }
  const entries: [string, unknown][] = isArray
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  const brackets = isArray ? "[]" : "{}";
  if (entries.length === 0) {
    return (
      <div className="json__leaf">
        {label}
        {brackets}
      </div>
    );
  }
  return (
    <details
      className="json__branch"
      open={isOpen}
      onToggle={(event) => {
        event.stopPropagation();
        setIsOpen(event.currentTarget.open);
      }}
    >
      <summary>
        {label}
        <span className="json__summary">
          {brackets[0]}
          {plural(entries.length, isArray ? "item" : "key")}
          {brackets[1]}
        </span>
      </summary>
      {isOpen && (
        <div className="json__children">
          {entries.slice(0, shown).map(([key, item]) => (
            <JsonNode key={key} name={key} value={item} depth={depth + 1} />
          ))}
          {shown < entries.length && (
            <button type="button" className="link" onClick={() => setShown(shown + PAGE_ITEMS)}>
              Show more ({(entries.length - shown).toLocaleString("en")} left)
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function leafText(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
