import fc from "fast-check";
import { expect, test } from "vitest";
import { abi, type CallName, SIGNATURES } from "./abi.ts";
import { type Border, border } from "./border.testkit.ts";
import { isEnding } from "./ended.ts";

/** Calls in all. CI asks for more by the environment. */
const CALLS = Number(process.env.SANDGLASS_FUZZ_CALLS ?? 10_000);
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
/** Where lists of buffers and subscriptions are, then where results may go. */
const LISTS = 8192;
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
  { weight: 4, arbitrary: fc.constantFrom(RESULTS, RESULTS + 3, LISTS, LISTS + 8, LISTS + 48) },
  { weight: 2, arbitrary: edge },
  { weight: 1, arbitrary: anyI32 },
);
const wide = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: 100_000n }) },
  { weight: 2, arbitrary: fc.constantFrom(0x1fff_ffffn, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 40n) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
);

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
// Paths are where the ways out are.
const pathNames = names.filter((name) => name.startsWith("path_"));

const call = fc.constantFrom(...names, ...pathNames, ...pathNames).chain((name) => {
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
  );
});

test("no random call throws into the host, leaves the preopen, writes to what is read-only or passes the quota", () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: CALLS_A_RUN, maxLength: CALLS_A_RUN }), (calls) => {
      const at = prepared();
      const outside = outsideOf(at);
      for (const [name, words, paths, descriptors] of calls) {
        const args: (number | bigint)[] = [...words];
        for (const [place, path] of paths) if (path !== null) args.splice(place, 2, ...path);
        for (const [place, fd] of descriptors) {
          if (fd !== null && typeof args[place] === "number") args[place] = fd;
        }
        const answer = callOnce(at, name, args);
        if (answer === undefined) continue;
        const isErrno = Number.isInteger(answer) && answer >= 0 && answer <= abi.ERRNO_NOTCAPABLE;
        // EIO and ENOMEM are what a mistake of ours is answered with: nothing else fails here.
        expect(
          isErrno && answer !== abi.ERRNO_IO && answer !== abi.ERRNO_NOMEM,
          `${name}(${args.join(", ")}) answered ${answer}`,
        ).toBe(true);
      }
      expect(outsideOf(at)).toEqual(outside);
      expect(at.host.vfs.usage().bytes).toBeLessThanOrEqual(at.host.limits.fileBytes);
      expect(at.memory.buffer.byteLength).toBe(MEMORY_BYTES);
      at.process.fds.closeAll();
    }),
    { numRuns: Math.ceil(CALLS / CALLS_A_RUN) },
  );
});

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
