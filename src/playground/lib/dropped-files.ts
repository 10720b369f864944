import { WORKSPACE } from "./paths.ts";

export interface BroughtFile {
  path: string;
  blob: Blob;
}

/** A page that was handed a whole disk by mistake should say so, not freeze. */
export const MAX_FILES = 5000;

/** Files of an `<input type=file>`; those of a chosen folder keep their place in it. */
export function filesFromInput(files: Iterable<File>, folder = WORKSPACE): BroughtFile[] {
  return [...files].slice(0, MAX_FILES).map((file) => ({
    path: `${folder}/${file.webkitRelativePath || file.name}`,
    blob: file,
  }));
}

/**
 * Files of a drop, folders included.
 *
 * Call it in the event's own turn: the browser empties the transfer afterwards.
 */
export async function filesFromDrop(transfer: DataTransfer, folder = WORKSPACE): Promise<BroughtFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.() ?? null)
    .filter((entry) => entry !== null);
  if (entries.length === 0) return filesFromInput(transfer.files, folder);
  const found: BroughtFile[] = [];
  for (const entry of entries) await collect(entry, folder, found);
  return found;
}

async function collect(entry: FileSystemEntry, folder: string, found: BroughtFile[]): Promise<void> {
  if (found.length >= MAX_FILES) return;
  const path = `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path, blob: file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // Gives at most 100 at a time, and an empty array at the end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return;
    for (const child of batch) await collect(child, path, found);
  }
}
