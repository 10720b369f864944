/** Table of CRC-32 as ZIP uses it (ISO 3309, polynomial 0xEDB88320 reflected). */
const TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of `bytes`, going on from that of what came before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (let index = 0; index < bytes.length; index++) {
    value = TABLE[(value ^ bytes[index]!) & 0xff]! ^ (value >>> 8);
  }
  return ~value >>> 0;
}
