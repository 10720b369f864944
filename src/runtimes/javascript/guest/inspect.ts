/**
 * `inspect(value, options)`: values as text in the form of node's `util.inspect`, for console, results and errors.
 * Proxies are never entered, getters are never called, and the whole is cut at a number of characters.
 */
export const INSPECT = String.raw`
const IDENTIFIER = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const customInspect = symbolFor("nodejs.util.inspect.custom");
const MAX_ITEMS = 100, MAX_STRING = 10000, MAX_TOTAL = 1 << 20;

const quote = (text) => {
  let mark = "'";
  if (strIndexOf(text, "'") >= 0) {
    if (strIndexOf(text, '"') < 0) mark = '"';
    else if (strIndexOf(text, BACKTICK) < 0 && strIndexOf(text, "\x24{") < 0) mark = BACKTICK;
  }
  let out = "", from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = strAt(text, i);
    let escaped;
    if (code === 92) escaped = "\\\\";
    else if (code === strAt(mark, 0)) escaped = "\\" + mark;
    else if (code === 10) escaped = "\\n";
    else if (code === 13) escaped = "\\r";
    else if (code === 9) escaped = "\\t";
    else if (code === 8) escaped = "\\b";
    else if (code === 12) escaped = "\\f";
    else if (code === 11) escaped = "\\v";
    else if (code < 32 || (code > 126 && code < 160)) escaped = "\\x" + strPadStart(strUpper(numberToString(code, 16)), 2, "0");
    else if (code >= 0xd800 && code <= 0xdfff) {
      const next = code < 0xdc00 && i + 1 < text.length ? strAt(text, i + 1) : 0;
      if (next >= 0xdc00 && next <= 0xdfff) i++;
      else escaped = "\\u" + numberToString(code, 16);
    }
    if (escaped === undefined) continue;
    out += strSlice(text, from, i) + escaped;
    from = i + 1;
  }
  return mark + out + strSlice(text, from) + mark;
};
const BACKTICK = "\x60";

const inspectNumber = (value) => (is(value, -0) ? "-0" : numberToString(value, 10));
const inspectPrimitive = (ctx, value) => {
  switch (typeof value) {
    case "string": {
      let tail = "";
      if (value.length > ctx.maxStringLength) {
        const more = value.length - ctx.maxStringLength;
        value = strSlice(value, 0, ctx.maxStringLength);
        tail = "... " + more + " more character" + (more > 1 ? "s" : "");
      }
      if (ctx.compact > 0 && value.length > 16 && value.length > ctx.breakLength - ctx.indent - 4 && strIndexOf(value, "\n") >= 0) {
        const lines = split(value, "\n"), quoted = list();
        for (let i = 0; i < lines.length; i++) {
          const isLast = i === lines.length - 1;
          if (!(isLast && lines[i] === "")) push(quoted, quote(isLast ? lines[i] : lines[i] + "\n"));
        }
        return join(quoted, " +\n" + strRepeat(" ", ctx.indent + 2)) + tail;
      }
      return quote(value) + tail;
    }
    case "number": return inspectNumber(value);
    case "bigint": return bigintToString(value) + "n";
    case "symbol": return symbolToString(value);
    default: return NativeString(value);
  }
};

/** Name of the class a value was made by: the nearest prototype with an own constructor; null when there is none. */
const constructorName = (value) => {
  let object = value;
  for (let steps = 0; object !== null && object !== undefined && steps < 1000; steps++) {
    const descriptor = getOwnPropertyDescriptor(object, "constructor");
    if (descriptor !== undefined && typeof descriptor.value === "function") {
      const name = ownData(descriptor.value, "name");
      if (typeof name === "string" && name !== "" && isInstance(value, descriptor.value)) return name;
    }
    object = getPrototypeOf(object);
  }
  return null;
};
/** As instanceof, without Symbol.hasInstance. */
const isInstance = (value, constructor) => {
  const prototype = ownData(constructor, "prototype");
  let object = getPrototypeOf(value);
  for (let steps = 0; object !== null && steps < 1000; steps++) {
    if (object === prototype) return true;
    object = getPrototypeOf(object);
  }
  return false;
};
const tagOf = (value) => {
  for (let object = value, steps = 0; object !== null && steps < 1000; object = getPrototypeOf(object), steps++) {
    const descriptor = getOwnPropertyDescriptor(object, symbolToStringTag);
    if (descriptor !== undefined) return typeof descriptor.value === "string" ? descriptor.value : "";
  }
  return "";
};
const prefixFor = (name, tag, fallback, size) => {
  if (name === null && tag === "Module") return "[Module: null prototype] ";
  const count = size === undefined ? "" : "(" + size + ")";
  if (name === null) {
    return tag !== "" && fallback !== tag ? "[" + fallback + count + ": null prototype] [" + tag + "] " :
      "[" + fallback + count + ": null prototype] ";
  }
  return tag !== "" && name !== tag ? name + count + " [" + tag + "] " : name + count + " ";
};

const visibleKeys = (ctx, value) => {
  const all = ownKeys(value), keys = list();
  for (let i = 0; i < all.length; i++) {
    if (ctx.showHidden ? typeof all[i] === "string" || isEnumerable(value, all[i]) : isEnumerable(value, all[i])) push(keys, all[i]);
  }
  return keys;
};
const isIndex = (key) => typeof key === "string" && key.length < 11 && numberToString(key >>> 0, 10) === key && key >>> 0 !== 4294967295;

const inspectKey = (key) =>
  typeof key === "symbol" ? "[" + symbolToString(key) + "]" :
    key === "__proto__" ? "['__proto__']" : regExec(IDENTIFIER, key) !== null ? key : quote(key);

const inspectProperty = (ctx, value, key, level, isArrayItem) => {
  const descriptor = getOwnPropertyDescriptor(value, key);
  let text;
  if (descriptor === undefined) text = "undefined";
  else if (hasOwn(descriptor, "value")) {
    ctx.indent += 2;
    text = inspectValue(ctx, descriptor.value, level);
    ctx.indent -= 2;
  } else {
    text = descriptor.get !== undefined ? (descriptor.set !== undefined ? "[Getter/Setter]" : "[Getter]") :
      descriptor.set !== undefined ? "[Setter]" : "undefined";
  }
  if (isArrayItem) return text;
  const name = descriptor !== undefined && descriptor.enumerable === false ? "[" + NativeString(key) + "]" : inspectKey(key);
  return name + ": " + text;
};

const inspectValue = (ctx, value, level) => {
  if (!isObject(value)) return inspectPrimitive(ctx, value);
  if (isProxy(value)) return typeof value === "function" ? "[Function (proxy)]" : inspectProxy(ctx, value, level);
  if (ctx.total > MAX_TOTAL) return "...";
  const custom = ctx.customInspect ? findMethod(value, customInspect) : undefined;
  if (custom !== undefined && custom !== inspect) {
    const depth = ctx.depth === null ? null : ctx.depth - level;
    const result = apply(custom, value, [depth, { depth, breakLength: ctx.breakLength, compact: ctx.compact }, inspect]);
    if (result !== value) {
      if (isObject(result)) return inspectValue(ctx, result, level);
      return typeof result === "string" ? replaceAll(result, "\n", "\n" + strRepeat(" ", ctx.indent)) : inspectPrimitive(ctx, result);
    }
  }
  for (let i = 0; i < ctx.seen.length; i++) {
    if (ctx.seen[i] !== value) continue;
    if (ctx.circular === undefined) ctx.circular = new NativeMap();
    if (!mapHas(ctx.circular, value)) mapSet(ctx.circular, value, mapSize(ctx.circular) + 1);
    return "[Circular *" + mapGet(ctx.circular, value) + "]";
  }
  return inspectRaw(ctx, value, level);
};
/** A method by key on the value or its prototypes, if it is plain data: no getter is called. */
const findMethod = (value, key) => {
  for (let object = value, steps = 0; object !== null && steps < 1000; object = getPrototypeOf(object), steps++) {
    if (isProxy(object)) return undefined;
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor !== undefined) return typeof descriptor.value === "function" ? descriptor.value : undefined;
  }
  return undefined;
};
/** Proxies made by the guest, with their targets. */
const proxies = new NativeWeakMap();
const isProxy = (value) => weakHas(proxies, value);
const inspectProxy = (ctx, value, level) => inspectValue(ctx, weakGet(proxies, value), level);
{
  const Proxy = function (target, handler) {
    if (new.target === undefined) throw new NativeTypeError("Constructor Proxy requires 'new'");
    const proxy = new NativeProxy(target, handler);
    weakSet(proxies, proxy, target);
    return proxy;
  };
  const { revocable } = NativeProxy;
  hide(Proxy, "revocable", (target, handler) => {
    const pair = revocable(target, handler);
    weakSet(proxies, pair.proxy, target);
    return pair;
  });
  defineProperty(Proxy, "length", { __proto__: null, value: 2, configurable: true });
  deleteProperty(Proxy, "prototype");
  hide(globalThis, "Proxy", Proxy);
}

const functionBase = (value, name, tag) => {
  const source = functionToString(value);
  if (strStartsWith(source, "class") && strEndsWith(source, "}")) {
    const own = ownData(value, "name");
    let text = "[class " + (typeof own === "string" && own !== "" ? own : "(anonymous)");
    if (name !== "Function" && name !== null) text += " [" + name + "]";
    const parent = getPrototypeOf(value);
    const parentName = parent === null ? undefined : ownData(parent, "name");
    if (name !== null && typeof parentName === "string" && parentName !== "") text += " extends " + parentName;
    else if (name === null || parent === null) text += " extends null";
    return text + "]";
  }
  const kind = functionKind(value);
  let text = "[" + kind;
  if (name === null) text += " (null prototype)";
  const own = ownData(value, "name");
  text += typeof own === "string" && own !== "" ? ": " + own : " (anonymous)";
  text += "]";
  if (name !== kind && name !== null && name !== "Function") text += " " + name;
  if (tag !== "" && name !== tag && tag !== kind) text += " [" + tag + "]";
  return text;
};
const AsyncFunctionPrototype = getPrototypeOf(async function () {});
const GeneratorFunctionPrototype = getPrototypeOf(function* () {});
const AsyncGeneratorFunctionPrototype = getPrototypeOf(async function* () {});
const functionKind = (value) => {
  const prototype = getPrototypeOf(value);
  return prototype === AsyncFunctionPrototype ? "AsyncFunction" : prototype === GeneratorFunctionPrototype ? "GeneratorFunction" :
    prototype === AsyncGeneratorFunctionPrototype ? "AsyncGeneratorFunction" : "Function";
};

const errorBase = (ctx, error, keys) => {
  let stack = stackOf(error);
  let name;
  try {
    name = error.name;
  } catch {}
  // A class that sets this.name after super() still shows that name, as node does.
  if (typeof name === "string" && name !== "" && strIndexOf(split(stack, "\n")[0], name) < 0) {
    const match = regExec(/^([A-Za-z_$][\w$]*)(?=$|:|\n| \[)/, stack);
    if (match !== null) stack = name + strSlice(stack, match[0].length);
  }
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i];
    if ((key === "name" || key === "message" || key === "stack") && strIndexOf(stack, NativeString(ownData(error, key))) >= 0) {
      removeAt(keys, i);
    }
  }
  if (hasOwn(error, "cause") && !includes(keys, "cause")) push(keys, "cause");
  if (isArray(ownData(error, "errors")) && !includes(keys, "errors")) push(keys, "errors");
  const at = strIndexOf(stack, "\n    at ");
  if (at < 0) stack = "[" + stack + "]";
  return ctx.indent === 0 ? stack : replaceAll(stack, "\n", "\n" + strRepeat(" ", ctx.indent));
};
const includes = (items, item) => {
  for (let i = 0; i < items.length; i++) if (items[i] === item) return true;
  return false;
};
const removeAt = (items, index) => {
  for (let i = index; i < items.length - 1; i++) items[i] = items[i + 1];
  items.length--;
};
const more = (count) => "... " + count + " more item" + (count > 1 ? "s" : "");

const inspectRaw = (ctx, value, level) => {
  const name = constructorName(value);
  let tag = tagOf(value);
  if (tag !== "" && tag === name) tag = "";
  let base = "", open = "{", close = "}", extras = false;
  let keys = visibleKeys(ctx, value);
  let fill;
  const shown = list();
  if (isArray(value)) {
    open = name !== "Array" || tag !== "" ? prefixFor(name, tag, "Array", value.length) + "[" : "[";
    close = "]";
    keys = withoutIndexes(keys);
    if (value.length === 0 && keys.length === 0) return open + "]";
    extras = true;
    fill = () => fillArray(ctx, value, level, shown);
  } else if (isSet(value)) {
    open = prefixFor(name, tag, "Set", setSize(value)) + "{";
    if (setSize(value) === 0 && keys.length === 0) return open + "}";
    fill = () => fillSet(ctx, value, level, shown);
  } else if (isMap(value)) {
    open = prefixFor(name, tag, "Map", mapSize(value)) + "{";
    if (mapSize(value) === 0 && keys.length === 0) return open + "}";
    fill = () => fillMap(ctx, value, level, shown);
  } else if (isTypedArray(value)) {
    keys = withoutIndexes(keys);
    const isBuffer = name === "Buffer";
    if (isBuffer) return inspectBuffer(value);
    open = prefixFor(name, tag === typedTag(value) ? "" : tag, typedTag(value), typedLength(value)) + "[";
    close = "]";
    if (typedLength(value) === 0 && keys.length === 0) return open + "]";
    extras = true;
    fill = () => fillTyped(ctx, value, shown);
  } else if (typeof value === "function") {
    base = functionBase(value, name, tag);
    if (keys.length === 0) return base;
  } else if (objectToString(value) === "[object Arguments]") {
    open = "[Arguments] {";
    if (keys.length === 0) return open + "}";
  } else if (isError(value)) {
    base = errorBase(ctx, value, keys);
    if (keys.length === 0) return base;
  } else if (value instanceof NativeRegExp && accepts(regSource, value)) {
    base = regToString(value);
    if (keys.length === 0) return base;
  } else if (isDate(value)) {
    base = numberIsFinite(dateGetTime(value)) ? dateToISO(value) : "Invalid Date";
    if (name !== "Date") base = strTrim(prefixFor(name, tag, "Date")) + " " + base;
    if (keys.length === 0) return base;
  } else if (isArrayBuffer(value)) {
    open = prefixFor(name, tag, "ArrayBuffer") + "{";
    fill = () => {
      const bytes = new NativeUint8Array(value), length = min(typedLength(bytes), 50);
      let hex = "";
      for (let i = 0; i < length; i++) hex += (i === 0 ? "" : " ") + strPadStart(numberToString(bytes[i], 16), 2, "0");
      if (typedLength(bytes) > 50) hex += " ... " + (typedLength(bytes) - 50) + " more byte" + (typedLength(bytes) > 51 ? "s" : "");
      push(push(shown, "[Uint8Contents]: <" + hex + ">"), "byteLength: " + typedLength(bytes));
    };
  } else if (isDataView(value)) {
    open = prefixFor(name, tag, "DataView") + "{";
    fill = () => {
      push(push(shown, "byteLength: " + viewByteLength(value)), "byteOffset: " + viewOffset(value));
      ctx.indent += 2;
      push(shown, "buffer: " + inspectValue(ctx, viewBuffer(value), level + 1));
      ctx.indent -= 2;
    };
  } else if (isPromise(value)) {
    open = prefixFor(name, tag === "Promise" ? "" : tag, "Promise") + "{";
    fill = () => fillPromise(ctx, value, level, shown);
  } else if (name === "WeakMap" || name === "WeakSet") {
    open = prefixFor(name, tag, name) + "{";
    fill = () => push(shown, "<items unknown>");
  } else if (boxedOf(value) !== undefined) {
    const boxed = boxedOf(value), kind = boxed[0], inner = boxed[1];
    if (kind === "String") keys = withoutIndexes(keys);
    base = "[" + kind + (name === null ? " (null prototype)" : name !== kind ? " (" + name + ")" : "") + ": " +
      inspectPrimitive({ ...ctx, indent: 0 }, inner) + "]";
    if (keys.length === 0) return base;
  } else {
    if (keys.length === 0) {
      if (name === "Object" && tag === "") return "{}";
      return prefixFor(name, tag, "Object") + "{}";
    }
    if (name !== "Object" || tag !== "") open = prefixFor(name, tag, "Object") + "{";
  }
  if (ctx.depth !== null && level > ctx.depth) {
    const label = strTrim(strSlice(prefixFor(name, tag, isArray(value) ? "Array" : "Object"), 0, -1));
    return "[" + (isArray(value) && name === "Array" ? "Array" : label) + "]";
  }
  push(ctx.seen, value);
  ctx.currentDepth = level;
  if (fill !== undefined) fill();
  for (let i = 0; i < keys.length; i++) push(shown, inspectProperty(ctx, value, keys[i], level + 1, false));
  ctx.seen.length--;
  if (ctx.circular !== undefined && mapHas(ctx.circular, value)) {
    const reference = "<ref *" + mapGet(ctx.circular, value) + ">";
    if (base === "") open = reference + " " + open;
    else base = reference + " " + base;
  }
  if (ctx.sorted) sortList(shown);
  const text = layOut(ctx, shown, base, open, close, extras, level, value);
  ctx.total += text.length;
  return text;
};
const inspect = (value, options, ...legacy) => {
  const ctx = {
    __proto__: null, depth: 2, compact: 3, breakLength: 80, showHidden: false, sorted: false, customInspect: true,
    maxArrayLength: MAX_ITEMS, maxStringLength: MAX_STRING, indent: 0, currentDepth: 0, seen: list(), circular: undefined, total: 0,
  };
  if (isObject(options)) {
    const depth = options.depth, width = options.breakLength, compact = options.compact;
    const items = options.maxArrayLength, chars = options.maxStringLength;
    if (depth !== undefined) ctx.depth = depth === null || depth === Infinity ? null : depth;
    if (typeof width === "number") ctx.breakLength = width;
    if (compact !== undefined) ctx.compact = compact === true ? 3 : compact === false ? 0 : +compact;
    if (items !== undefined) ctx.maxArrayLength = items === null ? Infinity : max(0, items);
    if (chars !== undefined) ctx.maxStringLength = chars === null ? Infinity : max(0, chars);
    ctx.showHidden = options.showHidden === true;
    ctx.sorted = options.sorted === true;
    if (options.customInspect === false) ctx.customInspect = false;
  } else if (options === true) ctx.showHidden = true;
  if (legacy.length > 0 && (legacy[0] === null || typeof legacy[0] === "number")) ctx.depth = legacy[0];
  return inspectValue(ctx, value, 0);
};
hide(inspect, "custom", customInspect);
/** inspect that cannot throw: for results and uncaught errors. */
const safeInspect = (value, options) => {
  try {
    return inspect(value, options);
  } catch (error) {
    return "[value that cannot be shown: " + (isError(error) ? errorHeader(error) : "it throws") + "]";
  }
};
`;
