import * as v from "valibot";
import { SANDBOX_ERROR_CODES } from "../errors.ts";
import type {
  BootAnswer,
  CageEvent,
  CreateAnswer,
  FileInfo,
  MimeBundle,
  RunAnswer,
  WireTreeDelta,
} from "./api.ts";
import type { SupervisorMessage } from "./control.ts";
import type { WireError } from "./errors.ts";

/**
 * What the host believes of a cage's messages: nothing but what these schemas let through. Sizes are capped here where
 * a cap is the same for everybody; budgets that depend on the sandbox's limits are held by the client.
 */

const MAX_LIST = 200_000;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const shortText = v.pipe(v.string(), v.maxLength(4096));
/** Tracebacks and messages of guests: long, but not endless. */
const longText = v.pipe(v.string(), v.maxLength(2 ** 20));
const bytes = v.instance(Uint8Array);
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

export const treeDeltaSchema: v.GenericSchema<unknown, WireTreeDelta> = v.strictObject({
  removed: v.pipe(v.array(guestPath), v.maxLength(MAX_LIST)),
  entries: v.pipe(v.array(treeEntry), v.maxLength(MAX_LIST)),
});

export const treeEntriesSchema = v.pipe(v.array(treeEntry), v.maxLength(MAX_LIST));

export const fileInfoSchema: v.GenericSchema<unknown, FileInfo> = v.strictObject({
  path: guestPath,
  name: shortText,
  type: fileType,
  bytes: count,
  mode,
  modifiedMs: v.pipe(v.number(), v.finite()),
  target: v.optional(shortText),
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  mimeType: v.optional(v.pipe(v.string(), v.regex(/^[\w.+-]+\/[\w.+-]+$/), v.maxLength(100))),
});

/** JSON values a guest may show; deep ones are refused so that no recursive reader of ours overflows. */
const MAX_JSON_DEPTH = 64;
function isJson(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth >= MAX_JSON_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).every(([key, item]) => key !== "__proto__" && isJson(item, depth + 1));
}

export const mimeBundleSchema: v.GenericSchema<unknown, MimeBundle> = v.strictObject({
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

export const wireErrorSchema: v.GenericSchema<unknown, WireError> = v.strictObject({
  code: v.picklist(SANDBOX_ERROR_CODES),
  message: longText,
  hint: v.optional(longText),
  cause: v.optional(v.lazy(() => wireErrorSchema)),
});

export const createAnswerSchema: v.GenericSchema<unknown, CreateAnswer> = v.strictObject({
  changes: treeDeltaSchema,
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
  artifacts: v.pipe(v.array(fileInfoSchema), v.maxLength(MAX_LIST)),
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

export const cageEventSchema: v.GenericSchema<unknown, CageEvent> = v.variant("type", [
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
    changes: v.pipe(v.array(fileChange), v.maxLength(10_000)),
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

export const fileInfosSchema: v.GenericSchema<unknown, FileInfo[]> = v.pipe(
  v.array(fileInfoSchema),
  v.maxLength(MAX_LIST),
);
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
