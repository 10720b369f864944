/** `display(value)` and the value of the last expression as MIME bundles. */
export const DISPLAY = `
const displaySymbol = symbolFor("Jupyter.display");
const FORMAT_BY_MIME = {
  __proto__: null,
  "text/plain": "text", "text/html": "html", "text/markdown": "markdown", "image/svg+xml": "svg", "image/png": "png",
  "image/jpeg": "jpeg", "application/pdf": "pdf", "text/latex": "latex", "application/json": "json",
  "application/javascript": "javascript", "text/javascript": "javascript",
};
const METHODS = {
  __proto__: null,
  _repr_html_: "html", _repr_svg_: "svg", _repr_markdown_: "markdown", _repr_latex_: "latex", _repr_png_: "png",
  _repr_jpeg_: "jpeg", _repr_pdf_: "pdf", _repr_json_: "json", _repr_javascript_: "javascript",
};
const isBinaryFormat = (format) => format === "png" || format === "jpeg" || format === "pdf";
const setFormat = (bundle, format, value) => {
  if (value === undefined || value === null) return;
  if (isBinaryFormat(format) && (isView(value) || isArrayBuffer(value))) {
    bundle[format] = hostBytes("text.base64", exactBuffer(value));
  } else if (format === "json") bundle.json = value;
  else bundle[format] = typeof value === "string" ? value : NativeString(value);
};
/** A MIME bundle of the guest's ({ "text/html": … } or { html: … }) in the host's names. */
const fromMime = (mime, bundle) => {
  if (!isObject(mime)) return;
  const keys = ownKeys(mime);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key !== "string") continue;
    const format = FORMAT_BY_MIME[key] ?? (strIndexOf(FORMAT_NAMES, "|" + key + "|") >= 0 ? key : undefined);
    if (format !== undefined) setFormat(bundle, format, mime[key]);
  }
};
const FORMAT_NAMES = "|text|html|markdown|svg|png|jpeg|pdf|latex|json|javascript|";
const escapeHtml = (text) => replaceAll(replaceAll(replaceAll(replaceAll(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), '"', "&quot;");
const MAX_TABLE_ROWS = 1000, MAX_TABLE_COLUMNS = 100;
const isPlainObject = (value) => isObject(value) && !isProxy(value) && !isArray(value) && typeof value === "object" &&
  (getPrototypeOf(value) === ObjectPrototype || getPrototypeOf(value) === null);
/** Rows of a list of plain objects, as an HTML table; undefined for anything else. */
const htmlTable = (value) => {
  if (isProxy(value) || !isArray(value) || value.length === 0) return undefined;
  const columns = list(), count = min(value.length, MAX_TABLE_ROWS);
  for (let i = 0; i < value.length; i++) {
    const row = ownData(value, i);
    if (!isPlainObject(row)) return undefined;
    if (i >= count) continue;
    const keys = objectKeys(row);
    for (let j = 0; j < keys.length && columns.length < MAX_TABLE_COLUMNS; j++) if (!includes(columns, keys[j])) push(columns, keys[j]);
  }
  if (columns.length === 0) return undefined;
  let html = "<table><thead><tr><th></th>";
  for (let j = 0; j < columns.length; j++) html += "<th>" + escapeHtml(columns[j]) + "</th>";
  html += "</tr></thead><tbody>";
  for (let i = 0; i < count; i++) {
    const row = ownData(value, i);
    html += "<tr><th>" + i + "</th>";
    for (let j = 0; j < columns.length; j++) {
      const cell = ownData(row, columns[j]);
      const text = cell === undefined ? "" : typeof cell === "string" ? cell : inspect(cell, { depth: 0, breakLength: Infinity });
      html += "<td>" + escapeHtml(text) + "</td>";
    }
    html += "</tr>";
  }
  html += "</tbody></table>";
  if (value.length > count) html += "<p>" + (value.length - count) + " more rows</p>";
  return html;
};
/** Every form a value offers by itself, with its text. */
const bundleOf = (value) => {
  const bundle = { __proto__: null };
  if (isObject(value) && !isProxy(value)) {
    const show = value[displaySymbol] ?? value.toMimeBundle ?? value._repr_mimebundle_;
    if (typeof show === "function") fromMime(apply(show, value, []), bundle);
    const names = ownKeys(METHODS);
    for (let i = 0; i < names.length; i++) {
      const method = value[names[i]];
      if (typeof method === "function") setFormat(bundle, METHODS[names[i]], apply(method, value, []));
    }
    const html = htmlTable(value);
    if (html !== undefined) {
      bundle.html ??= html;
      bundle.json ??= value;
    }
  }
  if (bundle.text === undefined) bundle.text = inspect(value);
  return bundle;
};
/** Hands a bundle to the host, format by format. A "json" form that JSON cannot hold is left out. */
const show = (bundle, isMainResult = false) => {
  const args = list("result", isMainResult), names = ownKeys(bundle);
  for (let i = 0; i < names.length; i++) {
    let value = bundle[names[i]];
    if (names[i] === "json") {
      try {
        value = stringify(value);
      } catch {
        value = undefined;
      }
    }
    if (typeof value === "string") push(push(args, names[i]), value);
  }
  apply(host, undefined, args);
};
/** Shows a value in the richest form it has. With { raw: true } the value is itself a bundle by MIME type. */
const display = (value, options) => {
  const bundle = { __proto__: null };
  if (isObject(options) && options.raw === true) fromMime(value, bundle);
  else return show(bundleOf(value));
  show(bundle);
};
const displayAs = (format) => (value) => {
  const bundle = { __proto__: null };
  setFormat(bundle, format, value);
  if (format === "json") bundle.text = inspect(value);
  show(bundle);
};
for (const format of ["html", "svg", "markdown", "json", "png", "jpeg", "latex", "text"]) hide(display, format, displayAs(format));
hide(globalThis, "display", display);

/** The value of the run's last expression, kept until the run has finished with it. */
let mainResult;
let hasMainResult = false;
const setMainResult = (value) => {
  mainResult = value;
  // What starting a timer or listening to a stream gives is nobody's result.
  hasMainResult = value !== undefined && !(isObject(value) && !isProxy(value) &&
    (isInstance(value, Timeout) || value === process || value === process.stdin));
};
/** Shows the main result, if there is one; a promise gives what it was fulfilled with. */
const showMainResult = () => {
  if (!hasMainResult) return;
  let value = mainResult;
  mainResult = undefined;
  hasMainResult = false;
  const state = isObject(value) && !isProxy(value) ? promiseState(value) : undefined;
  if (state !== undefined && state.state === "rejected") return;
  if (state !== undefined && state.state === "fulfilled") value = state.value;
  if (value === undefined) return;
  let bundle;
  try {
    bundle = bundleOf(value);
  } catch {
    bundle = { __proto__: null, text: safeInspect(value) };
  }
  show(bundle, true);
};
`;
