import { SandboxError } from "../../errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: "the browser denies it to this page",
  SecurityError: "the browser denies it to this page",
  NotFoundError: "it is gone; site data may have been cleared",
  InvalidStateError: "it is gone; site data may have been cleared",
  NoModificationAllowedError: "another tab holds a file of it open",
};

/**
 * What a failure of the browser's storage means for a store, with its numbers.
 *
 * @param neededBytes - What was to be written.
 */
export async function storageError(
  error: unknown,
  location: string,
  neededBytes?: number,
): Promise<SandboxError> {
  if (error instanceof SandboxError) return error;
  if (nameOf(error) === "QuotaExceededError") {
    const { usage, quota } = await estimate();
    const needed = neededBytes === undefined ? "" : ` for ${neededBytes} bytes`;
    // Browsers tell a larger quota than they hold to, so as not to be recognised by it: told only where it explains.
    const isQuotaMet = usage !== undefined && quota !== undefined && usage + (neededBytes ?? 0) > quota;
    const share =
      usage === undefined ? "" : `: this site uses ${usage} bytes${isQuotaMet ? ` of ${quota}` : ""}`;
    return new SandboxError(`The store "${location}" has no room${needed}${share}`, {
      code: "storage-full",
      hint: "Remove snapshots, or free space on this device. What was stored before is as it was.",
      cause: error,
    });
  }
  const reason = REASONS[nameOf(error)] ?? (error instanceof Error ? error.message : String(error));
  return new SandboxError(`The store "${location}" cannot be used: ${reason}`, {
    code: "storage-unavailable",
    hint: "The page needs an origin of its own and leave to store site data; private windows may refuse it.",
    cause: error,
  });
}

export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** What the browser lets this site store, where it tells. */
export async function estimate(): Promise<StorageEstimate> {
  try {
    return (await navigator.storage?.estimate()) ?? {};
  } catch {
    return {};
  }
}

/** Does the work; a failure of the browser's is thrown as what it means for a store, one of ours as it is. */
export async function telling<T>(location: string, work: () => Promise<T>, neededBytes?: number): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw await storageError(error, location, neededBytes);
  }
}
