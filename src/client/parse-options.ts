import { SandboxError } from "../errors.ts";
import { LANGUAGES, type Language } from "../policy/languages.ts";
import { parseGuestPath } from "../policy/paths.ts";
import type { CreateOptions, FileContent, RunOptions, SpareOptions, StdinChunk } from "./options.ts";

/** Where code is said to come from when the caller gives it no name. */
const DEFAULT_FILENAMES: Readonly<Record<Language, string>> = {
  python: "/workspace/main.py",
  javascript: "/workspace/main.js",
  typescript: "/workspace/main.ts",
  wasi: "/workspace/main.wasm",
};

const CREATE_OPTIONS = {
  language: true,
  files: true,
  readOnlyPaths: true,
  envs: true,
  limits: true,
  spares: true,
  permissions: true,
  assetsUrl: true,
  start: true,
  onProgress: true,
  signal: true,
} satisfies Record<keyof CreateOptions, true>;

/** Every option of a call; the compiler holds each list to its interface. */
const OPTION_NAMES = {
  create: CREATE_OPTIONS,
  // What `create` is going to be called with is for `prepare`, too: it leaves out what does not matter to a spare.
  prepare: { ...CREATE_OPTIONS, download: true } satisfies Record<keyof SpareOptions, true>,
  runCode: {
    language: true,
    context: true,
    envs: true,
    args: true,
    filename: true,
    cwd: true,
    stdin: true,
    isStdinTerminal: true,
    timeoutMs: true,
    signal: true,
    preopens: true,
    onStdout: true,
    onStderr: true,
    onOutput: true,
    onResult: true,
    onProgress: true,
  } satisfies Record<keyof RunOptions, true>,
} as const;

/**
 * A misspelt option would otherwise be a default that nobody asked for: `timeout` for `timeoutMs` runs for 30 s.
 *
 * @throws {SandboxError} `invalid-argument` naming it and those there are.
 */
export function refuseUnknownOptions(call: keyof typeof OPTION_NAMES, options: object): void {
  const names = OPTION_NAMES[call];
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  throw new SandboxError(`${call} has no option named "${unknown}"`, {
    code: "invalid-argument",
    hint: `Its options: ${Object.keys(names).join(", ")}.`,
  });
}

export function parseLanguage(language: unknown): Language {
  if (LANGUAGES.includes(language as Language)) return language as Language;
  throw new SandboxError(`There is no language ${JSON.stringify(language)}`, {
    code: "unsupported-language",
    hint: `Languages: ${LANGUAGES.join(", ")}.`,
  });
}

export function parseFiles(files: Readonly<Record<string, FileContent>> = {}): Map<string, FileContent> {
  const parsed = new Map<string, FileContent>();
  for (const [path, content] of Object.entries(files)) {
    if (typeof content !== "string" && !(content instanceof Uint8Array)) {
      throw invalid(
        `files["${path}"] must be a string or a Uint8Array, not ${typeof content}`,
        "Of an ArrayBuffer make new Uint8Array(buffer), of other values JSON.stringify(value).",
      );
    }
    parsed.set(parseGuestPath(path), content);
  }
  return parsed;
}

export function parseEnvs(envs: Readonly<Record<string, string>> = {}): Record<string, string> {
  const parsed: [string, string][] = [];
  for (const [name, value] of Object.entries(envs)) {
    if (name === "" || /[=\0]/.test(name))
      throw invalid(
        `${JSON.stringify(name)} is no name for an environment variable`,
        "A name has at least one character, and neither = nor NUL.",
      );
    if (typeof value !== "string" || value.includes("\0"))
      throw invalid(
        `envs.${name} must be a string without NUL`,
        "Write a number as String(value), and leave out what has no value.",
      );
    parsed.push([name, value]);
  }
  return Object.fromEntries(parsed);
}

export interface ParsedRun {
  language: Language;
  contextId: string;
  code: string | Uint8Array;
  filename: string;
  args: string[];
  envs: Record<string, string>;
  cwd: string;
  stdin: Uint8Array | "terminal" | "pipe" | null;
  timeoutMs: number;
  preopens: { name: string; path: string }[] | undefined;
}

/** Everything a caller can get wrong about a run, said before anything starts. */
export function parseRun(
  code: string | Uint8Array,
  options: RunOptions,
  defaults: { language: Language; timeoutMs: number },
): ParsedRun {
  refuseUnknownOptions("runCode", options);
  const language = parseLanguage(options.language ?? options.context?.language ?? defaults.language);
  if (options.context && options.context.language !== language) {
    throw invalid(
      `The context is for ${options.context.language}, the code is ${language}`,
      `Leave one of them out, or make another context: createContext({ language: "${language}" }).`,
    );
  }
  if (language === "wasi" ? !(code instanceof Uint8Array) : typeof code !== "string") {
    throw invalid(
      `Code in ${language} must be ${language === "wasi" ? "a module's bytes (Uint8Array)" : "a string"}`,
      language === "wasi"
        ? "Read the .wasm file without an encoding."
        : 'Decode its bytes with new TextDecoder(), or name the language "wasi" if they are a module.',
    );
  }
  const timeoutMs = options.timeoutMs ?? defaults.timeoutMs;
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs >= 2 ** 31) {
    throw invalid(
      `timeoutMs is ${timeoutMs}; it must be a whole number of milliseconds from 1 to ${2 ** 31 - 1}`,
      "30 seconds are 30_000; no run is without a limit.",
    );
  }
  const args = [...(options.args ?? [])];
  const badArg = args.findIndex((arg) => typeof arg !== "string" || arg.includes("\0"));
  if (badArg >= 0) {
    throw invalid(`args[${badArg}] must be a string without NUL`, "Write a number as String(value).");
  }
  return {
    language,
    contextId: options.context?.id ?? "default",
    code,
    filename: options.filename ?? DEFAULT_FILENAMES[language],
    args,
    envs: parseEnvs(options.envs),
    cwd: parseGuestPath(options.cwd ?? "/workspace"),
    stdin: parseStdin(options),
    timeoutMs,
    preopens: options.preopens?.map(({ name, path }) => ({ name, path: parseGuestPath(path) })),
  };
}

function parseStdin({ stdin, isStdinTerminal }: RunOptions): ParsedRun["stdin"] {
  if (typeof stdin === "function") return isStdinTerminal === false ? "pipe" : "terminal";
  if (isStdinTerminal) {
    throw invalid(
      "isStdinTerminal needs stdin to be a function: who types is asked",
      "Give stdin as a function that answers a line, or leave isStdinTerminal out.",
    );
  }
  if (stdin === undefined) return null;
  return typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
}

/** A piece of typed text is a line, with or without its line end; bytes are taken as they are; nothing ends the input. */
export function encodeStdinChunk(chunk: StdinChunk): Uint8Array | null {
  if (chunk === null || chunk === undefined) return null;
  if (typeof chunk !== "string") return chunk;
  return new TextEncoder().encode(chunk.endsWith("\n") ? chunk : `${chunk}\n`);
}

function invalid(message: string, hint: string): SandboxError {
  return new SandboxError(message, { code: "invalid-argument", hint });
}
