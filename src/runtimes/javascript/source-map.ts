const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Where a place in rewritten text was in the original; lines and columns from 1. */
export type OriginalPosition = (line: number, column: number) => [line: number, column: number];

/**
 * Reads a source map of one source.
 *
 * @param json - A version 3 source map, as the type stripper writes it.
 * @see https://tc39.es/ecma426/
 */
export function readSourceMap(json: string): OriginalPosition {
  const { mappings } = JSON.parse(json) as { mappings: string };
  const lines: Segment[][] = [];
  let sourceLine = 0;
  let sourceColumn = 0;
  for (const text of mappings.split(";")) {
    let column = 0;
    const segments: Segment[] = [];
    for (const part of text === "" ? [] : text.split(",")) {
      const [columns = 0, , lineStep = 0, columnStep = 0] = decodeNumbers(part);
      column += columns;
      sourceLine += lineStep;
      sourceColumn += columnStep;
      segments.push({ column, sourceLine, sourceColumn });
    }
    lines.push(segments);
  }
  return (line, column) => {
    const segment = lines[line - 1]?.findLast((each) => each.column <= column - 1);
    if (!segment) return [line, column];
    return [segment.sourceLine + 1, segment.sourceColumn + 1];
  };
}

interface Segment {
  column: number;
  sourceLine: number;
  sourceColumn: number;
}

/** Numbers in base64 digits of five bits, the sign in the lowest bit. */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
