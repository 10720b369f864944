/** The web's small globals: performance, crypto, URL, events, AbortController, structuredClone; and Math.random, Date by the host. */
export const WEB = `
/** Math.random from the host's random bytes, 128 numbers at a time. */
let randomWords, randomAt = 256;
hide(Math, "random", () => {
  if (randomAt >= 256) {
    randomWords = new Uint32Array(host("random", 1024));
    randomAt = 0;
  }
  const high = randomWords[randomAt++] >>> 5, low = randomWords[randomAt++] >>> 6;
  return (high * 67108864 + low) / 9007199254740992;
});
const Uint32Array = globalThis.Uint32Array;
hide(globalThis, "performance", {
  now: () => host("clock.monotonic"),
  get timeOrigin() {
    return host("clock.origin");
  },
  mark() {},
  measure() {},
  toJSON: () => ({ timeOrigin: host("clock.origin") }),
});
hide(globalThis, "crypto", {
  getRandomValues(array) {
    if (!isTypedArray(array)) throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE", "getRandomValues() takes an integer typed array");
    if (typedByteLength(array) > 65536) throw new DOMException("The requested length exceeds 65,536 bytes", "QuotaExceededError");
    typedSet(new NativeUint8Array(typedBuffer(array), typedOffset(array), typedByteLength(array)),
      new NativeUint8Array(host("random", typedByteLength(array))));
    return array;
  },
  randomUUID() {
    const bytes = new NativeUint8Array(host("random", 16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    let text = "";
    for (let i = 0; i < 16; i++) {
      text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + strPadStart(numberToString(bytes[i], 16), 2, "0");
    }
    return text;
  },
});

const formatQuery = (flat) => {
  const args = list("url.formatQuery");
  for (let i = 0; i < flat.length; i++) push(args, flat[i]);
  return apply(host, undefined, args);
};
class URLSearchParams {
  #pairs = [];
  #changed;
  constructor(init = "", changed) {
    this.#changed = typeof changed === "function" ? changed : () => {};
    if (typeof init === "string") this.#pairs = host("url.parseQuery", init);
    else if (typeof init[Symbol.iterator] === "function") for (const [name, value] of init) this.#add(name, value);
    else for (const name of objectKeys(init)) this.#add(name, init[name]);
  }
  #add(name, value) {
    push(this.#pairs, [NativeString(name), NativeString(value)]);
  }
  append(name, value) {
    this.#add(name, value);
    this.#changed();
  }
  delete(name) {
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== NativeString(name));
    this.#changed();
  }
  get(name) {
    return this.#pairs.find((pair) => pair[0] === NativeString(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter((pair) => pair[0] === NativeString(name)).map((pair) => pair[1]);
  }
  has(name) {
    return this.#pairs.some((pair) => pair[0] === NativeString(name));
  }
  set(name, value) {
    const at = this.#pairs.findIndex((pair) => pair[0] === NativeString(name));
    if (at < 0) this.#add(name, value);
    else {
      this.#pairs[at] = [NativeString(name), NativeString(value)];
      this.#pairs = this.#pairs.filter((pair, i) => i <= at || pair[0] !== NativeString(name));
    }
    this.#changed();
  }
  sort() {
    this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this.#changed();
  }
  forEach(callback, self) {
    for (const [name, value] of this) apply(callback, self, [value, name, this]);
  }
  *entries() {
    for (const pair of this.#pairs) yield [pair[0], pair[1]];
  }
  *keys() {
    for (const pair of this.#pairs) yield pair[0];
  }
  *values() {
    for (const pair of this.#pairs) yield pair[1];
  }
  get size() {
    return this.#pairs.length;
  }
  toString() {
    const flat = list();
    for (const [name, value] of this.#pairs) push(push(flat, name), value);
    return formatQuery(flat);
  }
  [customInspect](depth, options) {
    const items = list();
    for (const [name, value] of this) push(items, quote(name) + " => " + quote(value));
    return items.length === 0 ? "URLSearchParams {}" : "URLSearchParams { " + join(items, ", ") + " }";
  }
}
hide(URLSearchParams.prototype, Symbol.iterator, URLSearchParams.prototype.entries);
const URL_PARTS = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];
class URL {
  #parts;
  #params;
  constructor(url, base) {
    this.#parts = host("url.parse", NativeString(url), base === undefined ? null : NativeString(base));
  }
  static canParse(url, base) {
    return accepts(() => new URL(url, base));
  }
  static parse(url, base) {
    return URL.canParse(url, base) ? new URL(url, base) : null;
  }
  static part(url, name) {
    return url.#parts[name];
  }
  static change(url, name, value) {
    url.#parts = host("url.set", url.#parts.href, name, NativeString(value));
    if (name === "search" || name === "href") url.#params = undefined;
  }
  get searchParams() {
    if (this.#params === undefined) {
      const params = new URLSearchParams(this.#parts.search, () => {
        this.#parts = host("url.set", this.#parts.href, "search", params.toString());
      });
      this.#params = params;
    }
    return this.#params;
  }
  toString() {
    return this.#parts.href;
  }
  toJSON() {
    return this.#parts.href;
  }
  [customInspect](depth, options) {
    const shown = {};
    for (const name of URL_PARTS) {
      shown[name] = this.#parts[name];
      if (name === "search") shown.searchParams = this.searchParams;
    }
    return "URL " + inspect(shown, options);
  }
}
{
  const { part, change } = URL;
  delete URL.part;
  delete URL.change;
  for (const name of URL_PARTS) {
    defineProperty(URL.prototype, name, {
      __proto__: null,
      get() {
        return part(this, name);
      },
      set: name === "origin" ? undefined : function (value) {
        change(this, name, value);
      },
      enumerable: true,
      configurable: true,
    });
  }
}

class Event {
  defaultPrevented = false;
  target = null;
  currentTarget = null;
  constructor(type, options = {}) {
    this.type = NativeString(type);
    this.cancelable = options.cancelable === true;
    this.bubbles = options.bubbles === true;
    this.timeStamp = host("clock.monotonic");
  }
  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation() {}
  stopImmediatePropagation() {
    this.isStopped = true;
  }
}
class CustomEvent extends Event {
  constructor(type, options = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}
class EventTarget {
  #listeners = [];
  addEventListener(type, listener, options) {
    if (listener === null || this.#listeners.some((each) => each.type === type && each.listener === listener)) return;
    push(this.#listeners, { type, listener, once: isObject(options) && options.once === true });
  }
  removeEventListener(type, listener) {
    this.#listeners = this.#listeners.filter((each) => each.type !== type || each.listener !== listener);
  }
  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    for (const each of this.#listeners.slice()) {
      if (each.type !== event.type) continue;
      if (each.once) this.removeEventListener(each.type, each.listener);
      if (typeof each.listener === "function") apply(each.listener, this, [event]);
      else each.listener.handleEvent(event);
      if (event.isStopped) break;
    }
    return !event.defaultPrevented;
  }
}
class AbortSignal extends EventTarget {
  aborted = false;
  reason = undefined;
  onabort = null;
  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }
  static abort(reason) {
    const controller = new AbortController();
    controller.abort(reason);
    return controller.signal;
  }
  static timeout(ms) {
    const controller = new AbortController();
    startTimer("timeout", () => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), ms, []).unref();
    return controller.signal;
  }
  static any(signals) {
    const controller = new AbortController();
    for (const signal of signals) {
      if (signal.aborted) controller.abort(signal.reason);
      else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
    }
    return controller.signal;
  }
}
class AbortController {
  signal = new AbortSignal();
  abort(reason = new DOMException("This operation was aborted", "AbortError")) {
    if (this.signal.aborted) return;
    this.signal.aborted = true;
    this.signal.reason = reason;
    const event = new Event("abort");
    if (typeof this.signal.onabort === "function") apply(this.signal.onabort, this.signal, [event]);
    this.signal.dispatchEvent(event);
  }
}

/** Deep copies by the structured clone rules; functions and symbols are refused, prototypes are lost. */
const structuredClone = (value) => cloneValue(value, new NativeMap());
const notCloneable = (value) => new DOMException(
  (typeof value === "symbol" ? symbolToString(value) : typeof value === "function" ? functionToString(value) : "#<" + constructorName(value) + ">") +
    " could not be cloned.", "DataCloneError");
const cloneValue = (value, seen) => {
  if (typeof value === "symbol" || typeof value === "function") throw notCloneable(value);
  if (!isObject(value)) return value;
  if (mapHas(seen, value)) return mapGet(seen, value);
  const keep = (copy) => {
    mapSet(seen, value, copy);
    return copy;
  };
  if (isDate(value)) return keep(new NativeDate(dateGetTime(value)));
  if (accepts(regSource, value) && value !== NativeRegExp.prototype) return keep(new NativeRegExp(value.source, value.flags));
  if (isArrayBuffer(value)) return keep(bufferSlice(value, 0));
  if (isTypedArray(value)) {
    return keep(new globalThis[typedTag(value)](cloneValue(typedBuffer(value), seen), typedOffset(value), typedLength(value)));
  }
  if (isDataView(value)) return keep(new NativeDataView(cloneValue(viewBuffer(value), seen), viewOffset(value), viewByteLength(value)));
  const boxed = boxedOf(value);
  if (boxed !== undefined && boxed[0] !== "Symbol") return keep(NativeObject(boxed[1]));
  if (isMap(value)) {
    const copy = keep(new NativeMap());
    mapForEach(value, (item, key) => mapSet(copy, cloneValue(key, seen), cloneValue(item, seen)));
    return copy;
  }
  if (isSet(value)) {
    const copy = keep(new NativeSet());
    setForEach(value, (item) => setAdd(copy, cloneValue(item, seen)));
    return copy;
  }
  if (isError(value)) {
    const Class = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }[value.name] ?? globalThis.Error;
    const copy = keep(new Class(value.message));
    hide(copy, "stack", value.stack);
    if (hasOwn(value, "cause")) hide(copy, "cause", cloneValue(value.cause, seen));
    return copy;
  }
  const tag = objectToString(value);
  if (isPromise(value) || tag === "[object WeakMap]" || tag === "[object WeakSet]" || tag === "[object WeakRef]") throw notCloneable(value);
  const copy = keep(isArray(value) ? new NativeArray(value.length) : {});
  const keys = objectKeys(value);
  for (let i = 0; i < keys.length; i++) {
    defineProperty(copy, keys[i], {
      __proto__: null, value: cloneValue(value[keys[i]], seen), writable: true, enumerable: true, configurable: true,
    });
  }
  return copy;
};
for (const [name, value] of [["URL", URL], ["URLSearchParams", URLSearchParams], ["Event", Event], ["CustomEvent", CustomEvent],
  ["EventTarget", EventTarget], ["AbortSignal", AbortSignal], ["AbortController", AbortController],
  ["structuredClone", structuredClone]]) hide(globalThis, name, value);
`;
