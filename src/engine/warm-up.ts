import type { Language } from "../policy/languages.ts";
import type { RunIo, Runtime } from "../runtimes/runtime.ts";

/**
 * What most programs do, so that the engine has compiled the code for it: WebAssembly is compiled function by function
 * when it is first called. A module (`wasi`) brings its own code.
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
const CONTEXT_ID = "warm-up";

/** Nobody hears it. */
const SILENT: RunIo = {
  write() {},
  result() {},
  readStdin: () => new Uint8Array(),
  isStdinInteractive: false,
  pollStop: () => null,
  onStop: () => () => {},
  flush() {},
};

/** Runs a small program in a context of its own and goes back to the start. False when the runtime cannot go on. */
export async function warmUp(runtime: Runtime, language: Language): Promise<boolean> {
  const code = PROGRAMS[language];
  if (code === undefined) return true;
  const run = { code, language, filename: "/workspace/main", args: [], envs: {}, cwd: "/workspace" };
  const { ended } = await runtime.run(run, SILENT, CONTEXT_ID);
  if (ended !== "exited") return false;
  // Where it cannot go back as a whole, at least the program's own variables go.
  if (!(await runtime.reset())) runtime.disposeContext(CONTEXT_ID);
  return true;
}
