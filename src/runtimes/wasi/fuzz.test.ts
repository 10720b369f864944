import fc from "fast-check";
import { expect, test } from "vitest";
import { abi, type CallName, SIGNATURES } from "./abi.ts";
import { type Border, border } from "./border.testkit.ts";
import { isEnding } from "./ended.ts";
import { testHost } from "./wasi.testkit.ts";

/** Calls in all: some eight seconds of one core. */
const CALLS = Number(process.env.SANDGLASS_FUZZ_CALLS ?? 100_000);
/** A failure prints its seed; the same seed makes the same calls again. */
const SEED = process.env.SANDGLASS_FUZZ_SEED;
const CALLS_A_RUN = 40;
const MEMORY_BYTES = 131_072;

/** Paths that stand in the guest's memory, 64 bytes apart: honest ones and every way out. */
const PATHS = [
  "file",
  "dir",
  "dir/inner",
  "new",
  "dir/new/",
  ".",
  "..",
  "../outside/secret",
  "/outside/secret",
  "/",
  "dir/../../outside/secret",
  "up/outside/secret",
  "up",
  "loop",
  "readonly/kept",
  "readonly/new",
  "file/under",
  "a\0b",
  "dir//./inner",
  "☃",
];
const PATH_STEP = 64;
/** Where paths made up for one call stand. */
const MADE_UP = [4096, 6144];
/** Where lists of buffers and subscriptions are, then where results may go. */
const LISTS = 8192;
const MADE_UP_LIST = 12_288;
const RESULTS = 16_384;

const small = fc.integer({ min: 0, max: 8 });
const anyI32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const pathAt = fc
  .integer({ min: 0, max: PATHS.length - 1 })
  .map((index) => [index * PATH_STEP, new TextEncoder().encode(PATHS[index]).length]);
const edge = fc.constantFrom(
  -1,
  0,
  1,
  MEMORY_BYTES,
  MEMORY_BYTES - 1,
  MEMORY_BYTES - 8,
  2 ** 31 - 1,
  -(2 ** 31),
);
const word = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 4, arbitrary: fc.constantFrom(RESULTS, RESULTS + 1, RESULTS + 3, LISTS, LISTS + 8, LISTS + 47) },
  { weight: 2, arbitrary: edge },
  { weight: 1, arbitrary: anyI32 },
);
const wide = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: 100_000n }) },
  { weight: 2, arbitrary: fc.constantFrom(0x1fff_ffffn, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 40n) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
);

/** A path nobody would write: honest and hostile names in any order, and bytes that are no text. */
const component = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "..",
      ".",
      "",
      "dir",
      "file",
      "inner",
      "up",
      "loop",
      "outside",
      "secret",
      "new",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "readonly",
      "n".repeat(255),
      "n".repeat(256),
      "a\0b",
      "\ufffd",
      "☃".repeat(90),
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);
const madeUpPath = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(component, { minLength: 1, maxLength: 6 })
      .map((names) => new TextEncoder().encode(names.join("/")).subarray(0, 2000)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
);

/** Buffers in a list: short and long, over each other, over the list itself, past the end of memory. */
const madeUpList = fc.array(
  fc.tuple(
    fc.oneof(
      fc.integer({ min: RESULTS, max: RESULTS + 64 }),
      fc.integer({ min: MADE_UP_LIST, max: MADE_UP_LIST + 64 }),
      edge,
      anyI32,
    ),
    fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 100 }) }, { weight: 1, arbitrary: edge }),
  ),
  { maxLength: 6 },
);

/** Calls whose second and third parameter are a list of buffers and its length. */
const LIST_CALLS: ReadonlySet<string> = new Set([
  "fd_read",
  "fd_pread",
  "fd_write",
  "fd_pwrite",
  "sock_recv",
  "sock_send",
]);

/**
 * Where each call writes: the place of a pointer, and how many bytes stand behind it, or the place of their number. The border
 * has two arguments of 11 bytes in all and one variable of 4.
 */
const RESULTS_AT: Readonly<
  Partial<
    Record<
      CallName,
      readonly (readonly [place: number, bytes: number | { lengthAt: number; times?: number }])[]
    >
  >
> = {
  args_get: [
    [0, 8],
    [1, 11],
  ],
  args_sizes_get: [
    [0, 4],
    [1, 4],
  ],
  environ_get: [
    [0, 4],
    [1, 4],
  ],
  environ_sizes_get: [
    [0, 4],
    [1, 4],
  ],
  clock_res_get: [[1, 8]],
  clock_time_get: [[2, 8]],
  fd_fdstat_get: [[1, 24]],
  fd_filestat_get: [[1, 64]],
  fd_pread: [[4, 4]],
  fd_prestat_get: [[1, 8]],
  fd_prestat_dir_name: [[1, { lengthAt: 2 }]],
  fd_pwrite: [[4, 4]],
  fd_read: [[3, 4]],
  fd_readdir: [
    [1, { lengthAt: 2 }],
    [4, 4],
  ],
  fd_seek: [[3, 8]],
  fd_tell: [[1, 8]],
  fd_write: [[3, 4]],
  path_filestat_get: [[4, 64]],
  path_open: [[8, 4]],
  path_readlink: [
    [3, { lengthAt: 4 }],
    [5, 4],
  ],
  poll_oneoff: [
    [1, { lengthAt: 2, times: 32 }],
    [3, 4],
  ],
  random_get: [[0, { lengthAt: 1 }]],
};

