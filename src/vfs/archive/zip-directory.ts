import { invalidArchive } from "./import.ts";

/** One record of a ZIP's central directory, with the compressed bytes it points to. */
export interface ZipRecord {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  crc: number;
  /** Length the archive declares for the content. */
  size: number;
  data: Uint8Array;
  /** Unix type and permission bits, 0 where the archive was made on a system without. */
  unixMode: number;
  mtimeNs: bigint;
}

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
/** Encrypted, strongly encrypted, masked headers. */
const ENCRYPTION_FLAGS = 0x0001 | 0x0040 | 0x2000;
const HOST_UNIX = 3;
const HOST_DARWIN = 19;

/**
 * Reads the central directory, the one list of a ZIP that counts, and finds each entry's data by its local header.
 *
 * @throws {SandboxError} `invalid-archive` for truncated, corrupt, encrypted, split, ZIP64 and unknown compression.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16
 */
export function readZipDirectory(bytes: Uint8Array): ZipRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff) {
    throw invalidArchive("is a ZIP64 archive, which cannot be read");
  }
  const isSplit = view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 6, true) !== 0;
  if (isSplit || view.getUint16(end + 8, true) !== count) throw invalidArchive("is one part of a split ZIP");

  const records: ZipRecord[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
      throw invalidArchive(`is corrupt: its directory has ${index} of ${count} entries`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const next =
      at + CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw invalidArchive("is corrupt: its directory is cut off");
    records.push(readRecord(bytes, view, at, nameBytes, start));
    at = next;
  }
  return records;
}

function readRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  nameBytes: number,
  dataEnd: number,
): ZipRecord {
  const rawName = bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
  const name = decodeName(rawName);
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const compressedBytes = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (flags & ENCRYPTION_FLAGS) throw invalidArchive("is encrypted", name);
  if (method !== 0 && method !== 8)
    throw invalidArchive(`is compressed by the unknown method ${method}`, name);
  if (size === 0xffffffff || compressedBytes === 0xffffffff || local === 0xffffffff) {
    throw invalidArchive("is in ZIP64 format, which cannot be read", name);
  }
  if (method === 0 && size !== compressedBytes) throw invalidArchive("is corrupt: its lengths differ", name);
  if (local + LOCAL_BYTES > dataEnd || view.getUint32(local, true) !== LOCAL_SIGNATURE) {
    throw invalidArchive("is corrupt: it has no local header", name);
  }
  const localNameBytes = view.getUint16(local + 26, true);
  const dataStart = local + LOCAL_BYTES + localNameBytes + view.getUint16(local + 28, true);
  if (dataStart + compressedBytes > dataEnd) throw invalidArchive("is truncated", name);
  // Two names for one entry: readers would disagree about what is unpacked.
  const localName = bytes.subarray(local + LOCAL_BYTES, local + LOCAL_BYTES + localNameBytes);
  if (localName.length !== rawName.length || localName.some((byte, index) => byte !== rawName[index])) {
    throw invalidArchive("is corrupt: its local header has another name", name);
  }
  const host = view.getUint8(at + 5);
  return {
    name,
    method,
    crc: view.getUint32(at + 16, true),
    size,
    data: bytes.subarray(dataStart, dataStart + compressedBytes),
    unixMode: host === HOST_UNIX || host === HOST_DARWIN ? view.getUint16(at + 40, true) : 0,
    mtimeNs: parseDosTime(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
  };
}

/** The end record is the last thing but a comment, whose length must lead exactly to the end. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE && view.getUint16(at + 20, true) === last - at) return at;
  }
  throw invalidArchive("is no ZIP, or is truncated: it has no end record");
}

/** UTF-8, also where the archive does not say so: the old code pages cannot be told apart. */
function decodeName(raw: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch (error) {
    throw invalidArchive("has a name that is not UTF-8", new TextDecoder().decode(raw), error);
  }
}

/** DOS times have no zone: they are read as UTC, so that every host reads the same. */
function parseDosTime(date: number, time: number): bigint {
  const ms = Date.UTC(
    1980 + (date >> 9),
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  );
  return BigInt(ms) * 1_000_000n;
}
