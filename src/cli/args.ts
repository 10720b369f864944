import { LANGUAGE_BY_EXTENSION, LANGUAGES, type Language } from "../policy/languages.ts";
import { type InspectArguments, parseInspect } from "./inspect-args.ts";
import { type MountSpec, parseMountSpec } from "./mount-spec.ts";
import { languageByEnding } from "./program-language.ts";
import { suggest } from "./suggest.ts";
import { parseByteCount, parseDurationMs } from "./units.ts";
import { splitFlag, unknownFlag, usage } from "./usage.ts";

/** Where the program comes from. */
export type ProgramSource =
  | { from: "file"; path: string }
  | { from: "code"; code: string }
  | { from: "stdin" };

/** `sandglass run`, as it was asked for. A limit that is absent keeps the sandbox's default. */
export interface RunArguments {
  source: ProgramSource;
  /** `undefined` for a file whose ending says nothing: whether it is there at all is the first thing to tell. */
  language: Language | undefined;
  /** argv after the program's own name. */
  args: string[];
  mounts: MountSpec[];
  outDir?: string;
  /** A snapshot file to start from. */
  restoreFile?: string;
  /** Where to write a snapshot in the end. */
  saveFile?: string;
  envs: Record<string, string>;
  limits: { timeoutMs?: number; memoryBytes?: number; outputBytes?: number; fileBytes?: number };
  json: boolean;
}

export type Command =
  | { name: "help" }
  | { name: "version" }
  | { name: "run"; run: RunArguments }
  | { name: "inspect"; inspect: InspectArguments };

/** Every flag of `run`, and what it takes. */
const VALUE_FLAGS = [
  "-c",
  "--lang",
  "--mount",
  "--out",
  "--restore",
  "--save",
  "--env",
  "--timeout",
  "--memory",
  "--output-limit",
  "--file-limit",
] as const;
type ValueFlag = (typeof VALUE_FLAGS)[number];
const LATER_FLAGS: readonly string[] = ["--allow-net", "--allow-package", "--seed", "--now", "--trace"];
const KNOWN_FLAGS: readonly string[] = [...VALUE_FLAGS, ...LATER_FLAGS, "--json", "--help", "--version"];

const NO_FLAG_HINT = "Put -- before flags that are meant for the program.";

/**
 * Reads the command line (without `node` and the script).
 *
 * @param stdinIsTerminal - With no program named, a piped stdin is the program and a terminal is a mistake.
 * @throws {CliError} with exit code 2 and one line, for everything that cannot be meant.
 */
export function parseArguments(argv: readonly string[], stdinIsTerminal: boolean): Command {
  const [first, ...rest] = argv;
  if (first === "--version" || first === "-V" || first === "version") return { name: "version" };
  if (first === "--help" || first === "-h" || first === "help") return { name: "help" };
  if (first === "run") return parseRun(rest, stdinIsTerminal);
  if (first === "inspect") {
    const inspect = parseInspect(rest);
    return inspect === undefined ? { name: "help" } : { name: "inspect", inspect };
  }
  if (first === undefined) throw usage("there is nothing to do", "Try: sandglass run program.py");
  if (first.startsWith("-")) throw unknownFlag(first, KNOWN_FLAGS, NO_FLAG_HINT);
  const isFile = Object.keys(LANGUAGE_BY_EXTENSION).some((ending) => first.endsWith(ending));
  throw usage(
    `there is no command "${first}"`,
    isFile
      ? `Did you mean: sandglass run ${first}`
      : "The commands are run and inspect. See sandglass --help.",
  );
}

