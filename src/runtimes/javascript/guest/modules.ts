/** Built-in modules, `require`, and `import.meta`. Where a specifier leads is the host's to say. */
export const MODULES = String.raw`
const once = (callback) => {
  let isDone = false;
  return (...args) => {
    if (isDone) return;
    isDone = true;
    callback(...args);
  };
};
const promisify = (callback) => (...args) =>
  new NativePromise((resolve, reject) => callback(...args, (error, value) => (error ? reject(error) : resolve(value))));
const util = {
  inspect,
  format: (...args) => format(args),
  promisify,
  isDeepStrictEqual: (a, b) => isDeepEqual(a, b),
  types: { isPromise, isMap, isSet, isDate, isTypedArray, isUint8Array, isNativeError: isError, isProxy },
  inherits: (child, parent) => {
    setPrototypeOf(child.prototype, parent.prototype);
  },
  TextEncoder: globalThis.TextEncoder,
  TextDecoder: globalThis.TextDecoder,
  deprecate: (callback) => callback,
  styleText: (style, text) => text,
  stripVTControlCharacters: (text) => NativeString(text),
};
hide(promisify, "custom", symbolFor("nodejs.util.promisify.custom"));

const isDeepEqual = (a, b, seen = list()) => {
  if (is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (getPrototypeOf(a) !== getPrototypeOf(b)) return false;
  for (let i = 0; i < seen.length; i += 2) if (seen[i] === a && seen[i + 1] === b) return true;
  push(push(seen, a), b);
  if (typeof a === "function") return false;
  if (isDate(a)) return isDate(b) && dateGetTime(a) === dateGetTime(b);
  if (accepts(regSource, a)) return accepts(regSource, b) && regToString(a) === regToString(b);
  if (isMap(a)) {
    if (!isMap(b) || mapSize(a) !== mapSize(b)) return false;
    let isSame = true;
    mapForEach(a, (value, key) => {
      isSame &&= mapHas(b, key) && isDeepEqual(value, mapGet(b, key), seen);
    });
    return isSame;
  }
  if (isSet(a)) {
    if (!isSet(b) || setSize(a) !== setSize(b)) return false;
    let isSame = true;
    setForEach(a, (value) => {
      isSame &&= setHas(b, value);
    });
    return isSame;
  }
  if (isError(a) && (a.message !== b.message || a.name !== b.name)) return false;
  const keys = objectKeys(a), others = objectKeys(b);
  if (keys.length !== others.length || isArray(a) !== isArray(b) || (isArray(a) && a.length !== b.length)) return false;
  for (let i = 0; i < keys.length; i++) {
    if (!hasOwn(b, keys[i]) || !isDeepEqual(a[keys[i]], b[keys[i]], seen)) return false;
  }
  return true;
};
class AssertionError extends GuestError {
  constructor(options) {
    super(options.message);
    this.generatedMessage = options.generated === true;
    this.code = "ERR_ASSERTION";
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator;
  }
}
hide(AssertionError.prototype, "name", "AssertionError");
const check = (holds, message, fallback, details) => {
  if (holds) return;
  if (isError(message)) throw message;
  throw new AssertionError({ message: message ?? fallback(), generated: message === undefined, ...details });
};
const both = (a, b) => inspect(a) + "\n\nshould equal\n\n" + inspect(b);
const assert = (value, message) =>
  check(value, message, () => "The expression evaluated to a falsy value", { actual: value, expected: true, operator: "==" });
const deepEqual = (actual, expected, message) => check(isDeepEqual(actual, expected), message,
  () => "Expected values to be strictly deep-equal:\n" + both(actual, expected), { actual, expected, operator: "deepStrictEqual" });
const matchesExpected = (error, expected) => {
  if (expected === undefined) return;
  if (accepts(regSource, expected)) {
    check(regExec(expected, NativeString(error)) !== null, undefined,
      () => "The input did not match the regular expression " + inspect(expected) + ". Input:\n\n" + inspect(NativeString(error)));
  } else if (typeof expected === "function") {
    if (isObject(ownData(expected, "prototype")) && isObject(error) && isInstance(error, expected)) return;
    if (isInstance(expected, NativeFunction) && getPrototypeOf(expected) !== GuestError && expected(error) === true) return;
    throw error;
  } else if (isObject(expected)) {
    const keys = objectKeys(expected);
    for (let i = 0; i < keys.length; i++) deepEqual(error[keys[i]], expected[keys[i]]);
  }
};
const assertMethods = {
  ok: assert,
  AssertionError,
  equal: (a, b, message) => check(a == b || (a !== a && b !== b), message, () => inspect(a) + " == " + inspect(b),
    { actual: a, expected: b, operator: "==" }),
  notEqual: (a, b, message) => check(a != b, message, () => inspect(a) + " != " + inspect(b), { actual: a, expected: b, operator: "!=" }),
  strictEqual: (a, b, message) => check(is(a, b), message, () => "Expected values to be strictly equal:\n\n" + inspect(a) + " !== " +
    inspect(b) + "\n", { actual: a, expected: b, operator: "strictEqual" }),
  notStrictEqual: (a, b, message) => check(!is(a, b), message,
    () => 'Expected "actual" to be strictly unequal to: ' + inspect(b), { actual: a, expected: b, operator: "notStrictEqual" }),
  deepEqual,
  deepStrictEqual: deepEqual,
  notDeepStrictEqual: (a, b, message) => check(!isDeepEqual(a, b), message,
    () => 'Expected "actual" not to be strictly deep-equal to: ' + inspect(b), { actual: a, expected: b, operator: "notDeepStrictEqual" }),
  fail: (message) => check(false, message, () => "Failed", { operator: "fail" }),
  match: (text, pattern, message) => check(regExec(pattern, text) !== null, message,
    () => "The input did not match the regular expression " + inspect(pattern) + ". Input:\n\n" + inspect(text) + "\n"),
  throws: (callback, expected, message) => {
    try {
      callback();
    } catch (error) {
      return matchesExpected(error, typeof expected === "string" ? undefined : expected);
    }
    check(false, typeof expected === "string" ? expected : message, () => "Missing expected exception.", { operator: "throws" });
  },
  doesNotThrow: (callback) => {
    callback();
  },
  rejects: async (promise, expected, message) => {
    try {
      await (typeof promise === "function" ? promise() : promise);
    } catch (error) {
      return matchesExpected(error, expected);
    }
    check(false, message, () => "Missing expected rejection.", { operator: "rejects" });
  },
};
for (const name of objectKeys(assertMethods)) assert[name] = assertMethods[name];
assert.strict = assert;

const randomUuid = () => globalThis.crypto.randomUUID();
const builtins = {
  __proto__: null,
  fs,
  "fs/promises": fs.promises,
  path,
  "path/posix": path,
  process,
  util,
  assert,
  "assert/strict": assert,
  events: EventEmitter,
  os: {
    EOL: "\n", platform: () => "wasi", type: () => "Sandglass", arch: () => "wasm32", release: () => "1", hostname: () => "sandglass",
    homedir: () => process.env.HOME ?? "/home/user", tmpdir: () => "/tmp", cpus: () => [], endianness: () => "LE",
    totalmem: () => host("process.memory").limit, freemem: () => {
      const { limit, heapUsed } = host("process.memory");
      return limit - heapUsed;
    },
    uptime: () => process.uptime(), loadavg: () => [0, 0, 0], networkInterfaces: () => ({}),
    userInfo: () => ({ username: "user", uid: 0, gid: 0, homedir: process.env.HOME ?? "/home/user", shell: null }),
  },
  buffer: { Buffer, constants: { MAX_LENGTH: 2 ** 31 - 1 } },
  url: {
    URL: globalThis.URL,
    URLSearchParams: globalThis.URLSearchParams,
    fileURLToPath: (url) => {
      const parsed = typeof url === "string" ? new globalThis.URL(url) : url;
      if (parsed.protocol !== "file:") throw codedError(NativeTypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
      return decodeURIComponent(parsed.pathname);
    },
    pathToFileURL: (text) => new globalThis.URL("file://" + replaceAll(replaceAll(replaceAll(path.resolve(text), "%", "%25"),
      "#", "%23"), "?", "%3F")),
  },
  timers: globals,
  "timers/promises": {
    setTimeout: (ms, value) => new NativePromise((resolve) => startTimer("timeout", resolve, ms, [value])),
    setImmediate: (value) => new NativePromise((resolve) => startTimer("immediate", resolve, 0, [value])),
  },
  "readline/promises": { createInterface: (options) => new Readline(options, true) },
  readline: { createInterface: (options) => new Readline(options, false), promises: { createInterface: (options) => new Readline(options, true) } },
  perf_hooks: { performance: globalThis.performance },
  crypto: {
    randomUUID: randomUuid,
    randomBytes: (size) => toBuffer(host("random", +size)),
    randomInt: (low, high) => (high === undefined ? floor(Math.random() * low) : low + floor(Math.random() * (high - low))),
    getRandomValues: (array) => globalThis.crypto.getRandomValues(array),
    webcrypto: globalThis.crypto,
  },
  string_decoder: {
    StringDecoder: class {
      #decoder = new globalThis.TextDecoder();
      write(bytes) {
        return this.#decoder.decode(bytes, { stream: true });
      }
      end(bytes) {
        return bytes === undefined ? this.#decoder.decode() : this.#decoder.decode(bytes);
      }
    },
  },
  module: { createRequire: (from) => requireFor(strStartsWith(NativeString(from), "file:") ? builtins.url.fileURLToPath(from) : from) },
};
builtins.module.builtinModules = objectKeys(builtins);
const builtinModule = (name) => builtins[name];
/** Names each built-in exports, for the host's synthetic ES modules. */
const builtinNames = () => {
  const names = { __proto__: null };
  for (const name of ownKeys(builtins)) {
    names[name] = objectKeys(builtins[name]).filter((key) => regExec(/^[A-Za-z_$][\w$]*$/, key) !== null && key !== "default");
  }
  return stringify(names);
};

/** Lines of stdin by question and by loop, as node's readline in its simplest use. */
class Readline extends EventEmitter {
  #isPromise;
  #isClosed = false;
  #isReading = false;
  constructor(options, isPromise) {
    super();
    this.#isPromise = isPromise;
    this.terminal = false;
  }
  question(query, options, callback) {
    if (typeof options === "function") callback = options;
    const answer = (async () => {
      const line = await input(query);
      if (line === null) this.close();
      return line;
    })();
    if (this.#isPromise) return promiseThen(answer, (line) => line ?? new NativePromise(() => {}));
    promiseThen(answer, (line) => line !== null && callback(line));
  }
  on(name, listener) {
    super.on(name, listener);
    if (name === "line" && !this.#isReading) {
      this.#isReading = true;
      (async () => {
        for await (const line of this) this.emit("line", line);
      })();
    }
    return this;
  }
  async *[Symbol.asyncIterator]() {
    while (!this.#isClosed) {
      const line = await nextLine();
      if (line === null) break;
      yield line;
    }
    this.close();
  }
  setPrompt() {}
  prompt() {}
  pause() {
    return this;
  }
  resume() {
    return this;
  }
  write() {}
  close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit("close");
  }
}

/** CommonJS modules of this run, by path. */
let commonModules = new NativeMap();
const beginModules = () => {
  if (runConfig.isFresh) commonModules = new NativeMap();
  const main = { exports: {}, id: ".", filename: runConfig.filename, loaded: false, children: [], paths: [] };
  const require = requireFor(runConfig.filename);
  require.main = main;
  hide(globalThis, "module", main);
  hide(globalThis, "exports", main.exports);
  hide(globalThis, "require", require);
  hide(globalThis, "__filename", runConfig.filename);
  hide(globalThis, "__dirname", path.dirname(runConfig.filename));
};
const requireFor = (from) => {
  const require = (specifier) => {
    needString("id", specifier);
    return loadModule(specifier, from);
  };
  require.resolve = (specifier) => host("module.resolve", specifier, from).path;
  require.cache = {};
  return require;
};
const loadModule = (specifier, from) => {
  const found = host("module.resolve", specifier, from);
  if (found.builtin !== undefined) return builtins[found.builtin];
  const file = found.path;
  const known = mapGet(commonModules, file);
  if (known !== undefined) return known.exports;
  const loaded = host("module.load", file);
  const module = { exports: {}, id: file, filename: file, loaded: false, children: [], paths: [] };
  mapSet(commonModules, file, module);
  try {
    if (loaded.kind === "json") {
      try {
        module.exports = parse(loaded.text);
      } catch (error) {
        throw new NativeSyntaxError(file + ": " + error.message);
      }
    } else if (loaded.kind === "module") {
      const namespace = hostEvaluate("module", loaded.name, "");
      if (isPromise(namespace)) {
        throw codedError(NativeError, "ERR_REQUIRE_ASYNC_MODULE",
          "require() cannot load '" + file + "', which waits at its top level: use import() instead");
      }
      module.exports = namespace.module;
    }
    else {
      const body = hostEvaluate("script", loaded.name, loaded.text);
      apply(body, module.exports, [module.exports, requireFor(file), module, file, path.dirname(file)]);
    }
  } catch (error) {
    mapDelete(commonModules, file);
    throw error;
  }
  module.loaded = true;
  return module.exports;
};
const importMeta = (file) => {
  const meta = create(null);
  meta.url = "file://" + file;
  meta.filename = file;
  meta.dirname = path.dirname(file);
  meta.resolve = (specifier) => {
    const found = host("module.resolve", specifier, file);
    return found.builtin !== undefined ? "node:" + found.builtin : "file://" + found.path;
  };
  meta.main = file === runConfig.filename;
  return meta;
};
`;
