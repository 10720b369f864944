import { SandboxError } from "../errors.ts";
import type { Language } from "../policy/languages.ts";
import type {
  BootAnswer,
  CageEvent,
  Changed,
  CreateRequest,
  FileChange,
  Reply,
  RunAnswer,
  RunRequest,
  WireTreeDelta,
  WorkerApi,
} from "../protocol/api.ts";
import { toWireError } from "../protocol/errors.ts";
import { RUNTIMES } from "../runtimes/registry.ts";
import type { Runtime, RuntimeHost } from "../runtimes/runtime.ts";
import { exportTar, importTar } from "../vfs/archive/tar.ts";
import { exportZip, importZip } from "../vfs/archive/zip.ts";
import type { FileSystem, Mark } from "../vfs/filesystem.ts";
import { createInitialTree } from "../vfs/initial-tree.ts";
import { Vfs } from "../vfs/vfs.ts";
import { getFileInfo, listArtifacts, listFiles } from "./file-info.ts";
import { type ActiveRun, startRun } from "./run.ts";

/** What the engine needs from the thread it lives in. */
export interface EngineHost {
  /** An asset's bytes, if the host provided it. */
  getAsset(name: string): Uint8Array | undefined;
  emit(event: CageEvent, transfer?: Transferable[]): void;
  /** Shared with a thread that hears the host while this one computes. */
  interruptFlag?: Int32Array | undefined;
  nowNs(): bigint;
  monotonicNs(): bigint;
  random(target: Uint8Array): Uint8Array;
}

/** More changed paths than this in one event and the watcher is better off listing the directory again. */
const MAX_CHANGES_PER_EVENT = 1000;

/** One sandbox's life inside the cage: its filesystem, its runtimes, one run at a time. */
export function createEngine(host: EngineHost): WorkerApi {
  const nowMs = () => Number(host.monotonicNs()) / 1e6;
  let sandbox: Sandbox | undefined;
  let activeRun: ActiveRun | undefined;

  function open(): Sandbox {
    if (!sandbox) throw new SandboxError("The sandbox was used before it was created", { code: "internal" });
    return sandbox;
  }

  async function create(options: CreateRequest): Promise<{ changes: WireTreeDelta }> {
    if (sandbox) throw new SandboxError("This cage already holds a sandbox", { code: "internal" });
    const fs = new Vfs({ fileBytes: options.limits.fileBytes, nowNs: host.nowNs });
    if (options.entries.length > 0) fs.restore(options.entries as Parameters<FileSystem["restore"]>[0]);
    createInitialTree(fs);
    for (const path of options.readOnlyPaths) fs.setReadOnly(path);
    sandbox = { fs, options, synced: fs.mark(), runtimes: new Map(), executionCounts: new Map() };
    watch(sandbox);
    return { changes: { removed: [], entries: fs.snapshot() } };
  }

  function watch({ fs }: Sandbox): void {
    let pending: FileChange[] = [];
    fs.watch((change) => {
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

  async function boot(language: Language): Promise<BootAnswer> {
    const box = open();
    const entry = RUNTIMES[language];
    if (!entry)
      throw new SandboxError(`There is no language "${language}"`, { code: "unsupported-language" });
    if (box.runtimes.has(entry.engine)) return { booted: false };
    const createRuntime = await entry.load();
    const runtime = createRuntime(runtimeHost(box));
    await runtime.boot();
    box.runtimes.set(entry.engine, runtime);
    return { booted: true, fromSnapshot: runtime.bootInfo?.fromSnapshot, note: runtime.bootInfo?.note };
  }

  function runtimeHost(box: Sandbox): RuntimeHost {
    return {
      vfs: box.fs,
      limits: box.options.limits,
      async loadAsset(name) {
        const bytes = host.getAsset(name);
        if (bytes) return bytes;
        throw new SandboxError(`The cage was not given the asset "${name}"`, { code: "asset-unavailable" });
      },
      loadOptionalAsset: async (name) => host.getAsset(name),
      nowNs: host.nowNs,
      monotonicNs: host.monotonicNs,
      random: host.random,
      progress: (message) => host.emit({ type: "progress", message: message.slice(0, 200) }),
    };
  }

  async function run(request: RunRequest): Promise<RunAnswer> {
    const box = open();
    if (activeRun) throw new SandboxError("Another run is in progress in this sandbox", { code: "busy" });
    const runtime = box.runtimes.get(RUNTIMES[request.language].engine);
    if (!runtime) throw new SandboxError(`${request.language} was not booted`, { code: "internal" });
    box.fs.makeDir(request.cwd);
    const executionCount = (box.executionCounts.get(request.contextId) ?? 0) + 1;
    box.executionCounts.set(request.contextId, executionCount);
    activeRun = startRun(
      { ...request, envs: { ...box.options.envs, ...request.envs } },
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

  const archives = {
    zip: { export: exportZip, import: importZip },
    tar: { export: exportTar, import: importTar },
  };

  return {
    create: (options) => reply(() => create(options)),
    boot: (language) => reply(() => boot(language)),
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
        for (const runtime of open().runtimes.values()) runtime.disposeContext(contextId);
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
    restore: (entries) =>
      reply(() =>
        changed((fs) => {
          fs.restore(entries as Parameters<FileSystem["restore"]>[0]);
          createInitialTree(fs);
          return null;
        }),
      ),
    exportArchive: (format, path) => reply(async () => archives[format].export(open().fs, path)),
    importArchive: (format, path, bytes) =>
      reply(async () => {
        const { fs } = open();
        const before = fs.mark();
        try {
          await archives[format].import(fs, path, bytes);
          const paths = fs.changesSince(before).entries.map((entry) => entry.path);
          return changed(() => paths.map((changedPath) => getFileInfo(fs, changedPath)));
        } finally {
          fs.dropMark(before);
        }
      }),
  };
}

interface Sandbox {
  fs: FileSystem;
  options: CreateRequest;
  /** The state the host knows. */
  synced: Mark;
  runtimes: Map<string, Runtime>;
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
