/**
 * Documents for HTML and SVG that a guest made. They are shown in `<iframe sandbox="" srcdoc>`: no scripts, no forms, an
 * origin of its own; and this policy lets nothing be fetched. Both are needed: the attribute stops scripts, the policy
 * stops images, styles and fonts from carrying data out.
 */
export const STATIC_FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'";

// The policy stands first, before anything of the guest's is parsed.
const HEAD = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${STATIC_FRAME_POLICY}"><meta name="referrer" content="no-referrer">`;

/** Wraps guest HTML, a fragment or a whole document. */
export function htmlFrameDocument(html: string): string {
  const base =
    "html{color-scheme:light;background:#fff;color:#1f1d1a}body{margin:12px;font:14px/1.5 system-ui,sans-serif}table{border-collapse:collapse}th,td{padding:2px 8px}";
  return `${HEAD}<style>${base}</style>${html}`;
}

/** Wraps guest SVG, scaled down to the frame's width and never up. */
export function svgFrameDocument(svg: string): string {
  const size = svgSize(svg);
  // Without a viewBox a smaller frame would cut the drawing instead of scaling it.
  const scalable =
    size === null || /<svg\b[^>]*\sviewBox\s*=/i.test(svg)
      ? svg
      : svg.replace(/<svg\b/i, `<svg viewBox="0 0 ${size.width} ${size.height}"`);
  return `${HEAD}<style>html{color-scheme:light;background:#fff}body{margin:0}svg{display:block;max-width:100%;height:auto;margin:auto}</style>${scalable}`;
}

/** Smallest and largest height a guest's document may ask for, CSS pixels. */
const MIN_HEIGHT = 48;
const MAX_HEIGHT = 4000;

/** Size an SVG text asks for, read without rendering it; `null` when it does not say. */
export function svgSize(svg: string): { width: number; height: number } | null {
  const tag = /<svg\b[^>]*>/i.exec(svg)?.[0];
  if (tag === undefined) return null;
  const number = (name: string): number | null => {
    const match = new RegExp(`\\s${name}\\s*=\\s*["']\\s*([0-9.]+)(px|pt|in|mm|cm)?\\s*["']`, "i").exec(tag);
    const value = Number(match?.[1]) * (PIXELS_BY_UNIT[match?.[2] ?? "px"] ?? 1);
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  const box = /\sviewBox\s*=\s*["']([^"']*)["']/i
    .exec(tag)?.[1]
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const boxWidth = box?.length === 4 && (box[2] ?? 0) > 0 ? (box[2] as number) : null;
  const boxHeight = box?.length === 4 && (box[3] ?? 0) > 0 ? (box[3] as number) : null;
  const width = number("width");
  const height = number("height");
  if (width !== null && height !== null) return { width, height };
  if (boxWidth === null || boxHeight === null) return null;
  if (width !== null) return { width, height: (width * boxHeight) / boxWidth };
  if (height !== null) return { width: (height * boxWidth) / boxHeight, height };
  return { width: boxWidth, height: boxHeight };
}

const PIXELS_BY_UNIT: Readonly<Record<string, number>> = { px: 1, pt: 4 / 3, in: 96, mm: 3.7795, cm: 37.795 };

/** A height from outside: finite and within bounds, whatever was asked for. */
export function clampHeight(height: number): number {
  if (!Number.isFinite(height)) return MIN_HEIGHT;
  return Math.min(Math.max(Math.round(height), MIN_HEIGHT), MAX_HEIGHT);
}

/**
 * First guess at the height of guest HTML. A frame without scripts cannot say how tall it is, so the reader can drag it;
 * the guess only saves most of them the trouble.
 */
export function guessHtmlHeight(html: string): number {
  const rows = html.match(/<(tr|p|li|h[1-6]|br|figure|pre|hr)\b/gi)?.length ?? 0;
  const pictures = html.match(/<(img|svg|canvas|video)\b/gi)?.length ?? 0;
  return Math.min(clampHeight(64 + rows * 28 + pictures * 240), 560);
}
