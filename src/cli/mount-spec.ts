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

/** A third part that can only be a wrong way to write `:rw`. */
const LIKE_ACCESS = /^[rwxoz]{1,3}$/i;

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
  refuseUnknownAccess(text, hostPath, guestName);
  return { hostPath, guestName, guestPath: guestPathOf(guestName, text), isWritable: access?.[1] === "rw" };
}

/** `./data:/data:rx` would otherwise be the folder `./data:/data`, as HOST may hold colons. */
function refuseUnknownAccess(text: string, hostPath: string, guestName: string): void {
  const isDrive = /^[a-z]:[^:]*$/i.test(hostPath);
  const hasGuest = !isDrive && /:\/[^:]*$/.test(hostPath);
  const isLikeAccess = hostPath.includes(":") && LIKE_ACCESS.test(guestName);
  if (guestName.includes("/") || !(hasGuest || isLikeAccess)) return;
  throw usage(
    `--mount ${text}: it may end in :rw, or in nothing for read-only, not in ":${guestName}"`,
    `Write --mount ${text.slice(0, -guestName.length - 1)} or --mount ${text.slice(0, -guestName.length)}rw.`,
  );
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
