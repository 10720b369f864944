import { DEFAULT_LIMITS } from "../../policy/limits.ts";
import { createInitialTree } from "../../vfs/initial-tree.ts";
import { Vfs } from "../../vfs/vfs.ts";
import { decodeImage, encodeImage, identityOf } from "../memory-image.ts";
import type { RunIo, RuntimeHost } from "../runtime.ts";
import type { EmscriptenModule } from "./emscripten.ts";
import { type HostClock, importGlue } from "./glue-scope.ts";
import { type ImportHooks, wrapImports } from "./imports.ts";
import { furnish, type Interpreter } from "./interpreter.ts";
import { type LoadOptions, loadPyodideFromBytes } from "./loader.ts";
import { PYTHON_MODULES } from "./python-modules.ts";

/** The files an interpreter is made of. */
export interface PythonAssets {
  wasm: Uint8Array;
  glue: Uint8Array;
  stdlib: Uint8Array;
}

/** Imported before the snapshot is taken: what agents' programs import most, and what those import. */
const WARM_MODULES = [
  ...["abc", "argparse", "ast", "asyncio", "base64", "bisect", "bz2", "calendar", "cmath", "collections.abc"],
  ...[
    "concurrent.futures",
    "configparser",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
  ],
  ...["difflib", "email.message", "enum", "fractions", "functools", "getpass", "glob", "graphlib", "gzip"],
  ...[
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "html.parser",
    "http.client",
    "importlib.metadata",
    "inspect",
    "io",
  ],
  ...[
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "math",
    "mimetypes",
  ],
  ...[
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "pprint",
    "queue",
    "random",
    "re",
    "secrets",
  ],
  ...[
    "shlex",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
  ],
  ...["tarfile", "tempfile", "textwrap", "threading", "time", "timeit", "tokenize", "tomllib", "traceback"],
  ...["types", "typing", "unicodedata", "unittest", "urllib.parse", "urllib.request", "uuid", "warnings"],
  ...["weakref", "xml.etree.ElementTree", "zipfile", "zlib", "zoneinfo"],
] as const;

/** Identity of the interpreter made of these assets, with the Python side of the runtime and what is kept warm. */
export function identifyBuild(assets: Pick<PythonAssets, "glue" | "stdlib">): string {
  // The build puts a hash of the interpreter and the glue at the end of the glue; a zip has its files' checksums there.
  const ends = [assets.glue, assets.stdlib].flatMap((bytes) => [
    bytes.slice(-END_BYTES),
    Uint8Array.of(bytes.length, bytes.length >>> 8, bytes.length >>> 16, bytes.length >>> 24),
  ]);
  return identityOf([...ends, new TextEncoder().encode(JSON.stringify([PYTHON_MODULES, WARM_MODULES]))]);
}

const END_BYTES = 4096;

/**
 * Boots a Python, warms it, has it run a program, and returns the snapshot file. Needs an engine with JSPI, else the guest
 * could never wait.
 */
export async function buildSnapshot(assets: PythonAssets): Promise<Uint8Array<ArrayBuffer>> {
  const identity = identifyBuild(assets);
  const host = stoppedHost();
  const wasm = WebAssembly.compile(new Uint8Array(assets.wasm));
  const load = (how: Partial<LoadOptions>, hooks: ImportHooks) =>
    loadPyodideFromBytes({
      stdlib: assets.stdlib,
      ...bootOptions(identity),
      ...how,
      glue: importGlue(assets.glue, host, () => {}),
      wasm,
      rest: () => {
        throw new Error("a snapshot is made with the whole interpreter");
      },
      wrapImports: (imports, settings) => wrapImports(imports, settings, host, hooks),
      onLog: () => {},
      onDeath: () => {},
    });
  const hooks = idleHooks();
  const module = await load({ isSnapshotSource: true }, hooks);
  if (!module.jspiSupported) throw new Error("a snapshot must be made where JSPI is supported");
  const values = module.API.serializeHiwireState();
  const interpreter = furnish(module, host, hooks);
  interpreter.calls.call("warm", JSON.stringify(WARM_MODULES));
  interpreter.calls.call("prepare", "");
  await rehearse(interpreter);
  // Once more, for what the rehearsal has made.
  interpreter.calls.call("warm", "[]");
  emptyFreeMemory(module);
  const fresh = await load({ isBare: true }, idleHooks());
  // Restored once, so that the image has what JavaScript's part of a restore writes, too: a reset goes without that.
  const { image } = decodeImage(encodeImage(identity, module.HEAPU8, fresh.HEAPU8, values), identity);
  const restored = await load({ image }, idleHooks());
  return encodeImage(identity, restored.HEAPU8, fresh.HEAPU8, values);
}

