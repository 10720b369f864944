/** What a file is that is no WebAssembly binary, by its first bytes; those people mistake for one. */
const BEGINNINGS: readonly (readonly [kind: string, bytes: readonly number[]])[] = [
  ["a GIF image", [0x47, 0x49, 0x46, 0x38]],
  ["a PNG image", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG image", [0xff, 0xd8, 0xff]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["a ZIP archive", [0x50, 0x4b, 0x03, 0x04]],
  ["a gzip file", [0x1f, 0x8b]],
  ["a Zstandard file", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a program for Linux (ELF)", [0x7f, 0x45, 0x4c, 0x46]],
  ["a program for macOS (Mach-O)", [0xcf, 0xfa, 0xed, 0xfe]],
  ["a program for macOS or Java (universal binary or class)", [0xca, 0xfe, 0xba, 0xbe]],
  ["a program for Windows (PE)", [0x4d, 0x5a]],
  ["a static library (ar)", [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68]],
  ["LLVM bitcode", [0x42, 0x43, 0xc0, 0xde]],
];

/** As much of a text as tells what it is. */
const LOOKED_AT_BYTES = 512;

/** What a file that does not begin as WebAssembly is, in a few words, and what to do about it. */
export function describeOtherFile(bytes: Uint8Array): { what: string; hint: string } {
  if (bytes.length === 0) return { what: "an empty file", hint: "Build or download it again." };
  const known = BEGINNINGS.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  if (known?.[0] === "a gzip file" || known?.[0] === "a Zstandard file") {
    return { what: known[0], hint: "Unpack it first." };
  }
  if (known !== undefined) return { what: known[0], hint: "Give the .wasm file a compiler wrote." };
  const text = textOf(bytes);
  if (text === undefined)
    return { what: "some other binary file", hint: "Give the .wasm file a compiler wrote." };
  const start = text.replace(/^(\s|;;.*(\n|$)|\(;[\s\S]*?;\))+/, "");
  if (/^\((module|component|func|import|memory|type|table)\b/.test(start)) {
    return {
      what: "the text form of WebAssembly (.wat)",
      hint: "Make a binary of it first, such as by wat2wasm or wasm-tools parse.",
    };
  }
  if (/^<(!doctype|html|\?xml)/i.test(start)) {
    return {
      what: "a web page",
      hint: "Download the file itself; a server often answers a wrong address with a page.",
    };
  }
  if (/^version https:\/\/git-lfs/.test(start)) {
    return { what: "a Git LFS pointer", hint: "Fetch the file itself by git lfs pull." };
  }
  return { what: "text", hint: "Give the .wasm file a compiler wrote." };
}

/** The beginning as text, or `undefined` when it is none. */
function textOf(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, LOOKED_AT_BYTES);
  if (start.includes(0)) return undefined;
  try {
    // A character may be cut in two where the look ends: streaming decoding waits for its rest.
    return new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
  } catch {
    return undefined;
  }
}
