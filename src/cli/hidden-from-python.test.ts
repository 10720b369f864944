import { expect, test } from "vitest";
import { refuseHiddenFromPython } from "./hidden-from-python.ts";

test("what Python could not see is refused by name, with a place that works", () => {
  const refused: [string, string][] = [
    ["/f.txt", "Python could not see /f.txt: files right in / are the interpreter's own"],
    ["/lib/a.txt", "Python could not see /lib/a.txt: /lib is the interpreter's own"],
    ["/proc/x", "Python could not see /proc/x: /proc is the interpreter's own"],
  ];
  for (const [path, message] of refused) {
    expect(() => refuseHiddenFromPython([{ path, type: "file" }])).toThrow(
      expect.objectContaining({
        message,
        exitCode: 2,
        hint: "Mount it elsewhere, such as /workspace or /data.",
      }),
    );
  }
});

test("files in folders of their own are mounted", () => {
  refuseHiddenFromPython([
    { path: "/data", type: "directory" },
    { path: "/data/a.txt", type: "file" },
    { path: "/library/a.txt", type: "file" },
    { path: "/workspace/x", type: "symlink" },
  ]);
});
