import type { Language } from "../policy/languages.ts";
import type { RunRequest, WireTreeEntry } from "../protocol/api.ts";
import { packEntries } from "../protocol/tree-pack.ts";

/**
 * So many times a spare takes in a tree before the one time it runs a program. What is called often is compiled better:
 * measured on a server, a fork of 1,000 files takes 25 ms after one turn and 11 after five. More turns of the program
 * gained nothing.
 */
export const TREE_TURNS = 5;
/** Files in such a tree. */
export const FILES = 400;
/** Room such a tree needs, generously: 212,945 bytes are counted for it. */
export const TREE_BYTES = 2 ** 20;
const FILES_PER_DIRECTORY = 20;

/** What most programs do. A module (`wasi`) brings its own code. */
const PROGRAMS: Readonly<Record<Language, string | undefined>> = {
  python: `
import json
class Point:
    def __init__(self, x):
        self.x = x
    def double(self):
        return Point(self.x * 2)
points = [Point(n).double() for n in range(10)]
try:
    {}["missing"]
except KeyError as error:
    print(f"{error!r:>20} {sum(p.x for p in points):,} {json.dumps({'a': [1.5, None, 'b']})}")
sorted({n % 3: str(n) for n in range(9)}.items(), key=lambda pair: -pair[0])
`,
  javascript: `
class Point { constructor(x) { this.x = x; } double() { return new Point(this.x * 2); } }
const points = Array.from({ length: 10 }, (_, n) => new Point(n).double());
try { null.missing; } catch (error) { console.log(String(error), { points }, JSON.stringify([1.5, null, "b"])); }
await Promise.resolve(new Map([["a", 1]]));
`,
  typescript: "const x: number = 1; console.log(x);",
  wasi: undefined,
};

const packs = new Map<number, Uint8Array>();

/** A tree of /workspace with so many files below it, packed. */
export function rehearsalTree(files: number): Uint8Array[] {
  const pack = packs.get(files) ?? packEntries(listTree(files));
  packs.set(files, pack);
  return [pack];
}

function listTree(files: number): WireTreeEntry[] {
  const [mode, mtimeNs] = [0o644, 0n];
  const bytes = new TextEncoder().encode("rehearsal");
  const entries: WireTreeEntry[] = [{ path: "/workspace", type: "directory", mode: 0o755, mtimeNs }];
  for (let index = 0; index < files; index++) {
    const directory = `/workspace/directory-${Math.floor(index / FILES_PER_DIRECTORY)}`;
    if (index % FILES_PER_DIRECTORY === 0) {
      entries.push({ path: directory, type: "directory", mode: 0o755, mtimeNs });
    }
    entries.push({ path: `${directory}/file-${index}.txt`, type: "file", mode, mtimeNs, bytes });
  }
  return entries;
}

/** The request for a language's rehearsal; `undefined` where there is nothing to rehearse. */
export function rehearsalOf(language: Language): RunRequest | undefined {
  const code = PROGRAMS[language];
  if (code === undefined) return undefined;
  return {
    runId: 0,
    contextId: "rehearsal",
    language,
    code,
    filename: "/workspace/main",
    args: [],
    envs: {},
    cwd: "/workspace",
    stdin: null,
    limits: { timeoutMs: 10_000, outputBytes: 2 ** 16 },
  };
}
