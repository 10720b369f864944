import { describe, expect, test } from "vitest";
import { abi, SIGNATURES } from "./abi.ts";
import { type Border, border } from "./border.testkit.ts";
import { encode } from "./memory.ts";

/** Far beyond the memory of a border: 128 KiB. */
const BEYOND = 0x7fff_0000;
/** The last byte of memory. */
const LAST = 131_071;
const PATH = 0;
const PATH_LENGTH = 4;
const ALL = BigInt(0x1fff_ffff);

const { ERRNO_FAULT, ERRNO_INVAL, ERRNO_BADF, ERRNO_FBIG, ERRNO_NAMETOOLONG, ERRNO_ILSEQ } = abi;

describe("a pointer out of range", () => {
  const calls: [name: string, args: (number | bigint)[]][] = [
    ["args_sizes_get", [BEYOND, 0]],
    ["args_sizes_get", [0, BEYOND]],
    ["args_sizes_get", [LAST - 2, 0]],
    ["args_get", [BEYOND, 0]],
    ["args_get", [0, LAST]],
    ["environ_sizes_get", [0, BEYOND]],
    ["environ_get", [0, BEYOND]],
    ["clock_res_get", [0, LAST - 6]],
    ["clock_time_get", [0, 0n, BEYOND]],
    ["fd_fdstat_get", [3, LAST - 22]],
    ["fd_filestat_get", [3, LAST - 62]],
    ["fd_prestat_get", [3, LAST - 6]],
    ["fd_prestat_dir_name", [3, BEYOND, 100]],
    ["fd_read", [4, BEYOND, 1, 0]],
    ["fd_read", [4, 64, 1, BEYOND]],
    ["fd_pread", [4, BEYOND, 1, 0n, 0]],
    ["fd_write", [1, BEYOND, 1, 0]],
    ["fd_write", [4, 64, 1, BEYOND]],
    ["fd_pwrite", [4, 64, 1, 0n, BEYOND]],
    ["fd_readdir", [3, BEYOND, 10, 0n, 0]],
    ["fd_readdir", [3, 0, 0xffff_ffff, 0n, 0]],
    ["fd_readdir", [3, 0, 10, 0n, BEYOND]],
    ["fd_seek", [4, 0n, 0, LAST]],
    ["fd_tell", [4, LAST]],
    ["path_create_directory", [3, BEYOND, 1]],
    ["path_create_directory", [3, 0, -1]],
    ["path_filestat_get", [3, 0, PATH, PATH_LENGTH, LAST - 62]],
    ["path_filestat_set_times", [3, 0, BEYOND, 1, 0n, 0n, 0]],
    ["path_link", [3, 0, PATH, PATH_LENGTH, 3, BEYOND, 1]],
    ["path_open", [3, 0, BEYOND, 1, 0, ALL, ALL, 0, 0]],
    ["path_open", [3, 0, PATH, PATH_LENGTH, abi.OFLAGS_TRUNC, ALL, ALL, 0, BEYOND]],
    ["path_readlink", [3, PATH, PATH_LENGTH, BEYOND, 10, 0]],
    ["path_readlink", [3, PATH, PATH_LENGTH, 0, 10, BEYOND]],
    ["path_remove_directory", [3, BEYOND, 1]],
    ["path_rename", [3, PATH, PATH_LENGTH, 3, BEYOND, 1]],
    ["path_symlink", [BEYOND, 1, 3, PATH, PATH_LENGTH]],
    ["path_symlink", [PATH, PATH_LENGTH, 3, BEYOND, 1]],
    ["path_unlink_file", [3, BEYOND, 1]],
    ["poll_oneoff", [BEYOND, 0, 1, 0]],
    ["poll_oneoff", [0, BEYOND, 1, 0]],
    ["poll_oneoff", [0, 0, 1, BEYOND]],
    ["random_get", [0, 0xffff_ffff]],
    ["random_get", [LAST, 2]],
  ];
  for (const [name, args] of calls) {
    test(`is EFAULT and changes nothing: ${name}(${args.join(", ")})`, () => {
      const at = prepared();
      const memory = at.bytes.slice();
      const files = at.files();
      expect([at.call(name, ...args), at.files(), at.text("stdout")]).toEqual([ERRNO_FAULT, files, ""]);
      expect(Buffer.compare(at.bytes, memory)).toBe(0);
    });
  }
});

