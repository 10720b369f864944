/**
 * Second part: the one way from the guest to the host. A request is a name and primitive values, with bytes beside them; an
 * answer is JSON text or an ArrayBuffer.
 */
export const HOST_LINK = String.raw`
/** Errors in the form node gives them: a code, and for files also errno, syscall and path. */
const makeError = (details) => {
  const { type, message } = details;
  const Class = type === "TypeError" ? NativeTypeError : type === "RangeError" ? NativeRangeError :
    type === "SyntaxError" ? NativeSyntaxError : NativeError;
  const error = new Class(message);
  const fields = details.fields;
  if (isObject(fields)) {
    const names = ownKeys(fields);
    for (let i = 0; i < names.length; i++) {
      defineProperty(error, names[i], {
        __proto__: null, value: fields[names[i]], writable: true, enumerable: true, configurable: true,
      });
    }
  }
  tidyStack(error);
  return error;
};
const codedError = (Class, code, message) => {
  const error = new Class(message);
  hide(error, "code", code);
  const header = error.name + " [" + code + "]: " + message;
  tidyStack(error, header);
  return error;
};

/** Calls the host. Bytes come back as an ArrayBuffer, everything else through JSON; a refusal is thrown. */
const host = (operation, ...args) => send(operation, undefined, args);
const hostBytes = (operation, bytes, ...args) => send(operation, bytes, args);
const send = (operation, bytes, args) => {
  const all = list(operation, bytes);
  for (let i = 0; i < args.length; i++) push(all, typeof args[i] === "string" ? sendable(args[i]) : args[i]);
  const answer = apply(hostCall, undefined, all);
  if (typeof answer !== "string") return answer;
  const reply = parse(answer);
  if (hasOwn(reply, "error")) throw makeError(reply.error);
  return reply.value;
};

/** Requests the host answers later, by number. */
const waiting = new NativeMap();
let lastRequest = 0;
const hostLater = (operation, ...args) =>
  new NativePromise((resolve, reject) => {
    const id = ++lastRequest;
    mapSet(waiting, id, { __proto__: null, resolve, reject });
    try {
      const all = list(id);
      for (let i = 0; i < args.length; i++) push(all, args[i]);
      send(operation, undefined, all);
    } catch (error) {
      mapDelete(waiting, id);
      reject(error);
    }
  });
const settle = (id, answer) => {
  const request = mapGet(waiting, id);
  if (request === undefined) return;
  mapDelete(waiting, id);
  if (typeof answer !== "string") return request.resolve(answer);
  const reply = parse(answer);
  if (hasOwn(reply, "error")) request.reject(makeError(reply.error));
  else request.resolve(reply.value);
};

/**
 * Text for the host. A C string would lose NUL and lone surrogates: text with one of them begins with the mark, and each
 * such character is the mark and four hex digits. (JSON.stringify is not used: in this engine it can be disturbed by
 * setters on Object.prototype.)
 */
const MARK = "\u0001";
const sendable = (text) => {
  if (strIndexOf(text, "\0") < 0 && text[0] !== MARK && strIsWellFormed(text)) return text;
  let out = MARK, from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = strAt(text, i);
    if (code > 1 && (code < 0xd800 || code > 0xdfff)) continue;
    const next = code >= 0xd800 && code < 0xdc00 && i + 1 < text.length ? strAt(text, i + 1) : 0;
    if (next >= 0xdc00 && next <= 0xdfff) {
      i++;
      continue;
    }
    out += strSlice(text, from, i) + MARK + strPadStart(numberToString(code, 16), 4, "0");
    from = i + 1;
  }
  return out + strSlice(text, from);
};
const writeOut = (stream, text) => {
  hostWrite(stream, sendable(text));
};
/** A Uint8Array (or any view, or buffer) as an ArrayBuffer of exactly its bytes. */
const exactBuffer = (value) => {
  if (isArrayBuffer(value)) return value;
  const isData = isDataView(value);
  const buffer = isData ? viewBuffer(value) : typedBuffer(value);
  const offset = isData ? viewOffset(value) : typedOffset(value);
  const length = isData ? viewByteLength(value) : typedByteLength(value);
  if (offset === 0 && isArrayBuffer(buffer) && length === bufferLength(buffer)) return buffer;
  const copy = new NativeUint8Array(length);
  typedSet(copy, new NativeUint8Array(buffer, offset, length));
  return typedBuffer(copy);
};
const utf8Encode = (text) => new NativeUint8Array(host("text.encode", text));
const utf8Decode = (view) => hostBytes("text.decode", exactBuffer(view), "utf-8", false, true);
`;
