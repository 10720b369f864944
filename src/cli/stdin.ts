/** The program's stdin: bytes as they come, a piece for each time the guest asks. */
export interface HostStdin {
  /** The next bytes, or null at the end. Nothing is read from the host before the first call. */
  read(): Promise<Uint8Array | null>;
  /** All that is left. */
  readAll(): Promise<Uint8Array>;
}

/**
 * @param open - Gives the host's stdin. Called on the first read, so that a program which reads nothing leaves it to
 *   whoever comes next. A stdin that is closed (`<&-`) may throw here: it counts as empty.
 */
export function createHostStdin(open: () => AsyncIterable<Uint8Array>): HostStdin {
  let chunks: AsyncIterator<Uint8Array> | undefined;
  let isEnded = false;

  async function read(): Promise<Uint8Array | null> {
    if (isEnded) return null;
    try {
      chunks ??= open()[Symbol.asyncIterator]();
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
        // An empty piece would read as the end.
        if (next.value.length > 0) return new Uint8Array(next.value);
      }
    } catch {
      // Closed or broken: the guest sees the end of its input, as any program would.
    }
    isEnded = true;
    return null;
  }

  async function readAll(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let piece = await read(); piece !== null; piece = await read()) pieces.push(piece);
    return new Uint8Array(Buffer.concat(pieces));
  }

  return { read, readAll };
}
