import type { RuntimeHost } from "../runtime.ts";
import { sealBaseFiles } from "./base-files.ts";
import { PythonCalls } from "./calls.ts";
import { Devices } from "./devices.ts";
import type { EmscriptenModule } from "./emscripten.ts";
import type { ImportHooks } from "./imports.ts";
import { Mounts } from "./mounts.ts";
import { installNanosecondStat } from "./nanoseconds.ts";
import { RUNNER_MODULE } from "./python-modules.ts";

/** A Python with our devices, files and runner around it. */
export interface Interpreter {
  readonly module: EmscriptenModule;
  readonly devices: Devices;
  readonly mounts: Mounts;
  readonly calls: PythonCalls;
}

/** Puts our devices in place of Pyodide's, the sandbox's files in sight, and closes the base files to changes. */
export function furnish(
  module: EmscriptenModule,
  host: Pick<RuntimeHost, "vfs" | "limits" | "monotonicNs">,
  hooks: ImportHooks,
): Interpreter {
  const devices = new Devices(module, () => host.monotonicNs());
  devices.install();
  hooks.devices = devices;
  installNanosecondStat(module);
  const mounts = new Mounts(module, host.vfs, {
    fileBytes: host.limits.fileBytes,
    umask: () => hooks.umask,
    unseal: sealBaseFiles(module),
  });
  mounts.refresh();
  return { module, devices, mounts, calls: new PythonCalls(module, RUNNER_MODULE) };
}
