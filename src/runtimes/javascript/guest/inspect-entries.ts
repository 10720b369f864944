/** The entries of lists, collections, buffers and promises, as text. */
export const INSPECT_ENTRIES = `
const regSource = getterOf(RegExp.prototype, "source");
const withoutIndexes = (keys) => {
  const rest = list();
  for (let i = 0; i < keys.length; i++) if (!isIndex(keys[i])) push(rest, keys[i]);
  return rest;
};
const sortList = (items) => {
  for (let i = 1; i < items.length; i++) {
    const item = items[i];
    let at = i;
    for (; at > 0 && items[at - 1] > item; at--) items[at] = items[at - 1];
    items[at] = item;
  }
};
const boxedOf = (value) => {
  if (accepts(numberValueOf, value)) return ["Number", numberValueOf(value)];
  if (accepts(stringValueOf, value)) return ["String", stringValueOf(value)];
  if (accepts(booleanValueOf, value)) return ["Boolean", booleanValueOf(value)];
  if (accepts(bigintValueOf, value)) return ["BigInt", bigintValueOf(value)];
  if (accepts(symbolValueOf, value)) return ["Symbol", symbolValueOf(value)];
  return undefined;
};
const isPromise = (value) => promiseState(value) !== undefined;
const PROMISE_STATES = list("pending", "fulfilled", "rejected");
/** A promise's state and value, asked of the engine; undefined for anything else. */
const promiseState = (value) => {
  if (!isInstance(value, NativePromise)) return undefined;
  const state = PROMISE_STATES[hostPromiseState(value)];
  if (state === undefined) return undefined;
  return { __proto__: null, state, value: state === "pending" ? undefined : hostPromiseResult(value) };
};
const fillPromise = (ctx, value, level, shown) => {
  const state = promiseState(value);
  if (state.state === "pending") push(shown, "<pending>");
  else {
    ctx.indent += 2;
    const text = inspectValue(ctx, state.value, level + 1);
    ctx.indent -= 2;
    push(shown, state.state === "rejected" ? "<rejected> " + text : text);
  }
};
const fillArray = (ctx, value, level, shown) => {
  const length = value.length, visible = min(ctx.maxArrayLength, length);
  let done = 0, i = 0;
  for (; i < length && done < visible; i++, done++) {
    if (!hasOwn(value, i)) {
      let end = i + 1;
      while (end < length && !hasOwn(value, end)) end++;
      push(shown, "<" + (end - i) + " empty item" + (end - i > 1 ? "s" : "") + ">");
      i = end - 1;
    } else push(shown, inspectProperty(ctx, value, i, level + 1, true));
  }
  if (i < length) push(shown, more(length - i));
};
const fillTyped = (ctx, value, shown) => {
  const length = typedLength(value), visible = min(ctx.maxArrayLength, length);
  for (let i = 0; i < visible; i++) push(shown, inspectPrimitive(ctx, value[i]));
  if (length > visible) push(shown, more(length - visible));
};
const fillSet = (ctx, value, level, shown) => {
  let count = 0;
  ctx.indent += 2;
  setForEach(value, (item) => {
    if (count++ < ctx.maxArrayLength) push(shown, inspectValue(ctx, item, level + 1));
  });
  if (count > ctx.maxArrayLength) push(shown, more(count - ctx.maxArrayLength));
  ctx.indent -= 2;
};
const fillMap = (ctx, value, level, shown) => {
  let count = 0;
  ctx.indent += 2;
  mapForEach(value, (item, key) => {
    if (count++ < ctx.maxArrayLength) push(shown, inspectValue(ctx, key, level + 1) + " => " + inspectValue(ctx, item, level + 1));
  });
  if (count > ctx.maxArrayLength) push(shown, more(count - ctx.maxArrayLength));
  ctx.indent -= 2;
};
const inspectBuffer = (value) => {
  const length = min(typedLength(value), 50);
  let text = "<Buffer";
  for (let i = 0; i < length; i++) text += " " + strPadStart(numberToString(value[i], 16), 2, "0");
  const rest = typedLength(value) - length;
  return text + (rest > 0 ? " ... " + rest + " more byte" + (rest > 1 ? "s" : "") : "") + ">";
};
`;
