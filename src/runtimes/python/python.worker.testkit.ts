import { PYTHON_CASES } from "./python.cases.ts";
import { PythonBench } from "./python.testkit.ts";

/** Runs the cases in a worker of a page: asked for `{ snapshot }`, answers `{ observed, bootMs }`. */
self.onmessage = async ({ data }: MessageEvent<{ snapshot: boolean }>) => {
  const assets = new Map<string, Promise<Uint8Array | undefined>>();
  const load = async (name: string): Promise<Uint8Array | undefined> => {
    if (name === "python-snapshot.bin" && !data.snapshot) return undefined;
    const response = await fetch(`/assets/${name}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
  const bench = new PythonBench((name) => {
    if (!assets.has(name)) assets.set(name, load(name));
    return assets.get(name)!;
  });
  const observed: Record<string, unknown> = {};
  for (const one of PYTHON_CASES) {
    try {
      observed[one.title] = await bench.observe(one);
    } catch (error) {
      observed[one.title] = error instanceof Error ? error.stack : String(error);
      bench.reset();
    }
  }
  self.postMessage({ observed, bootInfo: bench.bootInfo, bootMs: bench.bootMs });
};
