import { LANGUAGE_BY_EXTENSION, type Language } from "../../policy/languages.ts";

/** Where a guest works, and where every file on the page lives. */
export const WORKSPACE = "/workspace";

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The last ending with its dot, in lower case: `.py`; empty when there is none. */
export function extensionOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot).toLowerCase();
}

/** Language a file runs in, or `null` for one that is not a program. */
export function languageOf(path: string): Language | null {
  return LANGUAGE_BY_EXTENSION[extensionOf(path)] ?? null;
}

/** As a reader sees it: relative to the workspace. */
export function displayPath(path: string): string {
  return path.startsWith(`${WORKSPACE}/`) ? path.slice(WORKSPACE.length + 1) : path;
}

/** Turns what a person typed (`data/a.csv`, `./a.csv`, `/workspace/a.csv`) into a path below the workspace. */
export function resolveTyped(typed: string): { path: string } | { problem: string } {
  const text = typed.trim();
  if (text === "") return { problem: "A file needs a name." };
  if (text.includes("\0")) return { problem: "A name cannot contain a NUL character." };
  const parts: string[] = [];
  for (const part of text.replace(/^\/workspace(?=\/)/, "").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") return { problem: "Files stay inside the workspace: .. is not allowed in a name." };
    if (new TextEncoder().encode(part).length > 255)
      return { problem: "A name can be at most 255 bytes long." };
    parts.push(part);
  }
  if (parts.length === 0) return { problem: "A file needs a name." };
  return { path: `${WORKSPACE}/${parts.join("/")}` };
}

/** A free name like the wanted one: `main.py`, `main-2.py`, `main-3.py`. */
export function freePath(wanted: string, isTaken: (path: string) => boolean): string {
  if (!isTaken(wanted)) return wanted;
  const extension = extensionOf(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  for (let number = 2; ; number++) {
    const path = `${stem}-${number}${extension}`;
    if (!isTaken(path)) return path;
  }
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** MIME type of a raster image by its name, or `null`. */
export function imageTypeOf(path: string): string | null {
  return IMAGE_TYPES[extensionOf(path)] ?? null;
}
