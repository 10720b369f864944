import { SandboxError } from "../../errors.ts";

const MAX_NAME_CHARS = 100;

/**
 * Checks the name of a snapshot: 1 to 100 letters, digits, `.`, `_` and `-`, the first of them no point.
 *
 * @throws {SandboxError} `invalid-argument` saying what is wrong.
 */
export function parseSnapshotName(name: unknown): string {
  if (typeof name !== "string") throw refuse(`A snapshot's name must be a string, not ${typeof name}`);
  if (name.length === 0 || name.length > MAX_NAME_CHARS) {
    throw refuse(`A snapshot's name has 1 to ${MAX_NAME_CHARS} characters, this has ${name.length}`);
  }
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) {
    throw refuse(`${JSON.stringify(name)} is no name for a snapshot`);
  }
  return name;
}

/**
 * The key a name is kept under. Capital letters are spelled `+a`, for file systems that do not tell them apart, and a
 * letter stands in front, for those on which some names are devices.
 */
export function keyOfName(name: string): string {
  return `s-${name.replaceAll(/[A-Z]/g, (letter) => `+${letter.toLowerCase()}`)}`;
}

/** The name behind a key; undefined for what nobody here has put there. */
export function nameOfKey(key: string): string | undefined {
  const name = /^s-([a-z0-9._+-]+)$/
    .exec(key)?.[1]
    ?.replaceAll(/\+([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return name !== undefined && /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) ? name : undefined;
}

function refuse(message: string): SandboxError {
  return new SandboxError(message, {
    code: "invalid-argument",
    hint: "Letters, digits, dots, hyphens and underscores make a name; it is not a path.",
  });
}
