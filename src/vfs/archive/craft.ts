import { deflateSync } from "fflate";
import { crc32 } from "./crc32.ts";

/** A ZIP entry as an attacker, or a broken tool, may write it. What is left out is as it should be. */
export interface CraftedZipEntry {
  name: string | Uint8Array;
  localName?: string;
  content?: Uint8Array | string;
  /** Compressed bytes as they stand in the archive, whatever the content. */
  data?: Uint8Array;
  method?: number;
  flags?: number;
  size?: number;
  crc?: number;
  unixMode?: number;
}

/** Builds a ZIP by hand, for tests: fflate writes none of what has to be refused. */
export function craftZip(entries: readonly CraftedZipEntry[], comment = ""): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const push = (list: Uint8Array[], part: Uint8Array) => {
    list.push(part);
    offset += list === parts ? part.length : 0;
  };
  for (const entry of entries) {
    const name = encode(entry.name);
    const localName = entry.localName === undefined ? name : encode(entry.localName);
    const content = encode(entry.content ?? "");
    const { method = 8, flags = 0x0800, size = content.length, crc = crc32(content), unixMode = 0 } = entry;
    const data = entry.data ?? (method === 8 ? deflateSync(content) : content);
    const shared = numbers(
      [20, 2],
      [flags, 2],
      [method, 2],
      [0, 2],
      [0x5821, 2],
      [crc, 4],
      [data.length, 4],
      [size, 4],
    );
    const start = offset;
    push(parts, numbers([0x04034b50, 4]));
    push(parts, shared);
    push(parts, numbers([localName.length, 2], [0, 2]));
    push(parts, localName);
    push(parts, data);
    directory.push(numbers([0x02014b50, 4], [20, 1], [3, 1]), shared);
    directory.push(
      numbers([name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [unixMode * 65_536, 4], [start, 4]),
      name,
    );
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = numbers(
    [0x06054b50, 4],
    [0, 4],
    [entries.length, 2],
    [entries.length, 2],
    [directoryBytes, 4],
    [offset, 4],
    [comment.length, 2],
  );
  return join([...parts, ...directory, end, encode(comment)]);
}

/** A tar entry by its raw header fields. */
export interface CraftedTarEntry {
  name: string | Uint8Array;
  type?: string;
  content?: Uint8Array | string;
  linkname?: string | Uint8Array;
  mode?: number;
  size?: number;
}

/** Builds a tar by hand, for tests. */
export function craftTar(entries: readonly CraftedTarEntry[], hasEnd = true): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const content = encode(entry.content ?? "");
    const header = new Uint8Array(512);
    const put = (at: number, text: string | Uint8Array) => header.set(encode(text), at);
    put(0, entry.name);
    put(100, octal(entry.mode ?? 0o644, 7));
    put(108, octal(0, 7));
    put(116, octal(0, 7));
    put(124, octal(entry.size ?? content.length, 11));
    put(136, octal(1_700_000_000, 11));
    put(148, "        ");
    put(156, entry.type ?? "0");
    put(157, entry.linkname ?? "");
    put(257, "ustar\0" + "00");
    put(
      148,
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        6,
      )}\0 `,
    );
    parts.push(header, content, new Uint8Array(-content.length & 511));
  }
  if (hasEnd) parts.push(new Uint8Array(1024));
  return join(parts);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function encode(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

function numbers(...fields: [value: number, bytes: number][]): Uint8Array {
  const bytes: number[] = [];
  for (const [value, count] of fields) {
    for (let index = 0; index < count; index++) bytes.push(Math.floor(value / 256 ** index) % 256);
  }
  return Uint8Array.from(bytes);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