function parseRun(argv: readonly string[], stdinIsTerminal: boolean): Command {
  const values: Partial<Record<ValueFlag, string>> = {};
  const mounts: MountSpec[] = [];
  const envs: Record<string, string> = {};
  const positionals: string[] = [];
  /** Words before a `--`: what stands after it is the program's. */
  let ownCount = Number.POSITIVE_INFINITY;
  let json = false;

  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === "--") {
      ownCount = positionals.length;
      positionals.push(...argv.slice(index + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      positionals.push(word);
      continue;
    }
    const [flag, attached] = splitFlag(word);
    if (flag === "--help" || flag === "-h") return { name: "help" };
    if (flag === "--version") return { name: "version" };
    if (LATER_FLAGS.includes(flag)) {
      throw usage(
        `${flag} is not yet available`,
        "There is no network, no package, no fixed seed or clock and no trace for now.",
      );
    }
    if (flag === "--json") {
      if (attached !== undefined) throw usage("--json takes no value");
      json = true;
      continue;
    }
    if (!isValueFlag(flag)) throw unknownFlag(flag, KNOWN_FLAGS, NO_FLAG_HINT);
    const value = attached ?? argv[++index];
    if (value === undefined) throw usage(`${flag} needs a value`, "See sandglass --help.");
    if (flag === "--mount") mounts.push(parseMountSpec(value));
    else if (flag === "--env") addEnv(envs, value);
    else if (values[flag] !== undefined) throw usage(`${flag} is given twice`);
    else values[flag] = value;
  }

  const [first] = positionals;
  if (values["-c"] !== undefined && first !== undefined && ownCount > 0 && isProgram(first)) {
    throw usage(
      `there are two programs: -c and ${first}`,
      `Leave one of them out, or put -- before ${first} if it is an argument.`,
    );
  }
  const { source, args } = findProgram(values["-c"], positionals, stdinIsTerminal);
  const language = findLanguage(values["--lang"], source);
  checkMounts(mounts, language);
  const { "--out": outDir, "--restore": restoreFile, "--save": saveFile } = values;
  return {
    name: "run",
    run: {
      source,
      language,
      args,
      mounts,
      ...(outDir === undefined ? {} : { outDir }),
      ...(restoreFile === undefined ? {} : { restoreFile }),
      ...(saveFile === undefined ? {} : { saveFile }),
      envs,
      limits: parseLimits(values),
      json,
    },
  };
}

/** A word that can only mean the program: `-`, or a file with a program's ending. */
function isProgram(word: string): boolean {
  return word === "-" || languageByEnding(word) !== undefined;
}

function isValueFlag(flag: string): flag is ValueFlag {
  return (VALUE_FLAGS as readonly string[]).includes(flag);
}

function addEnv(envs: Record<string, string>, value: string): void {
  const equals = value.indexOf("=");
  if (equals < 1) throw usage(`--env needs NAME=VALUE, not "${value}"`);
  if (value.includes("\0")) throw usage("--env cannot hold a NUL");
  Object.defineProperty(envs, value.slice(0, equals), {
    value: value.slice(equals + 1),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function findProgram(
  code: string | undefined,
  positionals: readonly string[],
  stdinIsTerminal: boolean,
): { source: ProgramSource; args: string[] } {
  if (code !== undefined) return { source: { from: "code", code }, args: [...positionals] };
  const [first, ...args] = positionals;
  if (first !== undefined && first !== "-") return { source: { from: "file", path: first }, args };
  if (first === undefined && stdinIsTerminal) {
    throw usage("there is no program to run", "Name a file, give -c CODE, or pipe a program in.");
  }
  return { source: { from: "stdin" }, args };
}

function findLanguage(given: string | undefined, source: ProgramSource): Language | undefined {
  if (given !== undefined) {
    if ((LANGUAGES as readonly string[]).includes(given)) return given as Language;
    // People write the ending: js, py.
    const ending = `.${given.toLowerCase()}`;
    if (Object.hasOwn(LANGUAGE_BY_EXTENSION, ending)) return LANGUAGE_BY_EXTENSION[ending]!;
    const near = suggest(given, LANGUAGES);
    throw usage(
      `there is no language "${given}"`,
      near === undefined ? `Known languages: ${LANGUAGES.join(", ")}.` : `Did you mean ${near}?`,
    );
  }
  if (source.from !== "file") return "python";
  return languageByEnding(source.path);
}

function parseLimits(values: Partial<Record<ValueFlag, string>>): RunArguments["limits"] {
  const limits: RunArguments["limits"] = {};
  const timeout = values["--timeout"];
  if (timeout !== undefined) limits.timeoutMs = parseDurationMs("--timeout", timeout);
  const memory = values["--memory"];
  if (memory !== undefined) limits.memoryBytes = parseByteCount("--memory", memory);
  const output = values["--output-limit"];
  if (output !== undefined) limits.outputBytes = parseByteCount("--output-limit", output);
  const files = values["--file-limit"];
  if (files !== undefined) limits.fileBytes = parseByteCount("--file-limit", files);
  return limits;
}

function checkMounts(mounts: readonly MountSpec[], language: Language | undefined): void {
  const seen = new Set<string>();
  for (const mount of mounts) {
    if (mount.guestName === "/" && language !== undefined && language !== "wasi") {
      throw usage("a mount at / is for .wasm programs only", "Choose a folder, such as /data or /workspace.");
    }
    if (seen.has(mount.guestPath)) throw usage(`two mounts have the name ${mount.guestName}`);
    seen.add(mount.guestPath);
  }
}
