import { Check, Copy, Minus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ModuleInspection } from "../../index.ts";
import { formatBytes } from "../lib/format.ts";
import { factRows, knowsNeeds, needRows, verdictWords } from "../lib/module-words.ts";
import { displayPath } from "../lib/paths.ts";
import { copyText } from "../lib/save-file.ts";
import { view } from "../store/view.ts";
import { useProject } from "./hooks.ts";
import { IconButton } from "./icon-button.tsx";
import { RunButton } from "./run-controls.tsx";
import { useInspection } from "./use-inspection.ts";

/** Lines of one list that are in the page. */
const SHOWN_ROWS = 300;

/** A program that is not text: what it needs, offers and weighs, told before it runs. */
export function ModuleView({ path }: { path: string }) {
  const blob = useProject((state) => state.data[path]?.blob);
  const state = useInspection(blob);
  const name = displayPath(path);
  return (
    <section className="module" aria-label={`About ${name}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard. */}
      <div className="module__scroll" tabIndex={0} role="document" aria-label={`About ${name}`}>
        <header className="module__head">
          <h2 className="module__title">
            <bdi>{name}</bdi>
          </h2>
          {state.phase === "done" && state.found.runsHere && <RunButton />}
        </header>
        {state.phase === "reading" && (
          <p className="module__note" role="status">
            Reading {blob === undefined ? "the file" : formatBytes(blob.size)}
          </p>
        )}
        {state.phase === "problem" && (
          <p className="field__problem" role="alert">
            {state.message}
          </p>
        )}
        {state.phase === "done" && <Inspection found={state.found} />}
      </div>
    </section>
  );
}

function Inspection({ found }: { found: ModuleInspection }) {
  const { words, hint } = verdictWords(found);
  return (
    <>
      <div className={`module__verdict module__verdict--${found.runsHere ? "good" : "bad"}`}>
        {found.runsHere ? (
          <Check size={16} strokeWidth={2.25} aria-hidden="true" />
        ) : (
          <TriangleAlert size={16} strokeWidth={2} aria-hidden="true" />
        )}
        <div>
          <p>{words}</p>
          {hint !== null && <p className="module__hint">{hint}</p>}
        </div>
      </div>
      {knowsNeeds(found) && <Needs found={found} />}
      <Facts found={found} />
      <Imports found={found} />
      <Exports found={found} />
      <Sections found={found} />
    </>
  );
}

function Needs({ found }: { found: ModuleInspection }) {
  return (
    <>
      <h3 className="module__subtitle" id="module-needs">
        What it asks for
      </h3>
      <ul className="module__needs" aria-labelledby="module-needs">
        {needRows(found).map(({ name, isAsked, isMissing, words }) => (
          <li key={name} className={`module__need${isAsked ? " module__need--asked" : ""}`}>
            {isMissing ? (
              <TriangleAlert size={14} strokeWidth={2} aria-hidden="true" />
            ) : isAsked ? (
              <Check size={14} strokeWidth={2.25} aria-hidden="true" />
            ) : (
              <Minus size={14} strokeWidth={2} aria-hidden="true" />
            )}
            <span>
              <strong>{name}</strong>: {words}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Facts({ found }: { found: ModuleInspection }) {
  return (
    <dl className="module__facts">
      {factRows(found).map(([label, text]) => (
        <div key={label} className="module__fact">
          <dt>{label}</dt>
          <dd>
            <bdi>{text}</bdi>
          </dd>
        </div>
      ))}
      <div className="module__fact">
        <dt>SHA-256</dt>
        <dd className="module__hash">
          <code>{found.sha256}</code>
          <IconButton
            icon={Copy}
            label="Copy the SHA-256"
            onClick={async () =>
              view
                .getState()
                .say(
                  (await copyText(found.sha256)) ? "SHA-256 copied." : "The browser refused the clipboard.",
                )
            }
          />
        </dd>
      </div>
    </dl>
  );
}

function Imports({ found }: { found: ModuleInspection }) {
  return (
    <Rows title="Imports" count={found.importCount} head={["Module", "Name", "Asks for"]}>
      {found.imports.slice(0, SHOWN_ROWS).map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a module's imports never move, and may repeat.
        <tr key={index}>
          <td>
            <bdi>{one.module}</bdi>
          </td>
          <td>
            <bdi>{one.name}</bdi>
          </td>
          <td>{one.isProvided ? one.need : `${one.kind}; not here`}</td>
        </tr>
      ))}
    </Rows>
  );
}

function Exports({ found }: { found: ModuleInspection }) {
  return (
    <Rows title="Exports" count={found.exportCount} head={["Name", "Kind"]}>
      {found.exports.slice(0, SHOWN_ROWS).map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a module's exports never move.
        <tr key={index}>
          <td>
            <bdi>{one.name}</bdi>
          </td>
          <td>{one.kind}</td>
        </tr>
      ))}
    </Rows>
  );
}

function Sections({ found }: { found: ModuleInspection }) {
  return (
    <Rows title="Sections" count={found.sectionCount} head={["Name", "Offset", "Size"]}>
      {found.sections.slice(0, SHOWN_ROWS).map((one) => (
        <tr key={one.offset}>
          <td>
            <bdi>{one.name}</bdi>
            {one.isCustom && " (custom)"}
          </td>
          <td className="module__number">{one.offset.toLocaleString("en")}</td>
          <td className="module__number">{formatBytes(one.bytes)}</td>
        </tr>
      ))}
    </Rows>
  );
}

interface RowsProps {
  title: string;
  count: number;
  head: readonly string[];
  children: ReactNode[];
}

/** A list that opens on demand: its count says already how much there is. */
function Rows({ title, count, head, children }: RowsProps) {
  if (count === 0) return null;
  const more = count - children.length;
  return (
    <details className="module__rows">
      <summary>
        {title} <span className="count">{count.toLocaleString("en")}</span>
      </summary>
      <div className="module__table">
        <table>
          <thead>
            <tr>
              {head.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className={/Offset|Size/.test(name) ? "module__number" : undefined}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
        {more > 0 && <p className="module__note">And {more.toLocaleString("en")} more.</p>}
      </div>
    </details>
  );
}
