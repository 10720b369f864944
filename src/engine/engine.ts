import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import type {
  ArchiveFormat,
  BootAnswer,
  CageEvent,
  Changed,
  CreateRequest,
  FileChange,
  Reply,
  ResetAnswer,
  RunAnswer,
  RunRequest,
  WireTreeDelta,
  WorkerApi,
} from "../protocol/api.ts";
import type { CageStart } from "../protocol/control.ts";
import { toWireError } from "../protocol/errors.ts";
import { unpackEntries } from "../protocol/tree-pack.ts";
import { type EvaluatedFunction, evaluateFunction } from "../runtimes/evaluate.ts";
import { type RegisteredRuntime, RUNTIMES } from "../runtimes/registry.ts";
import type { Runtime, RuntimeHost } from "../runtimes/runtime.ts";
import type { FileSystem, Mark } from "../vfs/filesystem.ts";
import { createInitialTree } from "../vfs/initial-tree.ts";
import { Vfs } from "../vfs/vfs.ts";
import type { AssetShelf } from "./asset-shelf.ts";
import { getFileInfo, listArtifacts, listFiles } from "./file-info.ts";
import { type ActiveRun, startRun } from "./run.ts";

/** What the engine needs from the thread it lives in. */
export interface EngineHost extends CageStart {
  readonly assets: AssetShelf;
  /**
   * Makes a part of the engine's own script known, before it is imported, as a function of (require, exports, module).
   * Absent where every part can be imported at once.
   */
  defineScript?(name: string, body: EvaluatedFunction): void;
  emit(event: CageEvent, transfer?: Transferable[]): void;
  /** Shared with a thread that hears the host while this one computes. */
  interruptFlag?: Int32Array | undefined;
  nowNs(): bigint;
  monotonicNs(): bigint;
  /** As `nowNs`, in milliseconds with their fraction: read at every write, where a bigint would cost as much as the write. */
  nowMs(): number;
  /** As `monotonicNs`, in milliseconds with their fraction. */
  monotonicMs(): number;
  random(target: Uint8Array): Uint8Array;
}

/** More changed paths than this in one event and the watcher is better off listing the directory again. */
const MAX_CHANGES_PER_EVENT = 1000;

/**
 * One sandbox's life inside the cage: its filesystem, its runtimes, one run at a time. A cage stands before it is known
 * what it is for, so that it can wait as a spare, and holds one sandbox ever after.
 */
