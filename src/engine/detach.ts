/**
 * Gives memory back at once, whoever holds on to the bytes: a collector may not come by for a long time. Where the engine
 * cannot (Node 20), nothing happens.
 */
export function detach(bytes: Uint8Array): void {
  // Memory that is shared with others is theirs as well. Engines have had `transfer` since 2023, TypeScript's library not.
  const buffer: ArrayBufferLike & { transfer?: (length: number) => unknown } = bytes.buffer;
  if (buffer instanceof ArrayBuffer) buffer.transfer?.(0);
}
