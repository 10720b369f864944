import { useState } from "react";
import { clampHeight, guessHtmlHeight, htmlFrameDocument, svgFrameDocument, svgSize } from "../lib/frames.ts";

/** What "Taller" makes of a page, CSS pixels. */
const TALL_HEIGHT = 900;

interface UntrustedFrameProps {
  kind: "html" | "svg";
  /** What the guest made. */
  markup: string;
  title: string;
  /** Highest the frame starts; the reader can make it taller. */
  maxHeight?: number | undefined;
}

/**
 * Shows a guest's HTML or SVG in a frame without scripts, forms, origin or network (see lib/frames.ts). It cannot tell
 * us its height, so an SVG's is read from its text, and HTML's is guessed and can be dragged.
 */
export function UntrustedFrame({ kind, markup, title, maxHeight }: UntrustedFrameProps) {
  const [isTall, setIsTall] = useState(false);
  const size = kind === "svg" ? svgSize(markup) : null;
  const document = kind === "svg" ? svgFrameDocument(markup) : htmlFrameDocument(markup);
  const limit = isTall ? TALL_HEIGHT : (maxHeight ?? Number.MAX_SAFE_INTEGER);
  const style =
    size !== null
      ? { ...fitted(size, clampHeight(limit)), aspectRatio: `${size.width} / ${size.height}` }
      : {
          height: clampHeight(isTall ? TALL_HEIGHT : Math.min(guessHtmlHeight(markup), limit)),
          resize: "vertical" as const,
        };
  return (
    <div className={`untrusted untrusted--${kind}`} style={style}>
      <iframe
        // Nothing allowed: no scripts, no forms, no navigation of this page, an origin of its own.
        sandbox=""
        referrerPolicy="no-referrer"
        loading="eager"
        title={title}
        srcDoc={document}
      />
      {kind === "html" && (
        <button
          type="button"
          className="button button--small untrusted__more"
          onClick={() => setIsTall(!isTall)}
        >
          {isTall ? "Shorter" : "Taller"}
        </button>
      )}
    </div>
  );
}

/** Width at which the drawing is at most so high; its own width where that fits. */
function fitted(size: { width: number; height: number }, maxHeight: number): { width: number } {
  return { width: Math.min(size.width, (maxHeight * size.width) / size.height) };
}
