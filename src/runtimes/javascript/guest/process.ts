/** `process`, standard input, and the small event emitter both use. */
export const PROCESS = String.raw`
class EventEmitter {
  #listeners = new NativeMap();
  on(name, listener) {
    requireFunction(listener);
    let all = mapGet(this.#listeners, name);
    if (all === undefined) mapSet(this.#listeners, name, (all = list()));
    push(all, { __proto__: null, listener, once: false });
    return this;
  }
  once(name, listener) {
    this.on(name, listener);
    const all = mapGet(this.#listeners, name);
    all[all.length - 1].once = true;
    return this;
  }
  off(name, listener) {
    const all = mapGet(this.#listeners, name);
    if (all === undefined) return this;
    for (let i = all.length - 1; i >= 0; i--) {
      if (all[i].listener !== listener) continue;
      removeAt(all, i);
      break;
    }
    return this;
  }
  emit(name, ...args) {
    const all = mapGet(this.#listeners, name);
    if (all === undefined || all.length === 0) {
      if (name === "error") throw args[0];
      return false;
    }
    const present = list();
    for (let i = 0; i < all.length; i++) push(present, all[i]);
    for (let i = 0; i < present.length; i++) {
      if (present[i].once) this.off(name, present[i].listener);
      apply(present[i].listener, this, args);
    }
    return true;
  }
  listenerCount(name) {
    return mapGet(this.#listeners, name)?.length ?? 0;
  }
  listeners(name) {
    const all = mapGet(this.#listeners, name) ?? list(), found = [];
    for (let i = 0; i < all.length; i++) found[i] = all[i].listener;
    return found;
  }
  eventNames() {
    const names = [];
    mapForEach(this.#listeners, (all, name) => {
      if (all.length > 0) names[names.length] = name;
    });
    return names;
  }
  removeAllListeners(name) {
    if (name === undefined) mapClear(this.#listeners);
    else mapDelete(this.#listeners, name);
    return this;
  }
  setMaxListeners() {
    return this;
  }
}
for (const [alias, name] of [["addListener", "on"], ["removeListener", "off"], ["prependListener", "on"]]) {
  hide(EventEmitter.prototype, alias, EventEmitter.prototype[name]);
}
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.defaultMaxListeners = 10;

/** The rest of stdin as bytes, when it is all at hand. */
const readStdinNow = () => new NativeUint8Array(host("stdin.readAll"));
let stdinText = "", stdinEnded = false;
/** The next piece of stdin as text, or null at its end. */
const nextStdinText = async () => {
  if (stdinEnded) return null;
  const bytes = new NativeUint8Array(await hostLater("stdin.next", 65536));
  if (typedLength(bytes) === 0) {
    stdinEnded = true;
    const rest = hostBytes("stdin.decode", undefined, true);
    return rest === "" ? null : rest;
  }
  return hostBytes("stdin.decode", exactBuffer(bytes), false);
};
/** The next line of stdin without its line end, or null when there is no more. */
let lineQueue = NativePromise.resolve();
const nextLine = () => {
  const result = promiseThen(lineQueue, readLine);
  lineQueue = promiseThen(result, () => {}, () => {});
  return result;
};
const readLine = async () => {
  for (;;) {
    const end = strIndexOf(stdinText, "\n");
    if (end >= 0) {
      const line = strSlice(stdinText, 0, end);
      stdinText = strSlice(stdinText, end + 1);
      return strEndsWith(line, "\r") ? strSlice(line, 0, -1) : line;
    }
    const more = await nextStdinText();
    if (more === null) {
      const last = stdinText;
      stdinText = "";
      return last === "" ? null : last;
    }
    stdinText += more;
  }
};
/** Asks for one line: writes the prompt, waits, and gives the line; null at the end of input. */
const input = async (prompt = "") => {
  if (prompt !== "") writeOut(0, NativeString(prompt));
  return nextLine();
};
hide(globalThis, "input", input);
hide(globalThis, "prompt", input);

class Stdin extends EventEmitter {
  fd = 0;
  #encoding = null;
  #isFlowing = false;
  get isTTY() {
    return runConfig.isTerminal ? true : undefined;
  }
  setEncoding(encoding) {
    this.#encoding = encoding;
    return this;
  }
  on(name, listener) {
    super.on(name, listener);
    if (name === "data" || name === "end") this.resume();
    return this;
  }
  resume() {
    if (this.#isFlowing) return this;
    this.#isFlowing = true;
    (async () => {
      for (;;) {
        const chunk = await this.#next();
        if (chunk === null) break;
        this.emit("data", chunk);
      }
      this.emit("end");
      this.emit("close");
    })();
    return this;
  }
  pause() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  async #next() {
    if (this.#encoding !== null) return nextStdinText();
    if (stdinEnded) return null;
    const bytes = await hostLater("stdin.next", 65536);
    if (bufferLength(bytes) > 0) return toBuffer(bytes);
    stdinEnded = true;
    return null;
  }
  /** Lines for a person who types, pieces otherwise: in both cases text, as programs expect who loop over it. */
  async *[Symbol.asyncIterator]() {
    for (;;) {
      const chunk = runConfig.isInteractive ? await nextLine() : await this.#next();
      if (chunk === null) return;
      yield chunk;
    }
  }
}
class Output extends EventEmitter {
  isTTY = undefined;
  writable = true;
  columns = undefined;
  #stream;
  constructor(stream) {
    super();
    this.#stream = stream;
    this.fd = stream + 1;
  }
  write(chunk, encoding, callback) {
    if (typeof chunk === "string") writeOut(this.#stream, chunk);
    else if (isView(chunk)) hostBytes("out.bytes", exactBuffer(chunk), this.#stream);
    else {
      throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE",
        'The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ' +
        receivedText(chunk));
    }
    const done = typeof encoding === "function" ? encoding : callback;
    if (typeof done === "function") nextTick(done);
    return true;
  }
  end(chunk) {
    if (chunk !== undefined) this.write(chunk);
    return this;
  }
}

const exit = (code) => {
  if (code !== undefined) process.exitCode = code;
  emitExit();
  host("exit", exitCodeOf(process.exitCode));
  // The host interrupts this loop: no catch and no finally of the guest's runs any more.
  for (;;);
};
const exitCodeOf = (code) => {
  const number = NativeNumber(code ?? 0);
  return isInteger(number) ? number & 255 : 1;
};
let hasExited = false;
const emitExit = () => {
  if (hasExited) return;
  hasExited = true;
  process.emit("exit", exitCodeOf(process.exitCode));
};
class Process extends EventEmitter {
  title = "sandglass";
  argv = [];
  argv0 = "javascript";
  execArgv = [];
  execPath = "/usr/bin/javascript";
  env = {};
  exitCode = undefined;
  pid = 1;
  ppid = 0;
  platform = "wasi";
  arch = "wasm32";
  version = "v20.0.0";
  versions = { node: "20.0.0", quickjs: "2025-09-13", sandglass: "1" };
  release = { name: "sandglass" };
  config = {};
  features = {};
  stdin = new Stdin();
  stdout = new Output(0);
  stderr = new Output(1);
  cwd = () => host("process.cwd");
  chdir = (directory) => {
    host("process.chdir", NativeString(directory));
  };
  exit = exit;
  reallyExit = exit;
  abort = () => exit(134);
  nextTick = nextTick;
  umask = () => 18;
  uptime = () => host("clock.monotonic") / 1000;
  hrtime = assignBigint((previous) => {
    const ns = host("clock.monotonicNs");
    let seconds = ns[0], nanos = ns[1];
    if (previous !== undefined) {
      seconds -= previous[0];
      nanos -= previous[1];
      if (nanos < 0) {
        seconds--;
        nanos += 1000000000;
      }
    }
    return [seconds, nanos];
  });
  memoryUsage = () => {
    const { heapUsed, heapTotal } = host("process.memory");
    return { rss: heapTotal, heapTotal, heapUsed, external: 0, arrayBuffers: 0 };
  };
  emitWarning = (warning) => {
    writeOut(1, "(sandglass) Warning: " + (isError(warning) ? errorHeader(warning) : NativeString(warning)) + "\n");
  };
  getuid = () => 0;
  geteuid = () => 0;
  getgid = () => 0;
  getegid = () => 0;
}
function assignBigint(hrtime) {
  hide(hrtime, "bigint", () => {
    const ns = host("clock.monotonicNs");
    return NativeBigInt(ns[0]) * 1000000000n + NativeBigInt(ns[1]);
  });
  return hrtime;
}
const process = new Process();
hide(globalThis, "process", process);
hide(globalThis, "global", globalThis);

/** What the host says about the run that starts: everything of an earlier run that was pending is gone. */
let runConfig = { isInteractive: false, isTerminal: false };
const begin = (json) => {
  runConfig = parse(json);
  dropTimers();
  groupIndent = "";
  hasExited = false;
  stdinText = "";
  stdinEnded = false;
  lineQueue = NativePromise.resolve();
  process.stdin = new Stdin();
  process.argv = runConfig.argv;
  process.env = runConfig.env;
  process.exitCode = undefined;
  process.removeAllListeners();
  beginModules();
};
`;
