import { parseByteCount } from "./units.ts";
import { splitFlag, unknownFlag, usage } from "./usage.ts";

/** `sandglass inspect`, as it was asked for. */
export interface InspectArguments {
  /** `-` is stdin. */
  path: string;
  json: boolean;
  /** What `--memory` says; absent, the sandbox's default. */
  memoryBytes?: number;
}

/**
 * Reads what stands behind `inspect`; `undefined` when help is asked for.
 *
 * @throws {CliError} with exit code 2 and one line, for everything that cannot be meant.
 */
export function parseInspect(argv: readonly string[]): InspectArguments | undefined {
  const paths: string[] = [];
  let json = false;
  let memory: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === "--") {
      paths.push(...argv.slice(index + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      paths.push(word);
      continue;
    }
    const [flag, attached] = splitFlag(word);
    if (flag === "--help" || flag === "-h") return undefined;
    if (flag === "--json") {
      if (attached !== undefined) throw usage("--json takes no value");
      json = true;
    } else if (flag === "--memory") {
      const value = attached ?? argv[++index];
      if (value === undefined) throw usage("--memory needs a value", "See sandglass --help.");
      if (memory !== undefined) throw usage("--memory is given twice");
      memory = value;
    } else {
      throw unknownFlag(flag, ["--json", "--memory", "--help"], "inspect takes --json and --memory SIZE.");
    }
  }
  const [path, ...more] = paths;
  if (path === undefined)
    throw usage("there is nothing to inspect", "Name a .wasm file, or - for standard input.");
  if (more.length > 0) throw usage(`inspect takes one file, and there are ${paths.length}`);
  return { path, json, ...(memory === undefined ? {} : { memoryBytes: parseByteCount("--memory", memory) }) };
}
