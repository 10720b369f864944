import { VfsError } from "../../vfs/errors.ts";
import type { FileSystem } from "../../vfs/filesystem.ts";
import { joinPath, parentOf } from "./paths.ts";
import { SourceError } from "./source-error.ts";
import type { OriginalPosition } from "./source-map.ts";
import { type Edit, type PreparedFile, prepareFile } from "./transform.ts";
import type { TypeStripper } from "./typescript.ts";

/** Where a specifier leads. */
export type Resolved = { builtin: string } | { path: string };

/** An import that leads nowhere, in node's words. */
export class ModuleError extends Error {
  override readonly name = "Error";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A source as it is handed to the engine. */
export interface LoadedFile {
  kind: "script" | "module" | "json";
  /** Name the engine knows it by. */
  name: string;
  file: string;
  text: string;
  edits: Edit[];
  /** Where places of the text were in the file, when it was rewritten. */
  originalPosition?: OriginalPosition | undefined;
  /** Written by the host: its frames are never shown. */
  isInternal?: boolean;
}

const BUILTIN_PREFIX = "node:";
/** Tried in this order behind a path that names no file. */
const ENDINGS = [
  "",
  ".js",
  ".mjs",
  ".cjs",
  ".ts",
  ".mts",
  ".json",
  "/index.js",
  "/index.mjs",
  "/index.ts",
  "/index.json",
];
/** What a specifier with a JavaScript ending may stand for in a TypeScript project. */
const TYPESCRIPT_TWIN: Readonly<Record<string, string>> = { ".js": ".ts", ".mjs": ".mts", ".cjs": ".cts" };

/**
 * Finds and prepares the files a context imports. A file that changed since it was loaded makes the next run load every
 * file again, under new names, as the engine keeps modules by name for good.
 */
export class ModuleFiles {
  readonly #fs: FileSystem;
  readonly #stripper: () => TypeStripper;
  readonly #builtins: Readonly<Record<string, readonly string[]>>;
  /** What was loaded in this generation: path → time and size then. */
  readonly #loaded = new Map<string, string>();
  #generation = 0;

  constructor(
    fs: FileSystem,
    stripper: () => TypeStripper,
    builtins: Readonly<Record<string, readonly string[]>>,
  ) {
    this.#fs = fs;
    this.#stripper = stripper;
    this.#builtins = builtins;
  }

