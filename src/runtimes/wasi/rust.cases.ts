import type { WasiCase } from "./wasi.testkit.ts";

const NOTES = {
  "/workspace/notes/2024/may.txt": "Tea with Ada\nrain, rain\ncoffee with Grace\n",
  "/workspace/notes/2024/june.txt": "no entry\n",
  "/workspace/notes/ü.txt": "TEA for Lin, tea for two",
};
const REPORT = `{
  "notes/2024/june.txt": { "lines": 1, "matches": 0, "words": {  } },
  "notes/2024/may.txt": { "lines": 3, "matches": 1, "words": { "ada": 1, "tea": 1, "with": 1 } },
  "notes/ü.txt": { "lines": 1, "matches": 1, "words": { "for": 2, "lin": 1, "tea": 2, "two": 1 } }
}
`;

/** Programs of Rust's standard library: one that does work, one that shows what the library makes of the calls. */
export const RUST_CASES: readonly WasiCase[] = [
  {
    title: "a real program: folders are searched, and a report takes the old one's place",
    fixture: "sift",
    args: ["-i", "-n", "-o", "report.json", "tea", "notes"],
    files: { ...NOTES, "/workspace/report.json": "old" },
    expected: {
      ended: "exited",
      exitCode: 0,
      stdout: "notes/2024/may.txt:1:Tea with Ada\nnotes/ü.txt:1:TEA for Lin, tea for two\n",
      files: { ...NOTES, "/workspace/report.json": REPORT },
    },
  },
  {
    title: "a real program: stdin is searched, and a variable bounds what is printed",
    fixture: "sift",
    args: ["b*d?"],
    envs: { SIFT_LIMIT: "2" },
    stdin: "a\nbad!\nb and ü\nbd\nabides\n",
    expected: { ended: "exited", exitCode: 0, stdout: "bad!\nb and ü\n" },
  },
  {
    title: "a real program: nothing found is exit code 1",
    fixture: "sift",
    args: ["-c", "zebra", "notes/2024"],
    files: NOTES,
    expected: { ended: "exited", exitCode: 1, stdout: "notes/2024/june.txt:0\nnotes/2024/may.txt:0\n" },
  },
  {
    title: "a real program: what cannot be read is told, and is exit code 2",
    fixture: "sift",
    args: ["tea", "notes/2024/may.txt", "nowhere", "../outside"],
    files: NOTES,
    expected: {
      ended: "exited",
      exitCode: 2,
      stdout: "",
      stderr:
        "sift: nowhere: No such file or directory (os error 44)\n" +
        "sift: ../outside: Operation not permitted (os error 63)\n" +
        "sift: not everything could be read\n",
    },
  },
  {
    title: "a real program: a variable that is no number is told",
    fixture: "sift",
    args: ["x"],
    envs: { SIFT_LIMIT: "many" },
    expected: { ended: "exited", exitCode: 2, stdout: "", stderr: 'sift: SIFT_LIMIT is no number: "many"\n' },
  },
  {
    title: "the standard library finds files, folders, links, times, streams and variables as it expects",
    fixture: "standard",
    args: ["x", "naïve ☃"],
    envs: { B: "2", A: "é" },
    stdin: "first\nü second",
    expected: { ended: "exited", exitCode: 41, stderr: "done\n" },
  },
];
