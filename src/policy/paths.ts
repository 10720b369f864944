import { SandboxError } from "../errors.ts";

/** Longest path accepted from a caller, as Linux's PATH_MAX. */
const PATH_BYTES = 4096;

/**
 * Checks a guest path that came from outside and returns it without doubled or trailing slashes.
 *
 * @throws {SandboxError} `invalid-path` for a relative path, a NUL, a `..`, or more than 4,096 characters.
 */
export function parseGuestPath(path: unknown): string {
  if (typeof path !== "string") throw invalid(`A path must be a string, not ${typeof path}`);
  const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
  if (path.length > PATH_BYTES)
    throw invalid(`The path ${shown} has ${path.length} of ${PATH_BYTES} characters`);
  if (path.includes("\0")) throw invalid(`The path ${shown} contains a NUL`);
  if (!path.startsWith("/"))
    throw invalid(
      `The path ${shown} is not absolute`,
      "Write it from the root, such as /workspace/data.csv.",
    );
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes(".."))
    throw invalid(`The path ${shown} contains ".."`, "Write the path that is meant, without going up.");
  return `/${parts.join("/")}`;
}

function invalid(message: string, hint?: string): SandboxError {
  return new SandboxError(message, { code: "invalid-path", hint });
}