/** Parameters that are a path and its length, by their place. */
const PATH_PARAMETERS: Readonly<Partial<Record<CallName, readonly number[]>>> = {
  path_create_directory: [1],
  path_filestat_get: [2],
  path_filestat_set_times: [2],
  path_link: [2, 5],
  path_open: [2],
  path_readlink: [1],
  path_remove_directory: [1],
  path_rename: [1, 4],
  path_symlink: [0, 3],
  path_unlink_file: [1],
};

/** Parameters that are a directory's descriptor. Elsewhere the first parameter often is a descriptor. */
const DIRECTORY_PARAMETERS: Readonly<Partial<Record<CallName, readonly number[]>>> = {
  path_link: [0, 4],
  path_rename: [0, 3],
  path_symlink: [2],
};
const openDescriptor = fc.constantFrom(3, 3, 3, 4, 5);

const names = Object.keys(SIGNATURES) as CallName[];
// Paths are where the ways out are, lists where memory is.
const pathNames = names.filter((name) => name.startsWith("path_"));
const listNames = names.filter((name) => LIST_CALLS.has(name));

const call = fc.constantFrom(...names, ...pathNames, ...pathNames, ...listNames).chain((name) => {
  const letters = [...SIGNATURES[name].split(":")[0]!];
  const pathPlaces = PATH_PARAMETERS[name] ?? [];
  const fdPlaces = DIRECTORY_PARAMETERS[name] ?? [0];
  return fc.tuple(
    fc.constant(name),
    fc.tuple(...letters.map((letter) => (letter === "I" ? wide : word))),
    fc.tuple(...pathPlaces.map((place) => fc.tuple(fc.constant(place), fc.option(pathAt, { freq: 8 })))),
    fc.tuple(
      ...fdPlaces.map((place) => fc.tuple(fc.constant(place), fc.option(openDescriptor, { freq: 4 }))),
    ),
    fc.tuple(...pathPlaces.map(() => fc.option(madeUpPath, { freq: 3 }))),
    LIST_CALLS.has(name) ? fc.option(madeUpList, { freq: 4 }) : fc.constant(null),
  );
});

test("no random call throws into the host, leaves the preopen, writes to what is read-only or passes the quota", () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: CALLS_A_RUN, maxLength: CALLS_A_RUN }), (calls) => {
      const at = prepared();
      const outside = outsideOf(at);
      for (const [name, words, paths, descriptors, madeUpPaths, list] of calls) {
        const args: (number | bigint)[] = [...words];
        for (const [place, path] of paths) if (path !== null) args.splice(place, 2, ...path);
        madeUpPaths.forEach((path, index) => {
          if (path === null) return;
          at.bytes.set(path, MADE_UP[index]);
          args.splice(paths[index]![0], 2, MADE_UP[index]!, path.length);
        });
        for (const [place, fd] of descriptors) {
          if (fd !== null && typeof args[place] === "number") args[place] = fd;
        }
        if (list !== null) {
          at.u32(MADE_UP_LIST, ...list.flat());
          args.splice(1, 2, MADE_UP_LIST, list.length);
        }
        checkCall(at, name, args);
      }
      expect(outsideOf(at)).toEqual(outside);
      expect(at.host.vfs.usage().bytes).toBeLessThanOrEqual(at.host.limits.fileBytes);
      expect(at.memory.buffer.byteLength).toBe(MEMORY_BYTES);
      // What is left is a tree: every entry is reached by its path, and all of it can be stored and brought back.
      const entries = at.host.vfs.snapshot();
      const again = testHost(at.host.limits).vfs;
      again.restore(entries);
      expect(again.snapshot().length).toBe(entries.length);
      at.process.fds.closeAll();
    }),
    { numRuns: Math.ceil(CALLS / CALLS_A_RUN), ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
}, 240_000);

