import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Language } from "../policy/languages.ts";
import type { ProgramSource } from "./args.ts";
import { cannotRead } from "./host-tree.ts";
import { formatBytes } from "./units.ts";
import { usage } from "./usage.ts";

/** A program ready to run. */
export interface Program {
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
  language: Language,
  maxBytes: number,
  readStdin: () => Promise<Uint8Array>,
): Promise<Program> {
  if (source.from === "code") {
    if (language === "wasi") throw usage("-c takes source text, and wasi runs modules", "Name a .wasm file.");
    return { code: source.code, filename: "<string>" };
  }
  if (source.from === "stdin") {
    const bytes = await readStdin();
    return language === "wasi"
      ? { code: bytes, filename: "/workspace/main.wasm" }
      : { code: decodeSource(bytes, "stdin"), filename: "<stdin>" };
  }
  const bytes = await readProgramFile(source.path, maxBytes);
  const path = `/workspace/${basename(source.path)}`;
  if (language === "wasi") return { code: bytes, filename: path };
  return { code: decodeSource(bytes, source.path), filename: path, file: { path, bytes } };
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
 * @throws {CliError} exit code 2 with the offset of the first byte that is not UTF-8.
 */
function decodeSource(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidOffset(bytes);
    const byte = bytes[offset]?.toString(16).toUpperCase().padStart(2, "0");
    throw usage(
      `${name} is not UTF-8: byte 0x${byte} at offset ${offset}`,
      "Save it as UTF-8, or give --lang wasi if it is a WebAssembly module.",
    );
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