test("every call of preview 1 is there and answers", () => {
  for (const [name, signature] of Object.entries(SIGNATURES)) {
    if (name === "proc_exit") continue;
    const args = [...signature.split(":")[0]!].map((letter) => (letter === "I" ? 0n : 0));
    expect(prepared().call(name, ...args), name).toBeTypeOf("number");
  }
});

describe("an argument that makes no sense", () => {
  const calls: [what: string, errno: number, name: string, args: (number | bigint)[]][] = [
    ["a clock that is none", ERRNO_INVAL, "clock_time_get", [4, 0n, 0]],
    ["a negative clock", ERRNO_INVAL, "clock_res_get", [-1, 0]],
    ["more buffers than IOV_MAX", ERRNO_INVAL, "fd_write", [1, 0, 1025, 0]],
    ["four thousand million buffers", ERRNO_INVAL, "fd_read", [4, 0, -1, 0]],
    ["a negative offset", ERRNO_INVAL, "fd_pread", [4, 64, 1, -1n, 0]],
    ["an offset no file reaches", ERRNO_FBIG, "fd_pwrite", [4, 64, 1, 2n ** 62n, 0]],
    ["a size no file reaches", ERRNO_FBIG, "fd_filestat_set_size", [4, 2n ** 62n]],
    ["seeking before the start", ERRNO_INVAL, "fd_seek", [4, -(2n ** 63n), 0, 0]],
    ["seeking beyond all numbers", abi.ERRNO_OVERFLOW, "fd_seek", [4, 2n ** 63n - 1n, 0, 0]],
    ["an unknown whence", ERRNO_INVAL, "fd_seek", [4, 0n, 3, 0]],
    ["unknown open flags", ERRNO_INVAL, "path_open", [3, 0, PATH, PATH_LENGTH, 16, ALL, ALL, 0, 0]],
    ["creating a directory by opening", ERRNO_INVAL, "path_open", [3, 0, PATH, 4, 3, ALL, ALL, 0, 0]],
    ["rights that are none", abi.ERRNO_NOTCAPABLE, "fd_fdstat_set_rights", [3, -1n, 0n]],
    ["a signal that is none", ERRNO_INVAL, "proc_raise", [31]],
    ["a signal nobody could end", abi.ERRNO_NOTSUP, "proc_raise", [18]],
    ["no subscriptions", ERRNO_INVAL, "poll_oneoff", [0, 0, 0, 0]],
    ["a path of a million bytes", ERRNO_NAMETOOLONG, "path_unlink_file", [3, 0, 100_000]],
    ["a path that is no text", ERRNO_ILSEQ, "path_unlink_file", [3, 32, 2]],
    ["a descriptor below zero", ERRNO_BADF, "fd_close", [-1]],
    ["a descriptor beyond all", ERRNO_BADF, "fd_read", [0x7fff_ffff, 64, 1, 0]],
    ["a socket call on a file", abi.ERRNO_NOTSOCK, "sock_send", [4, 0, 0, 0, 0]],
    ["a socket call on nothing", ERRNO_BADF, "sock_recv", [44, 0, 0, 0, 0, 0]],
  ];
  for (const [what, errno, name, args] of calls) {
    test(`${what} is answered: ${name}`, () => {
      expect(prepared().call(name, ...args)).toBe(errno);
    });
  }
});

