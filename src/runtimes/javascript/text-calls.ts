import { GuestFault, type HostCalls } from "./host-calls.ts";

const encoder = new TextEncoder();
/** String.fromCharCode takes its characters as arguments: as many at once as every engine's stack allows. */
const CHUNK = 8192;

/** Bytes as text of one character per byte. */
function toLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function fromHex(text: string): Uint8Array {
  const digits = /^(?:[0-9a-f]{2})*/i.exec(text)![0];
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** As node reads base64: both alphabets, what is no digit is skipped, all after "=" is dropped. */
function fromBase64(text: string): Uint8Array {
  const digits = (text.split("=", 1)[0] ?? "")
    .replace(/-/g, "+")
    .replace(/_/g, "/")
    .replace(/[^A-Za-z0-9+/]/g, "");
  return fromLatin1(atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits));
}

function fromUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i * 2] = code & 255;
    bytes[i * 2 + 1] = code >> 8;
  }
  return bytes;
}

function toUtf16(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode(bytes[i]! | (bytes[i + 1]! << 8));
  return text;
}

/** Standard base64 of bytes. */
function toBase64(bytes: Uint8Array): string {
  return btoa(toLatin1(bytes));
}

const TO_BYTES: Readonly<Record<string, (text: string) => Uint8Array>> = {
  utf8: (text) => encoder.encode(text),
  latin1: fromLatin1,
  ascii: fromLatin1,
  hex: fromHex,
  base64: fromBase64,
  base64url: fromBase64,
  utf16le: fromUtf16,
};
const FROM_BYTES: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  latin1: toLatin1,
  ascii: (bytes) => toLatin1(bytes.map((byte) => byte & 127)),
  hex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  base64: toBase64,
  base64url: (bytes) => toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""),
  utf16le: toUtf16,
};

/** Conversions between bytes and text. */
export const TEXT_CALLS: HostCalls = {
  "text.encode": (args) => encoder.encode(args.text(0)),
  "text.decode": (args) => {
    try {
      return new TextDecoder(args.text(0), { fatal: args.flag(1), ignoreBOM: args.flag(2) }).decode(
        args.bytes,
      );
    } catch (error) {
      if (error instanceof RangeError) throw unknownLabel(args.text(0));
      throw new GuestFault("TypeError", `The encoded data was not valid for encoding ${args.text(0)}`, {
        code: "ERR_ENCODING_INVALID_ENCODED_DATA",
      });
    }
  },
  "text.label": (args) => {
    try {
      return new TextDecoder(args.text(0)).encoding;
    } catch {
      throw unknownLabel(args.text(0));
    }
  },
  "text.toBytes": (args) => TO_BYTES[args.text(1)]?.(args.text(0)) ?? new Uint8Array(),
  "text.fromBytes": (args) => FROM_BYTES[args.text(0)]?.(args.bytes) ?? "",
  "text.base64": (args) => toBase64(args.bytes),
  "text.atob": (args) => {
    try {
      return atob(args.text(0));
    } catch {
      throw new GuestFault("Error", "The string to be decoded is not correctly encoded.", {
        name: "InvalidCharacterError",
      });
    }
  },
};

function unknownLabel(label: string): GuestFault {
  return new GuestFault("RangeError", `The "${label}" encoding is not supported`, {
    code: "ERR_ENCODING_NOT_SUPPORTED",
  });
}

const URL_PARTS = [
  ...["href", "origin", "protocol", "username", "password", "host"],
  ...["hostname", "port", "pathname", "search", "hash"],
] as const;
const SETTABLE = URL_PARTS.filter((part) => part !== "origin");

function partsOf(url: URL): Record<string, string> {
  return Object.fromEntries(URL_PARTS.map((part) => [part, url[part]]));
}
function parseUrl(text: string, base?: string): URL {
  try {
    return new URL(text, base);
  } catch {
    throw new GuestFault("TypeError", "Invalid URL", { code: "ERR_INVALID_URL", input: text });
  }
}

/** URLs, by the host's own parser: the WHATWG standard on every host. */
export const URL_CALLS: HostCalls = {
  "url.parse": (args) => partsOf(parseUrl(args.text(0), args.optionalText(1))),
  "url.set": (args) => {
    const url = parseUrl(args.text(0));
    const part = SETTABLE.find((each) => each === args.text(1));
    if (part === "href") return partsOf(parseUrl(args.text(2)));
    if (part !== undefined) url[part] = args.text(2);
    return partsOf(url);
  },
  "url.parseQuery": (args) => [...new URLSearchParams(args.text(0))],
  "url.formatQuery": (args) => {
    const query = new URLSearchParams();
    for (let i = 0; i + 1 < args.count; i += 2) query.append(args.text(i), args.text(i + 1));
    return query.toString();
  },
};
