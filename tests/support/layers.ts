import { builtinModules } from "node:module";
import { posix } from "node:path";
import { isTestFile } from "../../scripts/imports/is-test-file.mjs";
import { type Reference, readReferences } from "../../scripts/imports/read-references.mjs";

/** Something a file may not do, in words that name the file, the line and the rule. */
export interface Fault {
  file: string;
  line: number;
  problem: string;
}

type Layer =
  | "door"
  | "index"
  | "client"
  | "hosts"
  | "protocol"
  | "workers"
  | "engine"
  | "runtimes"
  | "vfs"
  | "wasm"
  | "policy"
  | "errors";

/** Who may import whom: docs/architecture.md shows the same table as a drawing. A layer may always import itself. */
const MAY_IMPORT: Readonly<Record<Layer, readonly Layer[]>> = {
  door: ["index", "policy", "errors"],
  index: ["client", "hosts", "wasm", "protocol", "policy", "errors"],
  client: ["protocol", "policy", "errors"],
  hosts: ["protocol", "policy", "errors"],
  protocol: ["policy", "errors"],
  workers: ["engine", "protocol", "policy", "errors"],
  engine: ["runtimes", "vfs", "protocol", "policy", "errors"],
  runtimes: ["vfs", "wasm", "policy", "errors"],
  vfs: ["policy", "errors"],
  wasm: ["policy", "errors"],
  policy: ["errors"],
  errors: [],
};
/** What a layer may know the types of but not run: hosts implement the client's port. */
const MAY_IMPORT_TYPES: Partial<Record<Layer, readonly Layer[]>> = {
  hosts: ["client"],
  runtimes: ["protocol"],
};
/** Single files a layer may run although their layer is closed to it: the port itself, and the tables of names. */
const MAY_IMPORT_FILES: Partial<Record<Layer, readonly string[]>> = {
  hosts: ["src/client/cage.ts"],
  runtimes: ["src/protocol/assets.ts", "src/protocol/api.ts"],
};

const DOORS = ["playground", "embed", "cli", "http", "mcp"];
const MAY_USE_NODE = [/^src\/hosts\/node\//, /^src\/(cli|http|mcp)\//, /\.node\.ts$/];
const IS_PRODUCT_CODE = /^(src|workers)\/.*\.tsx?$/;

/**
 * Everything in a set of files that breaks the layers, by path from the project's root.
 *
 * @param files - Source text by path, such as "src/vfs/vfs.ts". Tests among them are skipped.
 */
export function findLayerFaults(files: ReadonlyMap<string, string>): Fault[] {
  const faults: Fault[] = [];
  const graph = new Map<string, Set<string>>();
  for (const [file, source] of files) {
    if (!IS_PRODUCT_CODE.test(file) || isTestFile(file)) continue;
    const targets = new Set<string>();
    graph.set(file, targets);
    for (const reference of readReferences(file, source)) {
      const problem = problemWith(file, reference);
      if (problem) faults.push({ file, line: reference.line, problem });
      const target = resolve(file, reference.specifier);
      if (target && files.has(target) && reference.kind !== "url") targets.add(target);
    }
  }
  for (const cycle of findCycles(graph)) {
    faults.push({
      file: cycle[0] ?? "",
      line: 1,
      problem: `imports itself: ${[...cycle, cycle[0]].join(" → ")}`,
    });
  }
  return faults;
}

function problemWith(file: string, { specifier, kind }: Reference): string | undefined {
  if (isNodeModule(specifier)) {
    return MAY_USE_NODE.some((pattern) => pattern.test(file))
      ? undefined
      : `uses ${specifier}, which only hosts/node, cli, http, mcp and *.node.ts may`;
  }
  const target = resolve(file, specifier);
  if (target === undefined) return undefined;
  const from = layerOf(file);
  const to = layerOf(target);
  if (from === undefined) return "is in no layer: add its folder to the table";
  if (to === undefined) {
    return /^(tests|e2e|bench|scripts)\//.test(target)
      ? `imports ${target}, which is not shipped`
      : undefined;
  }
  if (isTestFile(target)) return `imports ${target}, which is test code`;
  if (from === "door" && to === "door") {
    return doorOf(file) === doorOf(target) ? undefined : `imports another door: ${target}`;
  }
  const hostProblem = problemBetweenHosts(file, target);
  if (hostProblem) return hostProblem;
  if (from === "runtimes" && to === "runtimes") return problemBetweenRuntimes(file, target);
  if (from === to || MAY_IMPORT[from].includes(to)) return undefined;
  if (MAY_IMPORT_FILES[from]?.includes(target)) return undefined;
  // A worker is entered by its address, never by import.
  if (from === "hosts" && to === "workers" && kind === "url") return undefined;
  if (MAY_IMPORT_TYPES[from]?.includes(to)) {
    return kind === "type" ? undefined : `imports ${target} for more than its types`;
  }
  return `imports ${target}: ${from} may not import ${to}`;
}

function problemBetweenHosts(file: string, target: string): string | undefined {
  const of = (path: string) => /^src\/hosts\/(browser|node)\//.exec(path)?.[1];
  const to = of(target);
  if (to === undefined) return undefined;
  if (of(file) !== undefined && of(file) !== to) return `imports the other host: ${target}`;
  const index = /^src\/index(?:\.(browser|node))?\.ts$/.exec(file);
  if (index && index[1] !== to) return `imports ${target}, which is not this entry's host`;
  return undefined;
}

function problemBetweenRuntimes(file: string, target: string): string | undefined {
  const folderOf = (path: string) => /^src\/runtimes\/([^/]+)\//.exec(path)?.[1];
  const to = folderOf(target);
  if (to === undefined || to === folderOf(file) || file === "src/runtimes/registry.ts") return undefined;
  return `imports ${target}: only registry.ts knows more than one runtime`;
}

function layerOf(path: string): Layer | undefined {
  if (path.startsWith("workers/")) return "workers";
  if (path === "src/errors.ts") return "errors";
  if (/^src\/index(\.\w+)?\.ts$/.test(path)) return "index";
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  if (folder === undefined) return undefined;
  if (DOORS.includes(folder)) return "door";
  return Object.hasOwn(MAY_IMPORT, folder) ? (folder as Layer) : undefined;
}

const doorOf = (path: string) => path.split("/")[1];

function isNodeModule(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

/** The file a relative specifier names, from the project's root; undefined for packages. */
function resolve(file: string, specifier: string): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const path = posix.join(posix.dirname(file), specifier.replace(/[?#].*$/, ""));
  // Worker URLs are written ".js", because only bundlers rewrite them.
  return path.replace(/\.js$/, ".ts");
}

/** Groups of files that import each other in a circle, each once, starting at its first name. */
function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const cycles: string[][] = [];
  const walk = (file: string) => {
    state.set(file, "open");
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      if (state.get(target) === "open") cycles.push(path.slice(path.indexOf(target)));
      else if (!state.has(target)) walk(target);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of [...graph.keys()].sort()) if (!state.has(file)) walk(file);
  return cycles;
}