export function createEngine(host: EngineHost): WorkerApi {
  const nowMs = () => host.monotonicMs();
  const fs = new Vfs({ fileBytes: host.limits.fileBytes, nowNs: host.nowNs, nowMs: host.nowMs });
  createInitialTree(fs);
  const runtimes = new Map<string, Runtime>();
  /** By engine: those that run, are starting, or have failed to and told nobody. */
  const starts = new Map<string, Promise<BootAnswer>>();
  const told = new Set<string>();
  let sandbox: Sandbox | undefined;
  let activeRun: ActiveRun | undefined;

  function open(): Sandbox {
    if (!sandbox) throw new SandboxError("The sandbox was used before it was created", { code: "internal" });
    return sandbox;
  }

  function create(request: CreateRequest): { changes: WireTreeDelta } {
    const { envs, entries, readOnlyPaths, isRehearsal } = request;
    if (sandbox && !sandbox.isRehearsal) {
      throw new SandboxError("This cage already holds a sandbox", { code: "internal" });
    }
    sandbox?.leave();
    fs.restore(unpackEntries(entries) as Parameters<FileSystem["restore"]>[0]);
    const given = fs.mark();
    createInitialTree(fs);
    const changes = fs.changesSince(given);
    fs.dropMark(given);
    for (const path of readOnlyPaths) fs.setReadOnly(path);
    const box: Sandbox = {
      fs,
      envs,
      isRehearsal,
      start: fs.mark(),
      synced: fs.mark(),
      executionCounts: new Map(),
      leave() {
        unwatch();
        fs.dropMark(box.start);
        fs.dropMark(box.synced);
      },
    };
    const unwatch = watch(fs);
    sandbox = box;
    return { changes };
  }

  async function reset(): Promise<ResetAnswer> {
    const box = open();
    if (activeRun) throw new SandboxError("A run is in progress in this sandbox", { code: "busy" });
    for (const runtime of runtimes.values()) {
      if (!(await runtime.reset())) return { isClean: false };
    }
    box.fs.rollBack(box.start);
    box.synced = box.fs.mark();
    box.executionCounts.clear();
    return { isClean: true };
  }

  function watch(fs: FileSystem): () => void {
    let pending: FileChange[] = [];
    return fs.watch((change) => {
      if (pending.length === 0) {
        queueMicrotask(() => {
          host.emit({ type: "files-changed", changes: pending });
          pending = [];
        });
      }
      if (pending.length < MAX_CHANGES_PER_EVENT) pending.push(change);
    });
  }

  /** Takes everything that changed since the host was last told. */
  function takeChanges(box: Sandbox): WireTreeDelta {
    const changes = box.fs.changesSince(box.synced);
    box.fs.dropMark(box.synced);
    box.synced = box.fs.mark();
    return changes;
  }

  /** Starts a language, or joins its start. */
  function start({ language, assets }: NonNullable<CageStart["boot"]>): Promise<BootAnswer> {
    const entry = RUNTIMES[language];
    host.assets.expect(assets);
    const starting = starts.get(entry.engine) ?? startRuntime(entry, assets);
    starts.set(entry.engine, starting);
    return starting;
  }

  /** The first to ask is told how the start went, also when it began before anybody asked. */
  async function boot(language: Language, assets: readonly string[]): Promise<BootAnswer> {
    const entry = RUNTIMES[language];
    if (!entry)
      throw new SandboxError(`There is no language "${language}"`, { code: "unsupported-language" });
    let answer: BootAnswer;
    try {
      answer = await start({ language, assets });
    } catch (error) {
      // It can be tried again.
      starts.delete(entry.engine);
      throw error;
    }
    if (!told.has(entry.engine)) {
      told.add(entry.engine);
      return answer;
    }
    await runtimes.get(entry.engine)?.ready?.();
    return { booted: false };
  }

  async function startRuntime(entry: RegisteredRuntime, assets: readonly string[]): Promise<BootAnswer> {
    const script = await host.assets.load(entry.script);
    if (script && host.defineScript) {
      const text = new TextDecoder().decode(script);
      host.defineScript(entry.script, await evaluateFunction(["require", "exports", "module"], text));
    }
    const createRuntime = await entry.load();
    const runtime = createRuntime(runtimeHost());
    await runtime.boot();
    runtimes.set(entry.engine, runtime);
    host.assets.release(assets);
    return { booted: true, fromSnapshot: runtime.bootInfo?.fromSnapshot, note: runtime.bootInfo?.note };
  }

  function runtimeHost(): RuntimeHost {
    return {
      vfs: fs,
      limits: host.limits,
      async loadAsset(name) {
        const bytes = await host.assets.load(name);
        if (bytes) return bytes;
        throw new SandboxError(`The cage was not given the asset "${name}"`, { code: "asset-unavailable" });
      },
      dropAsset: (name) => void host.assets.drop(name),
      loadOptionalAsset: (name) => host.assets.load(name),
      loadCompiled: (name) => host.assets.loadCompiled(name),
      nowNs: host.nowNs,
      monotonicNs: host.monotonicNs,
      random: host.random,
      progress: (message) => host.emit({ type: "progress", message: message.slice(0, 200) }),
    };
  }

  async function run(request: RunRequest): Promise<RunAnswer> {
    const box = open();
    if (activeRun) throw new SandboxError("Another run is in progress in this sandbox", { code: "busy" });
    const runtime = runtimes.get(RUNTIMES[request.language].engine);
    if (!runtime) throw new SandboxError(`${request.language} was not booted`, { code: "internal" });
    box.fs.makeDir(request.cwd);
    const executionCount = (box.executionCounts.get(request.contextId) ?? 0) + 1;
    box.executionCounts.set(request.contextId, executionCount);
    activeRun = startRun(
      { ...request, envs: { ...box.envs, ...request.envs } },
      { runtime, fs: box.fs, emit: host.emit, interruptFlag: host.interruptFlag, nowMs },
    );
    try {
      const answer = await activeRun.finished;
      const changes = takeChanges(box);
      return { ...answer, executionCount, changes, artifacts: await listArtifacts(box.fs, changes) };
    } finally {
      activeRun = undefined;
    }
  }

  function changed<T>(change: (fs: FileSystem) => T): Changed<T> {
    const box = open();
    const value = change(box.fs);
    return { value, changes: takeChanges(box) };
  }

  // Loaded when first asked for: evaluating them took half of what the engine's own start takes.
  const archives: Record<ArchiveFormat, () => Promise<Archive>> = {
    async zip() {
      const { exportZip, importZip } = await import("../vfs/archive/zip.ts");
      return { write: exportZip, read: importZip };
    },
    async tar() {
      const { exportTar, importTar } = await import("../vfs/archive/tar.ts");
      return { write: exportTar, read: importTar };
    },
  };

  // A failure is told to whoever asks for the language.
  if (host.boot) start(host.boot).catch(() => {});

  return {
    boot: (language, assets) => reply(() => boot(language, assets)),
    create: (options) => reply(() => create(options)),
    reset: () => reply(reset),
    run: (request) => reply(() => run(request)),
    provideInput: (requestId, bytes) =>
      reply(() => {
        activeRun?.stdin.provide(requestId, bytes);
        return null;
      }),
    stopRun: (runId) =>
      reply(() => {
        if (activeRun?.runId === runId) activeRun.stop.stop("cancelled");
        return null;
      }),
    disposeContext: (contextId) =>
      reply(() => {
        for (const runtime of runtimes.values()) runtime.disposeContext(contextId);
        return null;
      }),
    readFile: (path) => reply(() => open().fs.readFile(path)),
    writeFiles: (files) =>
      reply(() =>
        changed((fs) => {
          for (const file of files) fs.writeFile(file.path, file.bytes, file.mode);
          return files.map((file) => getFileInfo(fs, file.path));
        }),
      ),
    list: (path, depth) => reply(() => listFiles(open().fs, path, depth)),
    makeDir: (path) => reply(() => changed((fs) => fs.makeDir(path))),
    rename: (from, to) =>
      reply(() =>
        changed((fs) => {
          fs.rename(from, to);
          return getFileInfo(fs, to);
        }),
      ),
    remove: (path) =>
      reply(() =>
        changed((fs) => {
          fs.remove(path);
          return null;
        }),
      ),
    stat: (path) => reply(() => (open().fs.exists(path) ? getFileInfo(open().fs, path) : null)),
    exportArchive: (format, path) => reply(async () => (await archives[format]()).write(open().fs, path)),
    importArchive: (format, path, bytes) =>
      reply(async () => {
        const { fs } = open();
        const archive = await archives[format]();
        const before = fs.mark();
        try {
          await archive.read(fs, path, bytes);
          const paths = fs.changesSince(before).entries.map((entry) => entry.path);
          return changed(() => paths.map((changedPath) => getFileInfo(fs, changedPath)));
        } finally {
          fs.dropMark(before);
        }
      }),
  };
}

interface Archive {
  write(fs: FileSystem, path: string): Uint8Array | Promise<Uint8Array>;
  read(fs: FileSystem, path: string, bytes: Uint8Array): unknown;
}

interface Sandbox {
  fs: FileSystem;
  envs: Readonly<Record<string, string>>;
  /** Ours: another one may follow. */
  isRehearsal: boolean;
  leave(): void;
  /** The state a reset goes back to. */
  start: Mark;
  /** The state the host knows. */
  synced: Mark;
  executionCounts: Map<string, number>;
}

/** Nothing is thrown across the wall: an answer is a value or an error as plain data. */
async function reply<T>(answer: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await answer() };
  } catch (error) {
    return { ok: false, error: toWireError(error) };
  }
}