/** Every parameter that is a path: the call, its arguments, and the place of the pointer among them. */
const PATH_ARGUMENTS: [name: string, args: (number | bigint)[], place: number][] = [
  ["path_create_directory", [3, 0, 0], 1],
  ["path_filestat_get", [3, 0, 0, 0, 2000], 2],
  ["path_filestat_set_times", [3, 0, 0, 0, 0n, 0n, 0], 2],
  ["path_link", [3, 0, 0, 0, 3, PATH, PATH_LENGTH], 2],
  ["path_link", [3, 0, PATH, PATH_LENGTH, 3, 0, 0], 5],
  ["path_open", [3, 0, 0, 0, abi.OFLAGS_CREAT, ALL, ALL, 0, 2000], 2],
  ["path_readlink", [3, 0, 0, 3000, 10, 2000], 1],
  ["path_remove_directory", [3, 0, 0], 1],
  ["path_rename", [3, 0, 0, 3, PATH, PATH_LENGTH], 1],
  ["path_rename", [3, PATH, PATH_LENGTH, 3, 0, 0], 4],
  ["path_symlink", [0, 0, 3, PATH, PATH_LENGTH], 0],
  ["path_symlink", [PATH, PATH_LENGTH, 3, 0, 0], 3],
  ["path_unlink_file", [3, 0, 0], 1],
];

describe.each(PATH_ARGUMENTS.map(([name, args, place]) => [name, place, args] as const))(
  "a path that is none, to %s as its parameter %i",
  (name, place, args) => {
    const AT = 8192;
    const cases: [what: string, errno: number, bytes: Uint8Array, pointer?: number][] = [
      ["beyond memory", ERRNO_FAULT, new Uint8Array(4), BEYOND],
      ["over the end of memory", ERRNO_FAULT, new Uint8Array(4), LAST - 2],
      ["of no bytes", abi.ERRNO_NOENT, new Uint8Array(0)],
      ["with a NUL inside", ERRNO_INVAL, encode("fi\0le")],
      ["with a NUL behind", ERRNO_INVAL, encode("file\0")],
      ["of a lone byte that continues a letter", ERRNO_ILSEQ, Uint8Array.of(0x66, 0x80)],
      ["of half a letter", ERRNO_ILSEQ, Uint8Array.of(0xe2, 0x98)],
      ["of an overlong slash", ERRNO_ILSEQ, Uint8Array.of(0xc0, 0xaf)],
      ["of a surrogate", ERRNO_ILSEQ, Uint8Array.of(0xed, 0xa0, 0x80)],
      ["longer than PATH_MAX", ERRNO_NAMETOOLONG, new Uint8Array(4096).fill(0x2f)],
      ["as long as memory", ERRNO_NAMETOOLONG, new Uint8Array(100_000).fill(0x61)],
    ];
    test.each(cases)("%s", (_what, errno, bytes, pointer = AT) => {
      const at = prepared();
      if (pointer === AT) at.bytes.set(bytes, AT);
      const given = [...args];
      given.splice(place, 2, pointer, bytes.length);
      const before = [at.bytes.slice(), at.files()];
      expect(at.call(name, ...given)).toBe(errno);
      expect(at.files()).toEqual(before[1]);
      expect(Buffer.compare(at.bytes, before[0] as Uint8Array)).toBe(0);
    });
  },
);

describe("what there is no more of", () => {
  test("descriptors: EMFILE, and nothing is created or truncated", () => {
    const at = prepared();
    const open = (oflags: number): number =>
      at.call("path_open", 3, 0, PATH, PATH_LENGTH, oflags, ALL, ALL, 0, 2000);
    let opened = 0;
    while (opened < 2000 && open(0) === 0) opened++;
    // 0 to 4 were open.
    expect(opened).toBe(1024 - 5);
    at.put(2048, "new");
    expect(open(abi.OFLAGS_TRUNC)).toBe(abi.ERRNO_MFILE);
    expect(at.call("path_open", 3, 0, 2048, 3, abi.OFLAGS_CREAT, ALL, ALL, 0, 2000)).toBe(abi.ERRNO_MFILE);
    expect(at.files()).toEqual({ "/workspace/file": "content of file" });
    expect([at.call("fd_close", 700), open(0), at.get32(2000)]).toEqual([0, 0, 700]);
  });

  test.each<[name: string, args: (number | bigint)[]]>([
    ["fd_write", [4, 64, 1, 300]],
    ["fd_pwrite", [4, 64, 1, 990_000n, 300]],
    ["fd_allocate", [4, 0n, 2_000_000n]],
    ["fd_filestat_set_size", [4, 1_000_001n]],
  ])("room: ENOSPC from %s, and the file is as it was", (name, args) => {
    const at = prepared(200);
    at.u32(64, 0, name === "fd_write" ? 1_000_001 : 50_000);
    expect([at.call(name, ...args), at.files()]).toEqual([
      abi.ERRNO_NOSPC,
      { "/workspace/file": "content of file" },
    ]);
  });
});

