/**
 * Lists and maps in one message. The largest that is ever sent tells of 200,000 files in two lists; each takes some sixty
 * bytes of the host's memory, even when it is empty and one byte long.
 */
const MAX_CONTAINERS = 1_000_000;
/** Values in one message: those 200,000 files have up to 17 each in one list and 11 in the other. */
const MAX_VALUES = 8_000_000;

/**
 * Looks through MessagePack without making anything of it. A decoder believes what is announced: `dd 00 0f 42 40`, a list of a
 * million, has it take 8 MB, and a thousand of these in each other end the process, whoever else is in it.
 *
 * @param maxDepth - Most containers in each other.
 * @throws {Error} when something is cut short, announces more than can follow, is too deep or too much, or of a type that
 *   is never sent.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function measurePack(bytes: Uint8Array, maxDepth: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values that are still to come, of each container that is open. */
  const open: number[] = [];
  let offset = 0;
  /** Values that were announced so far. Each takes a byte at least, so they cannot be more than there are bytes. */
  let values = 1;
  let containers = 0;

  const length = (width: number): number => {
    const at = offset;
    offset += width;
    if (offset > bytes.length) throw new Error("it is cut short");
    return width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
  };
  const enter = (count: number): void => {
    containers += 1;
    values += count;
    if (values > bytes.length) throw new Error("it announces more than there is");
    if (values > MAX_VALUES || containers > MAX_CONTAINERS) throw new Error("it holds too many values");
    if (open.length >= maxDepth) throw new Error(`it is more than ${maxDepth} deep`);
    open.push(count);
  };

  for (;;) {
    if (offset >= bytes.length) throw new Error("it is cut short");
    const head = bytes[offset]!;
    offset += 1;
    if (head <= 0x7f || head >= 0xe0) {
      // A small integer.
    } else if (head <= 0x8f) enter(2 * (head & 0x0f));
    else if (head <= 0x9f) enter(head & 0x0f);
    else if (head <= 0xbf) offset += head & 0x1f;
    else {
      const form = FORMS[head];
      if (form === undefined) throw new Error(`it holds a value of type 0x${head.toString(16)}`);
      const [kind, width] = form;
      if (kind === "plain") offset += width;
      else {
        const announced = length(width);
        if (kind === "bytes") offset += announced;
        else enter(kind === "map" ? 2 * announced : announced);
      }
    }
    if (offset > bytes.length) throw new Error("it is cut short");
    // What is complete completes what it stands in.
    while (open.length > 0 && open[open.length - 1] === 0) open.pop();
    if (open.length === 0) break;
    open[open.length - 1]! -= 1;
  }
  if (offset !== bytes.length) throw new Error("something follows it");
}

/**
 * Heads from 0xc0: what follows, and in how many bytes, or the bytes that say how many. 0xc1 is never used; extensions
 * (0xc7 to 0xc9, 0xd4 to 0xd8) are not sent here.
 */
const FORMS: Readonly<Record<number, readonly [kind: "plain" | "bytes" | "list" | "map", width: number]>> = {
  192: ["plain", 0],
  194: ["plain", 0],
  195: ["plain", 0],
  196: ["bytes", 1],
  197: ["bytes", 2],
  198: ["bytes", 4],
  202: ["plain", 4],
  203: ["plain", 8],
  204: ["plain", 1],
  205: ["plain", 2],
  206: ["plain", 4],
  207: ["plain", 8],
  208: ["plain", 1],
  209: ["plain", 2],
  210: ["plain", 4],
  211: ["plain", 8],
  217: ["bytes", 1],
  218: ["bytes", 2],
  219: ["bytes", 4],
  220: ["list", 2],
  221: ["list", 4],
  222: ["map", 2],
  223: ["map", 4],
};
