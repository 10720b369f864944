import { type CreateOptions, Sandbox, SandboxError } from "../index.browser.ts";
import type { Notice, Progress, StartInfo } from "../index.ts";
import type { Language } from "../policy/languages.ts";
import type { Limits } from "../policy/limits.ts";
import { splitArguments } from "./lib/arguments.ts";
import { describeFailure, missingFeature } from "./lib/failure.ts";
import { inspectBlob } from "./lib/inspections.ts";
import { KeptFiles } from "./lib/kept-files.ts";
import { refusalWords } from "./lib/module-words.ts";
import { baseName, displayPath, languageOf, parentPath, WORKSPACE } from "./lib/paths.ts";
import { sameLimits } from "./lib/same-limits.ts";
import { saveFile } from "./lib/save-file.ts";
import { decodeText, EDITABLE_BYTES, toBytes, toProjectFile } from "./lib/text-files.ts";
import { isDirty, project } from "./store/project.ts";
import { askForInput, firstSign, isBusy, RunRecorder, runs } from "./store/run.ts";
import { settings } from "./store/settings.ts";
import { knownPaths, type Mark, tree } from "./store/tree.ts";
import { view } from "./store/view.ts";

/** What a cage is given, as the server has it beside this page. */
const ASSETS_URL = new URL("assets/", document.baseURI);
/** Directories deeper than this are not listed; far beyond what a path of 4,096 bytes is used for. */
const LIST_DEPTH = 64;

/** A sandbox in which a language runs. */
interface Launch {
  sandbox: Sandbox;
  /** Whether it was started just now. */
  isFirst: boolean;
  startInfo: StartInfo | null;
}

/**
 * The one place that owns a `Sandbox`. It is opened late (first typing, upload or run), replaced by a reset or by new
 * limits, and never outlives its page. Everything it learns goes into the stores.
 */
class Session {
  #sandbox: Sandbox | null = null;
  #opening: Promise<Sandbox> | null = null;
  /** Aborts an opening that nobody waits for any more. */
  #abort: AbortController | null = null;
  #limits: Limits | null = null;
  /** Languages that are starting, or have started, in the present cage. */
  readonly #boots = new Map<Language, Promise<StartInfo>>();
  /** For the next run to show, before what the sandbox says itself. */
  #notices: Notice[] = [];
  /** Who hears of loading; the latest run. */
  #onProgress: (progress: Progress) => void = () => {};
  /** The sandbox's files across reloads. */
  readonly #kept = new KeptFiles((sentence) => view.getState().say(sentence));
  /** True until the page has opened its first sandbox: that one starts with what the last visit left. */
  #isFirstOpening = true;
  /** What that visit left, read once; let go when it has been used. */
  #lastVisit: ReturnType<KeptFiles["load"]> | undefined;
  #launching: Promise<Launch> | undefined;
  /** The first look at a sandbox's files. */
  #listing: Promise<void> = Promise.resolve();
  /** Grows with every reset; what an older sandbox still answers is then ignored. */
  #generation = 0;

  /** The open sandbox, for demos and curious readers. */
  get sandbox(): Sandbox | null {
    return this.#sandbox;
  }