describe("vectored reading and writing", () => {
  test("buffers that overlap each other and their own list are read into as listed before", () => {
    const at = prepared();
    // Two buffers: the first covers the list itself.
    at.u32(64, 64, 8, 200, 4);
    expect([at.call("fd_read", 4, 64, 2, 300), at.get32(300), at.string(64, 8), at.string(200, 4)]).toEqual([
      0,
      12,
      "content ",
      "of f",
    ]);
  });

  test("one buffer out of range refuses the call before any byte moves", () => {
    const at = prepared();
    at.u32(64, 0, 4, BEYOND, 4);
    expect([at.call("fd_write", 1, 64, 2, 300), at.text("stdout")]).toEqual([ERRNO_FAULT, ""]);
  });

  test("buffers that are together longer than a u32 counts are EINVAL", () => {
    const at = prepared(65_536);
    for (let index = 0; index < 1024; index++) at.u32(4096 + index * 8, 0, 65_536 * 100);
    expect(at.call("fd_write", 1, 4096, 1024, 300)).toBe(ERRNO_INVAL);
  });

  test("output stops inside one huge write when its limit is reached", () => {
    const at = prepared();
    at.u32(64, 0, 131_072, 0, 131_072, 0, 131_072);
    at.io.outputBytes = 70_000;
    expect(() => at.call("fd_write", 1, 64, 3, 300)).toThrow(/output-limit/);
    expect(at.text("stdout").length).toBe(70_000);
  });

  test("memory that grew is seen by the next call", () => {
    const at = prepared();
    expect(at.call("random_get", 140_000, 10)).toBe(ERRNO_FAULT);
    at.memory.grow(1);
    expect(at.call("random_get", 140_000, 10)).toBe(0);
  });
});

describe("an ending", () => {
  test("unwinds a guest that catches it again at its next call", () => {
    const at = prepared();
    expect(() => at.call("proc_exit", 4)).toThrow(/exit 4/);
    expect(() => at.call("fd_write", 1, 64, 1, 300)).toThrow(/exit 4/);
  });

  test("by the stack's end inside a call is no errno, and the guest cannot go on from there", () => {
    const at = prepared();
    const dive = (): never => dive();
    at.host.random = dive;
    expect(() => at.call("random_get", 0, 4)).toThrow(/crashed: RangeError: Maximum call stack/);
    expect(() => at.call("sched_yield")).toThrow(/crashed/);
  });

  test("of the host's own memory is ENOMEM, any other surprise EIO", () => {
    const at = prepared();
    const errors = [new RangeError("Array buffer allocation failed"), new TypeError("x is not a function")];
    at.host.random = () => {
      throw errors.shift();
    };
    expect([at.call("random_get", 0, 4), at.call("random_get", 0, 4)]).toEqual([
      abi.ERRNO_NOMEM,
      abi.ERRNO_IO,
    ]);
  });
});

/** A border with the directory as descriptor 3, a file in it open as 4, "file" at byte 0, bad UTF-8 at 32, a buffer listed at 64. */
function prepared(pages = 2): Border {
  const at = border({ "/workspace/file": "content of file" }, pages > 2 ? 200 : 2);
  at.put(PATH, "file");
  at.bytes.set([0xff, 0xfe], 32);
  at.u32(64, 1024, 16);
  expect(at.call("path_open", 3, 0, PATH, PATH_LENGTH, 0, ALL, ALL, 0, 1000)).toBe(0);
  at.u32(1000, 0);
  return at;
}
