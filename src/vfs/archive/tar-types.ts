import { invalidArchive } from "./import.ts";

const BLOCK_BYTES = 512;
const TYPE_OFFSET = 156;
/** Regular file (as written by old and new tools), hard link, symlink, directory, long names, PAX headers. */
const KNOWN_TYPES = new Set(["0", "\0", "1", "2", "5", "L", "K", "x", "g"]);
/** Their length field counts nothing: no content follows. */
const TYPES_WITHOUT_CONTENT = new Set(["1", "2", "3", "4", "5", "6"]);
const TYPE_WORDS: Readonly<Record<string, string>> = {
  "3": "a character device",
  "4": "a block device",
  "6": "a pipe",
  S: "a sparse file",
  M: "a piece of a file from another volume",
  V: "a volume label",
};

/**
 * Looks at every header's type before the archive is unpacked: modern-tar reads the types it does not know (GNU sparse
 * files among them) as plain files, with wrong or no content.
 *
 * @throws {SandboxError} `invalid-archive` naming the entry.
 */
export function checkTarTypes(bytes: Uint8Array): void {
  for (let at = 0; at + BLOCK_BYTES <= bytes.length && bytes[at] !== 0; ) {
    const type = String.fromCharCode(bytes[at + TYPE_OFFSET]!);
    if (!KNOWN_TYPES.has(type)) {
      const name = new TextDecoder().decode(bytes.subarray(at, at + 100)).split("\0", 1)[0]!;
      throw invalidArchive(`is ${TYPE_WORDS[type] ?? `of the unknown type ${JSON.stringify(type)}`}`, name);
    }
    const size = TYPES_WITHOUT_CONTENT.has(type) ? 0 : readSize(bytes, at + 124);
    at += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

/** Octal digits, or GNU's base 256 for what is larger. */
function readSize(bytes: Uint8Array, at: number): number {
  const field = bytes.subarray(at, at + 12);
  if (field[0]! & 0x80) {
    return field.reduce((value, byte, index) => (index === 0 ? byte & 0x7f : value * 256 + byte), 0);
  }
  const digits = String.fromCharCode(...field).replace(/^ +|[ \0].*$/g, "");
  if (!/^[0-7]*$/.test(digits)) throw invalidArchive("is corrupt: a header has no length");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
