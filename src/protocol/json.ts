import { RESULT_BYTES } from "../policy/limits.ts";
import { MIME_FORMATS, type MimeBundle } from "./api.ts";

/** JSON values a guest may show; deep ones are refused so that no recursive reader of ours overflows. */
const MAX_JSON_DEPTH = 64;

/**
 * Weighs as it walks: a structured clone keeps shared references, so a message of a kilobyte can stand for 2^64 values,
 * and an array of holes for 2^32.
 */
export function isJson(value: unknown): boolean {
  let weight = 0;
  const walk = (item: unknown, depth: number): boolean => {
    weight += typeof item === "string" ? item.length + 2 : 1;
    if (weight > RESULT_BYTES) return false;
    if (item === null || typeof item === "string" || typeof item === "boolean") return true;
    if (typeof item === "number") return Number.isFinite(item);
    if (typeof item !== "object" || depth >= MAX_JSON_DEPTH) return false;
    if (Array.isArray(item)) {
      weight += item.length;
      return weight <= RESULT_BYTES && item.every((entry) => walk(entry, depth + 1));
    }
    if (Object.getPrototypeOf(item) !== Object.prototype) return false;
    for (const [key, entry] of Object.entries(item)) {
      weight += key.length + 2;
      if (key === "__proto__" || !walk(entry, depth + 1)) return false;
    }
    return true;
  };
  return walk(value, 0);
}

/** What a rich result weighs against `RESULT_BYTES`: the length of its text forms. Counted the same on both sides. */
export function bundleBytes(bundle: MimeBundle): number {
  let bytes = 0;
  for (const format of MIME_FORMATS) {
    const value = bundle[format];
    if (value !== undefined) bytes += typeof value === "string" ? value.length : JSON.stringify(value).length;
  }
  return bytes;
}
