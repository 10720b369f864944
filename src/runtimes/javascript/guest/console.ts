/** `console` and printf-style formatting, in node's words. info, debug → stdout; warn, error, trace, assert → stderr. */
export const CONSOLE = String.raw`
const formatNumber = (value) =>
  typeof value === "bigint" ? bigintToString(value) + "n" : typeof value === "symbol" ? "NaN" : inspectNumber(NativeNumber(value));
const formatText = (value) => {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return bigintToString(value) + "n";
  if (typeof value === "number") return inspectNumber(value);
  if (isObject(value) && typeof value !== "function" && !isError(value) && hasOwnToString(value) === false) {
    return inspect(value, { depth: 0, compact: 3 });
  }
  return isObject(value) ? NativeString(value) : inspectPrimitive({ maxStringLength: Infinity, compact: 0 }, value);
};
/** Whether the value or one of its own classes (not a builtin) says how it reads as text. */
const hasOwnToString = (value) => {
  for (let object = value; object !== null; object = getPrototypeOf(object)) {
    if (hasOwn(object, "toString")) {
      if (object === ObjectPrototype) return false;
      const descriptor = getOwnPropertyDescriptor(object, "constructor");
      return object === value || descriptor === undefined ||
        strIndexOf(functionToString(descriptor.value), "[native code]") < 0;
    }
  }
  return false;
};
/** %s %d %i %f %j %o %O %c %%, then what is left, separated by spaces. */
const format = (args, options) => {
  const first = args[0];
  let text = "", next = 0;
  if (typeof first === "string") {
    next = 1;
    if (args.length === 1) return first;
    let from = 0;
    for (let i = 0; i < first.length - 1; i++) {
      if (strAt(first, i) !== 37) continue;
      const kind = first[i + 1];
      if (kind === "%") {
        text += strSlice(first, from, i) + "%";
        from = i + 2;
        i++;
        continue;
      }
      if (next >= args.length) continue;
      let piece;
      const value = args[next];
      if (kind === "s") piece = formatText(value);
      else if (kind === "d") piece = isObject(value) ? formatNumber(NativeNumber(value)) : formatNumber(value);
      else if (kind === "i") piece = typeof value === "bigint" ? bigintToString(value) + "n" :
        typeof value === "symbol" ? "NaN" : inspectNumber(nativeParseInt(value));
      else if (kind === "f") piece = typeof value === "symbol" ? "NaN" : inspectNumber(nativeParseFloat(value));
      else if (kind === "j") piece = formatJson(value);
      else if (kind === "o") piece = inspect(value, { showHidden: true, depth: 4 });
      else if (kind === "O") piece = inspect(value, options);
      else if (kind === "c") piece = "";
      else continue;
      text += strSlice(first, from, i) + piece;
      from = i + 2;
      i++;
      next++;
    }
    text += strSlice(first, from);
  }
  for (let i = next; i < args.length; i++) {
    const value = args[i];
    text += (i === 0 ? "" : " ") + (typeof value === "string" ? value : inspect(value, options));
  }
  return text;
};
const formatJson = (value) => {
  try {
    return NativeString(stringify(value));
  } catch (error) {
    if (isError(error) && strIndexOf(NativeString(error.message), "circular") >= 0) return "[Circular]";
    throw error;
  }
};

let groupIndent = "";
const counters = new NativeMap(), timersByLabel = new NativeMap();
const printLine = (stream, text) =>
  writeOut(stream, (groupIndent === "" ? text : groupIndent + replaceAll(text, "\n", "\n" + groupIndent)) + "\n");
const log = (stream) => (...args) => printLine(stream, format(args));
const labelOf = (label) => (label === undefined ? "default" : NativeString(label));
const sinceText = (label) => {
  const started = mapGet(timersByLabel, label);
  if (started === undefined) return undefined;
  const ms = host("clock.monotonic") - started;
  return ms >= 60000 ? numberToFixed(ms / 60000, 3) + " (m:ss.mmm)" : ms >= 1000 ? numberToFixed(ms / 1000, 3) + "s" :
    inspectNumber(+numberToFixed(ms, 3)) + "ms";
};
const console = {
  log: log(0),
  info: log(0),
  debug: log(0),
  dirxml: log(0),
  warn: log(1),
  error: log(1),
  dir(value, options) {
    printLine(0, inspect(value, { customInspect: false, ...options }));
  },
  trace(...args) {
    const text = format(args);
    const raw = ownData(new NativeError(), "stack");
    printLine(1, withFrames(text === "" ? "Trace" : "Trace: " + text, userFrames(raw)));
  },
  assert(condition, ...args) {
    if (condition) return;
    if (typeof args[0] === "string") args[0] = "Assertion failed: " + args[0];
    else if (args.length === 0) args[0] = "Assertion failed";
    else args = ["Assertion failed:", ...args];
    printLine(1, format(args));
  },
  count(label) {
    const name = labelOf(label), count = (mapGet(counters, name) ?? 0) + 1;
    mapSet(counters, name, count);
    printLine(0, name + ": " + count);
  },
  countReset(label) {
    mapDelete(counters, labelOf(label));
  },
  time(label) {
    mapSet(timersByLabel, labelOf(label), host("clock.monotonic"));
  },
  timeLog(label, ...args) {
    const text = sinceText(labelOf(label));
    if (text !== undefined) printLine(0, format([labelOf(label) + ": " + text, ...args]));
  },
  timeEnd(label) {
    const text = sinceText(labelOf(label));
    if (text === undefined) return printLine(1, "Warning: No such label '" + labelOf(label) + "' for console.timeEnd()");
    mapDelete(timersByLabel, labelOf(label));
    printLine(0, labelOf(label) + ": " + text);
  },
  group(...args) {
    if (args.length > 0) printLine(0, format(args));
    groupIndent += "  ";
  },
  groupCollapsed(...args) {
    console.group(...args);
  },
  groupEnd() {
    groupIndent = strSlice(groupIndent, 0, -2);
  },
  table(data, columns) {
    if (!isObject(data)) return printLine(0, format([data]));
    const { header, rows } = tableOf(data, columns);
    printLine(0, drawTable(header, rows));
  },
  clear() {},
  profile() {},
  profileEnd() {},
  timeStamp() {},
};
hide(globalThis, "console", console);

/** A value as a table: the index column, a column per key of the rows, and "Values" for rows that are no objects. */
const tableOf = (data, only) => {
  const columns = list(), rows = list();
  let hasValues = false;
  const indexName = isMap(data) || isSet(data) ? "(iteration index)" : "(index)";
  const addRow = (index, row) => {
    const cells = new NativeMap();
    let single;
    if (isObject(row) && typeof row !== "function") {
      const keys = ownKeys(row);
      for (let i = 0; i < keys.length; i++) {
        if (typeof keys[i] !== "string" || !isEnumerable(row, keys[i])) continue;
        if (only === undefined && !includes(columns, keys[i])) push(columns, keys[i]);
        mapSet(cells, keys[i], tableCell(row[keys[i]]));
      }
    } else {
      single = tableCell(row);
      hasValues = true;
    }
    push(rows, { __proto__: null, index, cells, single });
  };
  let count = 0;
  if (isMap(data)) mapForEach(data, (item, key) => addRow(NativeString(count++), { Key: key, Values: item }));
  else if (isSet(data)) setForEach(data, (item) => addRow(NativeString(count++), item));
  else {
    const keys = ownKeys(data);
    for (let i = 0; i < keys.length; i++) {
      if (typeof keys[i] === "string" && isEnumerable(data, keys[i])) addRow(keys[i], data[keys[i]]);
    }
  }
  if (only !== undefined) for (let i = 0; i < only.length; i++) push(columns, NativeString(only[i]));
  const header = list(indexName);
  for (let i = 0; i < columns.length; i++) push(header, columns[i]);
  if (hasValues) push(header, "Values");
  const lines = list();
  for (let i = 0; i < rows.length; i++) {
    const line = list(rows[i].index);
    for (let j = 0; j < columns.length; j++) push(line, mapGet(rows[i].cells, columns[j]) ?? "");
    if (hasValues) push(line, rows[i].single ?? "");
    push(lines, line);
  }
  return { header, rows: lines };
};
const tableCell = (value) =>
  inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: isObject(value) && typeof value !== "function" && !isArray(value) &&
    ownKeys(value).length > 2 ? -1 : 0 });
const drawTable = (header, rows) => {
  const widths = list();
  for (let j = 0; j < header.length; j++) {
    let width = displayWidth(header[j]);
    for (let i = 0; i < rows.length; i++) width = max(width, displayWidth(rows[i][j]));
    push(widths, width + 2);
  }
  const rule = (left, middle, right) => {
    const parts = list();
    for (let j = 0; j < widths.length; j++) push(parts, strRepeat("─", widths[j]));
    return left + join(parts, middle) + right;
  };
  const row = (cells) => {
    const parts = list();
    for (let j = 0; j < cells.length; j++) push(parts, " " + cells[j] + strRepeat(" ", widths[j] - displayWidth(cells[j]) - 1));
    return "│" + join(parts, "│") + "│";
  };
  const lines = list(rule("┌", "┬", "┐"), row(header), rule("├", "┼", "┤"));
  for (let i = 0; i < rows.length; i++) push(lines, row(rows[i]));
  return join(push(lines, rule("└", "┴", "┘")), "\n");
};
`;
