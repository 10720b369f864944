/** TextEncoder, TextDecoder, atob, btoa and a small Buffer: bytes and text, converted by the host. */
export const BUFFER = `
class TextEncoder {
  get encoding() {
    return "utf-8";
  }
  encode(text = "") {
    return utf8Encode(NativeString(text));
  }
  encodeInto(text, target) {
    let bytes = utf8Encode(NativeString(text)), length = min(typedLength(bytes), typedLength(target));
    while (length > 0 && length < typedLength(bytes) && (bytes[length] & 0xc0) === 0x80) length--;
    bytes = typedSubarray(bytes, 0, length);
    typedSet(target, bytes);
    return { read: utf8Decode(bytes).length, written: length };
  }
}
let lastDecoder = 0;
class TextDecoder {
  #label;
  #fatal;
  #ignoreBOM;
  #rest = new NativeUint8Array(0);
  constructor(label = "utf-8", options = {}) {
    this.#label = host("text.label", NativeString(label));
    this.#fatal = options.fatal === true;
    this.#ignoreBOM = options.ignoreBOM === true;
  }
  get encoding() {
    return this.#label;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBOM;
  }
  decode(input, options = {}) {
    let bytes = input === undefined ? new NativeUint8Array(0) : new NativeUint8Array(exactBuffer(input));
    if (typedLength(this.#rest) > 0) {
      const all = new NativeUint8Array(typedLength(this.#rest) + typedLength(bytes));
      typedSet(all, this.#rest);
      typedSet(all, bytes, typedLength(this.#rest));
      bytes = all;
      this.#rest = new NativeUint8Array(0);
    }
    if (options.stream === true && this.#label === "utf-8") {
      const whole = completeUtf8(bytes);
      this.#rest = typedSlice(bytes, whole);
      bytes = typedSlice(bytes, 0, whole);
    }
    return hostBytes("text.decode", exactBuffer(bytes), this.#label, this.#fatal, this.#ignoreBOM);
  }
}
/** Length of the part that does not end within a character. */
const completeUtf8 = (bytes) => {
  const length = typedLength(bytes);
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? length - back : length;
  }
  return length;
};
const atob = (text) => host("text.atob", NativeString(text));
const btoa = (text) => {
  text = NativeString(text);
  const bytes = new NativeUint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = strAt(text, i);
    if (code > 255) throw new DOMException("Invalid character", "InvalidCharacterError");
    bytes[i] = code;
  }
  return hostBytes("text.base64", exactBuffer(bytes));
};
class DOMException extends GuestError {
  #name;
  constructor(message = "", name = "Error") {
    super(message);
    this.#name = NativeString(typeof name === "object" && name !== null ? name.name ?? "Error" : name);
    const stack = ownData(this, "stack");
    if (typeof stack === "string") hide(this, "stack", replaceAll(stack, "Error: ", this.#name + ": "));
  }
  get name() {
    return this.#name;
  }
  get code() {
    return this.#name === "AbortError" ? 20 : this.#name === "DataCloneError" ? 25 : 0;
  }
}
for (const [name, value] of [["TextEncoder", TextEncoder], ["TextDecoder", TextDecoder], ["atob", atob], ["btoa", btoa],
  ["DOMException", DOMException]]) hide(globalThis, name, value);

const normalEncoding = (encoding) => {
  if (encoding === undefined || encoding === null) return "utf8";
  const name = strLower(NativeString(encoding));
  switch (name) {
    case "utf8": case "utf-8": return "utf8";
    case "hex": case "base64": case "base64url": case "latin1": case "ascii": return name;
    case "binary": return "latin1";
    case "utf16le": case "utf-16le": case "ucs2": case "ucs-2": return "utf16le";
  }
  throw codedError(NativeTypeError, "ERR_UNKNOWN_ENCODING", "Unknown encoding: " + encoding);
};
const encodeText = (text, encoding) => new NativeUint8Array(host("text.toBytes", text, normalEncoding(encoding)));
const decodeBytes = (view, encoding) => {
  const name = normalEncoding(encoding);
  return name === "utf8" ? utf8Decode(view) : hostBytes("text.fromBytes", exactBuffer(view), name);
};
const toBuffer = (arrayBuffer) => new Buffer(arrayBuffer);
class Buffer extends NativeUint8Array {
  static from(value, encoding, length) {
    if (typeof value === "string") return new Buffer(typedBuffer(encodeText(value, encoding)));
    if (isArrayBuffer(value)) return new Buffer(value, encoding, length);
    if (isObject(value) && value.type === "Buffer" && isArray(value.data)) value = value.data;
    if (!isObject(value)) {
      throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE", "The first argument must be of type string or an instance of Buffer, " +
        "ArrayBuffer, or Array or an Array-like Object. Received " + receivedText(value));
    }
    const source = isView(value) ? new NativeUint8Array(exactBuffer(value)) : value;
    const buffer = new Buffer(source.length);
    for (let i = 0; i < source.length; i++) buffer[i] = source[i];
    return buffer;
  }
  static alloc(size, fill, encoding) {
    const buffer = new Buffer(size);
    return fill === undefined ? buffer : buffer.fill(fill, 0, size, encoding);
  }
  static allocUnsafe(size) {
    return new Buffer(size);
  }
  static concat(buffers, length) {
    let total = 0;
    for (let i = 0; i < buffers.length; i++) total += typedByteLength(buffers[i]);
    const all = new Buffer(length ?? total);
    for (let i = 0, at = 0; i < buffers.length && at < all.length; i++) {
      const part = typedSubarray(buffers[i], 0, all.length - at);
      typedSet(all, part, at);
      at += typedLength(part);
    }
    return all;
  }
  static isBuffer(value) {
    return isObject(value) && isUint8Array(value) && isInstance(value, Buffer);
  }
  static isEncoding(encoding) {
    return accepts(normalEncoding, encoding);
  }
  static byteLength(value, encoding) {
    return typeof value === "string" ? typedLength(encodeText(value, encoding)) : isView(value) ? value.byteLength : bufferLength(value);
  }
  static compare(a, b) {
    return Buffer.prototype.compare.call(a, b);
  }
  toString(encoding, start = 0, end = typedLength(this)) {
    return decodeBytes(typedSubarray(this, max(0, start), end), encoding);
  }
  toLocaleString(encoding) {
    return this.toString(encoding);
  }
  toJSON() {
    return { type: "Buffer", data: arrayFrom(this) };
  }
  equals(other) {
    return this.compare(other) === 0;
  }
  compare(other) {
    const length = min(typedLength(this), typedLength(other));
    for (let i = 0; i < length; i++) if (this[i] !== other[i]) return this[i] < other[i] ? -1 : 1;
    return typedLength(this) === typedLength(other) ? 0 : typedLength(this) < typedLength(other) ? -1 : 1;
  }
  slice(start, end) {
    return this.subarray(start, end);
  }
  subarray(start, end) {
    const part = typedSubarray(new NativeUint8Array(typedBuffer(this), typedOffset(this), typedLength(this)), start, end);
    return new Buffer(typedBuffer(part), typedOffset(part), typedLength(part));
  }
  copy(target, targetStart = 0, start = 0, end = typedLength(this)) {
    const part = typedSubarray(this, start, min(end, start + typedLength(target) - targetStart));
    typedSet(target, part, targetStart);
    return typedLength(part);
  }
  write(text, offset = 0, length, encoding) {
    if (typeof offset === "string") [encoding, offset] = [offset, 0];
    if (typeof length === "string") [encoding, length] = [length, undefined];
    const part = typedSubarray(encodeText(text, encoding), 0, min(length ?? Infinity, typedLength(this) - offset));
    typedSet(this, part, offset);
    return typedLength(part);
  }
  fill(value, start = 0, end = typedLength(this), encoding) {
    if (typeof value === "string") value = encodeText(value, typeof start === "string" ? start : encoding);
    if (typeof start === "string") start = 0;
    if (!isObject(value)) return typedFill(this, value, start, end);
    for (let i = start; i < end && typedLength(value) > 0; i++) this[i] = value[(i - start) % typedLength(value)];
    return this;
  }
  indexOf(value, from = 0, encoding) {
    if (typeof value === "number") return super.indexOf(value, from);
    const part = typeof value === "string" ? encodeText(value, encoding) : value;
    outer: for (let i = max(0, from); i <= typedLength(this) - typedLength(part); i++) {
      for (let j = 0; j < typedLength(part); j++) if (this[i + j] !== part[j]) continue outer;
      return i;
    }
    return -1;
  }
  includes(value, from, encoding) {
    return this.indexOf(value, from, encoding) >= 0;
  }
}
/** readUInt32LE and its kin, over a DataView. */
for (const [name, method, size] of [["Int8", "Int8", 1], ["UInt8", "Uint8", 1], ["Int16", "Int16", 2], ["UInt16", "Uint16", 2],
  ["Int32", "Int32", 4], ["UInt32", "Uint32", 4], ["Float", "Float32", 4], ["Double", "Float64", 8],
  ["BigInt64", "BigInt64", 8], ["BigUInt64", "BigUint64", 8]]) {
  const read = uncurry(DataView.prototype["get" + method]), write = uncurry(DataView.prototype["set" + method]);
  const viewOf = (buffer) => new NativeDataView(typedBuffer(buffer), typedOffset(buffer), typedLength(buffer));
  for (const [order, isLittle] of size === 1 ? [["", true]] : [["LE", true], ["BE", false]]) {
    const reader = function (offset = 0) {
      return read(viewOf(this), offset, isLittle);
    };
    const writer = function (value, offset = 0) {
      write(viewOf(this), offset, value, isLittle);
      return offset + size;
    };
    for (const spelling of [name, replaceAll(name, "UInt", "Uint")]) {
      hide(Buffer.prototype, "read" + spelling + order, reader);
      hide(Buffer.prototype, "write" + spelling + order, writer);
    }
  }
}
hide(globalThis, "Buffer", Buffer);
`;
