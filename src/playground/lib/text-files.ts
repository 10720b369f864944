import type { DataFile, TextFile } from "../store/project.ts";
import { languageOf } from "./paths.ts";

/** A text file up to this size opens in the editor; a larger one is data. */
export const EDITABLE_BYTES = 2 ** 20;

/** Text in UTF-8, or `null` for bytes that are something else. A byte order mark is kept, so that nothing changes by opening. */
export async function decodeText(blob: Blob): Promise<string | null> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await blob.arrayBuffer());
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** Bytes of either form a file is read in. */
export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/** A file the reader brought: text where the editor can show it, else data. */
export async function toProjectFile({
  path,
  blob,
}: {
  path: string;
  blob: Blob;
}): Promise<TextFile | DataFile> {
  const text = blob.size <= EDITABLE_BYTES && languageOf(path) !== "wasi" ? await decodeText(blob) : null;
  if (text === null) return { path, blob, isSynced: false };
  return { path, content: text, syncedContent: null, origin: "reader" };
}
