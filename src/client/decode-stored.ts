import { decode } from "@msgpack/msgpack";

/** Bytes of a number behind each head from 0xca on, or of the length in front of what it announces. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
  // Extensions of a fixed length, with the byte of their type.
  212: 2,
  213: 3,
  214: 5,
  215: 9,
  216: 17,
};

/**
 * Decodes MessagePack that anybody may have written. A list's head of five bytes can announce millions of entries, for which
 * the decoder takes memory before it meets the first one, and once more in each list inside: so nothing is decoded before
 * it is known that all that is announced is there.
 *
 * @throws {Error} when the bytes are no MessagePack.
 */
export function decodeStored(bytes: Uint8Array, options: { useBigInt64: boolean }): unknown {
  refuseEmptyPromises(bytes);
  return decode(bytes, options);
}

/** Each value that is announced takes one byte at least. */
function refuseEmptyPromises(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let announced = 1;
  const skip = (count: number): void => {
    at += count;
  };
  /** Reads a length of 1, 2 or 4 bytes; past the end it throws a RangeError. */
  const length = (size: number): number => {
    const start = at;
    at += size;
    if (size === 1) return view.getUint8(start);
    return size === 2 ? view.getUint16(start) : view.getUint32(start);
  };
  while (announced > 0) {
    const head = view.getUint8(at);
    at += 1;
    announced -= 1;
    if (head <= 0x7f || head >= 0xe0) continue;
    if (head <= 0x8f) announced += 2 * (head & 0x0f);
    else if (head <= 0x9f) announced += head & 0x0f;
    else if (head <= 0xbf) skip(head & 0x1f);
    // bin and str: 8, 16, 32 bits of length.
    else if (head >= 0xc4 && head <= 0xc6) skip(length(1 << (head - 0xc4)));
    else if (head >= 0xd9 && head <= 0xdb) skip(length(1 << (head - 0xd9)));
    // ext: a byte of type after the length.
    else if (head >= 0xc7 && head <= 0xc9) skip(length(1 << (head - 0xc7)) + 1);
    else if (head >= 0xdc) announced += (head >= 0xde ? 2 : 1) * length(head % 2 === 0 ? 2 : 4);
    else skip(FIXED_BYTES[head] ?? 0);
    if (announced > bytes.length - at) throw new RangeError("It announces more than it holds");
  }
}
