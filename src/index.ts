/**
 * The public API: every exported name, by hand. Host-free; `Sandbox` itself is bound to a host by `index.node.ts` and
 * `index.browser.ts`.
 */

export type { CageClosed } from "./client/cage.ts";
export {
  type Execution,
  type ExecutionError,
  type ExecutionUsage,
  type Notice,
  Result,
  type TraceEvent,
} from "./client/execution.ts";
export { Files } from "./client/files.ts";
export type {
  Context,
  CreateOptions,
  DiffEntry,
  FileContent,
  Progress,
  RunOptions,
  SpareOptions,
  StartInfo,
  StdinChunk,
  StdinSource,
  WatchEvent,
} from "./client/options.ts";
export { SandboxCore } from "./client/sandbox.ts";
export { Snapshot } from "./client/snapshot.ts";
export {
  type CollectedGarbage,
  type SavedSnapshot,
  SnapshotStoreCore,
  type StoredSnapshot,
  type StoreOptions,
  type StoreUsage,
} from "./client/store/snapshot-store.ts";
export { SandboxError, type SandboxErrorCode } from "./errors.ts";
export { LANGUAGE_BY_EXTENSION, LANGUAGES, type Language } from "./policy/languages.ts";
export { DEFAULT_LIMITS, type Limits } from "./policy/limits.ts";
export type { ExecutionStatus, FileInfo, MimeBundle } from "./protocol/api.ts";
export type { ModuleProducer } from "./wasm/custom-sections.ts";
export type {
  ImportNeed,
  InspectedImport,
  InspectedKind,
  InspectOptions,
  ModuleInspection,
} from "./wasm/inspect.ts";
export type { ModuleExport, ModuleSection } from "./wasm/module-reader.ts";
