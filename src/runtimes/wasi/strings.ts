import { utf8Length } from "../../vfs/names.ts";
import { encode } from "./memory.ts";

/** Arguments or variables as a guest receives them: UTF-8 with a NUL behind each, one behind the other. */
export interface StringTable {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where each begins in `bytes`. */
  readonly starts: Uint32Array;
}

/** Encoded all at once: an array of bytes for each of a thousand cost more than the rest of a small program's start. */
export function stringTable(texts: readonly string[]): StringTable {
  if (texts.length === 0) return NONE;
  const bytes = encode(`${texts.join("\0")}\0`);
  const starts = new Uint32Array(texts.length);
  let start = 0;
  for (let index = 0; index < texts.length; index++) {
    starts[index] = start;
    start += encodedLength(texts[index]!) + 1;
  }
  return { count: texts.length, bytes, starts };
}

const NONE: StringTable = { count: 0, bytes: new Uint8Array(0), starts: new Uint32Array(0) };

/** `utf8Length` is for well-formed text: the encoder puts U+FFFD, three bytes, in place of a lone surrogate. */
function encodedLength(text: string): number {
  return text.isWellFormed() ? utf8Length(text) : utf8Length(text.toWellFormed());
}
