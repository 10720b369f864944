import { Download } from "lucide-react";
import { formatBytes, plural } from "../lib/format.ts";
import { displayPath, extensionOf, imageTypeOf } from "../lib/paths.ts";
import { session } from "../session.ts";
import { isBusy } from "../store/run.ts";
import { FileContent } from "./file-content.tsx";
import { useRun, useTree } from "./hooks.ts";
import { openOrPreview } from "./open-file.ts";
import { ResultCard } from "./result-card.tsx";

/** Pictures and pages up to this size are shown without being asked for, and at most so many. */
const SHOWN_BYTES = 2 * 2 ** 20;
const SHOWN_FILES = 6;

/** What the last run gave: its values, and the files it made or changed. */
export function ResultsView() {
  const run = useRun((current) => current);
  const marks = useTree((state) => state.marks);
  const artifacts = run?.execution?.artifacts ?? [];
  const results = run?.results ?? [];
  if (run === null || (results.length === 0 && artifacts.length === 0)) {
    return (
      <div className="empty">
        {isBusy(run) ? (
          <p>Results appear here as the program shows them.</p>
        ) : run === null ? (
          <>
            <p>Nothing has run yet.</p>
            <p className="empty__more">Charts, tables, pages and files that a program makes appear here.</p>
          </>
        ) : (
          <>
            <p>This run showed no values and wrote no files.</p>
            <p className="empty__more">
              In Python, <code>display(value)</code> shows a value; so does an expression on the last line.
            </p>
          </>
        )}
      </div>
    );
  }
  const pictured = artifacts
    .filter((file) => isPicture(file.path) && file.bytes <= SHOWN_BYTES)
    .slice(0, SHOWN_FILES);
  return (
    <div className="results">
      {results.map((result, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: results only ever grow at the end; a run starts a new list.
        <ResultCard key={`${run.number}-${index}`} result={result} name={`result-${index + 1}`} />
      ))}
      {artifacts.length > 0 && (
        <section className="made" aria-labelledby="made-title">
          <header className="made__head">
            <h2 id="made-title" className="made__title">
              {plural(artifacts.length, "file")} from this run
            </h2>
            <button type="button" className="button button--small" onClick={() => void session.downloadZip()}>
              <Download size={12} aria-hidden="true" /> Download all
            </button>
          </header>
          <ul className="made__list">
            {artifacts.map((file) => (
              <li key={file.path} className="made__file">
                <button
                  type="button"
                  className="link made__name"
                  onClick={() => void openOrPreview(file.path)}
                >
                  <bdi>{displayPath(file.path)}</bdi>
                </button>
                <span className="mark">{marks.get(file.path) === "changed" ? "changed" : "new"}</span>
                <span className="made__size">{formatBytes(file.bytes)}</span>
                <button
                  type="button"
                  className="button button--small"
                  aria-label={`Download ${displayPath(file.path)}`}
                  onClick={() => void session.download(file.path)}
                >
                  <Download size={12} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
          {pictured.map((file) => (
            <figure key={`${run.number}-${file.path}`} className="result" aria-label={displayPath(file.path)}>
              <figcaption className="result__head">
                <span className="result__kind">
                  <bdi>{displayPath(file.path)}</bdi>
                </span>
              </figcaption>
              <FileContent path={file.path} version={file.sha256 ?? String(run.number)} />
            </figure>
          ))}
        </section>
      )}
    </div>
  );
}

function isPicture(path: string): boolean {
  return imageTypeOf(path) !== null || [".svg", ".html", ".htm"].includes(extensionOf(path));
}
