import type { WasiCase } from "./wasi.testkit.ts";

/** A relative preopen and the root, as hosts of WASI hand them to conformance programs. */
const PREOPENS = [
  { name: "fs-tests.dir", path: "/workspace/given" },
  { name: "/", path: "/workspace/root" },
];
const FILES = { "/workspace/given/": "", "/workspace/root/": "" };

/** The calls one by one, below libc: each program prints what every call answered. */
export const CALL_CASES: readonly WasiCase[] = [
  call("a directory is listed by its cookies, in buffers of every size, while it changes", "cookies"),
  call("bytes land where offsets, appending and sizes say", "offsets"),
  call("rights bind where they must, and are given up for good", "rights"),
  call("slashes and dots behind names and in the middle of paths", "slashes"),
  call("symlinks are followed, and not, by component, and never in circles", "symlinks"),
  call("times and link counts change when they are set, and only then", "times"),
  {
    ...call("descriptors take each other's numbers, preopens and streams among them", "renumber"),
    expected: { ended: "exited", exitCode: 33, files: { "/workspace/given/dir/file": "still open" } },
  },
  {
    ...call(
      "preopens have their names and rights, and can be reopened, linked across and closed",
      "preopens",
    ),
    files: { "/workspace/given/a": "a", "/workspace/root/": "" },
    expected: { ended: "exited", exitCode: 0, files: { "/workspace/root/c": "a" } },
  },
  {
    ...call("streams are no files, and there are no sockets", "streams"),
    stdin: "abcde, then the rest\n",
    expected: { ended: "exited", exitCode: 0, stderr: "one two three\n" },
  },
  {
    ...call("a clock and an ended stdin are waited for together", "patience"),
    expected: { ended: "exited", exitCode: 0, stdout: "1 event, type 1, ok\nstdin: 0 bytes, hung up 1\n" },
  },
  {
    ...call("a program without preopens is refused every path, and descriptor 3 is free", "nothing"),
    preopens: [],
  },
];

function call(title: string, fixture: string): WasiCase {
  return { title, fixture, files: FILES, preopens: PREOPENS, expected: { ended: "exited", exitCode: 0 } };
}
