import { SANDBOX_ERROR_CODES, SandboxError, type SandboxErrorCode } from "../errors.ts";

/** A `SandboxError` as plain data. Stacks and host paths stay where they are. */
export interface WireError {
  code: SandboxErrorCode;
  message: string;
  hint?: string | undefined;
  cause?: WireError | undefined;
}

const MAX_CAUSES = 4;

/** Turns whatever was thrown into plain data; an unexpected error becomes `internal` with its own words. */
export function toWireError(error: unknown, depth = 0): WireError {
  const cause =
    error instanceof Error && error.cause !== undefined && depth < MAX_CAUSES
      ? toWireError(error.cause, depth + 1)
      : undefined;
  if (error instanceof SandboxError)
    return { code: error.code, message: error.message, hint: error.hint, cause };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "internal", message, cause };
}

/** The other way. Takes a value already parsed against the schema. */
export function fromWireError(wire: WireError): SandboxError {
  const code = SANDBOX_ERROR_CODES.includes(wire.code) ? wire.code : "internal";
  return new SandboxError(wire.message, {
    code,
    hint: wire.hint,
    cause: wire.cause && fromWireError(wire.cause),
  });
}
