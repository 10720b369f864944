/** Hands bytes to the reader as a download. Always as octets, so that no page of ours ever renders them. */
export function saveFile(name: string, content: Uint8Array | string): void {
  // Copied to a plain buffer: Blob does not take views of shared memory.
  const part = typeof content === "string" ? content : new Uint8Array(content);
  const url = URL.createObjectURL(new Blob([part], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own reference once it has started; a minute is enough for any browser to have begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** False when the browser refuses the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Bytes of a base64 text, as results carry their images. */
export function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