  /**
   * Opens the sandbox when an earlier visit left files in it, so that they stand in the tree.
   *
   * @returns whether a path is among them.
   */
  async resume(): Promise<(path: string) => boolean> {
    this.#lastVisit ??= this.#kept.load();
    if ((await this.#lastVisit) === undefined) return () => false;
    try {
      await this.#open();
      await this.#listing;
    } catch {
      // The next run tells why there is no sandbox.
    }
    const listed = tree.getState().listed ?? [];
    return (path) => listed.some((info) => info.path === path);
  }

  /** Opens the sandbox and starts the language quietly while the reader types. A failure waits for Run, which shows it. */
  warm(): void {
    const { entryPath } = project.getState();
    const language = entryPath === null ? null : languageOf(entryPath);
    if (language === null || missingFeature() !== null || this.#boots.has(language)) return;
    void this.#launch(language).catch(() => {});
  }

  /** On a later visit all that a language needs lies in this browser: then it is ready before anybody asks for it. */
  anticipate(): void {
    const { entryPath } = project.getState();
    if (entryPath === null || languageOf(entryPath) === null || missingFeature() !== null) return;
    const { language, limits, assetsUrl } = this.#options(settings.getState().limits);
    // Why it cannot be is told to the run that needs it.
    Sandbox.prepare({ language, limits, assetsUrl, spares: 1, download: false }).catch(() => {});
  }

  /** Resolves when no program is on its way to its first line: then what is less urgent may begin. */
  async settled(): Promise<void> {
    await this.#launching?.catch(() => {});
    await firstSign();
  }

  async run(): Promise<void> {
    const { entryPath } = project.getState();
    if (isBusy(runs.getState().run)) return;
    if (entryPath === null) {
      view.getState().say("Open a program first: a file that ends in .py, .js, .ts or .wasm.");
      return;
    }
    const language = languageOf(entryPath) ?? "python";
    const { limits } = settings.getState();
    if (language === "wasi" && (await this.#isRefused(entryPath, limits))) return;
    const recorder = new RunRecorder({ path: entryPath, language, limits });
    const generation = this.#generation;
    const isCurrent = () => generation === this.#generation;
    view.getState().showOutput(view.getState().outputTab === "trace" ? "console" : view.getState().outputTab);
    try {
      const missing = missingFeature();
      if (missing !== null) return recorder.fail(missing);
      this.#onProgress = (progress) => recorder.progress(progress);
      const { sandbox, isFirst, startInfo } = await this.#launch(language);
      if (!isCurrent()) return;
      await this.#sync(sandbox);
      // Nothing to tell of a language that ran before the reader asked for it.
      recorder.started((isFirst && startInfo?.bootMs) || null);
      await this.#listing;
      const before = new Set(knownPaths(project.getState(), tree.getState()));
      const code = await this.#program(entryPath);
      const execution = await sandbox.runCode(code, {
        language,
        filename: entryPath,
        args: splitArguments(project.getState().args),
        timeoutMs: limits.timeoutMs,
        stdin: () => askForInput(recorder),
        onOutput: ({ bytes }) => recorder.addOutputBytes(bytes.length),
        onStdout: (text) => recorder.output("stdout", text),
        onStderr: (text) => recorder.output("stderr", text),
        onResult: (result) => recorder.result(result),
      });
      if (!isCurrent()) return;
      recorder.finish({ ...execution, notices: [...this.#notices.splice(0), ...execution.notices] });
      const marks = new Map<string, Mark>();
      for (const file of execution.artifacts)
        marks.set(file.path, before.has(file.path) ? "changed" : "created");
      tree.setState({ marks, storedBytes: execution.usage.fileBytes ?? null });
      await this.#adoptChanges(
        sandbox,
        execution.artifacts.map((file) => file.path),
      );
    } catch (error) {
      if (isCurrent()) recorder.fail(describeFailure(error));
    } finally {
      if (isCurrent()) await this.refresh();
    }
  }

  /** A module that does not run here is not started: what is said of it comes to the front. */
  async #isRefused(path: string, { memoryBytes }: Limits): Promise<boolean> {
    const blob = project.getState().data[path]?.blob;
    // What cannot be inspected is for the sandbox to say.
    const found = blob && (await inspectBlob(blob, memoryBytes).catch(() => undefined));
    const refusal = found ? refusalWords(displayPath(path), found) : null;
    if (refusal !== null) {
      project.getState().open(path);
      view.getState().showPhoneView("code");
      view.getState().say(refusal);
    }
    // A second press while the bytes were read has started it already.
    return refusal !== null || isBusy(runs.getState().run);
  }

  /** Stops the run: keeps the interpreter's state where that is possible, else ends it and keeps the files. */
  async stop(): Promise<void> {
    const run = runs.getState().run;
    if (run === null || !isBusy(run)) return;
    runs.setState({ run: { ...run, phase: "stopping", input: null } });
    try {
      if (this.#sandbox?.isRunning) await this.#sandbox.interrupt();
      else this.#drop();
    } catch (error) {
      view.getState().say(describeFailure(error).message);
    }
  }

  /** A fresh sandbox with the reader's files; variables and whatever runs left behind are gone. */
  async reset(): Promise<void> {
    this.#drop();
    this.#isFirstOpening = false;
    this.#lastVisit = undefined;
    // First of all: whoever sees an empty tree may reload at once.
    await this.#kept.clear();
    runs.setState({ run: null });
    project.getState().markUnsynced();
    tree.setState({ listed: null, storedBytes: null, marks: new Map(), selectedPath: null, problem: null });
  }

  /** Puts files the reader brought into the project and, when it is open, the sandbox. */
  async add(files: readonly { path: string; blob: Blob }[]): Promise<void> {
    const added = await Promise.all(files.map(toProjectFile));
    project.getState().put(added);
    await this.#guard(async () => {
      if (this.#sandbox !== null && !isBusy(runs.getState().run)) await this.#sync(this.#sandbox);
    });
    await this.refresh();
  }

  /** Writes what was edited into the sandbox, opening one when there is none. */
  async save(): Promise<void> {
    await this.#guard(async () => this.#sync(await this.#open()));
    await this.refresh();
  }

  async makeDir(path: string): Promise<void> {
    await this.#guard(async () => void (await (await this.#open()).files.makeDir(path)));
    await this.refresh();
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#guard(async () => {
      const sandbox = this.#sandbox;
      if (sandbox !== null && (await sandbox.files.exists(from))) {
        if (!(await sandbox.files.exists(parentPath(to)))) await sandbox.files.makeDir(parentPath(to));
        await sandbox.files.rename(from, to);
      }
      project.getState().rename(from, to);
    });
    await this.refresh();
  }

  async remove(path: string): Promise<void> {
    await this.#guard(async () => {
      const sandbox = this.#sandbox;
      if (sandbox !== null && (await sandbox.files.exists(path))) await sandbox.files.remove(path);
      project.getState().remove(path);
    });
    await this.refresh();
  }

  /** Bytes of a file as the reader sees it: the editor's when it is newer, else the sandbox's. */
  async read(path: string): Promise<Uint8Array> {
    const { texts, data } = project.getState();
    const text = texts[path];
    if (text !== undefined && isDirty(text)) return new TextEncoder().encode(text.content);
    if (this.#sandbox !== null && (await this.#sandbox.files.exists(path))) {
      return toBytes(await this.#sandbox.files.read(path, { format: "bytes" }));
    }
    if (text !== undefined) return new TextEncoder().encode(text.content);
    const file = data[path];
    if (file !== undefined) return new Uint8Array(await file.blob.arrayBuffer());
    throw new Error(`${displayPath(path)} is not there any more`);
  }

  /** Opens a file in the editor; `false` when it is not text or too large, and a preview is the better place. */
  async open(path: string): Promise<boolean> {
    const state = project.getState();
    if (path in state.texts || languageOf(path) === "wasi") {
      if (!(path in state.texts) && !(path in state.data)) {
        const bytes = await this.read(path);
        state.put([{ path, blob: new Blob([new Uint8Array(bytes)]), isSynced: true }]);
      }
      state.open(path);
      return true;
    }
    const bytes = await this.read(path);
    if (bytes.length > EDITABLE_BYTES) return false;
    const text = await decodeText(new Blob([new Uint8Array(bytes)]));
    if (text === null) return false;
    state.openGuestFile(path, text);
    return true;
  }

  async download(path: string): Promise<void> {
    await this.#guard(async () => saveFile(baseName(path), await this.read(path)));
  }

  /** A folder, or the whole workspace, as one zip. */
  async downloadZip(path: string = WORKSPACE): Promise<void> {
    await this.#guard(async () => {
      const sandbox = await this.#open();
      if (!isBusy(runs.getState().run)) await this.#sync(sandbox);
      saveFile(`${baseName(path)}.zip`, await sandbox.exportZip(path));
    });
  }

  /** Reads the sandbox's tree again. */
  async refresh(): Promise<void> {
    const sandbox = this.#sandbox;
    if (sandbox === null) return;
    try {
      const listed = await sandbox.files.list(WORKSPACE, { depth: LIST_DEPTH });
      if (sandbox !== this.#sandbox) return;
      tree.setState({ listed, problem: null });
      const snapshot = await sandbox.snapshot();
      if (sandbox === this.#sandbox) void this.#kept.save(snapshot);
    } catch (error) {
      if (sandbox === this.#sandbox) tree.setState({ problem: describeFailure(error).message });
    }
  }

  /** Opens the sandbox and starts a language in it, where that is still to be done. */
  #launch(language: Language): Promise<Launch> {
    const launching = (async () => {
      const sandbox = await this.#open();
      const isFirst = !this.#boots.has(language);
      return { sandbox, isFirst, startInfo: await this.#start(sandbox, language) };
    })();
    this.#launching = launching;
    return launching;
  }

  async #open(): Promise<Sandbox> {
    const { limits } = settings.getState();
    if (this.#sandbox !== null && this.#limits !== null && !sameLimits(this.#limits, limits)) {
      return this.#reopen(this.#sandbox, limits);
    }
    if (this.#sandbox !== null) return this.#sandbox;
    if (this.#opening !== null) return this.#opening;
    const generation = this.#generation;
    const abort = new AbortController();
    this.#abort = abort;
    this.#opening = this.#openFirst({ ...this.#options(limits), spares: 1, signal: abort.signal });
    try {
      const sandbox = await this.#opening;
      if (generation !== this.#generation) {
        await sandbox.kill();
        throw abort.signal.reason;
      }
      this.#adopt(sandbox, limits);
      await this.#sync(sandbox);
      // For the tree; whoever waits for the sandbox does not wait for that.
      this.#listing = this.refresh();
      return sandbox;
    } finally {
      if (generation === this.#generation) this.#opening = null;
    }
  }

  /** A sandbox with what the last visit left, the first time; else an empty one. */
  async #openFirst(options: CreateOptions): Promise<Sandbox> {
    this.#lastVisit ??= this.#isFirstOpening ? this.#kept.load() : undefined;
    const snapshot = await this.#lastVisit;
    options.signal?.throwIfAborted();
    this.#isFirstOpening = false;
    this.#lastVisit = undefined;
    if (snapshot === undefined) return Sandbox.create(options);
    try {
      return await Sandbox.restore(snapshot, options);
    } catch (error) {
      if (!(error instanceof SandboxError) || error.code !== "file-limit") throw error;
      view.getState().say(`The files of your last visit do not fit: ${error.message}.`);
      return Sandbox.create(options);
    }
  }

  /** New limits need a new sandbox; the files move over. */
  async #reopen(old: Sandbox, limits: Limits): Promise<Sandbox> {
    const snapshot = await old.snapshot();
    const sandbox = await Sandbox.restore(snapshot, this.#options(limits));
    await old.kill();
    const hadVariables = this.#boots.size > 0;
    this.#adopt(sandbox, limits);
    if (hadVariables) {
      this.#notices.push({
        code: "state-lost",
        message: "New limits opened a fresh sandbox. Variables and imports are gone; files are kept.",
      });
    }
    return sandbox;
  }

  #options(limits: Limits) {
    const { entryPath } = project.getState();
    // What the next cage is made for; the others can be started in it as well.
    const language = (entryPath && languageOf(entryPath)) || "python";
    return {
      language,
      limits,
      assetsUrl: ASSETS_URL,
      onProgress: (progress: Progress) => this.#onProgress(progress),
    };
  }

  /**
   * Starts a language. Its end is the moment the reader's code can begin, so that loading is not counted as the program's
   * time; and it can be done while they type. `null` for one that needs none.
   */
  async #start(sandbox: Sandbox, language: Language): Promise<StartInfo | null> {
    if (language === "wasi") return null;
    const known = this.#boots.get(language);
    // Asked again all the same: a cage that had to be ended takes its languages along.
    const boot = sandbox.start(language, { onProgress: (progress) => this.#onProgress(progress) });
    if (known === undefined) {
      this.#boots.set(language, boot);
      boot.catch(() => this.#boots.delete(language));
    }
    await boot;
    return known ?? boot;
  }

  #adopt(sandbox: Sandbox, limits: Limits): void {
    this.#boots.clear();
    this.#notices = [];
    this.#sandbox = sandbox;
    this.#limits = limits;
  }

  /** Lets go of the sandbox, and of one that is still opening. */
  #drop(): void {
    this.#generation++;
    this.#abort?.abort(new DOMException("Stopped", "AbortError"));
    void this.#sandbox?.kill().catch(() => {});
    this.#sandbox = null;
    this.#opening = null;
    this.#limits = null;
    this.#boots.clear();
    const run = runs.getState().run;
    if (run !== null && isBusy(run)) {
      runs.setState({
        run: {
          ...run,
          phase: "ended",
          input: null,
          progress: null,
          failure: { code: "stopped", message: "Stopped before the program started.", hint: null },
        },
      });
    }
    project.getState().markUnsynced();
  }

  /** Writes edited texts and new data files. What is typed while this waits stays dirty. */
  async #sync(sandbox: Sandbox): Promise<void> {
    const { texts, data } = project.getState();
    const dirty = Object.values(texts).filter(isDirty);
    const fresh = Object.values(data).filter((file) => !file.isSynced);
    if (dirty.length + fresh.length === 0) return;
    const files: { path: string; content: string | Uint8Array }[] = dirty.map(({ path, content }) => ({
      path,
      content,
    }));
    for (const { path, blob } of fresh)
      files.push({ path, content: new Uint8Array(await blob.arrayBuffer()) });
    await sandbox.files.writeFiles(files);
    if (sandbox !== this.#sandbox) return;
    project.getState().markSynced(
      new Map(dirty.map(({ path, content }) => [path, content])),
      fresh.map((file) => file.path),
    );
  }

  async #program(path: string): Promise<string | Uint8Array> {
    const { texts, data } = project.getState();
    const text = texts[path];
    if (text !== undefined) return text.content;
    const file = data[path];
    return file === undefined ? this.read(path) : new Uint8Array(await file.blob.arrayBuffer());
  }

  /** A run may rewrite a file that is open: show the new content, unless the reader has typed into it meanwhile. */
  async #adoptChanges(sandbox: Sandbox, paths: readonly string[]): Promise<void> {
    const kept: string[] = [];
    for (const path of paths) {
      const file = project.getState().texts[path];
      if (file === undefined) continue;
      if (isDirty(file)) {
        kept.push(displayPath(path));
        continue;
      }
      const bytes = toBytes(await sandbox.files.read(path, { format: "bytes" }));
      const content =
        bytes.length <= EDITABLE_BYTES ? await decodeText(new Blob([new Uint8Array(bytes)])) : null;
      const now = project.getState().texts[path];
      if (content === null || now === undefined || now.content !== file.content) continue;
      project.setState((state) => ({
        texts: { ...state.texts, [path]: { ...now, content, syncedContent: content } },
      }));
    }
    if (kept.length > 0) view.getState().say(`The run also changed ${kept.join(", ")}; your edits are kept.`);
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      tree.setState({ problem: null });
      await work();
    } catch (error) {
      const { message, hint } = describeFailure(error);
      tree.setState({ problem: hint === null ? message : `${message} ${hint}` });
    }
  }
}

/** The page's only session. */
export const session = new Session();
