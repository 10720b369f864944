import type { Language } from "../policy/languages.ts";
import type { RunRequest } from "../protocol/api.ts";

/**
 * What most programs do. Run once before a cage waits as a spare: WebAssembly is compiled function by function when it is
 * first called, and so is every JavaScript between the host and the interpreter. A module (`wasi`) brings its own code.
 */
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
