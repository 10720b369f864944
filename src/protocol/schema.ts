import * as v from "valibot";
import { SANDBOX_ERROR_CODES } from "../errors.ts";
import type {
  BootAnswer,
  CageEvent,
  CreateAnswer,
  FileChange,
  FileInfo,
  MimeBundle,
  ResetAnswer,
  RunAnswer,
  WireTreeDelta,
  WireTreeEntry,
} from "./api.ts";
import type { SupervisorMessage } from "./control.ts";
import type { WireError } from "./errors.ts";
import { isJson } from "./json.ts";

/**
 * What the host believes of a cage's messages: nothing but what these schemas let through. Sizes are capped here where
 * a cap is the same for everybody; budgets that depend on the sandbox's limits are held by the client.
 */

const MAX_LIST = 200_000;
/** Causes behind an error, as many as `toWireError` sends. */
const MAX_CAUSES = 4;

/**
 * Parses a message from below the wall. Stops at the first fault: collecting them all takes seconds for a list of a
 * million wrong items, and looking for unknown keys takes minutes when the message is one large typed array.
 */
export function parseMessage<T>(schema: v.GenericSchema<unknown, T>, message: unknown) {
  return v.safeParse(schema, message, { abortEarly: true });
}

/** A list whose length is checked before its items are: one of 2^32 holes is a message of a few bytes. */
function list<T>(item: v.GenericSchema<unknown, T>, maxLength = MAX_LIST): v.GenericSchema<unknown, T[]> {
  return v.pipe(
    v.custom<unknown[]>(
      (value) => Array.isArray(value) && value.length <= maxLength,
      `not a list of at most ${maxLength}`,
    ),
    v.array(item),
  );
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const shortText = v.pipe(v.string(), v.maxLength(4096));
/** Tracebacks and messages of guests: long, but not endless. */
const longText = v.pipe(v.string(), v.maxLength(2 ** 20));
/** Bytes as everybody expects them: decoders and hashes throw on shared or resizable memory. */
const bytes = v.pipe(
  v.instance(Uint8Array),
  v.check(
    ({ buffer }) => buffer instanceof ArrayBuffer && !("resizable" in buffer && buffer.resizable === true),
    "not plain bytes",
  ),
);
const guestPath = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.check(
    (path) =>
      path === "/" ||
      (path.startsWith("/") &&
        !path.includes("\0") &&
        path
          .slice(1)
          .split("/")
          .every((part) => part !== "" && part !== "." && part !== "..")),
    "not a normalised absolute path",
  ),
);
const fileType = v.picklist(["file", "directory", "symlink"]);
const mode = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0o7777));

const treeEntry = v.strictObject({
  path: guestPath,
  type: fileType,
  mode,
  mtimeNs: v.pipe(v.bigint(), v.minValue(-(2n ** 63n)), v.maxValue(2n ** 63n - 1n)),
  bytes: v.optional(bytes),
  target: v.optional(shortText),
  linkTo: v.optional(guestPath),
});

const treeDeltaSchema: v.GenericSchema<unknown, WireTreeDelta> = v.strictObject({
  removed: list(guestPath),
  entries: list<WireTreeEntry>(treeEntry),
});

export const treeEntriesSchema = list<WireTreeEntry>(treeEntry);

const anyFileInfo = v.strictObject({
  path: guestPath,
  name: shortText,
  type: fileType,
  bytes: count,
  mode,
  modifiedMs: v.pipe(v.number(), v.finite()),
  target: v.optional(shortText),
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  mimeType: v.optional(v.pipe(v.string(), v.maxLength(100), v.regex(/^[\w.+-]+\/[\w.+-]+$/))),
});

/** A name is used as it is for downloads and files on the host's disk: it must be its path's last part. */
export const fileInfoSchema: v.GenericSchema<unknown, FileInfo> = v.pipe(
  anyFileInfo,
  v.check(
    ({ path, name }) => name === path.slice(path.lastIndexOf("/") + 1),
    "a name that is not its path's",
  ),
);

const mimeBundle = v.strictObject({
  text: v.optional(v.string()),
  html: v.optional(v.string()),
  markdown: v.optional(v.string()),
  svg: v.optional(v.string()),
  png: v.optional(v.string()),
  jpeg: v.optional(v.string()),
  pdf: v.optional(v.string()),
  latex: v.optional(v.string()),
  json: v.optional(v.custom<unknown>((value) => isJson(value), "not JSON")),
  javascript: v.optional(v.string()),
});
/** No form has to be there, so a typed array would pass for a bundle with as many unknown keys as it has bytes. */
const mimeBundleSchema: v.GenericSchema<unknown, MimeBundle> = v.pipe(
  v.custom<object>(
    (value) =>
      typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype,
    "not an object",
  ),
  mimeBundle,
);

const wireErrorSchema = wireError(MAX_CAUSES);

