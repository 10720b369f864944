import type { HostClock } from "./glue-scope.ts";
import { type ImportHooks, wrapImports } from "./imports.ts";
import { loadPyodideFromBytes } from "./loader.ts";
import { PYTHON_MODULES, RUNNER_MODULE } from "./python-modules.ts";

/**
 * A memory snapshot is the image of a Python that has booted and imported what programs usually import. Starting from it
 * skips nearly all of the boot. In front of the image stands a header of 32 bytes: magic, format, and the identity of
 * what it was made from, because an image only fits the very interpreter, glue and library it came out of.
 */
const MAGIC = 0x53475031;
const HEADER_BYTES = 32;
const IDENTITY_BYTES = 16;

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

/**
 * Identity of the interpreter made of these assets, with the Python side of the runtime and what is kept warm:
 * 32 hex digits. Says "not the same build", not "not tampered with": assets come from the host, which vouches for them.
 */
export function identifyBuild(assets: PythonAssets): string {
  const own = new TextEncoder().encode(JSON.stringify([PYTHON_MODULES, WARM_MODULES]));
  let identity = "";
  for (const seed of [1, 2]) {
    let high = seed;
    let low = ~seed;
    for (const part of [assets.wasm, assets.glue, assets.stdlib]) {
      [high, low] = hashBytes(part, high, low, SAMPLE_WORDS);
    }
    [high, low] = hashBytes(own, high, low, 1);
    identity += hex32(high) + hex32(low);
  }
  return identity;
}

/** Boots a Python, warms it and returns the snapshot file. Needs an engine with JSPI, else the guest could never wait. */
export async function buildSnapshot(assets: PythonAssets): Promise<Uint8Array<ArrayBuffer>> {
  const identity = identifyBuild(assets);
  const host = stoppedHost();
  const module = await loadPyodideFromBytes({
    ...assets,
    wasm: await WebAssembly.compile(new Uint8Array(assets.wasm)),
    ...bootOptions(identity),
    isSnapshotSource: true,
    host,
    wrapImports: (imports, settings) => wrapImports(imports, settings, host, IDLE_HOOKS),
    onLog: () => {},
    onDeath: () => {},
  });
  if (!module.jspiSupported) throw new Error("a snapshot must be made where JSPI is supported");
  const runner = module.API.importlib.import_module(RUNNER_MODULE);
  runner.warm!(JSON.stringify(WARM_MODULES));
  const image = module.API.makeSnapshot();
  const file = new Uint8Array(HEADER_BYTES + image.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC);
  for (let index = 0; index < IDENTITY_BYTES; index++) {
    file[4 + index] = Number.parseInt(identity.slice(2 * index, 2 * index + 2), 16);
  }
  file.set(image, HEADER_BYTES);
  return file;
}

/** Its clock stands still but for a tick at each look, and nothing random is asked of it before a sandbox has begun. */
function stoppedHost(): HostClock {
  let ticks = 0n;
  const tick = (): bigint => {
    ticks += 1000n;
    return SNAPSHOT_TIME_NS + ticks;
  };
  return { nowNs: tick, monotonicNs: tick, random: (target) => target };
}
/** 2026-01-01T00:00:00Z. */
const SNAPSHOT_TIME_NS = 1_767_225_600_000_000_000n;
const IDLE_HOOKS: ImportHooks = {
  devices: undefined,
  umask: 0,
  closeJavaScript: () => {},
  checkSignals: () => 0,
  onExit: () => {},
};

/** The image in a snapshot file when it fits this build, else why it does not. */
export function openSnapshot(
  file: Uint8Array,
  identity: string,
): { image: Uint8Array } | { image?: undefined; note: string } {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < HEADER_BYTES || view.getUint32(0) !== MAGIC) {
    return { note: "the snapshot is not a snapshot file" };
  }
  let found = "";
  for (const byte of file.subarray(4, 4 + IDENTITY_BYTES)) found += byte.toString(16).padStart(2, "0");
  if (found !== identity)
    return { note: `the snapshot is of another build: ${found}, this one is ${identity}` };
  // Read as 32-bit words by Pyodide, and never from shared memory (TextDecoder refuses that): copied once if need be.
  const image = file.subarray(HEADER_BYTES);
  const isUsable = image.byteOffset % 4 === 0 && image.buffer instanceof ArrayBuffer;
  return { image: isUsable ? image : image.slice() };
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

/** Of the large files one word in so many is looked at: builds differ all over, and 13 MB would take 25 ms. */
const SAMPLE_WORDS = 16;

/** Mixes a length and one 32-bit word in `stride` into two lanes. */
function hashBytes(bytes: Uint8Array, high: number, low: number, stride: number): [number, number] {
  const words = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const count = words.length >>> 2;
  const view = new Uint32Array(words.buffer, words.byteOffset, count);
  let h = high ^ bytes.length;
  let l = low;
  for (let index = 0; index < count; index += stride) {
    h = Math.imul(h ^ view[index]!, 0x9e3779b1);
    l = Math.imul(l ^ (h >>> 15) ^ view[index]!, 0x85ebca77);
    h ^= l >>> 13;
  }
  for (const byte of words.subarray(count * 4)) h = Math.imul(h ^ byte, 0x01000193);
  return [h ^ (l >>> 16), l ^ (h >>> 11)];
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