/** Makes a call and looks at what it answered, and at what it wrote. */
function checkCall(at: Border, name: CallName, args: (number | bigint)[]): void {
  const before = at.bytes.slice();
  const held = heldBy(at);
  const allowed = mayWrite(before, name, args);
  const answer = callOnce(at, name, args);
  if (answer === undefined) return;
  const isErrno = Number.isInteger(answer) && answer >= 0 && answer <= abi.ERRNO_NOTCAPABLE;
  // EIO and ENOMEM are what a mistake of ours is answered with: nothing else fails here.
  const isRight = isErrno && answer !== abi.ERRNO_IO && answer !== abi.ERRNO_NOMEM;
  if (!isRight) expect.fail(`${name}(${args.join(", ")}) answered ${answer}`);
  if (answer === abi.ERRNO_FAULT) {
    const isUnchanged = heldBy(at) === held && Buffer.compare(at.bytes, before) === 0;
    if (!isUnchanged) expect.fail(`${name}(${args.join(", ")}) answered EFAULT and changed something`);
    return;
  }
  // With what it may write put aside, memory is what it was.
  for (const [start, length] of allowed) {
    const end = Math.min(start + length, MEMORY_BYTES);
    if (start < end) before.set(at.bytes.subarray(start, end), start);
  }
  if (Buffer.compare(at.bytes, before) !== 0) {
    expect.fail(`${name}(${args.join(", ")}) answered ${answer} and wrote where it was not asked to`);
  }
}

/** What a guest holds of the host, in short: bytes, inodes, and which descriptors are open. */
function heldBy(at: Border): string {
  const { bytes, inodes } = at.host.vfs.usage();
  const open = Array.from({ length: 48 }, (_, fd) => (at.process.fds.get(fd) === undefined ? "" : fd));
  return `${bytes} ${inodes} ${open.join(" ")}`;
}

/** The ranges of memory that a call was asked to write to: [start, bytes]. */
function mayWrite(memory: Uint8Array, name: CallName, args: (number | bigint)[]): [number, number][] {
  const at = (place: number): number => Number(args[place]) >>> 0;
  const ranges = (RESULTS_AT[name] ?? []).map(([place, bytes]): [number, number] => [
    at(place),
    typeof bytes === "number" ? bytes : at(bytes.lengthAt) * (bytes.times ?? 1),
  ]);
  if (name !== "fd_read" && name !== "fd_pread") return ranges;
  const list = at(1);
  const count = Math.min(at(2), 1024);
  if (list + count * 8 > memory.length) return ranges;
  const view = new DataView(memory.buffer, list, count * 8);
  for (let index = 0; index < count; index++) {
    ranges.push([view.getUint32(index * 8, true), view.getUint32(index * 8 + 4, true)]);
  }
  return ranges;
}

/** A call's errno, or `undefined` when it ended the guest, which then is given another life. */
function callOnce(at: Border, name: string, args: (number | bigint)[]): number | undefined {
  try {
    return at.call(name, ...args);
  } catch (error) {
    if (!(error instanceof Error && /^(exit|signal|stopped)/.test(error.message))) throw error;
    expect(isEnding(at.process.ending)).toBe(true);
    at.process.ending = undefined;
    at.io.resume();
    return undefined;
  }
}

function prepared(): Border {
  const at = border({
    "/workspace/file": "content of file",
    "/workspace/dir/inner": "inner",
    "/workspace/readonly/kept": "kept",
    "/outside/secret": "secret",
  });
  const { vfs } = at.host;
  const workspace = vfs.resolve("/workspace");
  vfs.symlinkAt(workspace, "up", "..");
  vfs.symlinkAt(workspace, "loop", "loop");
  vfs.setReadOnly("/workspace/readonly");
  PATHS.forEach((path, index) => {
    at.put(index * PATH_STEP, path);
  });
  // Lists of buffers: good, overlapping, out of range; read as subscriptions they are clocks and descriptors.
  at.u32(LISTS, RESULTS, 16, LISTS, 64, 0, 5, 0xffff_fff0, 32, 0, 0xffff_ffff, 1, 1, 2, 2);
  at.call("path_open", 3, 0, 0, 4, 0, 0x1fff_ffffn, 0x1fff_ffffn, 0, RESULTS);
  at.call("path_open", 3, 0, PATH_STEP, 3, 0, 0x1fff_ffbdn, 0x1fff_ffffn, 0, RESULTS);
  // A guest that goes to sleep is woken by a stop: no random number waits for a year.
  const flush = at.io.flush.bind(at.io);
  at.io.flush = () => {
    flush();
    at.io.stop("cancelled");
  };
  return at;
}

/** Everything a guest of `/workspace` must not change. */
function outsideOf(at: Border): unknown {
  return at.host.vfs
    .snapshot()
    .filter(({ path }) => !path.startsWith("/workspace/") || path.startsWith("/workspace/readonly"))
    .filter(({ path }) => path !== "/workspace")
    .map(({ path, type, mode, bytes, target, mtimeNs }) => ({
      path,
      type,
      mode,
      target,
      mtimeNs,
      text: bytes && new TextDecoder().decode(bytes),
    }));
}
