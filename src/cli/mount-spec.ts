import { SandboxError } from "../errors.ts";
import { parseGuestPath } from "../policy/paths.ts";
import { usage } from "./usage.ts";

/** One `--mount HOST:GUEST[:rw]`. */
export interface MountSpec {
  hostPath: string;
  /** As it was given: what a `.wasm` program sees as the name of its preopened directory. */
  guestName: string;
  /** Where it is in the sandbox's filesystem. A relative name stands under /workspace. */
  guestPath: string;
  isWritable: boolean;
}

/** Where a `.wasm` program's whole root (`--mount DIR:/`) is kept, apart from the sandbox's own folders. */
const ROOT_MOUNT_PATH = "/mnt/root";

/**
 * Reads the value of `--mount`. HOST may hold colons; GUEST may not.
 *
 * @throws {CliError} with exit code 2 when a part is missing or GUEST has a NUL or a `..`.
 */
export function parseMountSpec(text: string): MountSpec {
  const access = /:(rw|ro)$/.exec(text);
  const pair = access ? text.slice(0, access.index) : text;
  const colon = pair.lastIndexOf(":");
  const hostPath = pair.slice(0, Math.max(colon, 0));
  const guestName = pair.slice(colon + 1);
  if (colon === -1 || hostPath === "" || guestName === "") {
    throw usage(
      `--mount needs HOST:GUEST, not "${text}"`,
      "Such as --mount ./data:/data, or ./data:/data:rw.",
    );
  }
  return { hostPath, guestName, guestPath: guestPathOf(guestName, text), isWritable: access?.[1] === "rw" };
}

function guestPathOf(guestName: string, text: string): string {
  if (/^\/+$/.test(guestName)) return ROOT_MOUNT_PATH;
  try {
    return parseGuestPath(guestName.startsWith("/") ? guestName : `/workspace/${guestName}`);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw usage(`--mount ${text}: ${error.message}`, error.hint);
  }
}