/**
 * Fills with zeros what the allocator has to give: pages that hold nothing are not part of the image. It is found by taking
 * it, large pieces first, until one comes from behind the heap's end; then everything is as before, but for the insides
 * of those pieces. What the allocator notes in free memory stands at its ends.
 */
function emptyFreeMemory(module: EmscriptenModule): void {
  const before = module.HEAPU8.slice();
  const heapEnd = module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2]!;
  const pieces: { start: number; end: number }[] = [];
  for (let bytes = LARGEST_PIECE_BYTES; bytes >= SMALLEST_PIECE_BYTES; bytes /= 2) {
    for (;;) {
      const start = module._malloc(bytes);
      if (start === 0 || start + bytes > heapEnd) break;
      pieces.push({ start, end: start + bytes });
    }
  }
  if (module.HEAPU8.length !== before.length) throw new Error("looking for free memory made the memory grow");
  module.HEAPU8.set(before);
  for (const { start, end } of pieces) module.HEAPU8.fill(0, start + NOTE_BYTES, end - NOTE_BYTES);
}
const LARGEST_PIECE_BYTES = 2 ** 18;
const SMALLEST_PIECE_BYTES = 512;
/** A free piece of dlmalloc has links of up to 32 bytes at its start, and its size at its end. */
const NOTE_BYTES = 64;

/** CPython rewrites its code while it runs, to suit what it meets: the first program of a sandbox finds that done. */
const REHEARSAL = `
import json, re
class Point:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"Point({self.x})"
for turn in range(100):
    text = json.dumps({"a": [turn, 1.5, None, True], "b": "x" * 5})
    json.loads(text); re.sub(r"\\d+", "n", text); repr(Point(turn))
print("hello", Point(1))
try: 1 / 0
except ZeroDivisionError: pass
Point(2)
`;

async function rehearse({ devices, mounts, module, calls }: Interpreter): Promise<void> {
  const io: RunIo = {
    write: () => {},
    result: () => {},
    isStdinInteractive: false,
    isStdinTerminal: false,
    readStdin: () => new Uint8Array(),
    pollStop: () => null,
    onStop: () => () => {},
    flush: () => {},
  };
  devices.io = Object.assign(io, { stopped: new Promise<never>(() => {}) });
  const contextId = "rehearsal";
  for (const code of [REHEARSAL, REHEARSAL, "await __import__('asyncio').sleep(0)", "1 / 0"]) {
    devices.openStandardStreams();
    mounts.refresh();
    module.FS.chdir("/workspace");
    const request = {
      code,
      filename: "/workspace/main.py",
      args: [],
      envs: {},
      cwd: "/workspace",
      contextId,
      canWait: true,
    };
    await calls.callSuspendable("run", JSON.stringify(request));
  }
  calls.call("dispose_context", contextId);
  devices.io = undefined;
}

/** Its clock stands still but for a tick at each look, and nothing random is asked of it before a sandbox has begun. */
function stoppedHost(): Pick<RuntimeHost, "vfs" | "limits"> & HostClock {
  let ticks = 0n;
  const tick = (): bigint => {
    ticks += 1000n;
    return SNAPSHOT_TIME_NS + ticks;
  };
  const vfs = new Vfs({ fileBytes: DEFAULT_LIMITS.fileBytes, nowNs: tick });
  createInitialTree(vfs);
  return { vfs, limits: DEFAULT_LIMITS, nowNs: tick, monotonicNs: tick, random: (target) => target };
}
/** 2026-01-01T00:00:00Z. */
const SNAPSHOT_TIME_NS = 1_767_225_600_000_000_000n;

function idleHooks(): ImportHooks {
  return {
    devices: undefined,
    umask: 0,
    closeJavaScript: () => {},
    checkSignals: () => 0,
    onExit: () => {},
  };
}

/** What a plain boot, a snapshot's making and its restoring have in common: all three must agree. */
export function bootOptions(identity: string): {
  buildId: string;
  modules: Readonly<Record<string, string>>;
  environment: Record<string, string>;
} {
  return {
    // Pyodide wants 64 digits.
    buildId: identity.repeat(2),
    modules: PYTHON_MODULES,
    environment: {
      HOME: "/home/user",
      LANG: "C.UTF-8",
      // Sets and dicts of strings print in the same order on every host and in every run.
      PYTHONHASHSEED: "0",
      PYTHONINSPECT: "1",
    },
  };
}
