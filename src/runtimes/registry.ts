import type { Language } from "../policy/languages.ts";
import type { CreateRuntime } from "./runtime.ts";

/** The only list of languages that can run. A runtime is loaded when it is first asked for. */
export const RUNTIMES: Readonly<Record<Language, { engine: string; load: () => Promise<CreateRuntime> }>> = {
  python: { engine: "python", load: async () => (await import("./python/python.ts")).createPythonRuntime },
  javascript: {
    engine: "javascript",
    load: async () => (await import("./javascript/javascript.ts")).createJavaScriptRuntime,
  },
  typescript: {
    engine: "javascript",
    load: async () => (await import("./javascript/javascript.ts")).createJavaScriptRuntime,
  },
  wasi: { engine: "wasi", load: async () => (await import("./wasi/wasi.ts")).createWasiRuntime },
};
