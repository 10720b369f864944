/** Timers, immediates, ticks and microtasks. The host keeps the times; the callbacks stay here. */
export const TIMERS = `
const timers = new NativeMap();
let lastTimer = 0;
class Timeout {
  #id;
  constructor(id) {
    this.#id = id;
  }
  ref() {
    host("timer.ref", this.#id, true);
    return this;
  }
  unref() {
    host("timer.ref", this.#id, false);
    return this;
  }
  hasRef() {
    return mapHas(timers, this.#id);
  }
  refresh() {
    host("timer.refresh", this.#id);
    return this;
  }
  close() {
    clearTimer(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.#id;
  }
  static idOf(value) {
    return isObject(value) && #id in value ? value.#id : typeof value === "object" ? undefined : NativeNumber(value);
  }
}
class Immediate extends Timeout {}
const { idOf } = Timeout;
delete Timeout.idOf;
const requireFunction = (callback) => {
  if (typeof callback !== "function") {
    throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE",
      'The "callback" argument must be of type function. Received ' + receivedText(callback));
  }
};
const receivedText = (value) => {
  if (value === null || value === undefined) return NativeString(value);
  if (typeof value === "function") return "function " + NativeString(ownData(value, "name"));
  if (typeof value === "object") {
    const name = constructorName(value);
    return name === null ? inspect(value, { depth: -1 }) : "an instance of " + name;
  }
  return "type " + typeof value + " (" + inspect(value) + ")";
};
const startTimer = (kind, callback, delay, args) => {
  requireFunction(callback);
  const ms = NativeNumber(delay);
  const id = ++lastTimer;
  mapSet(timers, id, { __proto__: null, callback, args, repeat: kind === "interval" });
  host("timer.start", id, kind, ms >= 1 && ms <= 2147483647 ? ms : 1);
  return kind === "immediate" ? new Immediate(id) : new Timeout(id);
};
const clearTimer = (timer) => {
  const id = idOf(timer);
  if (id !== undefined && mapDelete(timers, id)) host("timer.clear", id);
};
/** Called by the host when a timer is due. */
const fire = (id) => {
  const timer = mapGet(timers, id);
  if (timer === undefined) return;
  if (!timer.repeat) mapDelete(timers, id);
  apply(timer.callback, undefined, timer.args);
};
const ticks = list();
let nextTickAt = 0;
const runTicks = () => {
  while (nextTickAt < ticks.length) {
    const tick = ticks[nextTickAt];
    ticks[nextTickAt++] = undefined;
    if (nextTickAt === ticks.length) ticks.length = nextTickAt = 0;
    apply(tick.callback, undefined, tick.args);
  }
};
const nextTick = (callback, ...args) => {
  requireFunction(callback);
  if (push(ticks, { __proto__: null, callback, args }).length === 1) host("ticks.pending");
};
const dropTimers = () => {
  mapClear(timers);
  mapClear(waiting);
  ticks.length = nextTickAt = 0;
};

const globals = {
  setTimeout: (callback, delay, ...args) => startTimer("timeout", callback, delay, args),
  setInterval: (callback, delay, ...args) => startTimer("interval", callback, delay, args),
  setImmediate: (callback, ...args) => startTimer("immediate", callback, 0, args),
  clearTimeout: (timer) => clearTimer(timer),
  clearInterval: (timer) => clearTimer(timer),
  clearImmediate: (timer) => clearTimer(timer),
  queueMicrotask: (callback) => {
    requireFunction(callback);
    hostMicrotask(callback);
  },
};
for (const name of objectKeys(globals)) hide(globalThis, name, globals[name]);
const settled = NativePromise.resolve();
/** A microtask whose exception is uncaught, not an unhandled rejection with a promise around it. */
const hostMicrotask = (callback) => {
  promiseThen(settled, () => callback());
};
`;
