import { Copy, Download } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Result } from "../../index.ts";
import { copyText, fromBase64, saveFile } from "../lib/save-file.ts";
import { tableOf } from "../lib/tables.ts";
import { view } from "../store/view.ts";
import { IconButton } from "./icon-button.tsx";
import { ImageView } from "./image-view.tsx";
import { JsonView } from "./json-view.tsx";
import { TableView } from "./table-view.tsx";
import { UntrustedFrame } from "./untrusted-frame.tsx";

const MarkdownView = lazy(() => import("./markdown-view.tsx"));

/** Richest first: the first of these a result has is what the page shows; the rest are a choice away. */
const SHOWN_FORMATS = [
  "png",
  "jpeg",
  "svg",
  "html",
  "json",
  "markdown",
  "latex",
  "pdf",
  "javascript",
  "text",
] as const;
type ShownFormat = (typeof SHOWN_FORMATS)[number];

const FORMAT_NAMES: Readonly<Record<ShownFormat, string>> = {
  png: "PNG",
  jpeg: "JPEG",
  svg: "SVG",
  html: "HTML",
  json: "JSON",
  markdown: "Markdown",
  latex: "LaTeX",
  pdf: "PDF",
  javascript: "JavaScript",
  text: "Text",
};
const ENDINGS: Readonly<Record<ShownFormat, string>> = {
  png: "png",
  jpeg: "jpg",
  svg: "svg",
  html: "html",
  json: "json",
  markdown: "md",
  latex: "tex",
  pdf: "pdf",
  javascript: "js",
  text: "txt",
};

interface ResultCardProps {
  result: Result;
  /** Name a download gets, without its ending. */
  name: string;
  /** In the console: smaller, and without a head when it is only text. */
  isCompact?: boolean;
}

/** One value a program showed, in its richest form, with its other forms to choose. */
export function ResultCard({ result, name, isCompact = false }: ResultCardProps) {
  const formats = SHOWN_FORMATS.filter((format) => result[format] !== undefined);
  const [chosen, setChosen] = useState<ShownFormat | null>(null);
  const format = chosen ?? formats[0];
  if (format === undefined) return null;
  if (isCompact && formats.length === 1 && format === "text") {
    return <pre className="result__text result__text--bare">{result.text}</pre>;
  }
  const content = contentOf(result, format);
  return (
    <figure
      className={`result${isCompact ? " result--compact" : ""}`}
      aria-label={`Result, ${FORMAT_NAMES[format]}`}
    >
      <figcaption className="result__head">
        {formats.length > 1 ? (
          <fieldset className="result__formats" aria-label="Shown as">
            {formats.map((other) => (
              <button
                key={other}
                type="button"
                className="result__format"
                aria-pressed={other === format}
                onClick={() => setChosen(other)}
              >
                {FORMAT_NAMES[other]}
              </button>
            ))}
          </fieldset>
        ) : (
          <span className="result__kind">{FORMAT_NAMES[format]}</span>
        )}
        <span className="result__actions">
          <IconButton
            icon={Copy}
            label={`Copy ${FORMAT_NAMES[format]}`}
            onClick={async () => {
              const isCopied = await copyContent(format, content);
              view
                .getState()
                .say(isCopied ? `${FORMAT_NAMES[format]} copied.` : "The browser refused the clipboard.");
            }}
          />
          <IconButton
            icon={Download}
            label={`Save as ${name}.${ENDINGS[format]}`}
            onClick={() => saveFile(`${name}.${ENDINGS[format]}`, content)}
          />
        </span>
      </figcaption>
      <ResultBody result={result} format={format} name={name} isCompact={isCompact} />
    </figure>
  );
}

interface ResultBodyProps {
  result: Result;
  format: ShownFormat;
  name: string;
  isCompact: boolean;
}

function ResultBody({ result, format, name, isCompact }: ResultBodyProps) {
  const table = useMemo(() => (format === "json" ? tableOf(result.json) : null), [result, format]);
  const maxHeight = isCompact ? 320 : undefined;
  // A value can be as long as it likes; its name for a screen reader cannot.
  const alt = (result.text ?? name).slice(0, 200);
  switch (format) {
    case "png":
      return <ImageView source={`data:image/png;base64,${result.png}`} alt={alt} />;
    case "jpeg":
      return <ImageView source={`data:image/jpeg;base64,${result.jpeg}`} alt={alt} />;
    case "svg":
      return <UntrustedFrame kind="svg" markup={result.svg ?? ""} title={alt} maxHeight={maxHeight} />;
    case "html":
      return <UntrustedFrame kind="html" markup={result.html ?? ""} title={alt} maxHeight={maxHeight} />;
    case "json":
      return table === null ? <JsonView value={result.json} /> : <TableView table={table} name={name} />;
    case "markdown":
      return (
        <Suspense fallback={<pre className="result__text">{result.markdown}</pre>}>
          <MarkdownView markdown={result.markdown ?? ""} />
        </Suspense>
      );
    case "pdf":
      return <p className="result__text">A PDF document. Save it to read it.</p>;
    default:
      return <pre className="result__text">{result[format]}</pre>;
  }
}

function contentOf(result: Result, format: ShownFormat): Uint8Array | string {
  if (format === "json") return `${JSON.stringify(result.json, null, 2)}\n`;
  const value = result[format] ?? "";
  if (format !== "png" && format !== "jpeg" && format !== "pdf") return value;
  try {
    return fromBase64(value);
  } catch {
    // Not base64 after all: what came is all there is.
    return value;
  }
}

async function copyContent(format: ShownFormat, content: Uint8Array | string): Promise<boolean> {
  if (typeof content === "string") return copyText(content);
  if (format !== "png") return false;
  try {
    const blob = new Blob([new Uint8Array(content)], { type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    return true;
  } catch {
    return false;
  }
}
