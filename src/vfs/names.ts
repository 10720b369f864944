import { VfsError } from "./errors.ts";
import { MAX_NAME_BYTES, MAX_PATH_BYTES } from "./limits.ts";

/** Length of a well-formed string in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: each half adds one, as a two-byte unit does.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/**
 * Refuses what no directory entry may be called.
 *
 * @throws {VfsError} EINVAL (empty, "/" or NUL inside), EILSEQ (a lone surrogate), ENAMETOOLONG (over 255 UTF-8 bytes).
 */
export function checkName(name: string): void {
  if (name === "") throw new VfsError("EINVAL", "A name must not be empty");
  if (name.includes("/")) throw new VfsError("EINVAL", `A name must not contain "/": ${quote(name)}`);
  checkText(name, "name");
  if (name.length * 3 > MAX_NAME_BYTES && utf8Length(name) > MAX_NAME_BYTES) {
    throw new VfsError(
      "ENAMETOOLONG",
      `A name has ${utf8Length(name)} bytes; the most is ${MAX_NAME_BYTES}: ${quote(name)}`,
    );
  }
}

/**
 * Refuses what no path or symlink target may be.
 *
 * @throws {VfsError} ENOENT (empty), EINVAL (NUL), EILSEQ (a lone surrogate), ENAMETOOLONG (over 4096 UTF-8 bytes).
 */
export function checkPath(path: string): void {
  if (path === "") throw new VfsError("ENOENT", "A path must not be empty");
  checkText(path, "path");
  if (path.length * 3 > MAX_PATH_BYTES && utf8Length(path) > MAX_PATH_BYTES) {
    throw new VfsError(
      "ENAMETOOLONG",
      `A path has ${utf8Length(path)} bytes; the most is ${MAX_PATH_BYTES}: ${quote(path)}`,
    );
  }
}

/** Up to here a loop over units beats the two searches. */
const SHORT_UNITS = 64;

function checkText(text: string, what: string): void {
  if (isPlain(text)) return;
  if (text.includes("\0")) throw new VfsError("EINVAL", `A ${what} must not contain NUL: ${quote(text)}`);
  if (!text.isWellFormed()) {
    throw new VfsError(
      "EILSEQ",
      `A ${what} must be well-formed Unicode, without lone surrogates: ${quote(text)}`,
    );
  }
}

/** Short, and with neither NUL nor a surrogate: in good order without a closer look. */
function isPlain(text: string): boolean {
  if (text.length > SHORT_UNITS) return false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0 || (unit >= 0xd800 && unit <= 0xdfff)) return false;
  }
  return true;
}

const [NUL, SLASH, DOT] = [0, 0x2f, 0x2e];

/**
 * Whether a path is one that needs no closer look: absolute, normalised, printable ASCII or its like, and so short that no
 * name in it can be too long. Most are; `checkPath` and `checkName` tell about the others.
 */
export function isPlainPath(path: string): boolean {
  if (path.length > MAX_NAME_BYTES || path.charCodeAt(0) !== SLASH) return false;
  let previous = SLASH;
  for (let index = 1; index < path.length; index++) {
    const unit = path.charCodeAt(index);
    // A name that begins with a dot may be "." or "..".
    if (previous === SLASH && (unit === SLASH || unit === DOT)) return false;
    if (unit === NUL || unit >= 0x80) return false;
    previous = unit;
  }
  return previous !== SLASH;
}

/** A name or path as it may stand in a message: control characters escaped, long ones cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

/** The components of a path, without the empty ones between, before and after slashes. */
export function splitPath(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

/** Joins a directory's absolute path and a name. */
export function joinPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}
