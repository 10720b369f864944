/**
 * First part of the guest's bootstrap: copies of the builtins it uses, taken before any guest code runs, so that a
 * program that redefines `Array.prototype.push` or poisons `Object.prototype` cannot change what `console.log` does.
 *
 * All guest parts are one function body (see `bootstrap.ts`): plain JavaScript without template literals, because it
 * stands in a `String.raw` here. Lists are arrays without a prototype, so that no inherited setter sees their items.
 */
export const PRIMORDIALS = `
const {
  apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor: nativeDescriptor, getPrototypeOf, ownKeys,
} = Reflect;
const { create, freeze, is, setPrototypeOf, keys: objectKeys, defineProperty: objectDefine, prototype: ObjectPrototype } = Object;
const uncurry = (method) => (self, ...args) => apply(method, self, args);
/** An own property's descriptor, without a prototype: a poisoned Object.prototype.get is not read for a missing one. */
const getOwnPropertyDescriptor = (object, key) => {
  const descriptor = nativeDescriptor(object, key);
  return descriptor === undefined ? undefined : setPrototypeOf(descriptor, null);
};
const getterOf = (object, key) => uncurry(getOwnPropertyDescriptor(object, key).get);
const hasOwn = uncurry(ObjectPrototype.hasOwnProperty);
const objectToString = uncurry(ObjectPrototype.toString);
const isEnumerable = uncurry(ObjectPrototype.propertyIsEnumerable);
const functionToString = uncurry(Function.prototype.toString);
const { isArray, from: arrayFrom } = Array;
const { stringify, parse } = JSON;
const {
  abs, floor, max, min, round, sqrt, trunc,
} = Math;
const { isFinite: numberIsFinite, isInteger, isSafeInteger } = Number;
const NativeNumber = Number, NativeString = String, NativeSymbol = Symbol, NativeBigInt = BigInt, NativeBoolean = Boolean;
const NativeArrayBuffer = ArrayBuffer, NativeUint8Array = Uint8Array, NativePromise = Promise, NativeMap = Map, NativeSet = Set;
const NativeDate = Date, NativeRegExp = RegExp, NativeError = Error, NativeProxy = Proxy, NativeWeakMap = WeakMap;
const NativeDataView = DataView, NativeObject = Object, NativeFunction = Function, NativeArray = Array;
const NativeTypeError = TypeError, NativeRangeError = RangeError, NativeSyntaxError = SyntaxError;
const nativeParseFloat = parseFloat, nativeParseInt = parseInt;
const S = String.prototype;
const strAt = uncurry(S.charCodeAt), strIndexOf = uncurry(S.indexOf), strLastIndexOf = uncurry(S.lastIndexOf);
const strSlice = uncurry(S.slice), strRepeat = uncurry(S.repeat), strPadEnd = uncurry(S.padEnd), strPadStart = uncurry(S.padStart);
const strStartsWith = uncurry(S.startsWith), strEndsWith = uncurry(S.endsWith), strTrim = uncurry(S.trim);
const strLower = uncurry(S.toLowerCase), strUpper = uncurry(S.toUpperCase), strIsWellFormed = uncurry(S.isWellFormed);
const strNormalizeForm = uncurry(S.toWellFormed), strCodePointAt = uncurry(S.codePointAt);
const fromCharCode = String.fromCharCode;
const regExec = uncurry(RegExp.prototype.exec);
const regToString = uncurry(RegExp.prototype.toString);
const numberToString = uncurry(Number.prototype.toString), bigintToString = uncurry(BigInt.prototype.toString);
const numberToFixed = uncurry(Number.prototype.toFixed);
const symbolToString = uncurry(Symbol.prototype.toString);
const numberValueOf = uncurry(Number.prototype.valueOf), stringValueOf = uncurry(String.prototype.valueOf);
const booleanValueOf = uncurry(Boolean.prototype.valueOf), bigintValueOf = uncurry(BigInt.prototype.valueOf);
const symbolValueOf = uncurry(Symbol.prototype.valueOf);
const dateToISO = uncurry(Date.prototype.toISOString), dateGetTime = uncurry(Date.prototype.getTime);
const mapGet = uncurry(Map.prototype.get), mapSet = uncurry(Map.prototype.set), mapHas = uncurry(Map.prototype.has);
const mapDelete = uncurry(Map.prototype.delete), mapClear = uncurry(Map.prototype.clear), mapForEach = uncurry(Map.prototype.forEach);
const mapSize = getterOf(Map.prototype, "size");
const setHas = uncurry(Set.prototype.has), setAdd = uncurry(Set.prototype.add), setDelete = uncurry(Set.prototype.delete);
const setForEach = uncurry(Set.prototype.forEach), setSize = getterOf(Set.prototype, "size");
const weakHas = uncurry(WeakMap.prototype.has), weakGet = uncurry(WeakMap.prototype.get), weakSet = uncurry(WeakMap.prototype.set);
const weakRefDeref = uncurry(WeakRef.prototype.deref);
const promiseThen = uncurry(Promise.prototype.then);
const TypedArray = getPrototypeOf(Uint8Array);
const typedTag = getterOf(TypedArray.prototype, Symbol.toStringTag);
const typedLength = getterOf(TypedArray.prototype, "length"), typedBuffer = getterOf(TypedArray.prototype, "buffer");
const typedOffset = getterOf(TypedArray.prototype, "byteOffset"), typedByteLength = getterOf(TypedArray.prototype, "byteLength");
const typedSet = uncurry(TypedArray.prototype.set), typedSubarray = uncurry(TypedArray.prototype.subarray);
const typedSlice = uncurry(TypedArray.prototype.slice), typedFill = uncurry(TypedArray.prototype.fill);
const bufferLength = getterOf(ArrayBuffer.prototype, "byteLength"), bufferSlice = uncurry(ArrayBuffer.prototype.slice);
const viewByteLength = getterOf(DataView.prototype, "byteLength"), viewBuffer = getterOf(DataView.prototype, "buffer");
const viewOffset = getterOf(DataView.prototype, "byteOffset");
const { iterator: symbolIterator, asyncIterator: symbolAsyncIterator, toStringTag: symbolToStringTag, for: symbolFor } = Symbol;

/** Whether a brand-checking builtin accepts the value: the only test a guest cannot fake. */
const accepts = (method, value) => {
  try {
    method(value);
    return true;
  } catch {
    return false;
  }
};
const isObject = (value) => value !== null && (typeof value === "object" || typeof value === "function");
const isMap = (value) => isObject(value) && accepts(mapSize, value);
const isSet = (value) => isObject(value) && accepts(setSize, value);
const isDate = (value) => isObject(value) && accepts(dateGetTime, value);
const isArrayBuffer = (value) => isObject(value) && accepts(bufferLength, value);
const isDataView = (value) => isObject(value) && accepts(viewByteLength, value);
const isTypedArray = (value) => isObject(value) && typedTag(value) !== undefined;
const isUint8Array = (value) => isObject(value) && typedTag(value) === "Uint8Array";
const isView = (value) => isTypedArray(value) || isDataView(value);
/** An error made by a native constructor, whatever its prototype says: those alone own a "stack" from the engine. */
const isError = (value) => {
  try {
    return isObject(value) && (value instanceof NativeError || objectToString(value) === "[object Error]");
  } catch {
    return false;
  }
};
const list = (...items) => setPrototypeOf(items, null);
const push = (items, item) => {
  items[items.length] = item;
  return items;
};
const join = (items, separator) => {
  let text = "";
  for (let i = 0; i < items.length; i++) text += i === 0 ? items[i] : separator + items[i];
  return text;
};
const split = (text, separator) => {
  const parts = list();
  let start = 0;
  for (;;) {
    const end = strIndexOf(text, separator, start);
    if (end < 0) return push(parts, strSlice(text, start));
    push(parts, strSlice(text, start, end));
    start = end + separator.length;
  }
};
const replaceAll = (text, from, to) => (strIndexOf(text, from) < 0 ? text : join(split(text, from), to));
/** A property descriptor without a prototype, so that a poisoned Object.prototype.get is not seen. */
const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });
const hide = (object, name, value) => defineProperty(object, name, hidden(value));
const fixed = (object, name, value) =>
  defineProperty(object, name, { __proto__: null, value, writable: false, enumerable: false, configurable: false });
const accessor = (object, name, get, set) =>
  defineProperty(object, name, { __proto__: null, get, set, enumerable: true, configurable: true });
/** Own property read that no getter of the guest's can see. */
const ownData = (object, key) => {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor === undefined ? undefined : descriptor.value;
};
`;
