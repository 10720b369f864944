// The package's "node" entry names a file it does not ship; its browser file runs everywhere when given a module.
import { initSync, transformSync } from "../../../node_modules/@swc/wasm-typescript-esm/wasm.js";
import { SourceError } from "./source-error.ts";
import { type OriginalPosition, readSourceMap } from "./source-map.ts";

/** Takes types out of TypeScript. Made once per cage from the bytes of the stripper's binary. */
export interface TypeStripper {
  /** @throws {SourceError} */
  strip(code: string, file: string): Stripped;
}

/**
 * A program as JavaScript. Where only types go, every other character keeps its place; where enums, namespaces or
 * parameter properties had to be rewritten, `originalPosition` says where a place was.
 */
export interface Stripped {
  code: string;
  originalPosition?: OriginalPosition | undefined;
}

/** Starts the stripper. Nothing is fetched. */
export async function createTypeStripper(bytes: Uint8Array): Promise<TypeStripper> {
  initSync({ module: await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>) });
  return {
    strip(code, file) {
      try {
        return { code: transformSync(code, { mode: "strip-only", filename: file }).code };
      } catch (error) {
        if (!isUnsupported(error)) throw toSourceError(error, file);
      }
      try {
        const { code: rewritten, map } = transformSync(code, {
          mode: "transform",
          filename: file,
          sourceMap: true,
        });
        return { code: rewritten, originalPosition: map === undefined ? undefined : readSourceMap(map) };
      } catch (error) {
        throw toSourceError(error, file);
      }
    },
  };
}

function isUnsupported(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "UnsupportedSyntax";
}

/** The stripper throws plain objects: { message, startLine from 1, startColumn from 0 }. */
function toSourceError(error: unknown, file: string): SourceError {
  const { message, startLine, startColumn } = (typeof error === "object" && error !== null ? error : {}) as {
    message?: unknown;
    startLine?: unknown;
    startColumn?: unknown;
  };
  return new SourceError(
    typeof message === "string" ? message : String(error),
    file,
    typeof startLine === "number" ? startLine : 1,
    typeof startColumn === "number" ? startColumn + 1 : 1,
  );
}
