/** Last part: what the host calls, and the one global the transformed code uses. */
export const FINISH = `
/** An uncaught value as the host reports it: never throws, whatever the value does. */
const describe = (error) => {
  const answer = { __proto__: null, name: "Error", value: "", stack: "", text: "", isError: false };
  try {
    answer.isError = isError(error);
    if (answer.isError) {
      const stack = stackOf(error);
      const header = errorHeader(error);
      let name = "Error";
      try {
        if (typeof error.name === "string" && error.name !== "") name = error.name;
      } catch {}
      answer.name = name;
      answer.value = name === header ? "" : strStartsWith(header, name + ": ") ? strSlice(header, name.length + 2) : header;
      answer.stack = stack;
      answer.text = safeInspect(error);
    } else {
      answer.name = "Uncaught";
      answer.value = safeInspect(error);
      answer.text = answer.value;
    }
  } catch {}
  host("uncaught", answer.name, answer.value, answer.stack, answer.text, answer.isError);
};
/** Whether somebody listens to process.on("unhandledRejection"); they are told. */
const emitProcess = (name, ...args) => process.listenerCount(name) > 0 && process.emit(name, ...args);
const exitCode = () => exitCodeOf(process.exitCode);
const finishRun = () => {
  emitExit();
  return exitCode();
};

const bindVariables = (...bindings) => {
  for (let i = 0; i < bindings.length; i += 3) {
    const name = bindings[i], get = bindings[i + 1];
    const set = bindings[i + 2] ?? (() => {
      throw new NativeTypeError("'" + name + "' is an import and cannot be assigned");
    });
    accessor(globalThis, name, get, set);
  }
};
fixed(globalThis, "__sandglass__", freeze({
  __proto__: null,
  bind: bindVariables,
  result: setMainResult,
  tidy: tidyStack,
  meta: importMeta,
  builtin: builtinModule,
  require: requireFor,
}));
return { begin, fire, runTicks, settle, describe, showMainResult, emitProcess, finishRun, exitCode, drop: dropTimers, builtinNames };
`;
