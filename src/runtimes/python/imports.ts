import type { Devices } from "./devices.ts";
import {
  type EmscriptenModule,
  type EmscriptenSettings,
  ERRNO,
  type WasmFunction,
  type WasmImports,
} from "./emscripten.ts";
import type { HostClock } from "./glue-scope.ts";
import { suspendingRead } from "./jspi.ts";
import { createUtimensat } from "./nanoseconds.ts";
import { guardJavaScript } from "./no-javascript.ts";

/** What the wrapped imports ask while the interpreter runs. */
export interface ImportHooks {
  /** Set once the devices stand. */
  devices: Devices | undefined;
  umask: number;
  /** Set while the imports are wrapped: cuts Python off from JavaScript. */
  closeJavaScript: () => void;
  /** Called often while Python computes: 2 (SIGINT) raises KeyboardInterrupt, 0 goes on. */
  checkSignals(): number;
  /** The guest left by `os._exit`; the interpreter cannot be used again. */
  onExit(code: number): void;
}

/** Unwinds the interpreter after `os._exit`. Named as Emscripten's own, so that Pyodide does not call it a crash. */
class GuestExit extends Error {
  override readonly name = "ExitStatus";
  readonly status: number;

  constructor(status: number) {
    super(`exit(${status})`);
    this.status = status;
  }
}

/**
 * The interpreter reaches the world by its import table alone. Here its clock, its randomness, its time zone and its
 * waiting become the host's, and its network, processes and scripts become refusals.
 */
export function wrapImports(
  imports: WasmImports,
  settings: EmscriptenSettings,
  host: HostClock,
  hooks: ImportHooks,
): void {
  const env = imports.env!;
  const wasi = imports.wasi_snapshot_preview1!;
  // The settings object becomes the module itself; its heap views appear (and change) there.
  const module = settings as EmscriptenModule;
  const gmtime = env._gmtime_js as (time: bigint, result: number) => void;
  const timegm = env._timegm_js as WasmFunction;

  const own: Record<string, WasmFunction> = {
    _Py_CheckEmscriptenSignals_Helper: () => hooks.checkSignals(),
    _Py_emscripten_runtime: () => allocateText(module, "Sandglass"),
    emscripten_date_now: () => Number(host.nowNs() / 1000n) / 1000,
    emscripten_get_now: () => Number(host.monotonicNs()) / 1e6,
    _localtime_js: (time: bigint, result: number) => {
      gmtime(time, result);
      module.HEAP32[(result + 32) >>> 2] = 0; // tm_isdst
      module.HEAP32[(result + 36) >>> 2] = 0; // tm_gmtoff
    },
    __syscall_utimensat: createUtimensat(module, () => host.nowNs()),
    __syscall_umask_js: (mask: number) => {
      const before = hooks.umask;
      hooks.umask = mask & 0o777;
      return before;
    },
    _mktime_js: timegm,
    _tzset_js: (timezone: number, daylight: number, standardName: number, daylightName: number) => {
      module.HEAPU32[timezone >>> 2] = 0;
      module.HEAP32[daylight >>> 2] = 0;
      for (const name of [standardName, daylightName]) module.HEAPU8.set([0x55, 0x54, 0x43, 0], name);
    },
    // No sockets: nothing in here reaches a network by itself.
    __syscall_socket: () => -ERRNO.EACCES,
    getaddrinfo: () => EAI_FAIL,
    getnameinfo: () => EAI_FAIL,
    // No processes, no scripts.
    _emscripten_system: (command: number) => (command === 0 ? 0 : -ERRNO.ENOSYS),
    emscripten_debugger: () => {},
    emscripten_set_up_async_input_device_js: () => {},
    // Alarms would enter the interpreter while it is suspended.
    _setitimer_js: () => -1,
  };
  for (const [name, wrapped] of Object.entries(own)) {
    if (env[name] === undefined) throw new Error(`the interpreter does not import ${name}`);
    env[name] = wrapped;
    // Emscripten hands out one table under both names; each module takes what it declares.
    if (wasi !== env && wasi[name] !== undefined) wasi[name] = wrapped;
  }

  wasi.clock_time_get = (clock: number, _precision: bigint, result: number): number => {
    if (clock < 0 || clock > 3) return ERRNO.EINVAL;
    module.HEAP64[result >>> 3] = clock === 0 ? host.nowNs() : host.monotonicNs();
    return 0;
  };
  wasi.clock_res_get = (clock: number, result: number): number => {
    if (clock < 0 || clock > 3) return ERRNO.EINVAL;
    module.HEAP64[result >>> 3] = 1000n;
    return 0;
  };
  wasi.random_get = (address: number, length: number): number => {
    const start = address >>> 0;
    const target = module.HEAPU8.subarray(start, start + (length >>> 0));
    // Until the interpreter stands nothing random is kept (it is seeded afresh then): a plain boot and a restore draw
    // the same bytes from the host.
    if (hooks.devices === undefined) target.fill(0);
    else host.random(target);
    return 0;
  };
  const fdRead = wasi.fd_read as (...args: number[]) => number;
  const read = (fd: number, iovecs: number, count: number, result: number): number | Promise<number> =>
    hooks.devices?.read(fd, iovecs >>> 0, count >>> 0, result >>> 0) ?? fdRead(fd, iovecs, count, result);
  wasi.fd_read = suspendingRead(read);
  // Not imported by the interpreter, but found by name through `dlsym`: these would evaluate JavaScript.
  for (const name of Object.keys(env)) {
    if (!name.startsWith("emscripten_run_script") && !name.startsWith("emscripten_async_run_script"))
      continue;
    env[name] = () => {
      throw new Error("there is no JavaScript to run here");
    };
  }
  hooks.closeJavaScript = guardJavaScript(imports);
  const leave = (code: number): never => {
    hooks.onExit(code);
    throw new GuestExit(code);
  };
  env.exit = leave;
  wasi.proc_exit = leave;
}

/** `getaddrinfo`'s "non-recoverable failure", as musl numbers it. */
const EAI_FAIL = -4;

function allocateText(module: EmscriptenModule, text: string): number {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const address = module._malloc(bytes.length);
  module.HEAPU8.set(bytes, address);
  return address;
}
