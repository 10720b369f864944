/**
 * localStorage that may be absent, blocked, full, or hold something an older version wrote. Nothing here throws: a page
 * that cannot remember still works.
 */
const PREFIX = "sandglass.";

export function loadStored(key: string): unknown {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** False when it could not be kept. */
export function saveStored(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