  /** Starts a run. True when files have changed, so that nothing loaded before may be used again. */
  beginRun(): boolean {
    let isFresh = false;
    for (const [path, version] of this.#loaded) isFresh ||= this.#versionOf(path) !== version;
    if (!isFresh) return false;
    this.#generation++;
    this.#loaded.clear();
    return true;
  }

  /** @throws {ModuleError} */
  resolve(specifier: string, importer: string, cwd: string): Resolved {
    const bare = specifier.startsWith(BUILTIN_PREFIX) ? specifier.slice(BUILTIN_PREFIX.length) : specifier;
    if (Object.hasOwn(this.#builtins, bare)) return { builtin: bare };
    if (bare !== specifier) throw this.#unknown(`No such built-in module: ${specifier}`);
    const isFileUrl = specifier.startsWith("file://");
    if (!isFileUrl && !/^\.{0,2}\//.test(specifier) && specifier !== "." && specifier !== "..") {
      throw this.#unknown(`Cannot find package '${specifier}' imported from ${importer}`);
    }
    const base = importer.startsWith("/") ? parentOf(importer) : cwd;
    const wanted = joinPath(base, isFileUrl ? decodePath(specifier.slice(7)) : specifier);
    for (const candidate of candidatesFor(wanted)) if (this.#isFile(candidate)) return { path: candidate };
    throw new ModuleError("ERR_MODULE_NOT_FOUND", `Cannot find module '${wanted}' imported from ${importer}`);
  }

  /** The engine's name of what a specifier leads to. */
  nameOf(resolved: Resolved): string {
    if ("builtin" in resolved) return BUILTIN_PREFIX + resolved.builtin;
    return this.#generation === 0 ? resolved.path : `${resolved.path}?${this.#generation}`;
  }

  /** The path behind an engine's name of a file. */
  pathOf(name: string): string {
    const mark = name.lastIndexOf("?");
    return mark > 0 ? name.slice(0, mark) : name;
  }

  /**
   * The ES module behind an engine's name: what the module loader answers.
   *
   * @throws {VfsError | SourceError}
   */
  loadModule(name: string): LoadedFile {
    if (name.startsWith(BUILTIN_PREFIX)) return this.#builtinModule(name);
    const path = this.pathOf(name);
    const text = this.#read(path);
    if (path.endsWith(".json")) {
      const json = checkJson(text, path);
      return {
        kind: "module",
        name,
        file: path,
        text: `export default JSON.parse(${JSON.stringify(json)});`,
        edits: [],
        isInternal: true,
      };
    }
    const prepared = this.#prepare(path, text);
    if (prepared.kind === "module") return { ...prepared, kind: "module", name, file: path };
    return {
      kind: "module",
      name,
      file: path,
      text: commonWrapper(path, prepared.commonNames),
      edits: [],
      isInternal: true,
    };
  }

  /**
   * The same for `require`: JSON as text, CommonJS as a function, an ES module by its name alone.
   *
   * @throws {VfsError | SourceError}
   */
  loadCommon(path: string): LoadedFile {
    const name = this.nameOf({ path });
    const text = this.#read(path);
    if (path.endsWith(".json")) return { kind: "json", name, file: path, text, edits: [] };
    const prepared = this.#prepare(path, text);
    if (prepared.kind === "module") return { kind: "module", name, file: path, text: "", edits: [] };
    return { ...prepared, kind: "script", name: `${name}#require`, file: path };
  }

  #prepare(path: string, text: string): PreparedFile & Pick<LoadedFile, "originalPosition"> {
    const hasTypes = /\.[mc]?ts$/.test(path);
    const isModule = path.endsWith(".mjs") || path.endsWith(".mts") ? true : undefined;
    if (!hasTypes) return prepareFile(text, path, isModule);
    const { code, originalPosition } = this.#stripper().strip(text, path);
    return { ...prepareFile(code, path, isModule, this.isKnownValue), originalPosition };
  }

  /** Whether a built-in module exports a value by this name; files are not looked into. */
  readonly isKnownValue = (specifier: string, name: string): boolean => {
    const names =
      this.#builtins[
        specifier.startsWith(BUILTIN_PREFIX) ? specifier.slice(BUILTIN_PREFIX.length) : specifier
      ];
    return names !== undefined && (name === "default" || names.includes(name));
  };

  #read(path: string): string {
    this.#loaded.set(path, this.#versionOf(path));
    return new TextDecoder().decode(this.#fs.readFile(path));
  }

  #builtinModule(name: string): LoadedFile {
    const builtin = name.slice(BUILTIN_PREFIX.length);
    const names = this.#builtins[builtin] ?? [];
    const text = [
      `const m=__sandglass__.builtin(${JSON.stringify(builtin)});export default m;`,
      ...names.map((each, i) => `const v${i}=m.${each};`),
      `export{${names.map((each, i) => `v${i} as ${each}`).join(",")}};`,
    ].join("");
    return { kind: "module", name, file: name, text, edits: [], isInternal: true };
  }

  #isFile(path: string): boolean {
    try {
      return this.#fs.stat(this.#fs.resolve(path)).type === "file";
    } catch (error) {
      if (error instanceof VfsError) return false;
      throw error;
    }
  }

  #versionOf(path: string): string {
    try {
      const stat = this.#fs.stat(this.#fs.resolve(path));
      return `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    } catch (error) {
      if (error instanceof VfsError) return "";
      throw error;
    }
  }

  #unknown(message: string): ModuleError {
    const names = Object.keys(this.#builtins).filter((name) => !name.includes("/"));
    return new ModuleError(
      "ERR_MODULE_NOT_FOUND",
      `${message}. There are no packages here; available are ${names.join(", ")} and files by a path such as './file.js'.`,
    );
  }
}

function candidatesFor(path: string): string[] {
  const candidates = ENDINGS.map((ending) => path + ending);
  const ending = /\.[mc]?js$/.exec(path)?.[0];
  if (ending !== undefined) candidates.push(path.slice(0, -ending.length) + TYPESCRIPT_TWIN[ending]);
  return candidates;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function checkJson(text: string, path: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new SourceError(error instanceof Error ? error.message : String(error), path, 1, 1);
  }
}

/** An ES module that gives what a CommonJS file exports: the whole as default, and the names found in its text. */
function commonWrapper(path: string, names: readonly string[]): string {
  const file = JSON.stringify(path);
  return [
    `const m=__sandglass__.require(${file})(${file});export default m;`,
    ...names.map((each, i) => `const v${i}=m?.${each};`),
    `export{${names.map((each, i) => `v${i} as ${each}`).join(",")}};`,
  ].join("");
}