/** Not lazy: an error that is its own cause would be walked for ever. */
function wireError(causes: number): v.GenericSchema<unknown, WireError> {
  return v.strictObject({
    code: v.picklist(SANDBOX_ERROR_CODES),
    message: longText,
    hint: v.optional(longText),
    cause: v.optional(causes > 0 ? wireError(causes - 1) : v.undefined_("causes without end")),
  });
}

export const createAnswerSchema: v.GenericSchema<unknown, CreateAnswer> = v.strictObject({
  changes: treeDeltaSchema,
});

export const resetAnswerSchema: v.GenericSchema<unknown, ResetAnswer> = v.strictObject({
  isClean: v.boolean(),
});

export const bootAnswerSchema: v.GenericSchema<unknown, BootAnswer> = v.strictObject({
  booted: v.boolean(),
  fromSnapshot: v.optional(v.boolean()),
  note: v.optional(shortText),
});

export const runAnswerSchema: v.GenericSchema<unknown, RunAnswer> = v.strictObject({
  status: v.picklist([
    "completed",
    "failed",
    "timed-out",
    "out-of-memory",
    "output-limit",
    "file-limit",
    "cancelled",
    "crashed",
  ]),
  exitCode: v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 32 - 1)),
  error: v.optional(v.strictObject({ name: shortText, value: longText, traceback: longText })),
  artifacts: list(fileInfoSchema),
  usage: v.strictObject({
    memoryBytes: v.optional(count),
    stdoutBytes: count,
    stderrBytes: count,
    fileBytes: count,
  }),
  stateLost: v.boolean(),
  executionCount: count,
  changes: treeDeltaSchema,
});

const fileChange = v.strictObject({ path: guestPath, type: v.picklist(["created", "modified", "removed"]) });

const cageEventSchema: v.GenericSchema<unknown, CageEvent> = v.variant("type", [
  v.strictObject({
    type: v.literal("output"),
    runId: count,
    stream: v.picklist(["stdout", "stderr"]),
    bytes,
  }),
  v.strictObject({
    type: v.literal("result"),
    runId: count,
    bundle: mimeBundleSchema,
    isMainResult: v.boolean(),
  }),
  v.strictObject({ type: v.literal("input-request"), runId: count, requestId: count }),
  v.strictObject({ type: v.literal("progress"), message: v.pipe(v.string(), v.maxLength(200)) }),
  v.strictObject({
    type: v.literal("files-changed"),
    changes: list<FileChange>(fileChange, 10_000),
  }),
]);

export const fromWorkerSchema = v.variant("channel", [
  v.strictObject({ channel: v.literal("reply"), message: v.unknown() }),
  v.strictObject({ channel: v.literal("event"), event: cageEventSchema }),
]);

/** A comlink reply that carries a plain value. Proxies, thrown errors and anything else comlink knows are refused. */
export const comlinkReplySchema = v.strictObject({
  id: v.pipe(v.string(), v.maxLength(100)),
  type: v.literal("RAW"),
  value: v.unknown(),
});

/** `Reply<T>` for the answer schema of one method. */
export function replySchema<T>(value: v.GenericSchema<unknown, T>) {
  return v.variant("ok", [
    v.strictObject({ ok: v.literal(true), value }),
    v.strictObject({ ok: v.literal(false), error: wireErrorSchema }),
  ]);
}

/** `Changed<T>`. */
export function changedSchema<T>(value: v.GenericSchema<unknown, T>) {
  return v.strictObject({ value, changes: treeDeltaSchema });
}

export const fileInfosSchema: v.GenericSchema<unknown, FileInfo[]> = list(fileInfoSchema);
export const nullSchema: v.GenericSchema<unknown, null> = v.null();
export const bytesSchema: v.GenericSchema<unknown, Uint8Array> = bytes;
export const booleanSchema: v.GenericSchema<unknown, boolean> = v.boolean();
export const nullableFileInfoSchema: v.GenericSchema<unknown, FileInfo | null> = v.nullable(fileInfoSchema);

export const supervisorMessageSchema: v.GenericSchema<unknown, SupervisorMessage> = v.variant("type", [
  v.strictObject({ type: v.literal("ready"), canInterrupt: v.boolean() }),
  v.strictObject({ type: v.literal("pong"), id: count }),
  v.strictObject({ type: v.literal("assets-provided"), requestId: count }),
  v.strictObject({ type: v.literal("failed"), message: longText }),
]);

/**
 * Reports of the supervising thread beyond the answers to what it was asked. A worker that is owned can make it repeat
 * two of them (`ready`, `assets-provided`) as fast as it likes.
 */
export const MAX_REPORTS = 100;

/** A cage's own words about its end, for a person at a terminal: one line without control characters, not long. */
export function toOneLine(text: string): string {
  return text
    .slice(0, 1000)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, 300);
}
