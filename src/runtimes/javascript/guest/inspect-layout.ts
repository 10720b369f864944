/** How the entries of a value are set: on one line, in columns, or one a line. */
export const INSPECT_LAYOUT = String.raw`
/** One line when it fits and is shallow enough; number-like columns for long lists; else one entry a line. */
const layOut = (ctx, output, base, open, close, isListLike, level, value) => {
  const count = output.length;
  if (isListLike && count > 6) output = inColumns(ctx, output, value);
  if (ctx.currentDepth - level < ctx.compact && count === output.length) {
    const start = output.length + ctx.indent + open.length + base.length + 10;
    let total = output.length + start, fits = total + output.length <= ctx.breakLength;
    for (let i = 0; fits && i < output.length; i++) {
      total += output[i].length;
      fits = total <= ctx.breakLength;
    }
    if (fits && (base === "" || strIndexOf(base, "\n") < 0)) {
      const joined = join(output, ", ");
      if (strIndexOf(joined, "\n") < 0) return (base === "" ? "" : base + " ") + open + " " + joined + " " + close;
    }
  }
  const indent = "\n" + strRepeat(" ", ctx.indent);
  return (base === "" ? "" : base + " ") + open + indent + "  " + join(output, "," + indent + "  ") + indent + close;
};
/** Lists of more than six short entries are set in columns, numbers to the right. */
const inColumns = (ctx, output, value) => {
  const hasMore = ctx.maxArrayLength < value.length;
  const count = hasMore ? output.length - 1 : output.length;
  let total = 0, widest = 0;
  const widths = list();
  for (let i = 0; i < count; i++) {
    const width = displayWidth(output[i]);
    push(widths, width);
    total += width + 2;
    if (width > widest) widest = width;
  }
  const column = widest + 2;
  if (!(column * 3 + ctx.indent < ctx.breakLength && (total / column > 5 || widest <= 6))) return output;
  const bias = sqrt(column - total / output.length), biased = max(column - 3 - bias, 1);
  const columns = min(round(sqrt(2.5 * biased * count) / biased), floor((ctx.breakLength - ctx.indent) / column), ctx.compact * 4, 15);
  if (columns <= 1) return output;
  const lineWidths = list();
  for (let i = 0; i < columns; i++) {
    let width = 0;
    for (let j = i; j < count; j += columns) if (widths[j] > width) width = widths[j];
    push(lineWidths, width + 2);
  }
  let toRight = value !== undefined;
  for (let i = 0; toRight && i < count; i++) {
    const item = value[i];
    toRight = typeof item === "number" || typeof item === "bigint";
  }
  const rows = list();
  for (let i = 0; i < count; i += columns) {
    const end = min(i + columns, count);
    let row = "", j = i;
    for (; j < end - 1; j++) {
      const cell = output[j] + ", ";
      const fill = strRepeat(" ", max(0, lineWidths[j - i] - (widths[j] + 2)));
      row += toRight ? fill + cell : cell + fill;
    }
    row += toRight ? strRepeat(" ", max(0, lineWidths[j - i] - 2 - widths[j])) + output[j] : output[j];
    push(rows, row);
  }
  if (hasMore) push(rows, output[count]);
  return rows;
};
/** Columns a text takes on a terminal: wide East Asian characters and emoji take two, combining marks none. */
const displayWidth = (text) => {
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const code = strCodePointAt(text, i);
    if (code > 0xffff) i++;
    if (code < 32 || (code >= 127 && code < 160) || (code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f) ||
      (code >= 0xfe00 && code <= 0xfe0f)) continue;
    width += code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd)) ? 2 : 1;
  }
  return width;
};
`;
