import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import type { FileSystem } from "../../vfs/filesystem.ts";
import type { HostCalls } from "./host-calls.ts";
import { type LoadedFile, ModuleError, type ModuleFiles } from "./modules.ts";
import { joinPath } from "./paths.ts";
import { SourceError } from "./source-error.ts";
import type { OriginalPosition } from "./source-map.ts";
import type { Prepared } from "./transform.ts";

/** Name of the made-up modules that stand between require() and an ES module. */
const MODULE_ENTRY = "sandglass:require";
/** Stands for a specifier that leads nowhere until the loader says why. */
const UNRESOLVED = "sandglass:unresolved";
/** Programs whose text is kept for excerpts; older ones are forgotten. */
const MAX_PROGRAMS = 200;

type SourceEntry = Pick<LoadedFile, "file" | "edits" | "isInternal" | "originalPosition">;

/** Every text the engine was given, by the name it knows it by: programs and imported files, and where their parts were. */
export class GuestSources {
  readonly #fs: FileSystem;
  readonly #context: QuickJSContext;
  readonly #modules: ModuleFiles;
  readonly #cwd: () => string;
  /** Program texts by the name they were evaluated under. */
  readonly #programs = new Map<string, string>();
  readonly #entries = new Map<string, SourceEntry>();
  #programCount = 0;
  /** Imported files of this run that did not parse. */
  #unparsed: SourceError[] = [];
  #resolveError: unknown;

  /** Becomes the engine's module loader. */
  constructor(fs: FileSystem, context: QuickJSContext, modules: ModuleFiles, cwd: () => string) {
    this.#fs = fs;
    this.#context = context;
    this.#modules = modules;
    this.#cwd = cwd;
    context.runtime.setModuleLoader(
      (name) => this.#load(name),
      (base, specifier) => this.#nameOf(base, specifier),
    );
  }

  /** Starts a run. True when files have changed since they were loaded, so that they will be loaded again. */
  beginRun(): boolean {
    this.#unparsed = [];
    return this.#modules.beginRun();
  }

  /**
   * Remembers a program and gives it a name of its own: stack frames of an earlier program of the same file must not be
   * mixed up with it.
   */
  addProgram(source: string, entry: SourceEntry): string {
    this.#programCount++;
    const { file } = entry;
    const isOther = this.#programs.has(file) && this.#programs.get(file) !== source;
    const name = isOther ? `${file}?run${this.#programCount}` : file;
    this.#programs.set(name, source);
    this.#entries.set(name, entry);
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > MAX_PROGRAMS && oldest !== undefined) {
      this.#programs.delete(oldest);
      this.#entries.delete(oldest);
    }
    return name;
  }

  /**
   * Static imports are checked before the engine sees them: it would not say where they stand.
   *
   * @throws {SourceError}
   */
  checkImports(prepared: Prepared, originalPosition: OriginalPosition | undefined, file: string): void {
    const cwd = this.#cwd();
    for (const { specifier, line, column } of prepared.imports) {
      try {
        this.#modules.resolve(specifier, joinPath(cwd, file), cwd);
      } catch (error) {
        if (!(error instanceof ModuleError)) throw error;
        const at = originalPosition?.(line, column) ?? [line, column];
        throw new SourceError(error.message, file, ...at, "Error");
      }
    }
  }

  /** The text of a program or file, for an excerpt. */
  textOf(file: string): string | undefined {
    const program = [...this.#programs].filter(([name]) => name.replace(/\?run\d+$/, "") === file).at(-1);
    if (program) return program[1];
    try {
      return new TextDecoder().decode(this.#fs.readFile(file));
    } catch {
      return undefined;
    }
  }

  /** The imported file of this run that an error's message is about, if it is about one that did not parse. */
  findUnparsed(message: string): SourceError | undefined {
    return this.#unparsed.find((each) => message.endsWith(placeOf(each)));
  }

  /** Evaluates a file for require(). Throws the handle of what the guest threw. */
  evaluate(kind: string, name: string, text: string, onModuleError: () => void): QuickJSHandle {
    if (kind !== "module") return unwrap(this.#context.evalCode(text, name, { type: "global" }));
    const entry = `import * as module from ${JSON.stringify(name)}; export { module };`;
    const result = this.#context.evalCode(entry, MODULE_ENTRY, { type: "module" });
    if (result.error) onModuleError();
    return unwrap(result);
  }

  readonly calls: HostCalls = {
    "module.resolve": (args) => this.#modules.resolve(args.text(0), args.text(1), this.#cwd()),
    "module.load": (args) => {
      const loaded = this.#modules.loadCommon(args.text(0));
      this.#entries.set(loaded.name, loaded);
      return loaded;
    },
    source: (args) => {
      const { file, edits, isInternal, originalPosition } = this.#entries.get(args.text(0)) ?? {};
      return file === undefined
        ? null
        : { file, edits, isInternal, isRewritten: originalPosition !== undefined };
    },
    "source.position": (args) => {
      const at = [args.number(1), args.number(2)] as const;
      return this.#entries.get(args.text(0))?.originalPosition?.(...at) ?? at;
    },
  };

  #load(name: string): string | { error: Error } {
    if (name === UNRESOLVED) return { error: asError(this.#resolveError) };
    try {
      const loaded = this.#modules.loadModule(name);
      this.#entries.set(loaded.name, loaded);
      return loaded.text;
    } catch (error) {
      if (error instanceof SourceError) this.#unparsed.push(error);
      return { error: asError(error) };
    }
  }

  #nameOf(base: string, specifier: string): string {
    try {
      // A name the host made up itself, as for require() of an ES module.
      if (base === MODULE_ENTRY) return specifier;
      return this.#modules.nameOf(this.#modules.resolve(specifier, this.#modules.pathOf(base), this.#cwd()));
    } catch (error) {
      // An error of the normalizer is lost in the engine; the loader's is not.
      this.#resolveError = error;
      return UNRESOLVED;
    }
  }
}

function unwrap(result: { error?: QuickJSHandle | undefined; value?: QuickJSHandle }): QuickJSHandle {
  if (result.error) throw result.error;
  return result.value!;
}

function placeOf({ file, line, column }: SourceError): string {
  return ` (${file}:${line}:${column})`;
}

function asError(error: unknown): Error {
  if (error instanceof SourceError) {
    const located = new Error(error.message + placeOf(error));
    located.name = "SyntaxError";
    return located;
  }
  return error instanceof Error ? error : new Error(String(error));
}
