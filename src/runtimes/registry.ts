import type { Language } from "../policy/languages.ts";
import { ASSETS, type AssetName } from "../protocol/assets.ts";
import type { CreateRuntime } from "./runtime.ts";

export interface RegisteredRuntime {
  /** Languages of one engine share it. */
  engine: string;
  /** The file it is in, where the cage's script was built in parts; it has to be there before `load`. */
  script: AssetName;
  load: () => Promise<CreateRuntime>;
}

const javascript: RegisteredRuntime = {
  engine: "javascript",
  script: ASSETS.javascriptScript,
  load: async () => (await import("./javascript/javascript.ts")).createJavaScriptRuntime,
};

/** The only list of languages that can run. A runtime is loaded when it is first asked for. */
export const RUNTIMES: Readonly<Record<Language, RegisteredRuntime>> = {
  python: {
    engine: "python",
    script: ASSETS.pythonScript,
    load: async () => (await import("./python/python.ts")).createPythonRuntime,
  },
  javascript,
  typescript: javascript,
  wasi: {
    engine: "wasi",
    script: ASSETS.wasiScript,
    load: async () => (await import("./wasi/wasi.ts")).createWasiRuntime,
  },
};
