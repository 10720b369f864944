import { GuestFault } from "./host-calls.ts";

/** What a way of opening a file allows and does. */
export interface OpenFlags {
  read: boolean;
  write: boolean;
  create: boolean;
  truncate: boolean;
  exclusive: boolean;
  append: boolean;
}

/** "r", "w+", "ax" and so on, as fopen reads them with node's "x". */
export function parseFlags(text: string): OpenFlags {
  const match = /^(?:([rwa])(x?)s?(\+?)|([rwa])s?(\+?)(x?))$/.exec(text);
  const kind = match?.[1] ?? match?.[4];
  if (kind === undefined) {
    throw new GuestFault("TypeError", `The argument 'flags' is invalid. Received '${text}'`, {
      code: "ERR_INVALID_ARG_VALUE",
    });
  }
  const isBoth = (match?.[3] ?? match?.[5]) === "+";
  return {
    read: kind === "r" || isBoth,
    write: kind !== "r" || isBoth,
    create: kind !== "r",
    truncate: kind === "w",
    exclusive: (match?.[2] ?? match?.[6]) === "x",
    append: kind === "a",
  };
}
