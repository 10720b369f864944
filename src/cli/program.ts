import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Language } from "../policy/languages.ts";
import type { ProgramSource } from "./args.ts";
import { cannotRead } from "./host-tree.ts";
import { languageByEnding, unknownLanguage } from "./program-language.ts";
import { formatBytes } from "./units.ts";
import { usage } from "./usage.ts";

/** A program ready to run. */
export interface Program {
  language: Language;
  /** Text, or a module's bytes for `wasi`. */
  code: string | Uint8Array;
  /** argv[0], and the name in tracebacks. */
  filename: string;
  /** The file to have in the sandbox, when the program is one. A `.wasm` is not: it would only fill the quota. */
  file?: { path: string; bytes: Uint8Array };
}

/**
 * Reads the program from where the command line says.
 *
 * @param readStdin - Reads all of stdin.
 * @throws {CliError} exit code 2: missing, a folder, unreadable, larger than `maxBytes`, or text that is not UTF-8.
 */
export async function loadProgram(
  source: ProgramSource,
  language: Language | undefined,
  maxBytes: number,
  readStdin: () => Promise<Uint8Array>,
): Promise<Program> {
  if (source.from === "file") return loadFile(source.path, language, maxBytes);
  const known = language ?? "python";
  if (source.from === "code") {
    if (known === "wasi") throw usage("-c takes source text, and wasi runs modules", "Name a .wasm file.");
    return { language: known, code: source.code, filename: "<string>" };
  }
  const bytes = await readStdin();
  return known === "wasi"
    ? { language: known, code: bytes, filename: "/workspace/main.wasm" }
    : { language: known, code: decodeSource(bytes, "stdin", false), filename: "<stdin>" };
}

async function loadFile(path: string, language: Language | undefined, maxBytes: number): Promise<Program> {
  const bytes = await readProgramFile(path, maxBytes);
  // After the file was found to be one: "no such file" is truer than "cannot tell its language".
  if (language === undefined) throw unknownLanguage(path);
  const guestPath = `/workspace/${basename(path)}`;
  if (language === "wasi") return { language, code: bytes, filename: guestPath };
  const code = decodeSource(bytes, path, languageByEnding(path) !== undefined);
  return { language, code, filename: guestPath, file: { path: guestPath, bytes } };
}

async function readProgramFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw usage(`${path} is a folder, not a program`);
    if (info.size > maxBytes) {
      throw usage(
        `${path} has ${formatBytes(info.size)}; the sandbox's files may have ${formatBytes(maxBytes)}`,
        "Raise --file-limit.",
      );
    }
    // A copy in plain memory: Node's Buffer may be a slice of a shared pool.
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/**
 * Decodes source text, without a byte order mark.
 *
 * @param hasKnownEnding - The name says already what it is meant to be.
 * @throws {CliError} exit code 2 with the offset of the first byte that is not UTF-8.
 */
function decodeSource(bytes: Uint8Array, name: string, hasKnownEnding: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidOffset(bytes);
    const byte = bytes[offset]?.toString(16).toUpperCase().padStart(2, "0");
    const isModule = [0, 0x61, 0x73, 0x6d].every((value, index) => bytes[index] === value);
    const hint = isModule
      ? "It is a WebAssembly module: give --lang wasi."
      : hasKnownEnding
        ? "Save it as UTF-8."
        : "Save it as UTF-8, or say with --lang what it is.";
    throw usage(`${name} is not UTF-8: byte 0x${byte} at offset ${offset}`, hint);
  }
}

/** Where the first U+FFFD stands that the bytes did not spell out themselves: the decoder's mark for a bad byte. */
function firstInvalidOffset(bytes: Uint8Array): number {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  for (let at = lenient.indexOf("\uFFFD"); at !== -1; at = lenient.indexOf("\uFFFD", at + 1)) {
    const offset = encoder.encode(lenient.slice(0, at)).length;
    const isSpelled = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!isSpelled) return offset;
  }
  return bytes.length;
}
