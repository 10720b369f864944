import type { MemoryImage } from "../memory-image.ts";
import type { RuntimeHost } from "../runtime.ts";
import { sealBaseFiles } from "./base-files.ts";
import { PythonCalls } from "./calls.ts";
import { Devices } from "./devices.ts";
import type { EmscriptenModule } from "./emscripten.ts";
import type { ImportHooks } from "./imports.ts";
import { restoreImage } from "./loader.ts";
import { Mounts } from "./mounts.ts";
import { installNanosecondStat } from "./nanoseconds.ts";
import { RUNNER_MODULE } from "./python-modules.ts";

/** A Python with our devices, files and runner around it. */
export interface Interpreter {
  readonly module: EmscriptenModule;
  readonly devices: Devices;
  readonly mounts: Mounts;
  calls: PythonCalls;
  /** The memory it was restored from, if it was: it can go back there. */
  readonly image: MemoryImage | undefined;
  /** Functions in its table when it began. */
  readonly tableLength: number;
}

const UMASK = 0o022;

/** Puts our devices in place of Pyodide's, the sandbox's files in sight, and closes the base files to changes. */
export function furnish(
  module: EmscriptenModule,
  host: Pick<RuntimeHost, "vfs" | "limits" | "monotonicNs">,
  hooks: ImportHooks,
  image?: MemoryImage,
): Interpreter {
  const devices = new Devices(module, () => host.monotonicNs());
  devices.install();
  hooks.devices = devices;
  hooks.umask = UMASK;
  installNanosecondStat(module);
  const mounts = new Mounts(module, host.vfs, {
    fileBytes: host.limits.fileBytes,
    umask: () => hooks.umask,
    unseal: sealBaseFiles(module),
  });
  mounts.refresh();
  const calls = new PythonCalls(module, RUNNER_MODULE);
  return { module, devices, mounts, calls, image, tableLength: module.wasmTable.length };
}

/** Makes the interpreter ready for a sandbox's first run: nothing random or dated is shared between sandboxes. */
export function begin({ module, calls }: Interpreter, seed: string): void {
  calls.call("prepare", "");
  calls.call("start", seed);
  module.HEAP8[module._Py_EMSCRIPTEN_SIGNAL_HANDLING] = 1;
}

/**
 * Back to where `begin` left it, in place: all that Python is lies in its memory, and what JavaScript keeps for it
 * (descriptors, the directory it is in, its umask) is made anew. Must not be called while a run goes on.
 *
 * @returns False when it did not come from an image, or has functions of others in its table (a dynamic library, a
 *   callback of ctypes), to which JavaScript holds on.
 */
export function restart(interpreter: Interpreter, hooks: ImportHooks, seed: string): boolean {
  const { module, devices, mounts, image, tableLength } = interpreter;
  if (image === undefined || module.wasmTable.length !== tableLength) return false;
  module.FS.chdir("/");
  devices.restart();
  hooks.umask = UMASK;
  restoreImage(module, image);
  interpreter.calls = new PythonCalls(module, RUNNER_MODULE);
  begin(interpreter, seed);
  mounts.refresh();
  return true;
}
