/**
 * Third part: stack traces. QuickJS gives frames without a header, with the bootstrap's own frames among them and with
 * columns of the wrapped source; a guest sees what node would show: "TypeError: …", then its own frames.
 */
export const STACKS = String.raw`
/** Per evaluated source name: the file's real name, and the insertions [line, column, length] made in it. */
const sources = new NativeMap();
const INTERNAL = "sandglass:";
const FRAME = /^    at (?:(.*) \()?(.*?)(?::(\d+)(?::(\d+))?)?\)?$/;

const sourceOf = (name) => {
  let source = mapGet(sources, name);
  if (source === undefined) mapSet(sources, name, (source = parse(hostCall("source", undefined, name)).value));
  return source;
};

/** One raw frame as text, or undefined when it is not the guest's own. */
const userFrame = (line) => {
  const match = regExec(FRAME, line);
  if (match === null) return undefined;
  const name = match[1], place = match[2];
  if (place === "native" || strStartsWith(place, INTERNAL) || place === "") return undefined;
  let file = place, row = match[3], column = match[4];
  const source = sourceOf(place);
  if (source !== null) {
    if (name === "<eval>" || source.isInternal) return undefined;
    file = source.file;
    let col = +column;
    for (let i = source.edits.length - 1; i >= 0; i--) {
      const edit = source.edits[i];
      if (edit[0] === +row && col > edit[1]) col = max(col - edit[2], edit[1] + 1);
    }
    if (source.isRewritten) {
      const at = host("source.position", place, +row, col);
      row = at[0];
      col = at[1];
    }
    column = col;
  }
  const where = row === undefined ? file : column === undefined ? file + ":" + row : file + ":" + row + ":" + column;
  const shown = name === undefined || name === "<anonymous>" || name === "<module>" || name === "$main" || name === "<eval>" ||
    name === "<null>" ? "" : name;
  return shown === "" ? "    at " + where : "    at " + shown + " (" + where + ")";
};
const userFrames = (raw) => {
  const lines = split(raw, "\n"), frames = list();
  for (let i = 0; i < lines.length && frames.length < stackLimit(); i++) {
    const frame = userFrame(lines[i]);
    if (frame !== undefined) push(frames, frame);
  }
  return frames;
};
const stackLimit = () => {
  const limit = ownData(GuestError, "stackTraceLimit");
  return typeof limit === "number" && limit >= 0 ? min(limit, 200) : 10;
};
/** "Name: message", read without trusting either. */
const errorHeader = (error) => {
  let name = "Error", message = "";
  try {
    const value = error.name;
    if (typeof value === "string") name = value;
  } catch {}
  try {
    const value = error.message;
    if (typeof value === "string") message = value;
  } catch {}
  return message === "" ? name : name === "" ? message : name + ": " + message;
};
const withFrames = (header, frames) => (frames.length === 0 ? header : header + "\n" + join(frames, "\n"));
const isRawStack = (stack) => stack === "" || strStartsWith(stack, "    at ");
/** Drops the frames of an error's own constructors: the stack begins where it was made. */
const withoutConstructor = (frames, constructor) => {
  const name = ownData(constructor, "name");
  if (typeof name !== "string" || name === "") return frames;
  for (let i = min(frames.length, 8) - 1; i >= 0; i--) {
    if (!strStartsWith(frames[i], "    at " + name + " (")) continue;
    const rest = list();
    for (let j = i + 1; j < frames.length; j++) push(rest, frames[j]);
    return rest;
  }
  return frames;
};
/** Gives an error's own stack its header and the guest's frames only. Safe on anything. */
const tidyStack = (error, header, constructor) => {
  try {
    const stack = ownData(error, "stack");
    if (typeof stack !== "string" || !isRawStack(stack)) return;
    const found = userFrames(stack);
    const frames = constructor === undefined ? found : withoutConstructor(found, constructor);
    hide(error, "stack", withFrames(header ?? errorHeader(error), frames));
  } catch {}
};
/** An error's stack as text with its header, whoever made it. */
const stackOf = (error) => {
  tidyStack(error);
  try {
    const stack = error.stack;
    if (typeof stack === "string") return stack;
  } catch {}
  return errorHeader(error);
};

/** Stands in for a native error class, so that every error the guest makes has node's kind of stack from the start. */
const wrapErrorClass = (Native, length) => {
  const Wrapped = function (...args) {
    const error = construct(Native, args, new.target === undefined ? Wrapped : new.target);
    tidyStack(error, undefined, new.target === Wrapped ? undefined : new.target);
    return error;
  };
  hide(Wrapped, "name", Native.name);
  defineProperty(Wrapped, "length", { __proto__: null, value: length, configurable: true });
  defineProperty(Wrapped, "prototype", { __proto__: null, value: Native.prototype, writable: false });
  hide(Native.prototype, "constructor", Wrapped);
  hide(globalThis, Native.name, Wrapped);
  return Wrapped;
};
const GuestError = wrapErrorClass(NativeError, 1);
const wrapSubclass = (Native, length) => setPrototypeOf(wrapErrorClass(Native, length), GuestError);
wrapSubclass(NativeTypeError, 1);
wrapSubclass(NativeRangeError, 1);
wrapSubclass(NativeSyntaxError, 1);
wrapSubclass(ReferenceError, 1);
wrapSubclass(EvalError, 1);
wrapSubclass(URIError, 1);
wrapSubclass(AggregateError, 2);
GuestError.stackTraceLimit = 10;
hide(GuestError, "captureStackTrace", (target) => {
  const raw = ownData(new NativeError(), "stack");
  hide(target, "stack", withFrames(errorHeader(target), userFrames(raw)));
});
hide(GuestError, "isError", isError);
`;
