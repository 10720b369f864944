/** A refusal a guest sees: `fields` become properties of the error it catches. */
export class GuestFault extends Error {
  readonly type: "Error" | "TypeError" | "RangeError" | "SyntaxError";
  readonly fields: Readonly<Record<string, string | number>>;
  constructor(type: GuestFault["type"], message: string, fields: GuestFault["fields"] = {}) {
    super(message);
    this.type = type;
    this.fields = fields;
  }
}

/** Arguments of one host call, from a guest that may send anything: each is checked when it is taken. */
export class CallArguments {
  readonly #values: readonly unknown[];
  /** Bytes sent beside the arguments: a copy the callee owns. Empty when there were none. */
  readonly bytes: Uint8Array;

  constructor(values: readonly unknown[], bytes: Uint8Array) {
    this.#values = values;
    this.bytes = bytes;
  }

  get count(): number {
    return this.#values.length;
  }

  text(index: number): string {
    const value = this.#values[index];
    if (typeof value !== "string") throw wrongArgument(index, "string");
    return value;
  }
  optionalText(index: number): string | undefined {
    return typeof this.#values[index] === "string" ? this.text(index) : undefined;
  }
  number(index: number): number {
    const value = this.#values[index];
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrongArgument(index, "number");
    return value;
  }
  /** A whole number from 0 to 2^53 - 1. */
  size(index: number): number {
    const value = this.number(index);
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new GuestFault(
        "RangeError",
        `The value of argument ${index + 1} is out of range. Received ${value}`,
        {
          code: "ERR_OUT_OF_RANGE",
        },
      );
    }
    return value;
  }
  optionalSize(index: number): number | undefined {
    const value = this.#values[index];
    return value === null || value === undefined ? undefined : this.size(index);
  }
  flag(index: number): boolean {
    return this.#values[index] === true;
  }
}

function wrongArgument(index: number, type: string): GuestFault {
  return new GuestFault("TypeError", `Argument ${index + 1} must be of type ${type}`, {
    code: "ERR_INVALID_ARG_TYPE",
  });
}

/** What a call answers: bytes as they are, anything else as JSON. */
// biome-ignore lint/suspicious/noConfusingVoidType: a call that answers nothing may be a plain statement.
export type CallAnswer = Uint8Array | string | number | boolean | null | undefined | void | object;
export type HostCall = (args: CallArguments) => CallAnswer;
export type HostCalls = Readonly<Record<string, HostCall>>;

/** The answer as the guest's link reads it. */
export function encodeAnswer(answer: CallAnswer): string | Uint8Array {
  return answer instanceof Uint8Array ? answer : JSON.stringify({ value: answer ?? null });
}

export function encodeFault(fault: GuestFault): string {
  return JSON.stringify({ error: { type: fault.type, message: fault.message, fields: fault.fields } });
}

/** First character of text in which some characters stand as this and four hex digits. */
const MARK = "\u0001";
const MARKED = new RegExp(`${MARK}([0-9a-f]{4})`, "g");

/** Text from the guest, with what a C string cannot carry put back. */
export function decodeText(text: string): string {
  if (!text.startsWith(MARK)) return text;
  return text.slice(1).replaceAll(MARKED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
